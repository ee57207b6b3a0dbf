"""Whether this process lives, and whether it should get work. Rooms and servers add probes; doors and commands ask.

A probe answers "" while all is well, else one sentence: what is wrong and what to do, fit for a stranger's eyes. What a
process can do without (Redis: that costs latency, never data) is told, and keeps no process from work.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

logger = logging.getLogger(__name__)

Probe = Callable[[], str]
PATIENCE_S: Final = 2.0
KEPT_S: Final = 0.5  # whoever asks more often hears the same
DRAINING: Final = "This process is about to stop. Send work to another one."


@dataclass(frozen=True, slots=True)
class Check:
    """`is_needed`: while this fails, requests would fail."""

    name: str
    remedy: str = ""
    is_needed: bool = True

    @property
    def is_well(self) -> bool:
        return not self.remedy

    @property
    def state(self) -> Literal["ok", "failing", "degraded"]:
        return "ok" if self.is_well else "failing" if self.is_needed else "degraded"


class _Asked:
    """One probe. It runs in a thread of its own, at most once at a time: a server that hangs must not take ours along."""

    def __init__(self, name: str, probe: Probe, *, is_needed: bool) -> None:
        self._name, self._probe, self._is_needed = name, probe, is_needed
        self._answer: str | None = None
        self._done = threading.Event()
        self._done.set()

    def ask(self) -> None:
        if self._done.is_set():
            self._answer = None
            self._done.clear()
            threading.Thread(target=self._run, name=f"probe {self._name}", daemon=True).start()

    def hear(self, until: float) -> Check:
        if not self._done.wait(max(0.0, until - time.monotonic())):
            return Check(self._name, f"No answer within {PATIENCE_S:.0f} seconds.", self._is_needed)
        return Check(self._name, self._answer or "", self._is_needed)

    def _run(self) -> None:
        try:
            self._answer = self._probe()
        except Exception:
            logger.exception("the probe %s failed", self._name)
            self._answer = "This could not be looked at; the log says why."
        finally:
            self._done.set()


class Health:
    """Of one process."""

    def __init__(self) -> None:
        self._probes: dict[str, _Asked] = {}
        self._vital: dict[str, Probe] = {}
        self._lock = threading.Lock()
        self._seen: list[Check] = []
        self._seen_until = 0.0
        self.is_draining = False

    def add(self, name: str, probe: Probe, *, is_needed: bool = True) -> None:
        """A probe of the same name takes the place of the one before."""
        with self._lock:
            self._probes[name] = _Asked(name, probe, is_needed=is_needed)
            self._seen_until = 0.0

    def add_vital(self, name: str, probe: Probe) -> None:
        """While this one fails, nothing helps but to end the process. It is asked at once, so it may not wait."""
        self._vital[name] = probe

    def remove(self, name: str) -> None:
        """Also of what is vital."""
        with self._lock:
            self._probes.pop(name, None)
            self._vital.pop(name, None)
            self._seen_until = 0.0

    def drain(self) -> None:
        """From here on no balancer should send work; what is here is still served."""
        self.is_draining = True

    def signs_of_life(self) -> list[Check]:
        return [Check(name, probe()) for name, probe in list(self._vital.items())]

    def look(self) -> list[Check]:
        """Every check, in the order they were added; that of the end of this process first."""
        with self._lock:
            if time.monotonic() > self._seen_until:
                self._seen = self._ask_all()
                self._seen_until = time.monotonic() + KEPT_S
            return [Check("serving", DRAINING if self.is_draining else ""), *self._seen]

    def _ask_all(self) -> list[Check]:
        until = time.monotonic() + PATIENCE_S
        asked = list(self._probes.values())
        for probe in asked:
            probe.ask()
        return [probe.hear(until) for probe in asked]


health = Health()
"""Of this process."""
