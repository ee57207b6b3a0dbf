"""One turn, as a table of contents. New features attach in `seams.py`, never as a branch here."""

import asyncio
import logging
from typing import Literal

from parley.core import traces
from parley.core.errors import ParleyError
from parley.core.faultpoint import faultpoint
from parley.engine import ledger
from parley.engine.answer import answer
from parley.engine.assemble import Scene, assemble
from parley.engine.attached import ReadsFiles
from parley.engine.events import Delta, End, Failed, Finished, Interrupted, Notice, Started, Stopped
from parley.engine.said import Said
from parley.engine.seams import WATCHERS, Watcher
from parley.engine.sight import in_sight
from parley.engine.tape import Tape, TapeLost
from parley.engine.values import Ending, Outcome, Turn

logger = logging.getLogger(__name__)

PATIENCE_S = 30.0  # with a database that is away before the first word
RETRY_S = 0.5

OUTCOMES: dict[type[End], Outcome] = {
    Finished: "completed",
    Stopped: "stopped",
    Failed: "failed",
    Interrupted: "interrupted",
}


async def run_turn(turn: Turn, tape: Tape) -> None:
    """Write one answer onto its tape, from `Started` to exactly one end."""
    with in_sight(turn):
        await _run(turn, tape)


async def _run(turn: Turn, tape: Tape) -> None:
    said = Said()
    faultpoint("turn.begun")
    try:
        end = await _write(turn, tape, said)
    except TapeLost:
        return
    except asyncio.CancelledError:
        if not tape.is_stopped:
            raise  # this process hands over: another one goes on, and must find no ending
        _take_back_cancellation()
        said.is_cut = True
        end = Stopped()
    except ParleyError as error:
        end = Failed(error.code, error.message, error.retryable)
    except ledger.DatabaseAway:
        end = Failed(
            "database_away", "Parley's database did not answer. What was written is kept; continue or retry.", True
        )
    except Exception:
        logger.exception("turn %s failed", turn.generation_id)
        end = Failed(
            "internal", "Parley made a mistake, and its log tells more. What was written is kept; retry.", True
        )
    await _end(tape, end, said)


async def end_turn(tape: Tape, step: Literal["interrupt", "stop"]) -> None:
    """End an answer whose runner died and that is not to go on: its text is kept."""
    with in_sight(tape.turn):
        await _end(tape, Stopped() if step == "stop" else Interrupted(), Said())


async def _write(turn: Turn, tape: Tape, said: Said) -> End:
    if tape.draft.is_shown:
        tape.add(Notice("taken_over"))
    with traces.span("assemble"):
        scene = await _assemble(turn, tape.draft.text)
    faultpoint("turn.assembled")
    tape.add(Started(scene.model.label, turn.attempt))
    if scene.written and not tape.draft.is_shown:
        tape.add(Delta(scene.written))
    await answer(scene, said, tape)
    faultpoint("turn.answered")
    return Finished(said.reason)


async def _assemble(turn: Turn, written: str) -> Scene:
    """What the model is asked, as soon as it can be read: an answer that was accepted waits for the database."""
    loop = asyncio.get_running_loop()
    until = loop.time() + PATIENCE_S
    while True:
        try:
            try:
                return await ledger.read(assemble, turn, written=written, may_read_files=False)
            except ReadsFiles:
                return await ledger.read_at_length(assemble, turn, written=written)
        except ledger.DatabaseAway:
            if loop.time() > until:
                raise
            await asyncio.sleep(RETRY_S)


async def _end(tape: Tape, end: End, said: Said) -> None:
    ending = Ending(
        outcome=OUTCOMES[type(end)],
        parts=tape.draft.parts(),
        error_code=end.code if isinstance(end, Failed) else "",
        error_message=end.message if isinstance(end, Failed) else "",
        error_retryable=isinstance(end, Failed) and end.retryable,
        spent=said.spent(),
        chosen=said.chosen(),
    )
    with traces.span("commit", {"parley.outcome": ending.outcome, "parley.error": ending.error_code}):
        is_ours = await tape.end(end, ending)
    if is_ours:
        faultpoint("turn.ended")
        for watch in WATCHERS:
            await _tell(watch, tape.turn, ending)
        faultpoint("turn.watched")


async def _tell(watch: Watcher, turn: Turn, ending: Ending) -> None:
    """The answer is stored: whatever a watcher does wrong, it cannot harm it."""
    try:
        await ledger.read(watch, turn, ending)
    except Exception:
        logger.exception("watcher %s failed for turn %s", watch.__name__, turn.generation_id)


def _take_back_cancellation() -> None:
    """A stop cancels the task once; what follows is its honest end, and may wait."""
    task = asyncio.current_task()
    assert task is not None
    task.uncancel()
