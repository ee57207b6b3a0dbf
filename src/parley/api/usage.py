"""The doors of usage: the daily report and the budgets, for owners and admins; everybody sees the budgets they have."""

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from parley.accounts.access import check_admin
from parley.api.bodies import Body
from parley.api.who import member_of
from parley.usage.actions import change_budget
from parley.usage.budgets import Allowance, allowances_for, list_allowances
from parley.usage.costs import dollars_by_day
from parley.usage.models import Budget, UsageDay
from parley.usage.queries import list_days

router = Router(tags=["usage"])
SHOWN = timedelta(days=30)
MOST_TOKENS = 2**63 - 1
MOST_AT_ONCE = 2**31 - 1


class UsageDayOut(Schema):
    """`user` is null for people who left; `first_word_ms`, the mean, while it is not known. `dollars`: by the prices on the
    model cards today; 0 for models without a price, and for days whose single calls are not kept any more."""

    day: date
    user: UUID | None
    email: str | None
    model: str
    answers: int
    errors: int
    calls: int
    input_tokens: int
    output_tokens: int
    dollars: float
    first_word_ms: float | None


class UsageOut(Schema):
    items: list[UsageDayOut]
    next: str | None = None


class BudgetOut(Schema):
    """`user` is null where it is the whole workspace's. Limits are null where there is none; what is used is of this calendar
    month (UTC), dollars by the prices on the model cards."""

    user: UUID | None
    email: str | None
    name: str | None
    tokens_per_month: int | None
    dollars_per_month: float | None
    tokens_per_minute: int | None
    concurrent: int | None
    used_tokens: int
    used_dollars: float


class BudgetsOut(Schema):
    items: list[BudgetOut]
    next: str | None = None


class BudgetIn(Body):
    """The whole budget: a limit that is left out is none, and without any limit the budget is taken away."""

    user: UUID | None = None
    tokens_per_month: int | None = Field(None, ge=0, le=MOST_TOKENS)
    dollars_per_month: float | None = Field(None, ge=0, le=1e9)
    tokens_per_minute: int | None = Field(None, ge=0, le=MOST_AT_ONCE)
    concurrent: int | None = Field(None, ge=0, le=MOST_AT_ONCE)


@router.get("budgets", response=BudgetsOut)
def list_budgets(request: HttpRequest) -> BudgetsOut:
    """Every budget and what is used of it: the whole workspace's first, then by address. For owners and admins."""
    return _budgets(list_allowances(member_of(request)))


@router.put("budgets", response=BudgetsOut)
def put_budget(request: HttpRequest, body: BudgetIn) -> BudgetsOut:
    """Set the budget of one person or, without `user`, of the whole workspace. For owners and admins. Answers all budgets."""
    limits = body.dict()
    change_budget(member_of(request), limits.pop("user"), **limits)
    return _budgets(list_allowances(member_of(request)))


@router.get("budgets/mine", response=BudgetsOut)
def my_budgets(request: HttpRequest) -> BudgetsOut:
    """What holds for who asks: the workspace's budget and their own, where there are such."""
    return _budgets(allowances_for(member_of(request)))


@router.get("usage", response=UsageOut)
def get_usage(request: HttpRequest, since: date | None = None, until: date | None = None) -> UsageOut:
    """By day, person and model, newest day first; the last 30 days unless told otherwise. Made anew every hour."""
    member = member_of(request)
    check_admin(member)
    first = since or timezone.now().date() - SHOWN
    dollars = dollars_by_day(member.workspace_id, since=first, until=until)
    rows = list_days(member.workspace_id, since=first, until=until)
    return UsageOut(items=[_out(row, dollars.get((row.user_id, row.day, row.model), 0.0)) for row in rows])


def _budgets(found: list[tuple[Budget, Allowance]]) -> BudgetsOut:
    return BudgetsOut(items=[_budget(row, allowance) for row, allowance in found])


def _budget(row: Budget, allowance: Allowance) -> BudgetOut:
    return BudgetOut(
        user=row.user_id,
        email=row.user.email if row.user else None,
        name=row.user.shown_name if row.user else None,
        tokens_per_month=row.tokens_per_month,
        dollars_per_month=row.dollars_per_month,
        tokens_per_minute=row.tokens_per_minute,
        concurrent=row.concurrent,
        used_tokens=allowance.used_tokens,
        used_dollars=allowance.used_dollars,
    )


def _out(row: UsageDay, dollars: float) -> UsageDayOut:
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
        dollars=dollars,
        first_word_ms=row.first_word_ms / row.first_words if row.first_words else None,
    )
