"""Where the server spends its time while it is measured: py-spy beside it, for as long as the window is open."""

import signal
import subprocess
import sys
from pathlib import Path

from bench.processes import Running
from bench.report import RESULTS


class Profile:
    """Records one process into a file for https://www.speedscope.app. Slows it down: not for figures of the table."""

    def __init__(self, running: Running, name: str) -> None:
        self.path = RESULTS / f"{name}.speedscope.json"
        self._running = running
        self._spy: subprocess.Popen[bytes] | None = None

    def open(self) -> None:
        """Begin."""
        self.path.parent.mkdir(exist_ok=True)
        spy = str(Path(sys.executable).with_name("py-spy"))
        # --gil: only threads that hold the interpreter count, so that those that wait do not look busy
        options = ["--gil", "--threads", "--rate", "200", "--duration", "3600", "--format", "speedscope"]
        command = [spy, "record", *options, "--output", str(self.path), "--pid", str(self._running.process.pid)]
        self._spy = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def shut(self) -> None:
        """End, and let it write its file."""
        if self._spy:
            self._spy.send_signal(signal.SIGINT)
            self._spy.wait(30)
            print(f"    profile: {self.path}", file=sys.stderr)
