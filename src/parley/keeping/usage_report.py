"""The daily report of usage: tokens from the ledger, answers and their fates from the generations, in one row for each workspace,
person, day (UTC) and model. Safe to run at any time: it makes the young days anew."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from parley.engine.models import Event, Generation
from parley.usage.actions import write_days
from parley.usage.queries import DaySum, start_of, sums_of_calls

FIRST_WORD_SEQ = 2  # `started` is the first event, and what it started to say the second


def report_usage(today: date | None = None) -> int:
    """Yesterday, which may have had late endings, and today. Returns the number of rows."""
    last = today or timezone.now().date()
    days = [last - timedelta(days=1), last]
    return write_days(days, _joined([*sums_of_calls(days), *_sums_of_answers(days)]))


def _joined(sums: Iterable[DaySum]) -> list[DaySum]:
    found: dict[tuple[UUID, UUID | None, date, str], DaySum] = {}
    for one in sums:
        other = found.get(one.key)
        found[one.key] = _plus(other, one) if other else one
    return list(found.values())


def _plus(one: DaySum, other: DaySum) -> DaySum:
    names = ("answers", "errors", "calls", "input_tokens", "output_tokens", "first_words", "first_word_ms")
    return replace(one, **{name: getattr(one, name) + getattr(other, name) for name in names})


def _sums_of_answers(days: Sequence[date]) -> list[DaySum]:
    """One query. The first word's time is known while its tape is kept."""
    first_word = Event.objects.filter(generation_id=OuterRef("id"), seq=FIRST_WORD_SEQ).values("at")
    rows = (
        Generation.objects.filter(ended_at__gte=start_of(days[0]), ended_at__lt=start_of(days[-1], after=True))
        .annotate(
            day=TruncDate("ended_at"),
            workspace_id=F("message__conversation__workspace_id"),
            user_id=F("message__conversation__owner_id"),
            model=F("message__bot_version__model_card__name"),
            first_word_at=Subquery(first_word),
        )
        .values_list("workspace_id", "user_id", "day", "model", "status", "created_at", "first_word_at")
    )
    found: dict[tuple[UUID, UUID, date, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for workspace_id, user_id, day, model, status, asked_at, first_word_at in rows.iterator():
        sums = found[workspace_id, user_id, day, model or ""]
        sums[0] += 1
        sums[1] += status == Generation.Status.FAILED
        if first_word_at is not None and status != Generation.Status.FAILED:
            sums[2] += 1
            sums[3] += max(0, first_word_at - int(asked_at.timestamp() * 1000))
    return [
        DaySum(*key, answers=sums[0], errors=sums[1], first_words=sums[2], first_word_ms=sums[3])
        for key, sums in found.items()
    ]
