"""Notice a stream that has gone silent, at the price of one timer for each minute of it.

aiohttp's own `sock_read` sets a timer anew with every chunk: 6 % of the loop's time at 200 streams.
"""

import asyncio
from collections.abc import Callable


class Silence:
    """From `begin` to `end`, calls `give_up` once nothing was heard for `limit_s` seconds."""

    def __init__(self, limit_s: float) -> None:
        self.is_too_long = False
        self._limit_s = limit_s
        self._loop = asyncio.get_running_loop()

    def begin(self, give_up: Callable[[], object]) -> None:
        self._give_up = give_up
        self._heard_at = self._loop.time()
        self._timer = self._loop.call_later(self._limit_s, self._look)

    def heard(self) -> None:
        """Something came."""
        self._heard_at = self._loop.time()

    def end(self) -> None:
        self._timer.cancel()

    def _look(self) -> None:
        left_s = self._heard_at + self._limit_s - self._loop.time()
        if left_s > 0:
            self._timer = self._loop.call_later(left_s, self._look)
        else:
            self.is_too_long = True
            self._give_up()
