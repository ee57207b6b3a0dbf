"""Gather what the model is to read. Each SOURCE adds to a sketch; then the sketch is fitted into the model's window.

What never changes stands first (system prompt), what moves stands last (passages, with the question), so that vendors can
reuse their cache of the beginning.
"""

import time
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import partial
from uuid import UUID

from parley.bots.personas import Persona, persona_of_version
from parley.core.errors import EndpointRejected, OverBudget
from parley.engine.seams import SOURCES, TOOLS
from parley.engine.sketch import Sketch
from parley.engine.values import Turn
from parley.providers.routed import RoutedModel
from parley.providers.router.decide import Decision, decide
from parley.providers.router.meters import decided
from parley.providers.router.needs import needs_of
from parley.providers.routes import model_for
from parley.providers.values import ChatMessage, Image, ModelRequest, Passage, Text
from parley.tools.values import Tool
from parley.usage.budgets import overspent_endpoints

GO_ON = (
    "Your last message was cut off. Continue it exactly where it stopped, without repeating or introducing anything."
)
UNSEEN = "[an image that this model cannot see]"
PASSAGES_LEAD = "Passages that may help. Where you use one, cite it as [number]:"
ANSWER_SHARE = 4  # a quarter of the window is kept for the answer
CHARACTERS_PER_TOKEN = 3.5  # an estimate on the safe side for English; vendors count, we only fit
IMAGE_TOKENS = 1000
MESSAGE_TOKENS = 6  # role and separators


@dataclass(frozen=True, slots=True)
class Scene:
    """All that `answer` needs. `written`: the words this answer begins with, by an earlier attempt or a sibling cut off.

    `tools`: those that we run when the model calls them. `decision`: the rule's, where the bot names one. `following` makes the
    scene with the model to be asked next, should this one fail before it says a word.
    """

    model: RoutedModel
    request: ModelRequest
    written: str
    is_shortened: bool
    tools: Mapping[str, Tool] = field(default_factory=dict)
    decision: Decision | None = None
    following: "Callable[[], Scene] | None" = None
    purpose: str = "answer"


def assemble(turn: Turn, *, written: str = "", may_read_files: bool = True) -> Scene:
    """Make the request of a turn. `written`: what an attempt before this one has already shown.

    Raises `EndpointRejected` when the bot has no model any more, `NotFound` when it was deleted, `ReadsFiles` where files
    would have to be read and may not.
    """
    if turn.bot_version_id is None:
        raise EndpointRejected("This bot was deleted. Choose another bot, then retry.")
    persona = persona_of_version(turn.bot_version_id)
    sketch = sketch_for(persona, parent_id=turn.parent_id, continues_id=turn.continues_id)
    sketch.may_read_files = may_read_files
    return scene_of(sketch, written=written)


def sketch_for(persona: Persona, *, parent_id: UUID | None = None, continues_id: UUID | None = None) -> Sketch:
    """An empty sketch for a bot. Raises as `assemble`."""
    if persona.model_card_id is None:
        raise EndpointRejected("This bot's model is gone. Choose another model for the bot, then retry.")
    return Sketch(persona, model_for(persona.model_card_id), parent_id=parent_id, continues_id=continues_id)


def scene_of(sketch: Sketch, *, written: str = "") -> Scene:
    """Let every SOURCE add to the sketch, decide who answers where a rule does, then fit it into that model's window.

    Raises `OverBudget` when the model's endpoint has spent what it may.
    """
    for source in SOURCES:
        source(sketch)
    for offered in TOOLS:
        sketch.runnable |= {tool.name: tool for tool in offered(sketch)}
    overspent = overspent_endpoints(sketch.model.workspace_id)
    decision = _decision(sketch, overspent)
    if decision is None and sketch.model.route.endpoint_id in overspent:
        raise OverBudget("The endpoint of this model has spent what it may this month. An admin can allow it more.")
    models = decision.order if decision else (sketch.model,)
    return _scene(sketch, written or sketch.continued_text, models, decision)


def _decision(sketch: Sketch, overspent: Set[str]) -> Decision | None:
    rule = sketch.model.rule
    if rule is None:
        return None
    began = time.perf_counter_ns()
    more = sum(map(len, sketch.system)) + sum(len(passage.text) for passage in sketch.passages)
    needs = needs_of(sketch.history, tools=bool(sketch.tools or sketch.runnable), more_characters=more)
    decision = decide(rule, needs, overspent=overspent)
    decision = replace(
        decision, took_us=(time.perf_counter_ns() - began) // 1000
    )  # with telling what the message needs
    decided(decision)
    return decision


def _scene(sketch: Sketch, written: str, models: Sequence[RoutedModel], decision: Decision | None) -> Scene:
    model, *others = models
    runnable = sketch.runnable if model.tools else {}  # a model that knows no tools would refuse the request
    system = [ChatMessage("system", (Text("\n\n".join(sketch.system)),))] if sketch.system else []
    tail = _tail(written, prefill=model.prefill)
    budget = model.context_window - model.context_window // ANSWER_SHARE
    budget -= sum(map(_tokens, (*system, *tail))) + sum(
        int(len(p.text) / CHARACTERS_PER_TOKEN) for p in sketch.passages
    )
    history = _newest_that_fit([_seen_by(model, message) for message in sketch.history], budget)
    # The guide reads passages as such; models read them in the question.
    messages = history if model.is_guide else _with_passages(history, sketch.passages)
    request = ModelRequest(
        model=model.name,
        messages=(*system, *messages, *tail),
        parameters=sketch.parameters or sketch.persona.parameters,
        tools=(*sketch.tools, *(tool.spec for tool in runnable.values())),
        passages=tuple(sketch.passages),
        continue_last=bool(tail) and model.prefill,
        context_window=model.context_window,
    )
    return Scene(
        model,
        request,
        written,
        is_shortened=len(history) < len(sketch.history),
        tools=runnable,
        decision=decision,
        following=partial(_scene, sketch, written, others, decision) if others else None,
        purpose=sketch.persona.purpose,
    )


def _seen_by(model: RoutedModel, message: ChatMessage) -> ChatMessage:
    """The message as this model reads it: a rule may lead to one that cannot see what another could."""
    if model.vision or not any(isinstance(part, Image) for part in message.content):
        return message
    return replace(
        message, content=tuple(Text(UNSEEN) if isinstance(part, Image) else part for part in message.content)
    )


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
