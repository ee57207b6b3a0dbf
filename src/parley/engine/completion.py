"""Answer a program that brings its own history and keeps its own copy (/v1): the sources of a turn, but no tape.

The caller owns the conversation, so when it leaves, the vendor's call ends too; what was spent is in the usage ledger.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace

from parley.accounts.access import Member
from parley.bots.personas import Persona
from parley.core.errors import EndpointError
from parley.engine import ledger
from parley.engine.admission import check_capacity
from parley.engine.answer import Said
from parley.engine.assemble import Scene, scene_of, sketch_for
from parley.engine.values import Spent
from parley.providers.client import RETRIES, stream
from parley.providers.values import (
    ChatMessage,
    Finish,
    Parameters,
    ReasoningDelta,
    Text,
    TextDelta,
    ToolSpec,
    Usage,
    WireEvent,
)
from parley.usage.actions import record_usage
from parley.usage.budgets import check_budget

logger = logging.getLogger(__name__)

_recording: set[asyncio.Task[None]] = set()  # so that a record outlives the request that is being cancelled


@dataclass(frozen=True, slots=True)
class Question:
    """What the caller sent. `parameters` win over the bot's own."""

    messages: tuple[ChatMessage, ...]
    parameters: Parameters
    tools: tuple[ToolSpec, ...] = ()


def prepare(member: Member, persona: Persona, question: Question) -> Scene:
    """Make the request. Raises `Busy`, `OverBudget`, `EndpointRejected`, before a byte is answered."""
    check_capacity()
    check_budget(member)
    sketch = sketch_for(persona)
    for message in question.messages:
        if message.role == "system":
            sketch.system.append("".join(part.text for part in message.content if isinstance(part, Text)))
        else:
            sketch.history.append(message)
    sketch.parameters = _merged(persona.parameters, question.parameters)
    sketch.tools.extend(question.tools)
    return scene_of(sketch)


async def complete(member: Member, scene: Scene) -> AsyncGenerator[WireEvent, None]:
    """What the model says; ends with `Usage` (the vendor's count, or an estimate), then `Finish`."""
    said = Said()
    try:
        while True:
            said.begin(scene)
            retries = RETRIES if scene.following is None else 0
            try:
                async with aclosing(stream(scene.model.route, scene.request, retries=retries)) as events:
                    async for event in events:
                        if isinstance(event, Usage):
                            said.usage = event
                        elif isinstance(event, Finish):
                            said.reason = event.reason
                        else:
                            said.pieces += event.pieces if isinstance(event, TextDelta | ReasoningDelta) else 0
                            yield event
                break
            except EndpointError:
                if scene.following is None or said.pieces:
                    raise
                scene = scene.following()
        spent = said.spent()
        yield Usage(spent.input_tokens, spent.output_tokens) if spent else Usage(0, 0)
        yield Finish(said.reason)
    finally:
        _record(member, said.spent())


def _record(member: Member, spent: Spent | None) -> None:
    """Write it down in a task of its own: this one may be on its way out."""
    if spent is None:
        return
    task = asyncio.ensure_future(
        ledger.write(
            record_usage,
            workspace_id=member.workspace_id,
            user_id=member.user_id,
            generation_id=None,
            endpoint_id=spent.endpoint_id,
            model=spent.model,
            input_tokens=spent.input_tokens,
            output_tokens=spent.output_tokens,
            estimated=spent.estimated,
            purpose="api",
        )
    )
    _recording.add(task)
    task.add_done_callback(_recording.discard)


def _merged(own: Parameters, asked: Parameters) -> Parameters:
    """The caller's parameters where it gave some, else the bot's."""
    given = {name: value for name in Parameters.__slots__ if (value := getattr(asked, name)) not in (None, (), {})}
    return replace(own, **given)
