"""A reply as a Celery task: rung for by a web process, written on the loop of the worker, which the task's thread waits for.

So a worker takes no more bells than it has threads: Celery's concurrency is how many replies it writes at once.
"""

import asyncio
import logging
from functools import partial

from pydantic import TypeAdapter

from parley.bots.personas import persona_of_version
from parley.engine import ledger
from parley.engine.lease import TurnRunner, claim_rung, installed_runner
from parley.engine.relay import installed_relay
from parley.engine.values import Turn
from parley.providers.routes import model_for
from parley.usage.budgets import overspent_endpoints

logger = logging.getLogger(__name__)


_codec: TypeAdapter[Turn] = TypeAdapter(Turn)


def dump_turn(turn: Turn) -> str:
    """As a bell carries it: a web process has it at hand, and a worker would need a wide read for it."""
    return _codec.dump_json(turn).decode()


def write_reply(turn: str, reader: str) -> None:
    """Write it and send its frames to the process `reader`; returns when it has ended, or is another's.

    A worker that is stopping leaves the row to the others.
    """
    runner = installed_runner()
    if runner and runner.writes:
        asyncio.run_coroutine_threadsafe(_write(runner, _codec.validate_json(turn), reader), runner.loop).result()


async def _write(runner: TurnRunner, turn: Turn, reader: str) -> None:
    ledger.beside(partial(_read_ahead, turn))  # while the claim is on its way
    try:
        if not await ledger.write(claim_rung, turn):
            return
    except ledger.DatabaseAway:
        logger.warning("generation %s was not claimed: the database does not answer", turn.generation_id)
        return
    relay = installed_relay()
    if relay:
        relay.add_reader(turn.generation_id, reader)
    await runner.ended(turn.generation_id)


def _read_ahead(turn: Turn) -> None:
    """Let this process remember what `assemble` is about to ask of the bot, its model and its endpoint."""
    if turn.bot_version_id is None:
        return
    persona = persona_of_version(turn.bot_version_id)
    if persona.model_card_id:
        overspent_endpoints(model_for(persona.model_card_id).workspace_id)
