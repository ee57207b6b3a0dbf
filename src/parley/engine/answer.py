"""One answer: what the model says, as events on the tape."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from functools import partial

from parley.core.errors import EndpointError
from parley.engine.assemble import Scene
from parley.engine.events import Citation, Notice, Reasoning, Reset, Started, ToolCalled, ToolResult, Used
from parley.engine.meters import heard
from parley.engine.repair import REPAIRS, beyond_repair, mended
from parley.engine.said import Said
from parley.engine.tape import Tape
from parley.providers.client import RETRIES, stream
from parley.providers.router.meters import fell_back
from parley.providers.values import ChatMessage, Finish, ReasoningDelta, Text, TextDelta, ToolCall, Usage
from parley.tools.calls import run_call

MOST_ROUNDS = 25  # of tools, in one answer


async def answer(scene: Scene, said: Said, tape: Tape) -> None:
    """Ask the model, and write what it says onto the tape. Raises `EndpointError`; what was written before stands."""
    if scene.decision:
        chosen = f"{scene.model.label}, chosen by the rule {scene.decision.rule}"
        tape.add(Notice("routed", chosen, scene.decision.reasons))
    if scene.is_shortened:
        tape.add(Notice("shortened", "The oldest messages no longer fit into this model's window and were left out."))
    scene = await _first_to_answer(scene, said, tape)
    scene = await _use_tools(scene, said, tape)
    await _keep_shape(scene, said, tape)
    for citation in _citations(scene, tape.draft.text):
        tape.add(citation)
    if counted := said.spent():
        tape.add(Used(counted.input_tokens, counted.output_tokens))


async def _first_to_answer(scene: Scene, said: Said, tape: Tape) -> Scene:
    """Ask one model after the other until one says a word. Returns the scene that was played."""
    while True:
        said.begin(scene)
        try:
            await _hear(scene, said, tape)
        except EndpointError as error:
            if scene.following is None or said.pieces or said.calls:
                raise
            fell_back(scene.decision, scene.model)
            failed, scene = scene.model.label, scene.following()
            said.failed.append(f"{failed} did not answer: {error.message} {scene.model.label} was asked next.")
            tape.add(Notice("fallback", f"{scene.model.label} answers in place of {failed}", (said.failed[-1],)))
            tape.add(Started(scene.model.label, tape.turn.attempt))
        else:
            return scene


async def _use_tools(scene: Scene, said: Said, tape: Tape) -> Scene:
    """While the model calls tools: run them, and let it go on with what they gave. Returns the scene that was played last.

    Functions that are not ours to run end the answer: whoever asked says in the next message what they gave.
    """
    told = len(scene.written)
    theirs = {tool.name for tool in scene.request.tools} - scene.tools.keys()
    for _ in range(MOST_ROUNDS):
        if not said.calls or not scene.tools:
            return scene
        text = tape.draft.text
        content = (Text(text[told:]),) if len(text) > told else ()
        told = len(text)
        messages = [ChatMessage("assistant", content, tuple(said.calls))]
        for call in said.calls:
            if call.name in theirs:
                continue
            result = await asyncio.to_thread(run_call, scene.tools, call.name, call.arguments)
            tape.add(ToolResult(call.id, result.text, result.is_error))
            messages.append(ChatMessage("tool", (Text(result.text),), tool_call_id=call.id))
        if any(call.name in theirs for call in said.calls):
            return scene
        request = replace(scene.request, messages=(*scene.request.messages, *messages), continue_last=False)
        scene = replace(scene, request=request, following=None)
        said.begin(scene)
        await _hear(scene, said, tape)
    if said.calls:
        said.reason = "length"
        tape.add(Notice("tools_ended", f"The model called tools {MOST_ROUNDS} times in a row, and was stopped there."))
    return scene


async def _keep_shape(scene: Scene, said: Said, tape: Tape) -> None:
    """Judge the answer by its bot's shape. The model is shown what is wrong and asked again, at most twice.

    Raises `Misshapen` after that; the last answer stands, for who can use it all the same.
    """
    shape = scene.request.parameters.shape
    if shape is None or said.reason in ("filter", "tool_calls"):
        return
    for repairs_left in range(REPAIRS, -1, -1):
        text = tape.draft.text
        wrong = await asyncio.to_thread(shape.wrong_with, text)  # beside the loop: a large document takes a while
        if not wrong:
            return
        if not repairs_left:
            raise beyond_repair(wrong)
        tape.add(
            Notice(
                "reshaped", "The answer did not have the shape that was asked for, so it is written again.", (wrong,)
            )
        )
        tape.add(Reset())
        again = mended(scene, text, wrong)
        said.begin(again)
        await _hear(again, said, tape)


async def _hear(scene: Scene, said: Said, tape: Tape) -> None:
    """One call. Where another model could be asked, a fault is not waited for."""
    retries = RETRIES if scene.following is None else 0
    told = partial(heard, tape.turn, scene.model)
    async with aclosing(stream(scene.model.route, scene.request, retries=retries, heard=told)) as events:
        async for event in events:
            if type(event) is TextDelta:  # cheaper than isinstance, and this runs for every token
                said.pieces += event.pieces
                tape.say(event.text)
            elif isinstance(event, ReasoningDelta):
                said.pieces += event.pieces
                tape.add(Reasoning(event.text))
            elif isinstance(event, ToolCall):
                said.calls.append(event)
                tape.add(ToolCalled(event.id, event.name, event.arguments, event.opaque))
            elif isinstance(event, Usage):
                said.usage = event
            elif isinstance(event, Finish):
                said.reason = event.reason


def _citations(scene: Scene, text: str) -> list[Citation]:
    """The passages that the answer refers to, not all that were found."""
    return [
        Citation(passage.number, passage.title, passage.path, passage.text)
        for passage in scene.request.passages
        if f"[{passage.number}]" in text
    ]
