"""Answer a program that brings its own history and keeps its own copy (/v1): the sources of a turn, but no tape.

The caller owns the conversation, so when it leaves, the vendor's call ends too; what was spent is in the usage ledger.
An answer that must have its bot's shape is held back until it has: nobody can take back what a caller has read.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial

from parley.accounts.access import Member
from parley.bots.personas import Persona
from parley.core.errors import EndpointError
from parley.engine import ledger
from parley.engine.admission import check_capacity
from parley.engine.assemble import Scene, scene_of, sketch_for
from parley.engine.callers import calling, running_for_callers
from parley.engine.repair import REPAIRS, beyond_repair, mended
from parley.engine.said import Said
from parley.engine.values import Spent
from parley.providers.client import RETRIES, stream
from parley.providers.router.meters import fell_back
from parley.providers.values import (
    ChatMessage,
    Finish,
    Parameters,
    Text,
    TextDelta,
    ToolCall,
    ToolSpec,
    Usage,
    WireEvent,
)
from parley.usage.actions import record_usage
from parley.usage.budgets import check_budget

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
    check_budget(member, running=partial(running_for_callers, member.workspace_id))
    sketch = sketch_for(replace(persona, parameters=_merged(persona.parameters, question.parameters)))
    for message in question.messages:
        if message.role == "system":
            sketch.system.append("".join(part.text for part in message.content if isinstance(part, Text)))
        else:
            sketch.history.append(message)
    sketch.tools.extend(question.tools)
    return scene_of(sketch)


async def complete(member: Member, scene: Scene) -> AsyncGenerator[WireEvent, None]:
    """What the model says; ends with `Usage` (the vendor's count, or an estimate), then `Finish`.

    Raises `EndpointError`, and `Misshapen` when the answer lacks its bot's shape after all repairs.
    """
    said = Said()
    async with calling(member):
        try:
            async with aclosing(_shaped(scene, said)) as events:
                async for event in events:
                    yield event
            spent = said.spent()
            yield Usage(spent.input_tokens, spent.output_tokens, _cached(said)) if spent else Usage(0, 0)
            yield Finish(said.reason)
        finally:
            _record(member, said.spent())


async def _shaped(scene: Scene, said: Said) -> AsyncGenerator[WireEvent, None]:
    """The answer as it comes; one that must have a shape when it has it. The model is asked again as in a conversation."""
    shape = scene.request.parameters.shape
    async with aclosing(_first_to_answer(scene, said)) as events:
        held: list[WireEvent] = []
        async for event in events:
            if shape and isinstance(event, TextDelta | ToolCall):
                held.append(event)
            else:
                yield event
    asked = said.scene or scene
    for repairs_left in range(REPAIRS, -1, -1):
        if shape is None or said.reason in ("filter", "tool_calls"):
            break
        text = "".join(event.text for event in held if isinstance(event, TextDelta))
        wrong = await asyncio.to_thread(shape.wrong_with, text)  # beside the loop: a large document takes a while
        if not wrong:
            break
        if not repairs_left:
            raise beyond_repair(wrong)
        held = [event async for event in _call(mended(asked, text, wrong), said)]
    for event in held:
        yield event


async def _first_to_answer(scene: Scene, said: Said) -> AsyncGenerator[WireEvent, None]:
    """One model after the other, in a rule's order, until one says a word."""
    while True:
        try:
            async with aclosing(_call(scene, said)) as events:
                async for event in events:
                    yield event
            return
        except EndpointError:
            if scene.following is None or said.pieces or said.calls:
                raise
            fell_back(scene.decision, scene.model)
            scene = scene.following()


async def _call(scene: Scene, said: Said) -> AsyncGenerator[WireEvent, None]:
    """One call: deltas and tool calls go on, what it cost and how it ended stays in `said`."""
    said.begin(scene)
    retries = RETRIES if scene.following is None else 0
    async with aclosing(stream(scene.model.route, scene.request, retries=retries)) as events:
        async for event in events:
            if isinstance(event, Usage):
                said.usage = event
            elif isinstance(event, Finish):
                said.reason = event.reason
            else:
                if isinstance(event, ToolCall):
                    said.calls.append(event)
                else:
                    said.pieces += event.pieces
                yield event


def _cached(said: Said) -> int:
    return said.usage.cached_tokens if said.usage else 0


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
    """The caller's parameters where it gave some, else the bot's. A caller who asks for a form judges its answers itself.

    An expression or choices of a caller's own are judged here, as a bot's shape is.
    """
    given = {name: value for name in Parameters.__slots__ if (value := getattr(asked, name)) not in (None, (), {})}
    if asked.response_format is not None:
        given["shape"] = None
    elif asked.shape is not None:
        given["response_format"] = None
    return replace(own, **given)
