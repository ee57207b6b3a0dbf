"""What keeps a serving process quick: garbage and checkpoints at times when nobody waits for them."""

import asyncio
import gc
import logging

from django.db import connection

from parley.engine import ledger

logger = logging.getLogger(__name__)

CHECKPOINT_S = 1.0
COLLECT_AFTER = (
    20_000,
    20,
    50,
)  # with Python's own (700, 10, 10), 300 streams spent a tenth of a core on looking for garbage


def spare_the_collector() -> None:
    """What was imported will never be garbage: look through it no more. The rest is looked through less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


async def checkpoint() -> None:
    """Move SQLite's write-ahead log into the database, beside the writer, for as long as the process lives.

    Left to itself, SQLite does so in the commit that fills a thousand pages, and whoever made it waits 40 to 100 ms for the
    disk. `settings.py` puts that off to a size that is only reached when this here has stopped.
    """
    while connection.vendor == "sqlite":
        await asyncio.sleep(CHECKPOINT_S)
        try:
            await ledger.read(_checkpoint)
        except ledger.DatabaseAway:
            logger.debug("no checkpoint this time: the database is busy")


def _checkpoint() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
