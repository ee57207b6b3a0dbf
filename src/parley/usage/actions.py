"""Writes of this room."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import transaction

from parley.accounts.access import Member, check_admin
from parley.accounts.models import Membership
from parley.core.announce import announce
from parley.core.errors import Invalid, NotFound
from parley.core.faultpoint import faultpoint
from parley.core.statements import Insert
from parley.usage.models import Budget, UsageDay, UsageRecord
from parley.usage.queries import DaySum, budget_rows, usage_old
from parley.usage.signals import budget_changed, usage_recorded

INSERT_RECORD = Insert(UsageRecord)


def record_usage(
    *,
    workspace_id: UUID,
    user_id: UUID | None,
    generation_id: UUID | None,
    endpoint_id: str | UUID | None,
    model: str,
    input_tokens: int,
    output_tokens: int,
    estimated: bool,
    purpose: str = "answer",
) -> None:
    """Add what one vendor call counted (N9). One statement."""
    INSERT_RECORD(
        UsageRecord(
            workspace_id=workspace_id,
            user_id=user_id,
            generation_id=generation_id,
            endpoint_id=endpoint_id or None,
            model=model,
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            estimated=estimated,
            purpose=purpose,
        )
    )
    faultpoint("usage.recorded")
    announce(usage_recorded, workspace_id=workspace_id, user_id=user_id, tokens=input_tokens + output_tokens)


def write_days(days: Collection[date], sums: Collection[DaySum]) -> int:
    """Put `sums` in the place of what stands for these days, but for times that are not known any more. Returns how many."""
    with transaction.atomic():
        old = {
            (row.workspace_id, row.user_id, row.day, row.model): row for row in UsageDay.objects.filter(day__in=days)
        }
        UsageDay.objects.filter(day__in=days).delete()
        UsageDay.objects.bulk_create([_day(sum_, old.get(sum_.key)) for sum_ in sums])
    return len(sums)


def forget_old_usage(workspace_id: UUID, days: int) -> int:
    """Single calls older than so many days (0: none); never of this month, which budgets count. Returns how many went."""
    return usage_old(workspace_id, days).delete()[0]


def _day(sum_: DaySum, old: UsageDay | None) -> UsageDay:
    """Tapes are cleaned after a day, and with them goes when the first word came: what was known before stays."""
    words = (sum_.first_words, sum_.first_word_ms)
    if old and old.first_words > sum_.first_words:
        words = (old.first_words, old.first_word_ms)
    return UsageDay(
        workspace_id=sum_.workspace_id,
        user_id=sum_.user_id,
        day=sum_.day,
        model=sum_.model,
        answers=sum_.answers,
        errors=sum_.errors,
        calls=sum_.calls,
        input_tokens=sum_.input_tokens,
        output_tokens=sum_.output_tokens,
        first_words=words[0],
        first_word_ms=words[1],
    )


def set_budget(
    workspace_id: UUID, user_id: UUID | None, tokens_per_month: int | None = None, **limits: float | None
) -> None:
    """Allow so much to a user, or (None) to the whole workspace; None is without limit, 0 allows nothing.

    `limits`: `dollars_per_month`, `tokens_per_minute`, `concurrent`.
    """
    limits["tokens_per_month"] = tokens_per_month
    if any(limit is not None and limit < 0 for limit in limits.values()):
        raise Invalid("A budget is a number of tokens, dollars or answers, 0 or more.")
    with transaction.atomic():
        if not budget_rows(workspace_id, user_id).update(**limits):
            Budget.objects.create(workspace_id=workspace_id, user_id=user_id, **limits)
        announce(budget_changed, workspace_id=workspace_id)


def change_budget(member: Member, user_id: UUID | None, **limits: float | None) -> None:
    """As `set_budget`, for owners and admins; without any limit the budget is taken away.

    Raises `NotAllowed`, `NotFound` for who is no member of the workspace, `Invalid`.
    """
    check_admin(member)
    if user_id and not Membership.objects.filter(workspace_id=member.workspace_id, user_id=user_id).exists():
        raise NotFound("There is no such person in this workspace.")
    if all(limit is None for limit in limits.values()):
        lift_budget(member.workspace_id, user_id)
    else:
        tokens = limits.pop("tokens_per_month", None)
        set_budget(member.workspace_id, user_id, None if tokens is None else int(tokens), **limits)


def lift_budget(workspace_id: UUID, user_id: UUID | None) -> None:
    """Allow as much as is wanted, again."""
    with transaction.atomic():
        budget_rows(workspace_id, user_id).delete()
        announce(budget_changed, workspace_id=workspace_id)
