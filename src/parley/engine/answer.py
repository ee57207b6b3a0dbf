"""One answer: what the model says, as events on the tape."""

from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Literal

from parley.engine.assemble import Scene
from parley.engine.events import Citation, Notice, Reasoning, ToolCalled, Used
from parley.engine.meters import heard
from parley.engine.tape import Tape
from parley.engine.values import Spent
from parley.providers.client import stream
from parley.providers.values import Finish, ReasoningDelta, TextDelta, ToolCall, Usage

ESTIMATED_CHARACTERS_PER_TOKEN = 4


@dataclass(slots=True)
class Said:
    """What is known of a call while it runs and after it was cut: its end, and its tokens."""

    scene: Scene | None = None
    reason: Literal["stop", "length", "filter", "tool_calls"] = "stop"
    usage: Usage | None = None
    pieces: int = 0
    is_cut: bool = False  # by us: what the vendor had said by then may not have arrived, and is counted all the same

    def spent(self) -> Spent | None:
        """The vendor's own count; where a call was cut before it told, one token a piece and an estimate of the prompt."""
        if self.scene is None or not (self.usage or self.pieces or self.is_cut):
            return None
        model, usage = self.scene.model, self.usage or Usage(_estimated_prompt_tokens(self.scene), self.pieces)
        return Spent(model.route.endpoint_id, model.name, usage.input_tokens, usage.output_tokens, self.usage is None)


async def answer(scene: Scene, said: Said, tape: Tape) -> None:
    """Ask the model, and write what it says onto the tape. Raises `EndpointError`; what was written before stands."""
    said.scene = scene
    if scene.is_shortened:
        tape.add(Notice("shortened", "The oldest messages no longer fit into this model's window and were left out."))
    async with aclosing(
        stream(scene.model.route, scene.request, heard=partial(heard, tape.turn, scene.model))
    ) as events:
        async for event in events:
            if type(event) is TextDelta:  # cheaper than isinstance, and this runs for every token
                said.pieces += event.pieces
                tape.say(event.text)
            elif isinstance(event, ReasoningDelta):
                said.pieces += event.pieces
                tape.add(Reasoning(event.text))
            elif isinstance(event, ToolCall):
                tape.add(ToolCalled(event.id, event.name, event.arguments))
            elif isinstance(event, Usage):
                said.usage = event
            elif isinstance(event, Finish):
                said.reason = event.reason
    for citation in _citations(scene, tape.draft.text):
        tape.add(citation)
    if said.usage:
        tape.add(Used(said.usage.input_tokens, said.usage.output_tokens))


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
