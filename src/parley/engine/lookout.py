"""What a process of a fleet looks for in SQL once a second, so that nothing depends on a hint.

A worker: replies that nobody writes, and wishes to stop, also while a vendor is silent. A web process: how long replies wait.
"""

import asyncio
import logging
import random
import time
from uuid import UUID

from django.conf import settings

from parley.core.hints import Hints
from parley.engine import ledger
from parley.engine.admission import strain
from parley.engine.lease import queue_age_s
from parley.engine.recovery import claim, due
from parley.engine.runner import HEARTBEAT_S, Runner
from parley.engine.stop import wished_to_stop

logger = logging.getLogger(__name__)

LOOK_S = 1.0
AT_ONCE = 25  # claimed in one look, so that many workers share what waits
DUE = "due"  # the hint that replies were left for others
SLOW_S = 1.0  # a look that takes longer, or comes so much too late, says that the database or this process was away
# After such a time owners come first: a lease that ran out while nobody could renew it says nothing of its owner's death.
PATIENCE_S = 2 * HEARTBEAT_S


class Lookout:
    """Of a worker. Made on its loop; `run` keeps it."""

    def __init__(self, runner: Runner, hints: Hints | None) -> None:
        self._runner = runner
        self._bell = asyncio.Event()
        self._well_since = self._looked_at = time.monotonic()
        if hints:
            hints.on(DUE, lambda _: self._bell.set())

    async def run(self) -> None:
        """Look, for as long as the process lives."""
        while True:
            await self._pause()
            begun = time.monotonic()
            try:
                await self._look(begun)
            except ledger.DatabaseAway:
                self._well_since = time.monotonic()
            self._looked_at = time.monotonic()
            if self._looked_at - begun > SLOW_S:
                self._well_since = self._looked_at

    async def _pause(self) -> None:
        """Not all workers at the same moment, nor all after the same one."""
        try:
            await asyncio.wait_for(self._bell.wait(), LOOK_S * (0.75 + random.random() / 2))  # noqa: S311 - jitter
        except TimeoutError:
            return
        self._bell.clear()

    async def _look(self, begun: float) -> None:
        if begun - self._looked_at > LOOK_S + 2 * SLOW_S:
            self._well_since = begun
        room = min(AT_ONCE, settings.MAX_STREAMS - strain.live)
        stops, waiting = await ledger.read(
            _look, self._runner.owner, expired=begun - self._well_since >= PATIENCE_S, at_most=max(0, room)
        )
        for generation_id in stops:
            self._runner.stop(generation_id)
        for generation_id in waiting:
            await ledger.write(claim, generation_id)
        if len(waiting) == AT_ONCE:
            self._bell.set()


def _look(owner: str, *, expired: bool, at_most: int) -> tuple[list[UUID], list[UUID]]:
    return wished_to_stop(owner), due(owner, expired=expired, at_most=at_most)


async def watch_queue() -> None:
    """Measure how long replies wait for a worker, for as long as the process lives: `admission.py` refuses by it."""
    while True:
        await asyncio.sleep(LOOK_S)
        begun = time.monotonic()
        try:
            strain.queue_age_s = await ledger.read(queue_age_s)
        except ledger.DatabaseAway:
            logger.debug("the queue was not measured: the database does not answer")
        strain.commit_lag_s = time.monotonic() - begun
