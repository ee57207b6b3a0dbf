"""What keeps a serving process quick: garbage and checkpoints at times when nobody waits for them."""

import asyncio
import gc
import logging

from django.db import connection

from parley.conversations.search import catch_up_a_little
from parley.engine import ledger

logger = logging.getLogger(__name__)

CHECKPOINT_S = 1.0
IDLE_S = 1.0  # between two looks whether anything is due for the index
INDEX_S = (
    0.1  # between two steps: at most a hundred messages a second, each step some milliseconds of the writer's time
)
INDEX_BESIDE_S = 0.5  # where no writer waits: fewer and fuller steps, since each is a commit that a replica hears of
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


async def index() -> None:
    """Keep the full-text index up with what is said, for as long as the process lives: on SQLite, which has one writer, as
    its least urgent work; else beside the writer."""
    was_due = False
    work, pause_s = (ledger.write, INDEX_S) if connection.vendor == "sqlite" else (ledger.read, INDEX_BESIDE_S)
    while True:
        await asyncio.sleep(pause_s if was_due else IDLE_S)
        try:
            was_due = await work(catch_up_a_little)
        except ledger.DatabaseAway:
            logger.debug("nothing indexed this time: the database is busy")


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
