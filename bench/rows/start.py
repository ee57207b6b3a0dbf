"""How long a start takes, and what an idle process weighs."""

import time
from statistics import median

from bench.drive import drive_parley
from bench.figure import Figure
from bench.load.crowd import Plan
from bench.stage import SHORT, Stage

STARTS = 5
SETTLE_S = 5.0
MB = 1_000_000


def start(stage: Stage) -> list[Figure]:
    """From the command to `Parley is ready`, on a folder that is set up."""
    parley = stage.parley_at_rest
    parley.end()
    runs = []
    for _ in range(1 if stage.quick else STARTS):
        runs.append(parley.start().ready_s)
        parley.end()
    return [Figure("start", "start, after set-up, to ready", "s", tuple(runs), limit=3.0)]


def memory(stage: Stage) -> list[Figure]:
    """Resident memory of the process tree at rest, after it has answered one message, so that nothing is yet to be loaded."""
    parley = stage.parley_at_rest
    runs, fresh, shared = [], [], []
    for _ in range(stage.repeats):
        parley.end()
        running = parley.start()
        time.sleep(SETTLE_S)
        fresh.append(running.rss_bytes() / MB)
        drive_parley(stage, Plan(1, SHORT, asks=1))
        time.sleep(SETTLE_S)
        runs.append(running.rss_bytes() / MB)
        shared.append(running.pss_bytes() / MB)
    notes: dict[str, object] = {"before_the_first_reply_mb": median(fresh), "pss_mb": median(shared)}
    return [Figure("memory", "memory idle", "MB", tuple(runs), limit=170, notes=notes)]
