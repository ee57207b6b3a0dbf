"""Writes of this room: rate an answer, or two against each other. The score of each model that was rated follows at once."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Sum

from parley.accounts.access import Member
from parley.conversations.access import message_for
from parley.conversations.models import Message
from parley.core.errors import Conflict, Invalid
from parley.providers.unasked import keep_score
from parley.training.answered import card_that_answered
from parley.training.models import Rating

# Without these, one thumb would make a model the best or the worst of all.
ASSUMED: Final = 4  # ratings that every model is taken to have, half of them good

Verdict = Literal["a", "b", "tie", "neither"]
VALUES: Final[dict[Verdict, tuple[int, int]]] = {"a": (1, -1), "b": (-1, 1), "tie": (0, 0), "neither": (-1, -1)}


@dataclass(frozen=True, slots=True)
class Compared:
    """One side of a comparison."""

    answer_id: UUID
    model_card_id: UUID | None


def rate_answer(member: Member, answer_id: UUID, *, value: int, reason: str = "") -> Rating | None:
    """A thumb: 1 up, -1 down, 0 takes it back. The later one counts. Raises `NotFound`, `Invalid`, and `Conflict` too early."""
    answer = message_for(member, answer_id)
    _check(answer, value, reason)
    card_id = card_that_answered(answer)
    version = answer.bot_version
    mine = Rating.objects.filter(user_id=member.user_id, answer_id=answer.id)
    with transaction.atomic():
        if value == 0:
            mine.delete()
        else:
            mine.update_or_create(
                defaults={"value": value, "reason": reason},
                create_defaults={
                    "workspace_id": member.workspace_id,
                    "user_id": member.user_id,
                    "answer_id": answer.id,
                    "kind": Rating.Kind.ANSWER,
                    "value": value,
                    "reason": reason,
                    "model_card_id": card_id,
                    "bot_id": version.bot_id if version else None,
                },
            )
        _score([card_id])
    return mine.first()


def rate_comparison(member: Member, verdict: Verdict, a: Compared, b: Compared) -> None:
    """Two ratings, one for each side. Raises `IntegrityError` when this person has compared these before."""
    with transaction.atomic():
        Rating.objects.bulk_create(
            Rating(
                workspace_id=member.workspace_id,
                user_id=member.user_id,
                kind=Rating.Kind.COMPARISON,
                value=value,
                answer_id=side.answer_id,
                model_card_id=side.model_card_id,
            )
            for side, value in zip((a, b), VALUES[verdict], strict=True)
        )
        _score([a.model_card_id, b.model_card_id])


def _score(card_ids: Collection[UUID | None]) -> None:
    """The share of good ratings, from 0 to 1; a tie is half a good one."""
    for card_id in {card_id for card_id in card_ids if card_id}:
        sums = Rating.objects.filter(model_card_id=card_id).aggregate(count=Count("id"), total=Sum("value"))
        count, total = sums["count"], sums["total"] or 0
        good = (count + total) / 2  # +1 counts one, 0 a half, -1 none
        keep_score(card_id, score=(good + ASSUMED / 2) / (count + ASSUMED) if count else None, ratings=count)


def _check(answer: Message, value: int, reason: str) -> None:
    if answer.role != Message.Author.ASSISTANT:
        raise Invalid("Only an answer can be rated.")
    if answer.status == Message.Status.WRITING:
        raise Conflict("This answer is still being written. Rate it when it has ended.")
    if value not in (-1, 0, 1):
        raise Invalid("A rating is 1 (good), -1 (bad) or 0 (none).")
    if reason not in Rating.Reason.values:
        raise Invalid(f"A reason is one of: {', '.join(filter(None, Rating.Reason.values))}; or left out.")
