"""All downloads: one thread that fetches what was asked for, one model after another.

A lock of the file system says who fetches a model, so that the service and the command beside it do not do so twice; it is free
again when a process dies, and whoever finds a row under way and its lock free goes on with it.
"""

import logging
import shutil
import threading
from functools import partial
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from model_service.errors import Refused
from model_service.hub.download import Progress, Stage, Stopped
from model_service.hub.hub import look_up, name_of
from model_service.hub.rows import UNDER_WAY, DownloadRow, DownloadRows
from model_service.hub.wanted import wanted_of
from model_service.shelf.register import Register

log = logging.getLogger(__name__)

WAITS_S: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)  # before the hub is asked again, as long as no byte comes
_LOOKS_S: Final = 3.0
_ENDS_WITHIN_S: Final = 5.0
_GIVES_WAY_S: Final = 1.0


class Downloads:
    """`folder`: where models are offered from. Safe to call from any thread; `only`: fetch nothing but this one."""

    def __init__(self, folder: Path, register: Register, *, only: str = "") -> None:
        self.rows = DownloadRows(register)
        self._folder, self._register, self._only = folder, register, only
        self._is_ending, self._bell = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="downloads", daemon=True)

    def start(self) -> None:
        """Go on with what is under way, and wait for more."""
        self._thread.start()

    def close(self) -> None:
        """What is under way stays so, for the next start."""
        self._is_ending.set()
        self._bell.set()
        self._thread.join(_ENDS_WITHIN_S)

    def ask(self, said: str, revision: str) -> DownloadRow:
        """Begin, or go on, in the background. Raises `BadRequest` for what cannot be a name."""
        row = self.rows.ask(name_of(said), revision)
        self._bell.set()
        return row

    def cancel(self, name: str) -> None:
        """Forget it, with what has come of it; a model that is whole stays. Raises `UnknownModel`."""
        self.rows.forget(name)
        try:
            with self._lock(name).acquire(timeout=_GIVES_WAY_S):
                self._clear(name)
        except Timeout:
            pass  # who fetches it sees that the row is gone, and clears up

    def _work(self) -> None:
        while not self._is_ending.is_set():
            self._bell.clear()
            try:
                for row in self.rows.all():
                    if row.state in UNDER_WAY and self._only in ("", row.name) and not self._is_ending.is_set():
                        self._run_alone(row.name)
            except Exception:  # the register may be locked for a moment, and the next download is another matter
                log.exception("downloads are looked at again in %g s", _LOOKS_S)
            self._bell.wait(_LOOKS_S)

    def _run_alone(self, name: str) -> None:
        try:
            with self._lock(name).acquire(blocking=False):
                if self.rows.claim(name):
                    self._run(name)
                if self.rows.find(name) is None:
                    self._clear(name)
        except Timeout:
            return  # another process is at it
        except OSError as error:
            self.rows.claim(name)
            self._fail(name, "disk", f"{self._folder} cannot be written: {error}")

    def _run(self, name: str) -> None:
        try:
            self._fetch(name)
        except Stopped:
            return
        except Refused as refused:
            self._fail(name, refused.code, str(refused))

    def _fail(self, name: str, code: str, problem: str) -> None:
        log.warning("%s was not downloaded: %s", name, problem)
        self.rows.tell(name, state="failed", code=code, problem=problem)

    def _fetch(self, name: str) -> None:
        row = self.rows.find(name)
        if row is None:
            raise Stopped
        repository = look_up(name, row.commit or row.revision)
        files = wanted_of(name, repository.files)
        stage = Stage(self._stage_of(name), repository, files)
        target = self._folder / f"models--{name.replace('/', '--')}" / "snapshots" / repository.commit
        self.rows.tell(name, commit=repository.commit, total_bytes=stage.total_bytes)
        if not stage.is_whole_in(target):
            stage.fill(Progress(stage.done_bytes, partial(self._tell, name)), WAITS_S)
            stage.move_to(target)
        self._register.add_model(name, target)
        self.rows.tell(name, state="done", done_bytes=stage.total_bytes, code="", problem="")
        self._clear(name)
        log.info("downloaded %s: %d MB", name, stage.total_bytes // 2**20)

    def _tell(self, name: str, **changes: object) -> bool:
        return self.rows.tell(name, **changes) and not self._is_ending.is_set()

    def _stage_of(self, name: str) -> Path:
        return self._folder / ".downloads" / name.replace("/", "--")

    def _lock(self, name: str) -> FileLock:
        """Raises `OSError` where nothing can be written."""
        stage = self._stage_of(name)
        stage.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(f"{stage}.lock")

    def _clear(self, name: str) -> None:
        shutil.rmtree(self._stage_of(name), ignore_errors=True)
