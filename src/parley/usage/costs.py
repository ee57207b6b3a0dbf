"""What tokens cost: the ledger's counts at the prices on the model cards."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Sum
from django.db.models.functions import TruncDate

from parley.providers.models import ModelCard
from parley.usage.models import UsageRecord
from parley.usage.queries import start_of


def dollars_by_endpoint(workspace_id: UUID, endpoint_ids: Collection[UUID], *, since: datetime) -> dict[UUID, float]:
    """US dollars that each endpoint has cost; models without a price cost nothing. Two queries."""
    rows = UsageRecord.objects.filter(
        workspace_id=workspace_id, endpoint_id__in=endpoint_ids, created_at__gte=since
    ).values_list("endpoint_id", "model")
    used = list(rows.annotate(read=Sum("input_tokens"), written=Sum("output_tokens")))
    prices = _prices(endpoint_ids)
    dollars: dict[UUID, float] = {}
    for endpoint_id, model, read, written in used:
        given, taken = prices.get((endpoint_id, model), (0.0, 0.0))
        dollars[endpoint_id] = dollars.get(endpoint_id, 0.0) + (read * given + written * taken) / 1e6
    return dollars


def dollars_by_user(workspace_id: UUID, *, since: datetime) -> dict[UUID | None, float]:
    """US dollars that each user has cost. Two queries."""
    rows = UsageRecord.objects.filter(workspace_id=workspace_id, created_at__gte=since, endpoint_id__isnull=False)
    grouped = rows.values_list("user_id", "endpoint_id", "model")
    used = list(grouped.annotate(read=Sum("input_tokens"), written=Sum("output_tokens")))
    prices = _prices({endpoint_id for _, endpoint_id, *_ in used if endpoint_id})
    dollars: dict[UUID | None, float] = {}
    for user_id, endpoint_id, model, read, written in used:
        given, taken = prices.get((endpoint_id, model), (0.0, 0.0)) if endpoint_id else (0.0, 0.0)
        dollars[user_id] = dollars.get(user_id, 0.0) + (read * given + written * taken) / 1e6
    return dollars


def dollars_by_day(
    workspace_id: UUID, *, since: date, until: date | None = None
) -> dict[tuple[UUID | None, date, str], float]:
    """US dollars by user, day (UTC) and model, from `since`, to and with `until`; without a price 0. Two queries.

    As far back as single calls are kept.
    """
    rows = UsageRecord.objects.filter(workspace_id=workspace_id, created_at__gte=start_of(since))
    if until:
        rows = rows.filter(created_at__lt=start_of(until, after=True))
    grouped = (
        rows.annotate(day=TruncDate("created_at")).values_list("user_id", "day", "model", "endpoint_id").order_by()
    )
    used = list(grouped.annotate(read=Sum("input_tokens"), written=Sum("output_tokens")))
    prices = _prices({row[3] for row in used if row[3]})
    dollars: dict[tuple[UUID | None, date, str], float] = {}
    for user_id, day, model, endpoint_id, read, written in used:
        given, taken = prices.get((endpoint_id, model), (0.0, 0.0)) if endpoint_id else (0.0, 0.0)
        key = (user_id, day, model)
        dollars[key] = dollars.get(key, 0.0) + (read * given + written * taken) / 1e6
    return dollars


def _prices(endpoint_ids: Collection[UUID]) -> dict[tuple[UUID, str], tuple[float, float]]:
    rows = ModelCard.objects.filter(endpoint_id__in=endpoint_ids).exclude(input_price=None)
    listed = rows.values_list("endpoint_id", "name", "input_price", "output_price")
    return {(endpoint_id, name): (given or 0.0, taken or 0.0) for endpoint_id, name, given, taken in listed}


@dataclass(frozen=True, slots=True)
class Cost:
    """Of all vendor calls of one generation. `dollars`: None where a price is not known. `model`: of the last call."""

    model: str
    input_tokens: int
    output_tokens: int
    estimated: bool
    dollars: float | None


def costs_of_generations(workspace_id: UUID, generation_ids: Collection[UUID], *, since: datetime) -> dict[UUID, Cost]:
    """`since`: when the first of them was asked for, so that the index finds their calls. Two queries."""
    rows = list(
        UsageRecord.objects.filter(
            workspace_id=workspace_id, created_at__gte=since, generation_id__in=generation_ids
        ).order_by("created_at")
    )
    prices = _prices({row.endpoint_id for row in rows if row.endpoint_id})
    found: dict[UUID, Cost] = {}
    for row in rows:
        price = prices.get((row.endpoint_id, row.model)) if row.endpoint_id else None
        one = _cost(row, price)
        assert row.generation_id
        before = found.get(row.generation_id)
        found[row.generation_id] = _sum(before, one) if before else one
    return found


def _cost(row: UsageRecord, price: tuple[float, float] | None) -> Cost:
    dollars = (row.input_tokens * price[0] + row.output_tokens * price[1]) / 1e6 if price else None
    return Cost(row.model, row.input_tokens, row.output_tokens, row.estimated, dollars)


def _sum(one: Cost, later: Cost) -> Cost:
    both = one.dollars is not None and later.dollars is not None
    return Cost(
        later.model,
        one.input_tokens + later.input_tokens,
        one.output_tokens + later.output_tokens,
        one.estimated or later.estimated,
        (one.dollars or 0) + (later.dollars or 0) if both else None,
    )
