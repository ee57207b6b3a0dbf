"""How long a vendor is waited for: for its next bytes, and in all. Costs one timer for each minute of a stream.

aiohttp's own `sock_read` sets a timer anew with every chunk, 6 % of the loop's time at 200 streams, and its `total` enters
and leaves a timer's context with every read.
"""

import asyncio
from collections.abc import Callable

import aiohttp


class Patience:
    """With one call, from `__init__` to `end`: once nothing was heard for `idle_s` seconds, or the call has taken `total_s`,
    the connection is given up, and `why` says which."""

    def __init__(self, idle_s: float, total_s: float) -> None:
        self._is_lost = False
        self._loop = asyncio.get_running_loop()
        self._idle_s = idle_s
        self._heard_at = self._loop.time()
        self._until = self._heard_at + total_s
        self._timer: asyncio.TimerHandle | None = None

    def headers(self) -> asyncio.Timeout:
        """For the wait until the answer begins, where there is nothing yet to give up. Raises TimeoutError."""
        return asyncio.timeout(min(self._idle_s, max(0.0, self._until - self._loop.time())))

    def begin(self, give_up: Callable[[], object]) -> None:
        """The answer has begun; `give_up` closes its connection."""
        self._give_up = give_up
        self.heard()
        self._look()

    def heard(self) -> None:
        """Something came."""
        self._heard_at = self._loop.time()

    def end(self) -> None:
        if self._timer:
            self._timer.cancel()

    def why(self, error: Exception) -> Exception:
        """What ended the call that raised `error`: ServerTimeoutError for silence, TimeoutError for a call that took too
        long, else `error` itself."""
        if not self._is_lost and type(error) is not TimeoutError:
            return error
        return TimeoutError() if self._loop.time() >= self._until else aiohttp.ServerTimeoutError()

    def _look(self) -> None:
        now = self._loop.time()
        idle_until = self._heard_at + self._idle_s
        if now < min(idle_until, self._until):
            self._timer = self._loop.call_at(min(idle_until, self._until), self._look)
        else:
            self._is_lost = True
            self._give_up()
