"""A reply as a Celery task: rung for by a web process, written on the loop of the worker, which the task's thread waits for.

So a worker takes no more bells than it has threads: Celery's concurrency is how many replies it writes at once.
"""

import asyncio
import logging
from uuid import UUID

from parley.engine import ledger
from parley.engine.lease import TurnRunner, installed_runner
from parley.engine.recovery import claim
from parley.engine.relay import installed_relay

logger = logging.getLogger(__name__)


def write_reply(generation_id: UUID, reader: str) -> None:
    """Write it and send its frames to the process `reader`; returns when it has ended, or is another's.

    A worker that is stopping leaves the row to the others.
    """
    runner = installed_runner()
    if runner and runner.writes:
        asyncio.run_coroutine_threadsafe(_write(runner, generation_id, reader), runner.loop).result()


async def _write(runner: TurnRunner, generation_id: UUID, reader: str) -> None:
    try:
        if not await ledger.write(claim, generation_id, rung=True):
            return
    except ledger.DatabaseAway:
        logger.warning("generation %s was not claimed: the database does not answer", generation_id)
        return
    relay = installed_relay()
    if relay:
        relay.add_reader(generation_id, reader)
    await runner.ended(generation_id)
