"""A circuit breaker for each endpoint: after some failures in a row nobody waits for it, until a probe succeeds.

States live in the process. An overloaded vendor never opens it (it is alive, and often only one of its many models is
short), nor does a request that the vendor rejects; a refused key shows in `health_of` all the same.
"""

import threading
import time
from dataclasses import dataclass
from typing import Final, Literal

from parley.core.errors import (
    EndpointAtLimit,
    EndpointBroken,
    EndpointError,
    EndpointRejected,
    EndpointSilent,
    EndpointUnreachable,
)

OPENS_AFTER: Final = 5
OPEN_S: Final = 15.0
PROBE_S: Final = 60.0

_COUNTED = (EndpointUnreachable, EndpointSilent, EndpointBroken)


@dataclass(frozen=True, slots=True)
class Health:
    """`problem` stands on `failing` only, and is for a person. `unknown`: nobody asked since the process began."""

    state: Literal["ok", "failing", "unknown"] = "unknown"
    problem: str = ""


class Breaker:
    """Closed: calls pass. Open: they fail at once. Half open: one passes as a probe, the others fail at once."""

    def __init__(self) -> None:
        self.health = Health()
        self._failures = 0
        self._open_until = 0.0  # in time.monotonic()
        self._probing = False
        self._lock = threading.Lock()  # worker threads have loops of their own

    @property
    def is_open(self) -> bool:
        return self._failures >= OPENS_AFTER

    @property
    def would_refuse(self) -> bool:
        """Whether a call would fail at once. Looks only: takes no probe's place."""
        with self._lock:
            return self._failures >= OPENS_AFTER and (self._probing or self._open_until > time.monotonic())

    def check(self) -> bool:
        """Raises `EndpointUnreachable`, with the seconds left, while open. True: the caller is the probe."""
        with self._lock:
            if self._failures < OPENS_AFTER:
                return False
            left_s = self._open_until - time.monotonic()
            if left_s > 0:
                raise EndpointUnreachable(
                    f"This model's vendor failed {self._failures} times in a row, so Parley pauses before it asks "
                    f"again. The last time: {self.health.problem}",
                    retry_after_s=left_s,
                )
            self._open_until = time.monotonic() + PROBE_S
            self._probing = True
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0
            self.health = Health("ok")

    def failed(self, error: EndpointError) -> None:
        if isinstance(error, EndpointAtLimit):
            return  # nobody was asked
        with self._lock:
            if isinstance(error, EndpointRejected):
                self._failures = 0  # it answered, and with sense
                return
            self.health = Health("failing", error.message)
            if isinstance(error, _COUNTED):
                self._failures += 1
            if self._failures >= OPENS_AFTER:
                self._open_until = time.monotonic() + OPEN_S
                self._probing = False

    def probe_ended(self) -> None:
        """A probe that was left before it learned anything must not keep the next one waiting."""
        with self._lock:
            if self._failures >= OPENS_AFTER and self._probing:
                self._open_until = time.monotonic()
            self._probing = False


_breakers: dict[str, Breaker] = {}


def breaker_of(endpoint_id: str) -> Breaker:
    return _breakers.setdefault(endpoint_id, Breaker())


def health_of(endpoint_id: str) -> Health:
    """How the last call to this endpoint from this process went."""
    breaker = _breakers.get(endpoint_id)
    return breaker.health if breaker else Health()


def open_breakers() -> dict[str, bool]:
    """Every endpoint that this process has called, and whether calls to it fail at once."""
    return {endpoint_id: breaker.is_open for endpoint_id, breaker in list(_breakers.items())}


def forget_breaker(endpoint_id: str) -> None:
    """Start afresh: the endpoint has another address or key, or is gone."""
    _breakers.pop(endpoint_id, None)
