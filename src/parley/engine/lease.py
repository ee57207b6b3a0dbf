"""Who writes a generation, and until when: the runner of this process, claims and leases.

A process without a runner (a shell, a command) leaves its generations queued; a sweep in a process that has one starts them.
Leases are told by the database's clock alone, so that a host whose clock is wrong does no harm.
"""

import asyncio
import os
import secrets
import socket
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from parley.core.statements import Insert, Update
from parley.engine.draft import Draft
from parley.engine.hub import Hub
from parley.engine.models import Generation, NewestEvent
from parley.engine.values import NextStep, Turn

LEASE = timedelta(seconds=10)  # renewed every `runner.HEARTBEAT_S`
RING = timedelta(seconds=1)  # so long a queued generation waits for the worker that was rung for; then any may take it
INSERT_RUNNING = Insert(Generation, lease_until=Now() + LEASE, tape_from=NewestEvent())
CLAIM = Update(Generation, where=("id", "status", "fence", "stop_requested"), lease_until=Now() + LEASE)
INSERT_QUEUED = Insert(Generation, lease_until=Now() + RING, tape_from=NewestEvent())


class TurnRunner(Protocol):
    """What this room asks of a runner; any thread may call it. One that does not write has a worker ring write instead."""

    owner: str
    hub: Hub
    writes: bool
    loop: asyncio.AbstractEventLoop

    def start(self, turn: Turn) -> None: ...

    def take_over(self, turn: Turn, draft: Draft, *, last_seq: int, step: NextStep) -> None: ...

    def stop(self, generation_id: UUID) -> None: ...

    def stop_answers(self, answer_ids: Collection[UUID]) -> None: ...

    async def ended(self, generation_id: UUID) -> None: ...


_runner: TurnRunner | None = None


def new_owner() -> str:
    """A name for this process that no other has or will have."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


def install_runner(runner: TurnRunner | None) -> None:
    global _runner
    _runner = runner


def installed_runner() -> TurnRunner | None:
    """The runner of this process, if it has one."""
    return _runner


def start_runner(turn: Turn) -> None:
    """Start `turn` here if it was claimed here, or ring for a worker; without either a sweep will find it."""
    if _runner and _runner.writes == bool(turn.fence):
        _runner.start(turn)


def insert_generation(generation: Generation) -> None:
    """Store a new generation: running here at once when this process has a runner that writes, else queued."""
    if _runner is None or not _runner.writes:
        generation.status = Generation.Status.QUEUED
        INSERT_QUEUED(generation)
        return
    generation.status = Generation.Status.RUNNING
    generation.owner, generation.fence, generation.attempt = _runner.owner, 1, 1
    INSERT_RUNNING(generation)


def claim_rung(turn: Turn) -> bool:
    """Claim a generation that this process was rung for and start it; False when it is not queued, or is to stop."""
    runner = _runner
    if runner is None:
        return False
    queued = {"id": turn.generation_id, "status": Generation.Status.QUEUED, "fence": 0, "stop_requested": False}
    claimed = {"status": Generation.Status.RUNNING, "owner": runner.owner, "fence": 1, "attempt": 1}
    if CLAIM(queued, **claimed) != 1:
        return False
    runner.start(replace(turn, fence=1, attempt=1))
    return True


def queue_age_s() -> float:
    """How long the oldest queued generation has waited for a worker, by the database's clock; 0 when none waits."""
    queued = Generation.objects.filter(status=Generation.Status.QUEUED, lease_until__isnull=False)
    oldest = queued.annotate(now=Now()).order_by("lease_until").values_list("lease_until", "now").first()
    return (oldest[1] - oldest[0] + RING).total_seconds() if oldest and oldest[0] else 0.0


def renew_leases(owner: str, held: Collection[UUID]) -> int:
    """Of those that `owner` really writes. Any other row with its name was left by a commit whose answer was lost: it is
    disowned when its lease has run out, so that a sweep ends it."""
    renewed = _owned(owner).filter(id__in=held).update(lease_until=Now() + LEASE) if held else 0
    _owned(owner).filter(lease_until__lt=Now()).update(owner="", lease_until=Now())
    return renewed


def release_leases(owner: str) -> int:
    """Hand over: the next sweep, here or elsewhere, takes these generations. Nobody has to wonder whether their owner lives."""
    return _owned(owner).update(owner="", lease_until=Now())


def abandon(generation_id: UUID, owner: str) -> int:
    """Disown one that its runner left without an ending, so that a sweep ends it; unless another has taken it over."""
    return _owned(owner).filter(id=generation_id).update(owner="", lease_until=Now())


def release_all_leases() -> int:
    """At the start of a process that is alone on its database: whoever held a lease is dead."""
    return Generation.objects.filter(status=Generation.Status.RUNNING).update(owner="", lease_until=Now())


def _owned(owner: str) -> QuerySet[Generation]:
    return Generation.objects.filter(owner=owner, status=Generation.Status.RUNNING)
