"""Named points at which the chaos suite kills, halts or counts this process. Free of cost and of effect unless it watches.

`PARLEY_FAULTPOINTS` names a folder through which the suite speaks with all processes of a Parley. Each point that is passed
becomes a line `ROLE POINT` in its file `passed`. Its file `armed` holds `ROLE/POINT TIMES ACTION`: the process of that role
(`any`: of whichever) that passes the point for the so-manieth time takes the file away and acts, so that one order is
obeyed once, by one process. ACTION is the name of a signal that it sends itself, or `halt`: it writes the file `reached` and
stands still until the suite, which kills a database meanwhile, writes the file `go`.
"""

import os
import signal
import time
from pathlib import Path

from parley.core.env import env_str

HALT_S = 30.0  # a suite that died must not leave its victims standing


class _Watch:
    """The folder, and how often this process passed each point since the order was given."""

    def __init__(self, folder: Path, role: str) -> None:
        self._folder = folder
        self._role = role
        self._log = os.open(folder / "passed", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._order = ""
        self._passed = 0

    def passed(self, name: str) -> None:
        os.write(self._log, f"{self._role} {name}\n".encode())
        try:
            order = (self._folder / "armed").read_text()
        except FileNotFoundError:
            return
        if order != self._order:
            self._order, self._passed = order, 0
        place, times, action = order.split()
        role, _, point = place.partition("/")
        if point == name and role in ("any", self._role):
            self._passed += 1
            if self._passed >= int(times):
                self._obey(action)

    def _obey(self, action: str) -> None:
        try:
            (self._folder / "armed").unlink()
        except FileNotFoundError:
            return  # another process was faster
        if action == "halt":
            self._halt()
        else:
            os.kill(os.getpid(), signal.Signals[action])

    def _halt(self) -> None:
        (self._folder / "reached").touch()
        until = time.monotonic() + HALT_S
        while time.monotonic() < until and not (self._folder / "go").exists():
            time.sleep(0.005)


def _watch_of(folder: str) -> _Watch | None:
    return _Watch(Path(folder), env_str("PARLEY_ROLE") or "all") if folder else None


_watch = _watch_of(env_str("PARLEY_FAULTPOINTS"))


def is_armed() -> bool:
    """Whether a suite watches this process."""
    return _watch is not None


def faultpoint(name: str) -> None:
    """Tell the suite, if one watches, that this point is passed; it may be the last thing that this process does."""
    if _watch:
        _watch.passed(name)
