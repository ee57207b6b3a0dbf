"""Budgets: so many tokens or dollars in a calendar month (UTC), tokens in a minute, answers at once, for a workspace or for one
of its users. Most have none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Sum
from django.utils import timezone

from parley.accounts.access import Member, check_admin
from parley.core.errors import OverBudget, TooMany
from parley.core.remember import Remembered
from parley.providers.models import Endpoint
from parley.usage.costs import dollars_by_endpoint, dollars_by_user
from parley.usage.models import Budget, UsageRecord
from parley.usage.months import month_start, next_month

MOMENT_S = 1.0
KEPT_S = 10.0  # how far a budget may be overrun by what is written in this time, and how late an edit is noticed


@dataclass(frozen=True, slots=True)
class Allowance:
    """A budget and what is used of it. `user_id` is None when it is the whole workspace's."""

    user_id: UUID | None
    tokens_per_month: int | None
    used_tokens: int
    dollars_per_month: float | None = None
    used_dollars: float = 0.0
    tokens_per_minute: int | None = None
    concurrent: int | None = None


Running = Callable[[UUID | None], int]
"""How many answers are being written for this user, or (None) for the workspace."""


def check_budget(member: Member, *, running: Running | None = None) -> None:
    """Raises `OverBudget` for what is used up, `TooMany` for what passes in a moment. No query when warm and where nobody has
    a limit of a minute or at once. `running` is asked only where somebody has."""
    for allowance in _allowances(member.workspace_id):
        if allowance.user_id in (None, member.user_id):
            _check_month(allowance)
            _check_moment(member, allowance, running)


def _check_month(allowance: Allowance) -> None:
    used_up = ""
    if allowance.tokens_per_month is not None and allowance.used_tokens >= allowance.tokens_per_month:
        used_up = f"{allowance.tokens_per_month:,} tokens"
    elif allowance.dollars_per_month is not None and allowance.used_dollars >= allowance.dollars_per_month:
        used_up = f"${allowance.dollars_per_month:,.2f}"
    if used_up:
        raise OverBudget(
            f"{_whose(allowance)} budget of {used_up} a month is used up. "
            f"It starts anew on {next_month(timezone.now()):%-d %B}; an owner or admin can raise it before."
        )


def _check_moment(member: Member, allowance: Allowance, running: Running | None) -> None:
    most = allowance.tokens_per_minute
    if most is not None and _of(allowance.user_id, _last_minute(member.workspace_id)) >= most:
        raise TooMany(f"{_whose(allowance)} {most:,} tokens of this minute are used. Wait a moment.", retry_after_s=15)
    if allowance.concurrent is not None and running and running(allowance.user_id) >= allowance.concurrent:
        at_once = (
            f"{allowance.concurrent} answers are being written, as many as {_whose(allowance).lower()} budget allows"
        )
        raise TooMany(f"{at_once} at once. Wait for one to end.", retry_after_s=5)


def _whose(allowance: Allowance) -> str:
    return "Your" if allowance.user_id else "This workspace's"


def _of(user_id: UUID | None, by_user: Mapping[UUID | None, int]) -> int:
    return by_user.get(user_id, 0) if user_id else sum(by_user.values())


def overspent_endpoints(workspace_id: UUID) -> frozenset[str]:
    """Ids of the workspace's endpoints that have spent this month what an admin allows them. No query when warm.

    What they spent is the ledger's tokens at the prices on the cards today, as if no cache had helped: a bill is not higher.
    """
    return _overspent(workspace_id)


def list_allowances(member: Member) -> list[tuple[Budget, Allowance]]:
    """Every budget of the workspace with its person, and what is used of it: the whole workspace's first, then by address.

    For owners and admins. At most five queries.
    """
    check_admin(member)
    return _with_people(_read_allowances(member.workspace_id, with_dollars=True), member.workspace_id)


def allowances_for(member: Member) -> list[tuple[Budget, Allowance]]:
    """What holds for this member: the workspace's budget and their own, where there are such. At most five queries."""
    read = _read_allowances(member.workspace_id, with_dollars=True)
    mine = tuple(allowance for allowance in read if allowance.user_id in (None, member.user_id))
    return _with_people(mine, member.workspace_id)


def _with_people(allowances: tuple[Allowance, ...], workspace_id: UUID) -> list[tuple[Budget, Allowance]]:
    by_user = {allowance.user_id: allowance for allowance in allowances}
    rows = Budget.objects.filter(workspace_id=workspace_id).select_related("user")
    found = [(row, by_user[row.user_id]) for row in rows if row.user_id in by_user]
    return sorted(found, key=lambda pair: (pair[0].user is not None, pair[0].user.email if pair[0].user else ""))


def forget_allowances() -> None:
    """A budget was changed."""
    _allowances.forget()
    _last_minute.forget()
    _overspent.forget()


def _read_allowances(workspace_id: UUID, *, with_dollars: bool = False) -> tuple[Allowance, ...]:
    """One query where nobody has a budget, two where somebody has, two more where one is of dollars, or with them."""
    budgets = list(Budget.objects.filter(workspace_id=workspace_id))
    if not budgets:
        return ()
    since = month_start(timezone.now())
    used = _used_by_user(workspace_id, since)
    has_dollars = any(budget.dollars_per_month is not None for budget in budgets)
    dollars = dollars_by_user(workspace_id, since=since) if has_dollars or with_dollars else {}
    return tuple(
        Allowance(
            budget.user_id,
            budget.tokens_per_month,
            _of(budget.user_id, used),
            budget.dollars_per_month,
            dollars.get(budget.user_id, 0.0) if budget.user_id else sum(dollars.values()),
            budget.tokens_per_minute,
            budget.concurrent,
        )
        for budget in budgets
    )


def _read_last_minute(workspace_id: UUID) -> dict[UUID | None, int]:
    return _used_by_user(workspace_id, timezone.now() - timedelta(minutes=1))


def _used_by_user(workspace_id: UUID, since: datetime) -> dict[UUID | None, int]:
    rows = UsageRecord.objects.filter(workspace_id=workspace_id, created_at__gte=since)
    return dict(rows.values_list("user_id").annotate(tokens=Sum(F("input_tokens") + F("output_tokens"))))


def _read_overspent(workspace_id: UUID) -> frozenset[str]:
    """One query where no endpoint has a limit, three where one has."""
    rows = Endpoint.objects.filter(workspace_id=workspace_id).exclude(dollars_per_month=None)
    limits = {endpoint_id: most or 0.0 for endpoint_id, most in rows.values_list("id", "dollars_per_month")}
    if not limits:
        return frozenset()
    spent = dollars_by_endpoint(workspace_id, limits, since=month_start(timezone.now()))
    return frozenset(str(endpoint_id) for endpoint_id, most in limits.items() if spent.get(endpoint_id, 0.0) >= most)


_last_minute = Remembered(_read_last_minute, seconds=MOMENT_S)
_overspent = Remembered(_read_overspent, seconds=KEPT_S)
_allowances = Remembered(_read_allowances, seconds=KEPT_S)
