"""Start and stop the engine of a process: runner or doorbell, press, heartbeat, what ties it to a fleet, the watch."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from django.conf import settings
from django.db import connection

from parley.core.hints import Hints, install_hints
from parley.core.remember import read_beside
from parley.core.tally import install_tally
from parley.engine import ledger
from parley.engine.admission import watch_loop
from parley.engine.doorbell import Doorbell
from parley.engine.hub import Hub
from parley.engine.lease import install_runner, new_owner
from parley.engine.lookout import DUE, Lookout, watch_queue
from parley.engine.loop import install_loop
from parley.engine.probes import add_probes, remove_probes
from parley.engine.relay import Relay, install_relay
from parley.engine.replies import dump_turn
from parley.engine.runner import Runner
from parley.engine.tasks import write_reply
from parley.engine.upkeep import checkpoint, index, spare_the_collector
from parley.engine.values import Turn
from parley.providers.sessions import close_sessions

BROKER_S = 2.0

Keeper = Coroutine[Any, Any, None]


class Engine:
    """One per process; `start` and `stop` run on its loop."""

    def __init__(self, *, writes: bool | None = None) -> None:
        """`writes`: whether answers are written here, or by a worker that is rung for. By default the role decides."""
        self._writes = settings.ROLE in ("all", "worker") if writes is None else writes
        self._tasks: list[asyncio.Task[None]] = []
        self._runner: Runner | None = None
        self._hints: Hints | None = None

    async def start(self) -> None:
        keepers = self._join_fleet()
        keepers += self._begin_writing() if self._writes else self._begin_ringing()
        self._tasks = [asyncio.create_task(keeper) for keeper in keepers]
        add_probes(self._hints)
        if settings.ROLE in ("web", "worker"):
            read_beside(ledger.beside)
            connecting = [ledger.write(_connect), ledger.read(_connect), ledger.read(_connect)]
            await asyncio.gather(*connecting, return_exceptions=True)  # who needs a database that is away tells of it
        spare_the_collector()
        install_loop(asyncio.get_running_loop())

    async def stop(self) -> None:
        """Finish or hand over what is being written; after this no row of ours claims to be alive."""
        remove_probes()
        read_beside(None)
        install_runner(None)  # what is asked from here on is queued for another process
        if self._runner:
            await self._runner.finish_or_hand_over(grace_s=settings.SHUTDOWN_GRACE_S)
        if self._hints:
            self._hints.tell(DUE, b"")
            await asyncio.sleep(0)  # the hint leaves before its connection goes
        install_loop(None)
        install_relay(None)
        install_hints(None)
        install_tally(None)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await close_sessions()

    def _join_fleet(self) -> list[Keeper]:
        if not settings.REDIS_URL:
            return []
        # late import: redis-py is installed only where there are many processes
        from parley.core.redis import RedisHints

        # late import: the same
        from parley.core.redis_tally import RedisTally

        self._hints = hints = RedisHints(settings.REDIS_URL, prefix=settings.REDIS_PREFIX)
        install_hints(hints)
        tally = RedisTally(settings.REDIS_URL, prefix=settings.REDIS_PREFIX)
        install_tally(tally)
        return [hints.run(), tally.run()]

    def _begin_writing(self) -> list[Keeper]:
        self._runner = runner = Runner()
        install_runner(runner)
        keepers = [runner.press.run(), runner.heartbeat(), watch_loop(runner.press), checkpoint(), index()]
        if settings.ROLE == "worker":
            keepers.append(Lookout(runner, self._hints).run())
        return [*keepers, self._follow_others(runner.hub, runner.owner)]

    def _begin_ringing(self) -> list[Keeper]:
        doorbell = Doorbell(Hub(), new_owner(), _ring, _get_ready_to_ring)
        install_runner(doorbell)
        keepers = [watch_loop(None), self._follow_others(doorbell.hub, doorbell.owner)]
        return [*keepers, watch_queue()] if settings.ROLE == "web" else keepers

    def _follow_others(self, hub: Hub, name: str) -> Keeper:
        """How readers here hear of tapes that are written elsewhere."""
        if self._hints is None:
            return hub.poll()
        relay = Relay(hub, self._hints, name, writes=self._writes)
        install_relay(relay)
        return relay.run()


def _connect() -> None:
    connection.ensure_connection()


def _ring(turn: Turn, reader: str) -> None:
    # Celery would describe what it carries, for its log, at a tenth of a millisecond.
    write_reply.apply_async((dump_turn(turn), reader), retry=False, argsrepr="a turn", kwargsrepr="")


def _get_ready_to_ring() -> None:
    """Connect to the broker: 40 ms, with all that Celery loads for it."""
    with write_reply.app.producer_or_acquire() as producer:
        producer.connection.ensure_connection(max_retries=1, timeout=BROKER_S)
        producer.channel  # noqa: B018 - made when it is first looked at
