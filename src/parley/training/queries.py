"""Reads of this room."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from parley.accounts.access import Member
from parley.bots.models import BotVersion
from parley.conversations.access import conversation_for
from parley.providers.models import ModelCard
from parley.training.models import Rating

Row = Mapping[str, Any]  # as the ORM gives it
ANSWER = Q(kind=Rating.Kind.ANSWER)
COMPARISON = Q(kind=Rating.Kind.COMPARISON)
COUNTS = {
    "likes": Count("id", filter=ANSWER & Q(value=1)),
    "dislikes": Count("id", filter=ANSWER & Q(value=-1)),
    "wins": Count("id", filter=COMPARISON & Q(value=1)),
    "losses": Count("id", filter=COMPARISON & Q(value=-1)),
    "ties": Count("id", filter=COMPARISON & Q(value=0)),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a model or a bot is thought of. `score`: from 0 to 1, as the router's rule "by rating" reads it; None for a bot."""

    id: UUID
    label: str
    likes: int
    dislikes: int
    wins: int
    losses: int
    ties: int
    score: float | None = None


def ratings_in(member: Member, conversation_id: UUID) -> list[Rating]:
    """What this person thinks of the answers of a conversation. Two queries. Raises `NotFound`."""
    conversation = conversation_for(member, conversation_id)
    answers = conversation.messages.filter(id__gte=conversation.id, role="assistant").values("id")
    return list(Rating.objects.filter(user_id=member.user_id, answer_id__in=answers))


def standings_of_models(member: Member) -> list[Standing]:
    """Best first. Two queries."""
    rows = {row["of"]: row for row in _counted(member, "model_card_id")}
    cards = ModelCard.objects.filter(id__in=rows).select_related("endpoint")
    found = [_standing(card.id, str(card), rows[card.id], score=card.score) for card in cards]
    return sorted(found, key=lambda one: (-(one.score or 0), one.label.casefold()))


def standings_of_bots(member: Member) -> list[Standing]:
    """People's own bots, most liked first. Two queries."""
    rows = {row["of"]: row for row in _counted(member, "bot_id")}
    versions = BotVersion.objects.filter(
        bot_id__in=rows, number=F("bot__version_number"), bot__default_for=None, bot__archived_at=None
    )
    found = [_standing(bot_id, name, rows[bot_id]) for bot_id, name in versions.values_list("bot_id", "name")]
    return sorted(found, key=lambda one: (one.dislikes - one.likes, one.label.casefold()))


def _counted(member: Member, column: str) -> Iterable[Row]:
    rows: QuerySet[Rating] = Rating.objects.filter(workspace_id=member.workspace_id).exclude(**{column: None})
    return rows.values(of=F(column)).annotate(**COUNTS).order_by()


def _standing(id_: UUID, label: str, row: Row, *, score: float | None = None) -> Standing:
    counts = {name: row[name] for name in COUNTS}
    return Standing(id_, label, **counts, score=score)
