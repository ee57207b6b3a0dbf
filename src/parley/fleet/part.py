"""One part of the fleet: how it is started, when it is ready, how it ends."""

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from parley.core.errors import ParleyError
from parley.core.lifeline import end_with_parent

REAPED_S = 5.0
LOG_LIMIT_BYTES = 20 * 1024 * 1024  # at each start of a part; one older log is kept


class PartFailed(ParleyError):
    """A part ended or kept silent; the message says where its log is."""


@dataclass(frozen=True)
class Part:
    """A program, and what the supervisor must know of it."""

    name: str
    command: tuple[str, ...]
    is_ready: Callable[[str], bool]  # of what it printed since it started
    env: Mapping[str, str]
    folder: Path
    end_signal: signal.Signals = signal.SIGTERM
    grace_s: float = 10.0
    ready_within_s: float = 60.0


class Running:
    """A part with its process. It leads a process group of its own, so that Ctrl+C in a terminal reaches only the supervisor."""

    def __init__(self, part: Part, log: Path) -> None:
        self.part = part
        self.log = log
        self._popen: subprocess.Popen[bytes] | None = None
        self._log_begins = 0

    def start(self) -> None:
        """Begin; whether it is ready is asked later."""

        def between_fork_and_exec() -> None:
            end_with_parent(self.part.end_signal)

        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as log:
            self._log_begins = log.tell()
            self._popen = subprocess.Popen(
                self.part.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.part.folder,
                env=self.part.env,
                start_new_session=True,
                preexec_fn=between_fork_and_exec,  # safe: the supervisor has one thread
            )

    @property
    def pid(self) -> int:
        return self._popen.pid if self._popen else 0

    @property
    def is_alive(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    @property
    def is_ready(self) -> bool:
        return self.is_alive and self.part.is_ready(self.said)

    @property
    def said(self) -> str:
        """What it printed since it started."""
        with self.log.open("rb") as log:
            log.seek(self._log_begins)
            return log.read().decode(errors="replace")

    @property
    def how_it_ended(self) -> str:
        code = self._popen.poll() if self._popen else None
        if code is None:
            return "runs"
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"

    def tell(self, with_signal: signal.Signals) -> None:
        """Send a signal to its first process, if that lives."""
        if self._popen and self.is_alive:
            self._popen.send_signal(with_signal)

    def clear(self) -> None:
        """Kill whatever is left of its process group: the children of a part that was itself killed, for example."""
        if self._popen is None:
            return
        try:
            os.killpg(self._popen.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        except PermissionError:  # macOS says so of a group of which only a zombie is left
            pass
        self._popen.wait(REAPED_S)

    def failure(self) -> PartFailed:
        """What to tell of a part that did not start."""
        return PartFailed(
            f"{self.part.name} {self.how_it_ended}, but is not ready. {self.log} ends so:\n{self.said[-2000:]}"
        )


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
