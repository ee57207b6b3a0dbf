"""Reads of this room."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from parley.accounts.access import Member
from parley.accounts.models import Role, Workspace
from parley.bots.audience import usable_by
from parley.bots.models import Bot, BotVersion
from parley.bots.personas import KEPT_S
from parley.core.errors import NotFound
from parley.core.remember import Remembered
from parley.providers.access import USABLE
from parley.providers.models import RULE_WIRE, Endpoint, ModelCard

MOST_ARCHIVED = 100  # in one list
_MODEL = ("model_card__label", "model_card__name", "model_card__endpoint__wire")


@dataclass(frozen=True, slots=True)
class Face:
    """How a version shows beside what it wrote. `model` is None when its model is gone; `is_rule`: a rule chose in its place.

    `shape`: which kind its answers have, None where they may look as they like.
    """

    bot_id: UUID
    name: str
    avatar: str
    version: int
    model: str | None
    colour: str = ""
    picture: UUID | None = None
    shape: str | None = None
    is_rule: bool = False


def faces_of(version_ids: Iterable[UUID]) -> dict[UUID, Face]:
    """By version, those that are still there. One query."""
    rows = BotVersion.objects.filter(id__in=set(version_ids)).values_list(
        "id", "bot_id", "name", "avatar", "number", "colour", "picture_id", "parameters__shape__type", *_MODEL
    )
    return {row[0]: _face(*row[1:]) for row in rows}


def _face(
    bot_id: UUID,
    name: str,
    avatar: str,
    number: int,
    colour: str,
    picture: UUID | None,
    shape: str | None,
    label: str | None,
    model: str | None,
    wire: str | None,
) -> Face:
    return Face(bot_id, name, avatar, number, label or model, colour, picture, shape, wire == RULE_WIRE)


def list_bots(member: Member) -> list[BotVersion]:
    """The newest version of each bot of the workspace, with its bot and model: people's own bots first, by name.

    A model that is switched off takes its default bot from the list. One query.
    """
    own = _newest(member).filter(bot__default_for=None)
    defaults = _newest(member).filter(bot__default_for__in=ModelCard.objects.filter(USABLE))
    return sorted(
        (own | defaults).order_by("id"),
        key=lambda version: (version.bot.default_for_id is not None, version.name.casefold()),
    )


def list_archived_bots(member: Member) -> list[BotVersion]:
    """The newest version of each bot that this person may bring back, the one archived last first; at most `MOST_ARCHIVED`.

    The bot of a model that was deleted is none of them: it has nobody to be brought back for. One query.
    """
    bots = usable_by(member).filter(is_preview=False, playground_of=None).exclude(archived_at=None)
    if not member.is_admin:
        bots = bots.filter(made_by_id=member.user_id) if member.role != Role.GUEST else bots.none()
    versions = BotVersion.objects.filter(bot__in=bots, number=F("bot__version_number"))
    versions = versions.exclude(bot__made_by=None, model_card=None).select_related("bot", "model_card")
    return list(versions.order_by("-bot__archived_at", "-bot_id")[:MOST_ARCHIVED])


def newest_version_for(member: Member, bot_id: UUID) -> BotVersion:
    """A bot as it is now, with model and collections. Raises `NotFound`."""
    version = _newest(member).filter(bot_id=bot_id).prefetch_related("collections").first()
    if version is None:
        raise NotFound(
            "There is no such bot. It may have been archived, or is no longer shared with you. Choose another one."
        )
    return version


def list_versions(bot: Bot) -> list[BotVersion]:
    """All versions of a bot, newest first. Two queries."""
    rows = bot.versions.select_related("model_card", "made_by").prefetch_related("collections")
    return list(rows.order_by("-number"))


def default_bots_of(model_card_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """By model card, the default bot. One query."""
    return dict(Bot.objects.filter(default_for__in=set(model_card_ids)).values_list("default_for_id", "id"))


def default_bot(workspace_id: UUID) -> UUID:
    """The bot of a conversation for which nobody chose one. No query when warm. Raises `NotFound` when there is none.

    It is the one that an owner or admin chose for the workspace, while that is there for everybody. Else it is the bot of
    the first model of the endpoint that was connected last: who has just connected a vendor wants to talk to it. Without
    any, it is the guide.
    """
    return _default(workspace_id)


def forget_default_bots() -> None:
    """A model came, went, or was switched."""
    _default.forget()


def _read_default(workspace_id: UUID) -> UUID:
    return _chosen_default(workspace_id) or _first_default(workspace_id)


def _chosen_default(workspace_id: UUID) -> UUID | None:
    chosen = Workspace.objects.filter(id=workspace_id).values("default_bot_id")
    usable = BotVersion.objects.filter(
        bot_id__in=chosen,
        bot__workspace_id=workspace_id,
        bot__audience=Bot.Audience.EVERYONE,
        bot__archived_at=None,
        number=F("bot__version_number"),
        model_card__in=ModelCard.objects.filter(USABLE),
    )
    return usable.values_list("bot_id", flat=True).first()


def _first_default(workspace_id: UUID) -> UUID:
    cards = ModelCard.objects.filter(USABLE, endpoint__workspace_id=workspace_id, default_bot__archived_at=None)
    bots = cards.exclude(default_bot=None).order_by("-endpoint__created_at", "created_at", "id")
    ids = bots.values_list("default_bot__id", flat=True)
    real = ids.exclude(endpoint__source=Endpoint.Source.BUILT_IN)
    found: UUID | None = real.first() or ids.first()
    if found is None:
        raise NotFound("No model is connected yet. An owner can connect one under Settings, Models.")
    return found


def _newest(member: Member) -> QuerySet[BotVersion]:
    return BotVersion.objects.filter(
        bot__in=usable_by(member).filter(archived_at=None, is_preview=False), number=F("bot__version_number")
    ).select_related("bot", "model_card")


_default = Remembered(_read_default, seconds=KEPT_S)
