"""The runner of this process: starts turns on its loop, keeps their leases, stops them, hands them over.

`lease.py` knows which runner a process has.
"""

import asyncio
import logging
from collections.abc import Collection
from uuid import UUID

from parley.core.faultpoint import faultpoint
from parley.engine import ledger
from parley.engine.admission import strain
from parley.engine.draft import Draft
from parley.engine.hub import Hub
from parley.engine.lease import abandon, new_owner, release_leases, renew_leases
from parley.engine.metered import MeteredPress
from parley.engine.tape import Tape
from parley.engine.turn import end_turn, run_turn
from parley.engine.values import NextStep, Turn

logger = logging.getLogger(__name__)

HEARTBEAT_S = 3.0


class Runner:
    """One per process, made on its loop. `start` and `stop` may be called from any thread."""

    writes = True

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.owner = new_owner()
        self.hub = Hub()
        self.press = MeteredPress(self.hub)
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._tapes: dict[UUID, Tape] = {}
        self._abandoning: set[asyncio.Task[int]] = set()

    def start(self, turn: Turn) -> None:
        """Write this answer from its beginning."""
        self.loop.call_soon_threadsafe(self._begin, turn, Draft(), 0, "write")

    def take_over(self, turn: Turn, draft: Draft, *, last_seq: int, step: NextStep) -> None:
        """Go on with an answer that another runner left at `draft`, or end it there."""
        self.loop.call_soon_threadsafe(self._begin, turn, draft, last_seq, step)

    def stop(self, generation_id: UUID) -> None:
        """Stop writing; the text so far is kept. Nothing happens when this process does not write it."""
        self.loop.call_soon_threadsafe(self._stop, generation_id)

    def stop_answers(self, answer_ids: Collection[UUID]) -> None:
        """The same, where only the answers are known."""
        self.loop.call_soon_threadsafe(self._stop_answers, answer_ids)

    async def heartbeat(self) -> None:
        """Renew the leases of all generations of this process, in one statement, for as long as it lives."""
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            try:
                await ledger.write(renew_leases, self.owner, list(self._tasks))
                faultpoint("lease.renewed")
            except ledger.DatabaseAway:
                logger.warning("leases were not renewed: the database does not answer")

    async def finish_or_hand_over(self, *, grace_s: float) -> None:
        """Let running answers end; after `grace_s` leave the rest to whoever takes them over."""
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=grace_s)
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        faultpoint("handover.cancelled")
        await ledger.write(release_leases, self.owner)
        faultpoint("handover.released")

    async def ended(self, generation_id: UUID) -> None:
        """Wait until this process writes that generation no more, whyever."""
        task = self._tasks.get(generation_id)
        if task:
            await asyncio.wait([task])

    def _begin(self, turn: Turn, draft: Draft, last_seq: int, step: NextStep) -> None:
        tape = Tape(self.press, turn, last_seq=last_seq, draft=draft)
        self.hub.open(turn.generation_id, last_seq=last_seq)
        strain.live = self.hub.live_count
        work = run_turn(turn, tape) if step == "write" else end_turn(tape, step)
        task = self.loop.create_task(work, name=f"turn {turn.generation_id}")
        tape.on_stop = lambda: self._stop(turn.generation_id)
        tape.on_lost = task.cancel
        self._tasks[turn.generation_id] = task
        self._tapes[turn.generation_id] = tape
        task.add_done_callback(lambda task: self._leave(turn.generation_id, task))

    def _stop(self, generation_id: UUID) -> None:
        tape, task = self._tapes.get(generation_id), self._tasks.get(generation_id)
        if tape and task and not tape.is_stopped and not tape.is_ending:
            tape.is_stopped = True
            task.cancel()

    def _stop_answers(self, answer_ids: Collection[UUID]) -> None:
        for generation_id, tape in list(self._tapes.items()):
            if tape.turn.answer_id in answer_ids:
                self._stop(generation_id)

    def _leave(self, generation_id: UUID, task: asyncio.Task[None]) -> None:
        tape = self._tapes.pop(generation_id)
        del self._tasks[generation_id]
        self.hub.close(generation_id)
        strain.live = self.hub.live_count
        failure = None if task.cancelled() else task.exception()
        if failure:
            logger.error("turn %s left without an ending; a sweep will end it", generation_id, exc_info=failure)
        if failure or (tape.ended.done() and not tape.ended.result()):  # lost to another, or given up by the press
            work = ledger.write(abandon, generation_id, self.owner)
            self._abandoning.add(abandoning := self.loop.create_task(work))
            abandoning.add_done_callback(self._abandoning.discard)
