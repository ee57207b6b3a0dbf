"""The processes on stage: start, wait until ready, weigh, end."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
READY_S = 60.0


class DidNotStart(Exception):
    """A process ended or kept silent; the message is what it printed."""


class Running:
    """A process that has said it is ready. `line` is what it said, `ready_s` how long that took."""

    def __init__(self, name: str, command: Sequence[str], ready: str, env: Mapping[str, str] | None = None) -> None:
        self.name = name
        self._log = tempfile.NamedTemporaryFile(prefix=f"bench-{name}-", suffix=".log")  # noqa: SIM115 - ours for as long as it runs
        began_s = time.monotonic()
        environment = {**os.environ, **(env or {})}
        self._popen = subprocess.Popen(
            command, stdout=self._log, stderr=subprocess.STDOUT, env=environment, cwd=ROOT, start_new_session=True
        )
        self.line = self._wait_for(ready)
        self.ready_s = time.monotonic() - began_s
        self.process = psutil.Process(self._popen.pid)

    def _wait_for(self, ready: str) -> str:
        until_s = time.monotonic() + READY_S
        while time.monotonic() < until_s:
            for line in self.log.splitlines():
                if ready in line:
                    return line
            if self._popen.poll() is not None:
                break
            time.sleep(0.005)
        self.end()
        raise DidNotStart(f"{self.name} did not say {ready!r}:\n{self.log[-3000:]}")

    @property
    def log(self) -> str:
        """All that it printed."""
        return Path(self._log.name).read_text(errors="replace")

    @property
    def port(self) -> int:
        """The port that its line names."""
        return int("".join(c for c in self.line.rpartition(":" if ":" in self.line else " ")[2] if c.isdigit()))

    def tree(self) -> list[psutil.Process]:
        """It and all it started."""
        return [self.process, *self.process.children(recursive=True)]

    def cpu_s(self) -> float:
        """CPU seconds that its tree has used."""
        return sum(times.user + times.system for times in (process.cpu_times() for process in self.tree()))

    def rss_bytes(self) -> int:
        """Resident memory of its tree; pages that two processes share count twice."""
        return sum(process.memory_info().rss for process in self.tree())

    def pss_bytes(self) -> int:
        """Proportional memory of its tree; shared pages are shared out."""
        return sum(process.memory_full_info().pss for process in self.tree())

    def end(self) -> None:
        """Ask it to end; kill it after ten seconds."""
        if self._popen.poll() is None:
            self._popen.terminate()
            try:
                self._popen.wait(10)
            except subprocess.TimeoutExpired:
                self._popen.kill()
                self._popen.wait()


def python(*arguments: str) -> list[str]:
    """A command line for this very Python."""
    return [sys.executable, *arguments]


def machine_cpu_s() -> float:
    """CPU seconds that all processes of this machine have used."""
    whole = psutil.cpu_times()
    return float(sum(whole) - whole.idle - getattr(whole, "iowait", 0.0) - getattr(whole, "guest", 0.0))


def own_cpu_s() -> float:
    """CPU seconds of this process, of all it started, and of those of them that have ended."""
    own = psutil.Process()
    living = sum(times.user + times.system for times in (child.cpu_times() for child in own.children(recursive=True)))
    return float(sum(own.cpu_times()[:4])) + living


class Neighbours:
    """What the rest of the machine takes meanwhile, in cores. It should be near 0, or the figures tell of the neighbours."""

    def __init__(self) -> None:
        self._began = time.monotonic(), machine_cpu_s() - own_cpu_s()

    @property
    def cores(self) -> float:
        """Since the beginning, on average."""
        began_s, foreign_s = self._began
        return max(0.0, machine_cpu_s() - own_cpu_s() - foreign_s) / (time.monotonic() - began_s)


@dataclass(slots=True)
class Meter:
    """CPU seconds of each side between `open` and `shut`; `others` is what the rest of the machine took."""

    sides: dict[str, Running]
    spent_s: dict[str, float]
    wall_s: float = 0.0

    @classmethod
    def of(cls, **sides: Running) -> "Meter":
        """A meter for these processes, and for this one, which is the client."""
        return cls(sides, {})

    def open(self) -> None:
        """Begin."""
        self.wall_s, self.spent_s = time.monotonic(), self._read()

    def shut(self) -> None:
        """End: from now on `spent_s` holds the differences."""
        now = self._read()
        self.wall_s = time.monotonic() - self.wall_s
        self.spent_s = {side: now[side] - before for side, before in self.spent_s.items()}
        self.spent_s["others"] = self.spent_s.pop("machine") - sum(self.spent_s.values())

    def _read(self) -> dict[str, float]:
        spent = {side: running.cpu_s() for side, running in self.sides.items()}
        own = psutil.Process().cpu_times()
        return {**spent, "client": own.user + own.system, "machine": machine_cpu_s()}

    @property
    def cores(self) -> dict[str, float]:
        """The same as a share of one core."""
        return {side: round(spent / self.wall_s, 3) for side, spent in self.spent_s.items()}
