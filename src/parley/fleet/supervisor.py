"""Starts parts and waits until they are ready; starts again what died; ends them in the order it is given."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from parley.core.errors import ParleyError
from parley.fleet.part import Part, Running

TICK_S = 0.1
BACKOFF_S = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)  # before the first, second … start of a part that keeps dying
STEADY_S = 30.0  # a part that lived this long has its troubles behind it


class EndWanted(ParleyError):
    """Somebody told the fleet to end, while it was busy with something else."""

    default = "The fleet was told to end."


class _Kept:
    """A part that is kept alive."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.deaths = 0
        self.started_s = time.monotonic()
        self.start_at_s: float | None = None  # when it is dead and waits for its next start


class Supervisor:
    """Has one thread, and polls: ten looks a second at a dozen processes cost nothing, and no signal can be lost."""

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        self._logs = folder / "logs"
        self._logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._pids = folder / "fleet.pids"
        self._say = say
        self._kept: dict[str, _Kept] = {}
        self._told_to_end = 0
        self._had_terminal = _has_terminal()
        self.told_to_roll = False

    # --- What people tell it ------------------------------------------------------------------------------------------

    def listen(self) -> None:
        """From now on SIGINT and SIGTERM mean the end, SIGHUP a rolling restart, unless it says that the terminal is gone."""
        signal.signal(signal.SIGINT, self._hear_end)
        signal.signal(signal.SIGTERM, self._hear_end)
        signal.signal(signal.SIGHUP, self._hear_roll)

    def _hear_end(self, *_: object) -> None:
        self._told_to_end += 1

    def _hear_roll(self, *_: object) -> None:
        if self._had_terminal and not _has_terminal():
            self._told_to_end += 1
        else:
            self.told_to_roll = True

    # --- Start, keep, restart -----------------------------------------------------------------------------------------

    def start(self, parts: Iterable[Part]) -> None:
        """Start them together, and wait until all are ready. Raises `PartFailed` or `EndWanted`."""
        started = [Running(part, self._logs / f"{part.name}.log") for part in parts]
        for running in started:
            self._kept[running.part.name] = _Kept(running)
            running.start()
        self._write_pids()
        for running in started:
            self._wait_for(running)

    def _wait_for(self, running: Running) -> None:
        until_s = time.monotonic() + running.part.ready_within_s
        while not running.is_ready:
            if not running.is_alive or time.monotonic() > until_s:
                raise running.failure()
            self.pause()

    def pause(self, seconds: float = TICK_S) -> None:
        """Raises `EndWanted` when that was said meanwhile."""
        time.sleep(seconds)
        if self._told_to_end:
            raise EndWanted

    def keep(self) -> None:
        """Start again what died, each with its own growing patience."""
        for kept in self._kept.values():
            if kept.start_at_s is None and not kept.running.is_alive:
                self._mourn(kept)
            if kept.start_at_s is not None and time.monotonic() >= kept.start_at_s:
                self._revive(kept)

    def _mourn(self, kept: _Kept) -> None:
        lived_s = time.monotonic() - kept.started_s
        kept.deaths = 1 if lived_s > STEADY_S else kept.deaths + 1
        wait_s = BACKOFF_S[min(kept.deaths, len(BACKOFF_S)) - 1]
        kept.start_at_s = time.monotonic() + wait_s
        name, how = kept.running.part.name, kept.running.how_it_ended
        self._say(f"{name} {how}; it is started again in {wait_s:g} s. Its log: {kept.running.log}")

    def _revive(self, kept: _Kept) -> None:
        kept.running.clear()  # children that outlived it would hold its port
        kept.running.start()
        kept.start_at_s, kept.started_s = None, time.monotonic()
        self._write_pids()
        self._say(f"{kept.running.part.name} is started again, pid {kept.running.pid}.")

    def replace(self, part: Part) -> None:
        """End the part of this name in good order, and start it anew, with whatever code lies there now."""
        began_s = time.monotonic()
        self.end([part.name])
        ended_s = time.monotonic()
        self.start([part])
        took = f"ended in {ended_s - began_s:.1f} s, ready in {time.monotonic() - ended_s:.1f} s"
        self._say(f"{part.name} is replaced, pid {self.pids[part.name]}: {took}.")

    def tell(self, name: str, with_signal: signal.Signals) -> None:
        self._kept[name].running.tell(with_signal)

    def run(self, command: list[str], *, env: dict[str, str]) -> str:
        """A command that ends by itself; what it printed. Raises `PartFailed`."""
        running = Running(Part("once", tuple(command), lambda _: True, env, self._logs), self._logs / "once.log")
        running.start()
        while running.is_alive:
            self.keep()
            self.pause(0.02)
        running.clear()
        if not running.how_it_ended.endswith("code 0"):
            raise running.failure()
        return running.said

    # --- End ----------------------------------------------------------------------------------------------------------

    def end(self, names: Iterable[str]) -> None:
        """Ask these parts to end, wait for all of them, kill who does not. Told twice to end, nobody is waited for."""
        ending = [kept.running for name in names if (kept := self._kept.pop(name, None))]
        for running in ending:
            running.tell(running.part.end_signal)
        until_s = time.monotonic() + max((running.part.grace_s for running in ending), default=0)
        while any(running.is_alive for running in ending) and time.monotonic() < until_s and self._told_to_end < 2:
            self.keep()  # the others are still needed
            time.sleep(TICK_S / 2)
        for running in ending:
            if running.is_alive:
                self._say(f"{running.part.name} did not end within {running.part.grace_s:g} s, and is killed.")
            running.clear()
        self._write_pids()

    @property
    def names(self) -> list[str]:
        return list(self._kept)

    @property
    def pids(self) -> dict[str, int]:
        return {name: kept.running.pid for name, kept in self._kept.items()}

    def _write_pids(self) -> None:
        """For people and tests who want to know, or to kill, one part. No part may stay dead because a disk is full."""
        draft = self._pids.with_suffix(".new")
        try:
            draft.write_text("".join(f"{name} {pid}\n" for name, pid in self.pids.items()))
            draft.replace(self._pids)
        except OSError as error:
            self._say(f"{self._pids} could not be written: {error.strerror}.")


def _has_terminal() -> bool:
    """Whether a person may be looking: the same signal says that the terminal was closed."""
    try:
        os.tcgetpgrp(sys.stdin.fileno())
    except (OSError, ValueError, AttributeError):
        return False
    return True


def run_quietly(command: list[str]) -> str:
    """A short command that must succeed; raises `ParleyError` with what it said."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ParleyError(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return done.stdout
