"""One download: files come into a folder apart, and only a model that is whole and looked into is offered."""

import logging
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from huggingface_hub.utils.sha import git_hash, sha_fileobj

from model_service.errors import DownloadRefused, HubSilent
from model_service.hub.hub import Repository, fetch
from model_service.hub.wanted import HubFile
from model_service.shelf.folders import check_texts, look_into

log = logging.getLogger(__name__)

_SPARE_BYTES: Final = 64 * 2**20  # that a disk should keep
_TOLD_EVERY_S: Final = 0.3
_SHA256_LENGTH: Final = 64


class Stopped(Exception):
    """It was paused or cancelled, or the service ends."""


class Progress:
    """Counts bytes, and now and then tells how many there are. `tell` writes columns of its row; whether to go on."""

    def __init__(self, done_bytes: int, tell: Callable[..., bool]) -> None:
        self.done_bytes = done_bytes
        self._tell = tell
        self._told_s = 0.0

    def took(self, count_bytes: int) -> None:
        """Raises `Stopped`."""
        self.done_bytes += count_bytes
        if time.monotonic() - self._told_s > _TOLD_EVERY_S:
            self.tell(code="", problem="")

    def tell(self, **more: str) -> None:
        """Raises `Stopped`."""
        self._told_s = time.monotonic()
        if not self._tell(done_bytes=self.done_bytes, **more):
            raise Stopped


class Stage:
    """Where a repository lies until it is whole: a file that is there is right, and one that ends in `.part` has begun."""

    def __init__(self, folder: Path, repository: Repository, files: Sequence[HubFile]) -> None:
        self.folder = folder / repository.commit
        self._repository, self._files = repository, files

    @property
    def done_bytes(self) -> int:
        return sum(_size_of(self._at(file)) or _size_of(self._part(file)) for file in self._files)

    @property
    def total_bytes(self) -> int:
        return sum(file.size_bytes for file in self._files)

    def fill(self, progress: Progress, waits_s: Sequence[float]) -> None:
        """Fetch what is missing; whether it can be served is seen before the weights come.

        When the hub breaks off it is asked again, after each of `waits_s` as long as no byte comes.
        Raises `DownloadRefused`, `NotServable`, `Stopped`.
        """
        self._check_disk()
        for file in self._files:
            if file.is_weights:
                check_texts(self.folder)
            if not self._at(file).exists():
                try:
                    self._fetch(file, progress, waits_s)
                except OSError as error:
                    raise DownloadRefused(f"{self._part(file)} cannot be written: {error}", "disk") from error
        progress.tell()

    def move_to(self, target: Path) -> None:
        """The configuration last, since by it a folder is known as a model."""
        look_into(self.folder)
        for file in sorted(self._files, key=lambda file: file.path == "config.json"):
            (target / file.path).parent.mkdir(parents=True, exist_ok=True)
            self._at(file).replace(target / file.path)

    def is_whole_in(self, folder: Path) -> bool:
        """Whether all files are there already, with their sizes."""
        return all(_size_of(folder / file.path) == file.size_bytes for file in self._files)

    def _fetch(self, file: HubFile, progress: Progress, waits_s: Sequence[float]) -> None:
        part = self._part(file)
        part.parent.mkdir(parents=True, exist_ok=True)
        self._fetch_bytes(file, progress, waits_s)
        if not _is_as_listed(part, file):  # a disk or a line that lies; once may be chance
            progress.took(-_size_of(part))
            part.unlink()
            self._fetch_bytes(file, progress, waits_s)
        if not _is_as_listed(part, file):
            part.unlink()
            raise DownloadRefused(f"{file.path} came twice with other bytes than the hub lists for it", "spoiled")
        part.replace(self._at(file))

    def _fetch_bytes(self, file: HubFile, progress: Progress, waits_s: Sequence[float]) -> None:
        part, waits = self._part(file), list(waits_s)
        while not part.exists() or _size_of(part) < file.size_bytes:
            before = _size_of(part)
            try:
                fetch(self._repository, file, part, progress.took)
                if _size_of(part) < file.size_bytes:
                    raise HubSilent(f"The hub broke off in the middle of {file.path}")
            except HubSilent as silent:
                waits = list(waits_s) if _size_of(part) > before else waits
                if not waits:
                    raise
                log.info("held up: %s", silent)
                progress.tell(code=silent.code, problem=str(silent))
                _wait(waits.pop(0), progress)

    def _check_disk(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        needed, free = self.total_bytes - self.done_bytes, shutil.disk_usage(self.folder).free
        if needed + _SPARE_BYTES > free:
            raise DownloadRefused(
                f"The disk is too small: {_said(needed)} are still to come, and {self.folder.parent.parent.parent} has "
                f"{_said(free)} left. Make room, or choose a larger disk with MODELS_FOLDER",
                "disk",
            )

    def _at(self, file: HubFile) -> Path:
        return self.folder / file.path

    def _part(self, file: HubFile) -> Path:
        return self.folder / f"{file.path}.part"


def _wait(wait_s: float, progress: Progress) -> None:
    """But end at once when it is paused."""
    until_s = time.monotonic() + wait_s
    while (left_s := until_s - time.monotonic()) > 0:
        progress.tell()
        time.sleep(min(left_s, _TOLD_EVERY_S))


def _size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _is_as_listed(path: Path, file: HubFile) -> bool:
    """A hub that lists no digest is taken at its word for the size."""
    if _size_of(path) != file.size_bytes:
        return False
    if not file.digest:
        return True
    if len(file.digest) == _SHA256_LENGTH:
        with path.open("rb") as opened:
            return sha_fileobj(opened).hex() == file.digest
    return git_hash(path.read_bytes()) == file.digest


def _said(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:.1f} GB" if size_bytes >= 1e8 else f"{size_bytes / 1e6:.1f} MB"
