"""A Celery worker as a part of a fleet: beside its threads it has one loop, in a thread of its own, with the engine on it.

Celery's threads wait; the loop writes. A worker that takes no replies has the loop too: for hints, facts and vendors' calls.
"""

import asyncio
import logging
import threading
from collections.abc import Collection

import uvloop
from django.conf import settings

from parley.engine.service import Engine
from parley.realtime import facts
from parley.watch import Watch

logger = logging.getLogger(__name__)

REPLIES = "replies"
MARGIN_S = 5.0  # beyond the grace, for leases to be released


class WorkerLoop:
    """Begin with the worker, end with it."""

    def __init__(self, queues: Collection[str]) -> None:
        self._writes = REPLIES in queues
        self._has_begun = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told_to_end: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="loop", daemon=True)

    def begin(self) -> None:
        """Returns when the engine runs. Raises `RuntimeError` when it does not start; the log tells why."""
        self._thread.start()
        while not self._has_begun.wait(1):
            if not self._thread.is_alive():
                raise RuntimeError("the loop of this worker did not start")

    def end_soon(self) -> None:
        """Finish what is being written or hand it over, while Celery waits for its threads."""
        if self._loop and self._told_to_end:
            self._loop.call_soon_threadsafe(self._told_to_end.set)

    def join(self) -> None:
        self.end_soon()
        self._thread.join(settings.SHUTDOWN_GRACE_S + MARGIN_S)

    def _run(self) -> None:
        uvloop.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._told_to_end = asyncio.get_running_loop(), asyncio.Event()
        facts.connect()
        engine = Engine(writes=self._writes)
        await engine.start()
        self._has_begun.set()
        await self._told_to_end.wait()
        await engine.stop()


_loop: WorkerLoop | None = None
_watch = Watch()


def begin(queues: Collection[str]) -> None:
    """At the start of a worker that takes from these queues."""
    global _loop
    _watch.begin()
    _loop = WorkerLoop(queues)
    _loop.begin()


def end_soon() -> None:
    if _loop:
        _loop.end_soon()


def join() -> None:
    if _loop:
        _loop.join()
    _watch.end()
