"""Budgets: so many tokens in a calendar month (UTC), for a workspace or for one of its users. Most have none."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Sum
from django.utils import timezone

from parley.accounts.access import Member
from parley.core.errors import OverBudget
from parley.core.remember import Remembered
from parley.providers.models import Endpoint
from parley.usage.costs import dollars_by_endpoint
from parley.usage.models import Budget, UsageRecord

KEPT_S = 10.0  # how far a budget may be overrun by what is written in this time, and how late an edit is noticed


@dataclass(frozen=True, slots=True)
class Allowance:
    """A budget and what is used of it. `user_id` is None when it is the whole workspace's."""

    user_id: UUID | None
    tokens_per_month: int
    used_tokens: int


def check_budget(member: Member) -> None:
    """Raises `OverBudget`. No query when warm."""
    for allowance in _allowances(member.workspace_id):
        if allowance.user_id in (None, member.user_id) and allowance.used_tokens >= allowance.tokens_per_month:
            whose = "Your" if allowance.user_id else "This workspace's"
            raise OverBudget(
                f"{whose} budget of {allowance.tokens_per_month:,} tokens a month is used up. "
                f"It starts anew on {next_month(timezone.now()):%-d %B}; an owner or admin can raise it before."
            )


def overspent_endpoints(workspace_id: UUID) -> frozenset[str]:
    """Ids of the workspace's endpoints that have spent this month what an admin allows them. No query when warm.

    What they spent is the ledger's tokens at the prices on the cards today, as if no cache had helped: a bill is not higher.
    """
    return _overspent(workspace_id)


def forget_allowances() -> None:
    """A budget was changed."""
    _allowances.forget()
    _overspent.forget()


def month_start(now: datetime) -> datetime:
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def next_month(now: datetime) -> datetime:
    first = month_start(now)
    return first.replace(year=first.year + 1, month=1) if first.month == 12 else first.replace(month=first.month + 1)


def _read_allowances(workspace_id: UUID) -> tuple[Allowance, ...]:
    """One query where nobody has a budget, two where somebody has."""
    budgets = dict(Budget.objects.filter(workspace_id=workspace_id).values_list("user_id", "tokens_per_month"))
    if not budgets:
        return ()
    used = _used_by_user(workspace_id)
    everyone = sum(used.values())
    return tuple(
        Allowance(user_id, most, used.get(user_id, 0) if user_id else everyone) for user_id, most in budgets.items()
    )


def _used_by_user(workspace_id: UUID) -> dict[UUID | None, int]:
    rows = UsageRecord.objects.filter(workspace_id=workspace_id, created_at__gte=month_start(timezone.now()))
    return dict(rows.values_list("user_id").annotate(tokens=Sum(F("input_tokens") + F("output_tokens"))))


def _read_overspent(workspace_id: UUID) -> frozenset[str]:
    """One query where no endpoint has a limit, three where one has."""
    rows = Endpoint.objects.filter(workspace_id=workspace_id).exclude(dollars_per_month=None)
    limits = {endpoint_id: most or 0.0 for endpoint_id, most in rows.values_list("id", "dollars_per_month")}
    if not limits:
        return frozenset()
    spent = dollars_by_endpoint(workspace_id, limits, since=month_start(timezone.now()))
    return frozenset(str(endpoint_id) for endpoint_id, most in limits.items() if spent.get(endpoint_id, 0.0) >= most)


_overspent = Remembered(_read_overspent, seconds=KEPT_S)
_allowances = Remembered(_read_allowances, seconds=KEPT_S)
