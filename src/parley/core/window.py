"""The windows of a machine: each process of one Parley opens a UNIX socket through which the others see its numbers.

So that one address answers for all processes of a machine, whichever of them is asked, and a command can tell how each is.
They lie in the machine's temporary folder and not in the data folder, which machines may share.
"""

import hashlib
import logging
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import Final

from parley.core.listener import Listener, NoAnswer, Pages, fetch

logger = logging.getLogger(__name__)

AT_ONCE: Final = 8
LOOK_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What a process showed. `status` 0: it lives, and says nothing."""

    process: str
    status: int
    body: bytes


def window_folder(data_dir: Path) -> Path:
    """Of the processes on this data folder, for this person's eyes only. Raises `PermissionError` if it is someone else's."""
    folder = _folder_of(data_dir)
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} is not ours alone. Remove it.")
    return folder


def _folder_of(data_dir: Path) -> Path:
    mark = hashlib.blake2b(str(data_dir).encode(), digest_size=5).hexdigest()
    return Path(gettempdir()) / f"parley-{os.getuid()}-{mark}"


def open_window(data_dir: Path, part: str, pages: Pages) -> Listener:
    """Let others see `pages` of this process, which is called `part` and its number."""
    name = f"{part}-{os.getpid()}.sock"
    with suppress(FileNotFoundError):
        (window_folder(data_dir) / name).unlink()  # of a process that had our number before
    try:
        return Listener(window_folder(data_dir) / name, pages)
    except FileNotFoundError:  # the last one that left took the folder away, just now
        return Listener(window_folder(data_dir) / name, pages)


def close_window(data_dir: Path, window: Listener) -> None:
    """And take the folder away, if nobody else is there."""
    window.close()
    with suppress(OSError):
        window_folder(data_dir).rmdir()


def look_into_windows(data_dir: Path, page: str) -> list[Seen]:
    """`page` of every process, by name. The windows of the dead are taken away."""
    if not _folder_of(data_dir).exists():
        return []  # who looks leaves no trace
    paths = sorted(window_folder(data_dir).glob("*.sock"))
    if not paths:
        return []
    with ThreadPoolExecutor(min(AT_ONCE, len(paths)), thread_name_prefix="window") as pool:
        return [seen for seen in pool.map(lambda path: _look(path, page), paths) if seen]


def _look(path: Path, page: str) -> Seen | None:
    try:
        status, body = fetch(path, page, timeout_s=LOOK_S)
    except ConnectionRefusedError:
        with suppress(FileNotFoundError):
            path.unlink()
        return None
    except NoAnswer:
        logger.warning("no answer through the window of %s", path.stem)
        return Seen(path.stem, 0, b"")
    return Seen(path.stem, status, body)
