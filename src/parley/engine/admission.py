"""Refuse new work, with Retry-After, before old work suffers.

Signs of strain are watched: how late the loop runs, how long the last commit took, how many answers are being written; and,
where workers write them, how long they wait for one.
"""

import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import Protocol

from django.conf import settings

from parley.core.errors import Busy

LOOP_LAG_LIMIT_S = 0.5
COMMIT_LAG_LIMIT_S = 1.0
QUEUE_AGE_LIMIT_S = 5.0
WATCH_S = 0.1


@dataclass(slots=True)
class Strain:
    """Of this process, as last measured; written by the loop, read by any thread."""

    loop_lag_s: float = 0.0
    commit_lag_s: float = 0.0
    live: int = 0
    queue_age_s: float = 0.0  # of the oldest reply that waits for a worker
    looked_at: float = 0.0  # when the loop last ran, by the monotonic clock
    refused: dict[str, int] = field(default_factory=dict)  # by reason


class Committing(Protocol):
    """What is watched of the press."""

    @property
    def lag_s(self) -> float: ...


strain = Strain()


def check_capacity() -> None:
    """Raises `Busy` when this process had better finish what it has."""
    if strain.live >= settings.MAX_STREAMS:
        _count("streams")
        raise Busy(
            f"Parley is writing {strain.live} answers, as many as it may. Try again in a moment.",
            retry_after_s=_spread(2),
        )
    if strain.queue_age_s > QUEUE_AGE_LIMIT_S:
        _count("queue")
        raise Busy("All of Parley's workers are busy. Try again in a moment.", retry_after_s=_spread(2))
    if strain.loop_lag_s > LOOP_LAG_LIMIT_S or strain.commit_lag_s > COMMIT_LAG_LIMIT_S:
        _count("lag")
        raise Busy(retry_after_s=_spread(1))


def _count(reason: str) -> None:
    strain.refused[reason] = strain.refused.get(reason, 0) + 1


def _spread(seconds: float) -> float:
    """Between one and two times `seconds`, so that those who were refused together do not return together."""
    return round(seconds * (1 + random.random()), 1)  # noqa: S311 - jitter, not a secret


async def watch_loop(press: Committing | None) -> None:
    """Measure how late loop and commits run, for as long as the process lives: a moving average over about half a second."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + WATCH_S
        await asyncio.sleep(WATCH_S)
        strain.looked_at = time.monotonic()
        strain.loop_lag_s = 0.8 * strain.loop_lag_s + 0.2 * (loop.time() - due)
        if press:
            strain.commit_lag_s = press.lag_s
