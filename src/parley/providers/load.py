"""How busy an endpoint is, and whether it may take one more: answers at once, and tokens in the last minute.

Counted in the process, which is where calls are made: of a fleet, each process has these limits.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from parley.core.errors import EndpointAtLimit
from parley.providers.values import Route

MINUTE_S: Final = 60.0


@dataclass(slots=True)
class Taken:
    """One call: since when (time.monotonic()), and the tokens that it has cost so far."""

    since: float = field(default_factory=time.monotonic)
    tokens: int = 0


class Load:
    """Of one endpoint."""

    def __init__(self) -> None:
        self.running = 0
        self._spent: deque[tuple[float, int]] = deque()
        self._tokens = 0
        self._lock = threading.Lock()  # worker threads have loops of their own

    @contextmanager
    def taken(self, route: Route) -> Iterator["Taken"]:
        """While a call runs. Raises `EndpointAtLimit` where the endpoint has a limit, and has reached it."""
        with self._lock:
            if reason := self._reason(route):
                raise EndpointAtLimit(f"This model may not be asked now: {reason}. Retry in a moment.")
            self.running += 1
        taken = Taken()
        try:
            yield taken
        finally:
            with self._lock:
                self.running -= 1
                if taken.tokens:
                    self._spent.append((time.monotonic(), taken.tokens))
                    self._tokens += taken.tokens

    def reason_to_wait(self, route: Route) -> str:
        """Empty when one more may be asked."""
        if route.max_concurrent is None and route.tokens_per_minute is None:
            return ""
        with self._lock:
            return self._reason(route)

    def _reason(self, route: Route) -> str:
        if route.max_concurrent is not None and self.running >= route.max_concurrent:
            return f"its endpoint writes {self.running} answers, as many as it may at once"
        self._forget()
        if route.tokens_per_minute is not None and self._tokens >= route.tokens_per_minute:
            return f"its endpoint has used its {route.tokens_per_minute:,} tokens of this minute"
        return ""

    def _forget(self) -> None:
        before = time.monotonic() - MINUTE_S
        while self._spent and self._spent[0][0] < before:
            self._tokens -= self._spent.popleft()[1]


_loads: dict[str, Load] = {}


def load_of(endpoint_id: str) -> Load:
    return _loads.setdefault(endpoint_id, Load())
