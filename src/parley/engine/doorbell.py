"""The runner of a process that writes nothing: it rings for a Celery worker, which claims the generation and writes it.

The row is queued before the bell rings, so a bell that nobody hears costs a second: then any worker takes the row (`lookout.py`).
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Collection
from functools import partial
from typing import NamedTuple
from uuid import UUID

from kombu.exceptions import OperationalError

from parley.engine.draft import Draft
from parley.engine.hub import Hub
from parley.engine.lease import RING
from parley.engine.values import NextStep, Turn

logger = logging.getLogger(__name__)

UNRUNG_LIMIT = 1000  # bells that wait for a slow broker; past it they are dropped

Ring = Callable[[Turn, str], None]  # what to write; the process that reads it


class _Bell(NamedTuple):
    turn: Turn
    due_until: float  # by the loop's clock; later, workers have found the row by themselves


class Doorbell:
    """See `lease.TurnRunner`. Made on its loop; its thread is the only one that ever waits for the broker."""

    writes = False

    def __init__(self, hub: Hub, owner: str, ring: Ring, get_ready: Callable[[], object]) -> None:
        """`get_ready` is called once before any `ring`: the first who asks does not wait for what takes long only once."""
        self.hub = hub
        self.owner = owner
        self.loop = asyncio.get_running_loop()
        self._ring = ring
        self._get_ready = get_ready
        self._unrung: queue.Queue[_Bell] = queue.Queue(UNRUNG_LIMIT)
        threading.Thread(target=self._run, name="doorbell", daemon=True).start()

    def start(self, turn: Turn) -> None:
        """Have it written. Its frames are sent here: whoever asks is about to read."""
        self.loop.call_soon_threadsafe(self.hub.expect, turn.generation_id)
        try:
            self._unrung.put_nowait(_Bell(turn, self.loop.time() + RING.total_seconds()))
        except queue.Full:
            logger.debug("too many bells wait for the broker")

    def take_over(self, turn: Turn, draft: Draft, *, last_seq: int, step: NextStep) -> None:
        raise AssertionError("a process that does not write claims nothing")

    def stop(self, generation_id: UUID) -> None:
        """It is written elsewhere, where the same hint is heard."""

    def stop_answers(self, answer_ids: Collection[UUID]) -> None:
        """The same."""

    async def ended(self, generation_id: UUID) -> None:
        """Nothing runs here."""

    def _run(self) -> None:
        self._try(self._get_ready)
        while True:
            bell = self._unrung.get()
            if self.loop.time() <= bell.due_until:
                self._try(partial(self._ring, bell.turn, self.owner))

    def _try(self, work: Callable[[], object]) -> None:
        try:
            work()
        except (OperationalError, OSError) as error:
            logger.debug("the broker is away, a worker will look by itself: %s", error)
