"""Reads of this room: what was used, by whom, of which model, on which day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from parley.usage.models import Budget, UsageDay, UsageRecord
from parley.usage.months import month_start


@dataclass(frozen=True, slots=True)
class DaySum:
    """What one person used of one model on one day (UTC); see `UsageDay`."""

    workspace_id: UUID
    user_id: UUID | None
    day: date
    model: str
    answers: int = 0
    errors: int = 0
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    first_words: int = 0
    first_word_ms: int = 0

    @property
    def key(self) -> tuple[UUID, UUID | None, date, str]:
        return (self.workspace_id, self.user_id, self.day, self.model)


def list_days(workspace_id: UUID, *, since: date, until: date | None = None) -> list[UsageDay]:
    """The daily report, newest day first, with its people. From `since`, to and with `until`. One query."""
    rows = UsageDay.objects.filter(workspace_id=workspace_id, day__gte=since)
    if until:
        rows = rows.filter(day__lte=until)
    return list(rows.select_related("user").order_by("-day", "user__email", "model"))


def sums_of_calls(days: Sequence[date]) -> list[DaySum]:
    """Of the ledger, by workspace, person, day and model. One query."""
    rows = UsageRecord.objects.filter(created_at__gte=start_of(days[0]), created_at__lt=start_of(days[-1], after=True))
    groups = rows.annotate(day=TruncDate("created_at")).values("workspace_id", "user_id", "day", "model").order_by()
    return [
        DaySum(**row)
        for row in groups.annotate(
            calls=Count("id"), input_tokens_sum=Sum("input_tokens"), output_tokens_sum=Sum("output_tokens")
        ).values(
            "workspace_id",
            "user_id",
            "day",
            "model",
            "calls",
            input_tokens=F("input_tokens_sum"),
            output_tokens=F("output_tokens_sum"),
        )
    ]


def start_of(day: date, *, after: bool = False) -> datetime:
    """The first moment of a day (UTC), or of the day after it."""
    return datetime.combine(day + timedelta(days=after), time(), UTC)


def budget_rows(workspace_id: UUID, user_id: UUID | None) -> QuerySet[Budget]:
    """The budget of a user, or (None) of the whole workspace: one row or none."""
    rows = Budget.objects.filter(workspace_id=workspace_id)
    return rows.filter(user_id=user_id) if user_id else rows.filter(user=None)


def usage_old(workspace_id: UUID, days: int) -> QuerySet[UsageRecord]:
    """Single calls older than so many days (0: none); never of this month, which budgets count."""
    rows = UsageRecord.objects.filter(workspace_id=workspace_id)
    now = timezone.now()
    return rows.filter(created_at__lt=min(now - timedelta(days=days), month_start(now))) if days else rows.none()
