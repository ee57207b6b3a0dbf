"""The door of usage: the daily report, for owners and admins."""

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from parley.accounts.access import check_admin
from parley.api.who import member_of
from parley.usage.models import UsageDay
from parley.usage.queries import list_days

router = Router(tags=["usage"])
SHOWN = timedelta(days=30)


class UsageDayOut(Schema):
    """`user` is null for people who left; `first_word_ms`, the mean, while it is not known."""

    day: date
    user: UUID | None
    email: str | None
    model: str
    answers: int
    errors: int
    calls: int
    input_tokens: int
    output_tokens: int
    first_word_ms: float | None


class UsageOut(Schema):
    items: list[UsageDayOut]
    next: str | None = None


@router.get("usage", response=UsageOut)
def get_usage(request: HttpRequest, since: date | None = None, until: date | None = None) -> UsageOut:
    """By day, person and model, newest day first; the last 30 days unless told otherwise. Made anew every hour."""
    member = member_of(request)
    check_admin(member)
    rows = list_days(member.workspace_id, since=since or timezone.now().date() - SHOWN, until=until)
    return UsageOut(items=[_out(row) for row in rows])


def _out(row: UsageDay) -> UsageDayOut:
    return UsageDayOut(
        day=row.day,
        user=row.user_id,
        email=row.user.email if row.user else None,
        model=row.model,
        answers=row.answers,
        errors=row.errors,
        calls=row.calls,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        first_word_ms=row.first_word_ms / row.first_words if row.first_words else None,
    )
