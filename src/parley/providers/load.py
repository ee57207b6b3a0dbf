"""How busy an endpoint is, and whether it may take one more: answers at once, and tokens in the last minute.

Counted in the process, which is where calls are made, and of a fleet in Redis as well (`core.tally`): there a limit holds for
all processes together. While Redis is away, each process has these limits by itself.
"""

import threading
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from parley.core.errors import EndpointAtLimit
from parley.core.tally import Limit, Tally, installed_tally
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

    @asynccontextmanager
    async def taken(self, route: Route) -> AsyncIterator["Taken"]:
        """While a call runs. Raises `EndpointAtLimit` where the endpoint has a limit, and has reached it.

        Asks nobody else where it has none; where it has one, one exchange with Redis is waited for.
        """
        with self._lock:
            if reason := self._reason(route):
                raise _at_limit(reason)
            self.running += 1
        taken = Taken()
        tally = installed_tally() if _is_limited(route) else None
        try:
            if tally:
                await _take_of_all(tally, route)
            try:
                taken.since = time.monotonic()
                yield taken
            finally:
                if tally:
                    tally.give_back(route.endpoint_id, spent=taken.tokens)
        finally:
            with self._lock:
                self.running -= 1
                if taken.tokens:
                    self._spent.append((time.monotonic(), taken.tokens))
                    self._tokens += taken.tokens

    def reason_to_wait(self, route: Route) -> str:
        """Empty when one more may be asked, as far as this process knows."""
        if not _is_limited(route):
            return ""
        with self._lock:
            return self._reason(route)

    def _reason(self, route: Route) -> str:
        if route.max_concurrent is not None and self.running >= route.max_concurrent:
            return _too_many(self.running)
        self._forget()
        if route.tokens_per_minute is not None and self._tokens >= route.tokens_per_minute:
            return _too_much(route.tokens_per_minute)
        return ""

    def _forget(self) -> None:
        before = time.monotonic() - MINUTE_S
        while self._spent and self._spent[0][0] < before:
            self._tokens -= self._spent.popleft()[1]


async def _take_of_all(tally: Tally, route: Route) -> None:
    """Raises `EndpointAtLimit`; otherwise it is to be given back."""
    limit = Limit(route.max_concurrent, route.tokens_per_minute)
    counted = await tally.take(route.endpoint_id, limit)
    if counted is None or counted.is_granted:
        return
    if limit.a_minute is not None and counted.spent >= limit.a_minute:
        raise _at_limit(_too_much(limit.a_minute))
    raise _at_limit(_too_many(counted.in_use))


def _is_limited(route: Route) -> bool:
    return route.max_concurrent is not None or route.tokens_per_minute is not None


def _at_limit(reason: str) -> EndpointAtLimit:
    return EndpointAtLimit(f"This model may not be asked now: {reason}. Retry in a moment.")


def _too_many(running: int) -> str:
    return f"its endpoint writes {running} answer{'s' * (running != 1)}, as many as it may at once"


def _too_much(tokens_per_minute: int) -> str:
    return f"its endpoint has used its {tokens_per_minute:,} tokens of this minute"


_loads: dict[str, Load] = {}


def load_of(endpoint_id: str) -> Load:
    return _loads.setdefault(endpoint_id, Load())
