"""Reads of this room."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from parley.accounts.access import Member
from parley.bots.models import BotVersion
from parley.bots.parameters import Parameters, parameters_of
from parley.bots.trials import playground_bot_if_any
from parley.conversations.models import Conversation, Message
from parley.engine.figures import Figures, figures_of
from parley.engine.queries import GenerationInfo, generations_of_messages
from parley.playground.access import presets_for, run_for
from parley.playground.models import Comparison, Preset
from parley.playground.setups import PromptMessage, Setup
from parley.tools.builtin import BUILT_IN
from parley.tools.values import Tool


@dataclass(frozen=True, slots=True)
class Column:
    """One model's answer. `figures` are known once it has ended."""

    message: Message
    version: BotVersion | None
    generation: GenerationInfo | None
    figures: Figures | None


@dataclass(frozen=True, slots=True)
class Run:
    """A prompt with what each model said to it, as it can be laid out again."""

    conversation: Conversation
    setup: Setup
    columns: tuple[Column, ...]
    comparison: Comparison | None = None

    @property
    def is_hidden(self) -> bool:
        """Who wrote what is not to be told yet."""
        return self.comparison is not None and not self.comparison.verdict


def open_run(member: Member, conversation_id: UUID) -> Run:
    """As far as it is written. Seven queries, and one for each answer that has ended. Raises `NotFound`."""
    conversation = run_for(member, conversation_id)
    answers = answers_of(conversation)
    last = max((answer.parent_id for answer in answers if answer.parent_id), default=conversation.id)
    prompt = list(conversation.messages.filter(id__gte=conversation.id, id__lte=last).order_by("id"))
    ids = [answer.id for answer in answers]
    generations = generations_of_messages(ids)
    figures = figures_of(member.workspace_id, ids)
    columns = tuple(Column(row, row.bot_version, generations.get(row.id), figures.get(row.id)) for row in answers)
    comparison = Comparison.objects.filter(conversation=conversation).first()
    return Run(conversation, _setup(prompt, columns), columns, comparison)


def answers_of(conversation: Conversation) -> list[Message]:
    """Those beside each other, in the order of their models, with who wrote them. Two queries.

    They are the first that a model wrote; what stands above them is the prompt's, also where it is put into a model's mouth.
    """
    above = dict(conversation.messages.values_list("id", "parent_id"))
    rows = conversation.messages.filter(role=Message.Author.ASSISTANT, bot_version__isnull=False)
    written = {row.id: row for row in rows.select_related("bot_version__model_card__endpoint").order_by("id")}
    return [row for row in written.values() if not any(id_ in written for id_ in _path(above, row.parent_id))]


def _path(above: Mapping[UUID, UUID | None], end: UUID | None) -> Iterator[UUID]:
    """From a message up to the first."""
    while end is not None:
        yield end
        end = above[end]


def recent_runs(member: Member, *, limit: int) -> list[Conversation]:
    """Newest first: those of the last day, and those that were kept. One query."""
    rows = Conversation.objects.filter(owner_id=member.user_id, bot_id__in=playground_bot_if_any(member))
    return list(rows.order_by("-updated_at", "-id")[:limit])


def list_presets(member: Member) -> list[Preset]:
    """By name. One query."""
    return sorted(presets_for(member), key=lambda preset: preset.name.casefold())


def _messages(prompt: list[Message], columns: list[Column]) -> Iterator[PromptMessage]:
    """What all were told, then what each of them was."""
    above = {row.id: row.parent_id for row in prompt}
    told = [set(_path(above, column.message.parent_id)) for column in columns]
    for row in prompt:
        hearers = [place for place, path in enumerate(told) if row.id in path]
        only = hearers[0] if len(hearers) == 1 and len(told) > 1 else None
        if hearers or not told:
            yield PromptMessage.model_validate({"role": row.role, "parts": row.parts, "only": only})


def list_tools() -> list[Tool]:
    """Those that a setup may name."""
    return list(BUILT_IN.values())


def _setup(prompt: list[Message], columns: tuple[Column, ...]) -> Setup:
    asked = [column for column in columns if column.version and column.version.model_card_id]
    versions = [column.version for column in asked if column.version]
    parameters = [parameters_of(version.parameters) for version in versions]
    setup = Setup(
        system=next((column.version.system_prompt for column in columns if column.version), ""),
        messages=tuple(_messages(prompt, asked)),
        parameters=max(parameters, key=parameters.count, default=Parameters()),  # those that most of them share
    )
    return setup.with_columns(
        [
            (version.model_card_id, own)
            for version, own in zip(versions, parameters, strict=True)
            if version.model_card_id
        ]
    )
