"""Between SIGTERM and the end: say "not ready" first, and only then stop, so that a balancer has sent its last request."""

import asyncio
import logging
import signal
from collections.abc import Callable
from types import FrameType
from typing import Final

from parley.core.health import health

logger = logging.getLogger(__name__)

SignalHandler = Callable[[int, FrameType | None], object]
SIGNALS: Final = (signal.SIGTERM,)


def drain_before_end(delay_s: float) -> None:
    """Call on the loop, in the main thread, once the server has taken the signals: its own handler runs `delay_s` later.

    A second SIGTERM does not wait.
    """
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        after = signal.getsignal(number)
        if callable(after):
            signal.signal(number, _Draining(loop, after, delay_s))


class _Draining:
    def __init__(self, loop: asyncio.AbstractEventLoop, after: SignalHandler, delay_s: float) -> None:
        self._loop, self._after, self._delay_s = loop, after, delay_s

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if health.is_draining or not self._delay_s:
            health.drain()
            self._after(number, frame)
            return
        health.drain()
        self._loop.call_soon_threadsafe(self._wait, number)

    def _wait(self, number: int) -> None:
        logger.info("told to stop; not ready from now on, and gone in %s seconds", self._delay_s)
        self._loop.call_later(self._delay_s, self._after, number, None)
