"""One Parley for each data folder: a lock that the kernel lets go however its holder dies."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parley.core.errors import ParleyError


class AlreadyRunning(ParleyError):
    default = "Another Parley is running on this data folder. Stop it first, or choose another folder with --data."


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Hold the folder's lock for as long as we live. Raises `AlreadyRunning`."""
    with (data_dir / "parley.lock").open("w") as lock:
        for _ in range(20):  # a process that was killed a moment ago may still be letting go
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.1)
        else:
            raise AlreadyRunning
        yield
