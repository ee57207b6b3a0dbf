"""One answer: what the model says, as events on the tape."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

from parley.core.errors import EndpointError, Misshapen
from parley.engine.assemble import Scene
from parley.engine.events import Citation, Notice, Reasoning, Reset, Started, ToolCalled, ToolResult, Used
from parley.engine.meters import heard
from parley.engine.tape import Tape
from parley.engine.values import Chosen, Spent
from parley.providers.client import RETRIES, stream
from parley.providers.router.meters import fell_back
from parley.providers.values import ChatMessage, Finish, ReasoningDelta, Text, TextDelta, ToolCall, Usage
from parley.tools.calls import run_call

ESTIMATED_CHARACTERS_PER_TOKEN = 4
MOST_ROUNDS = 25  # of tools, in one answer
REPAIRS = 2
MEND = "Your answer does not have the shape that was asked for: {wrong} Answer again, with nothing but the corrected answer."


@dataclass(slots=True)
class Said:
    """What is known of a turn's calls while they run and after one was cut: the end, and the tokens of all of them."""

    scene: Scene | None = None
    reason: Literal["stop", "length", "filter", "tool_calls"] = "stop"
    usage: Usage | None = None  # of the call that runs
    pieces: int = 0
    is_cut: bool = False  # by us: what the vendor had said by then may not have arrived, and is counted all the same
    calls: list[ToolCall] = field(default_factory=list)  # of tools, by the call that runs or ran last
    earlier: Usage | None = None  # of the calls before it
    failed: list[str] = field(default_factory=list)  # whom a rule had chosen before, and why they did not answer

    def begin(self, scene: Scene) -> None:
        """Another call, of the same model or, before a word was said, of another."""
        self.earlier = self._counted()
        self.scene, self.usage, self.pieces, self.calls = scene, None, 0, []

    def spent(self) -> Spent | None:
        """The vendor's own count; where a call was cut before it told, one token a piece and an estimate of the prompt."""
        counted = self._counted()
        if self.scene is None or counted is None:
            return None
        model = self.scene.model
        tokens = (counted.input_tokens, counted.output_tokens)
        return Spent(model.route.endpoint_id, model.name, *tokens, counted.so_far, self.scene.purpose)

    def chosen(self) -> Chosen | None:
        """What the rule decided, where one did."""
        decision = self.scene.decision if self.scene else None
        if self.scene is None or decision is None:
            return None
        reasons = (*decision.reasons, *self.failed)
        return Chosen(decision.rule_id, self.scene.model.label, reasons, decision.took_us)

    def _counted(self) -> Usage | None:
        """`so_far` in the sum says that some of it is an estimate."""
        now, before = self._running(), self.earlier
        if now is None or before is None:
            return now or before
        return Usage(
            now.input_tokens + before.input_tokens,
            now.output_tokens + before.output_tokens,
            now.cached_tokens + before.cached_tokens,
            so_far=now.so_far or before.so_far,
        )

    def _running(self) -> Usage | None:
        if self.usage is not None and not self.usage.so_far:
            return self.usage
        if self.scene is None or not (self.pieces or self.is_cut):
            return None  # nothing was said: no vendor asks for money
        if self.usage is None:
            return Usage(_estimated_prompt_tokens(self.scene), self.pieces, so_far=True)
        return replace(self.usage, output_tokens=max(self.pieces, self.usage.output_tokens))


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
    """While the model calls tools: run them, and let it go on with what they gave. Returns the scene that was played last."""
    told = len(scene.written)
    for _ in range(MOST_ROUNDS):
        if not said.calls or not scene.tools:
            return scene
        text = tape.draft.text
        content = (Text(text[told:]),) if len(text) > told else ()
        told = len(text)
        messages = [ChatMessage("assistant", content, tuple(said.calls))]
        for call in said.calls:
            result = await asyncio.to_thread(run_call, scene.tools, call.name, call.arguments)
            tape.add(ToolResult(call.id, result.text, result.is_error))
            messages.append(ChatMessage("tool", (Text(result.text),), tool_call_id=call.id))
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
    asked = scene.request.messages[:-1] if scene.request.continue_last else scene.request.messages
    for repairs_left in range(REPAIRS, -1, -1):
        text = tape.draft.text
        wrong = await asyncio.to_thread(shape.wrong_with, text)  # beside the loop: a large document takes a while
        if not wrong:
            return
        if not repairs_left:
            raise Misshapen(f"The model did not answer in the shape that was asked for, three times. {wrong}")
        tape.add(
            Notice(
                "reshaped", "The answer did not have the shape that was asked for, so it is written again.", (wrong,)
            )
        )
        tape.add(Reset())
        mistake = (
            ChatMessage("assistant", (Text(text or "…"),)),
            ChatMessage("user", (Text(MEND.format(wrong=wrong)),)),
        )
        request = replace(scene.request, messages=(*asked, *mistake), continue_last=False)
        scene = replace(scene, request=request, following=None)
        said.begin(scene)
        await _hear(scene, said, tape)


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
                tape.add(ToolCalled(event.id, event.name, event.arguments))
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


def _estimated_prompt_tokens(scene: Scene) -> int:
    characters = sum(
        len(part.text) for message in scene.request.messages for part in message.content if hasattr(part, "text")
    )
    return characters // ESTIMATED_CHARACTERS_PER_TOKEN
