"""F-07's small disk: a mounted one where we may mount, else a limit on how far the files of a process may grow."""

import contextlib
import os
import resource
import subprocess
from pathlib import Path

DISK = "128m"


class Disk:
    """Made empty. `fill` and `free` name the process that lies on it, which matters only where nothing is mounted."""

    def __init__(self, folder: Path, size: str = DISK) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        self.is_mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0

    def check_mounted(self) -> None:
        """For PostgreSQL: a limit would be another error to it, and it runs as somebody else."""
        assert self.is_mounted, "this test mounts a small disk: run it as root, where `mount` is allowed"

    @property
    def kind(self) -> str:
        return "a mounted disk" if self.is_mounted else "RLIMIT_FSIZE"

    @property
    def used_bytes(self) -> int:
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    def fill(self, pid: int) -> None:
        """To the last byte."""
        if not self.is_mounted:
            _limit(pid, 4096)
            return
        with contextlib.suppress(OSError), (self.folder / "ballast").open("wb", buffering=0) as ballast:
            while True:
                ballast.write(b"x" * 4096)

    def free(self, pid: int) -> None:
        """Make room again."""
        if self.is_mounted:
            (self.folder / "ballast").unlink()
        else:
            _limit(pid, None)

    def end(self) -> None:
        if self.is_mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=True)


def _limit(pid: int, most_bytes: int | None) -> None:
    """How long the files of this process may get; None: as long as before."""
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard if most_bytes is None else most_bytes, hard))
