"""Reads of this room: what was used, by whom, of which model, on which day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate

from parley.usage.models import Budget, UsageRecord


@dataclass(frozen=True, slots=True)
class Total:
    """Tokens of many vendor calls. `of` says whose: a user's id (None: people who left), a model's name, or a day (UTC)."""

    of: UUID | str | date | None
    calls: int
    input_tokens: int
    output_tokens: int


def budget_rows(workspace_id: UUID, user_id: UUID | None) -> QuerySet[Budget]:
    """The budget of a user, or (None) of the whole workspace: one row or none."""
    rows = Budget.objects.filter(workspace_id=workspace_id)
    return rows.filter(user_id=user_id) if user_id else rows.filter(user=None)


def totals(
    workspace_id: UUID, *, by: Literal["user", "model", "day"], since: datetime, until: datetime | None = None
) -> list[Total]:
    """Most tokens first; days in their order. From `since`, before `until`. One query, along the index."""
    rows = UsageRecord.objects.filter(workspace_id=workspace_id, created_at__gte=since)
    if until:
        rows = rows.filter(created_at__lt=until)
    found = _grouped(rows, {"user": "user_id", "model": "model", "day": "day"}[by])
    return found if by == "day" else sorted(found, key=lambda total: -(total.input_tokens + total.output_tokens))


def _grouped(rows: QuerySet[UsageRecord], column: str) -> list[Total]:
    groups = rows.annotate(day=TruncDate("created_at")).values(column).order_by(column)
    sums = groups.annotate(calls=Count("id"), inputs=Sum("input_tokens"), outputs=Sum("output_tokens"))
    return [Total(row[column], row["calls"], row["inputs"], row["outputs"]) for row in sums]
