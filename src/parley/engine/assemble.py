"""Gather what the model is to read. Each SOURCE adds to a sketch; then the sketch is fitted into the model's window.

What never changes stands first (system prompt), what moves stands last (passages, with the question), so that vendors can
reuse their cache of the beginning.
"""

from dataclasses import dataclass
from uuid import UUID

from parley.bots.personas import Persona, persona_of_version
from parley.core.errors import EndpointRejected
from parley.engine.seams import SOURCES
from parley.engine.sketch import Sketch
from parley.engine.values import Turn
from parley.providers.routes import RoutedModel, model_for
from parley.providers.values import ChatMessage, Image, ModelRequest, Passage, Text

GO_ON = (
    "Your last message was cut off. Continue it exactly where it stopped, without repeating or introducing anything."
)
PASSAGES_LEAD = "Passages that may help. Where you use one, cite it as [number]:"
ANSWER_SHARE = 4  # a quarter of the window is kept for the answer
CHARACTERS_PER_TOKEN = 3.5  # an estimate on the safe side for English; vendors count, we only fit
IMAGE_TOKENS = 1000
MESSAGE_TOKENS = 6  # role and separators


@dataclass(frozen=True, slots=True)
class Scene:
    """All that `answer` needs. `written`: the words this answer begins with, by an earlier attempt or a sibling cut off."""

    model: RoutedModel
    request: ModelRequest
    written: str
    is_shortened: bool


def assemble(turn: Turn, *, written: str = "") -> Scene:
    """Make the request of a turn. `written`: what an attempt before this one has already shown.

    Raises `EndpointRejected` when the bot has no model any more, `NotFound` when it was deleted.
    """
    if turn.bot_version_id is None:
        raise EndpointRejected("This bot was deleted. Choose another bot, then retry.")
    return scene_of(
        sketch_for(persona_of_version(turn.bot_version_id), parent_id=turn.parent_id, continues_id=turn.continues_id),
        written=written,
    )


def sketch_for(persona: Persona, *, parent_id: UUID | None = None, continues_id: UUID | None = None) -> Sketch:
    """An empty sketch for a bot. Raises as `assemble`."""
    if persona.model_card_id is None:
        raise EndpointRejected("This bot's model is gone. Choose another model for the bot, then retry.")
    return Sketch(persona, model_for(persona.model_card_id), parent_id=parent_id, continues_id=continues_id)


def scene_of(sketch: Sketch, *, written: str = "") -> Scene:
    """Let every SOURCE add to the sketch, then fit it into the window."""
    for source in SOURCES:
        source(sketch)
    return _scene(sketch, written or sketch.continued_text)


def _scene(sketch: Sketch, written: str) -> Scene:
    model = sketch.model
    system = [ChatMessage("system", (Text("\n\n".join(sketch.system)),))] if sketch.system else []
    tail = _tail(written, prefill=model.prefill)
    budget = model.context_window - model.context_window // ANSWER_SHARE
    budget -= sum(map(_tokens, (*system, *tail))) + sum(
        int(len(p.text) / CHARACTERS_PER_TOKEN) for p in sketch.passages
    )
    history = _newest_that_fit(sketch.history, budget)
    # The guide reads passages as such; models read them in the question.
    messages = history if model.is_guide else _with_passages(history, sketch.passages)
    request = ModelRequest(
        model=model.name,
        messages=(*system, *messages, *tail),
        parameters=sketch.persona.parameters,
        passages=tuple(sketch.passages),
        continue_last=bool(tail) and model.prefill,
    )
    return Scene(model, request, written, is_shortened=len(history) < len(sketch.history))


def _tail(written: str, *, prefill: bool) -> list[ChatMessage]:
    """What makes a model go on with `written`: its own words last, or a plea where it cannot continue those."""
    if not written:
        return []
    own = ChatMessage("assistant", (Text(written),))
    return [own] if prefill else [own, ChatMessage("user", (Text(GO_ON),))]


def _newest_that_fit(history: list[ChatMessage], budget: int) -> list[ChatMessage]:
    """The newest messages within `budget` tokens; always the last one, whatever its size: the vendor may refuse it."""
    kept: list[ChatMessage] = []
    for message in reversed(history):
        budget -= _tokens(message)
        if budget < 0 and kept:
            break
        kept.append(message)
    return kept[::-1]


def _tokens(message: ChatMessage) -> int:
    return MESSAGE_TOKENS + sum(
        IMAGE_TOKENS if isinstance(part, Image) else int(len(part.text) / CHARACTERS_PER_TOKEN)
        for part in message.content
    )


def _with_passages(history: list[ChatMessage], passages: list[Passage]) -> list[ChatMessage]:
    if not passages or not history:
        return history
    listed = "\n\n".join(f"[{passage.number}] {passage.title}\n{passage.text}" for passage in passages)
    question = history[-1]
    lead = Text(f"{PASSAGES_LEAD}\n\n{listed}\n\n---\n\n")
    return [*history[:-1], ChatMessage(question.role, (lead, *question.content))]
