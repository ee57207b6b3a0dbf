"""What a bot is, in one value that this process keeps, so that a message costs no read for it."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from parley.bots.audience import Doorkeeper, doorkeeper_of
from parley.bots.models import BotVersion
from parley.bots.parameters import parameters_of
from parley.core.errors import NotFound
from parley.core.remember import LIFE_S, Remembered
from parley.providers import values

KEPT_S = LIFE_S


@dataclass(frozen=True, slots=True)
class Persona:
    """One version of a bot. `model_card_id` is None when its model is gone."""

    bot_id: UUID
    version_id: UUID
    version_number: int
    name: str
    avatar: str
    system_prompt: str
    parameters: values.Parameters
    model_card_id: UUID | None
    collection_ids: tuple[UUID, ...]
    workspace_id: UUID
    audience: Doorkeeper
    is_archived: bool = False
    tools: tuple[str, ...] = ()
    functions: tuple[values.ToolSpec, ...] = ()  # that the model may call, and whoever asked answers
    purpose: str = "answer"  # what its answers are for, as the usage ledger names it


def persona_for(bot_id: UUID) -> Persona:
    """The newest version of a bot. Raises `NotFound`. No query when warm."""
    return _newest(bot_id)


def persona_of_version(version_id: UUID) -> Persona:
    """A version that wrote something, or is about to. Raises `NotFound`. No query when warm."""
    return _versions(version_id)


def forget_personas() -> None:
    """Something that personas are made of has changed."""
    _newest.forget()
    _versions.forget()


def _read_newest(bot_id: UUID) -> Persona:
    return _persona_or_not_found(_rows().filter(bot_id=bot_id, number=F("bot__version_number")))


def _read_version(version_id: UUID) -> Persona:
    return _persona_or_not_found(_rows().filter(id=version_id))


def _rows() -> QuerySet[BotVersion]:
    return BotVersion.objects.select_related("bot").prefetch_related("collections")


def _persona_or_not_found(rows: QuerySet[BotVersion]) -> Persona:
    row = rows.first()
    if row is None:
        raise NotFound("There is no such bot. It may have been archived. Choose another one.")
    return _persona(row)


def _persona(row: BotVersion) -> Persona:
    parameters = parameters_of(row.parameters)
    return Persona(
        bot_id=row.bot_id,
        version_id=row.id,
        version_number=row.number,
        name=row.name,
        avatar=row.avatar,
        system_prompt=row.system_prompt,
        parameters=parameters.for_model(),
        tools=parameters.tools,
        functions=tuple(
            values.ToolSpec(function.name, function.description, function.parameters)
            for function in parameters.functions
        ),
        model_card_id=row.model_card_id,
        collection_ids=tuple(collection.id for collection in row.collections.all()),
        workspace_id=row.bot.workspace_id,
        audience=doorkeeper_of(row.bot),
        is_archived=row.bot.archived_at is not None,
        purpose="playground" if row.bot.playground_of_id else "answer",
    )


_newest = Remembered(_read_newest, seconds=KEPT_S)
_versions = Remembered(_read_version, seconds=KEPT_S)
