"""What an answer took: how soon its first word came, how fast it was written, what it cost. Known while its tape is kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.engine.events import Delta, Reasoning, load_event
from parley.engine.models import Generation
from parley.engine.queries import events_of
from parley.usage.costs import Cost, costs_of_generations

READ = 8  # events of the beginning: what a rule decided may stand before the first word


@dataclass(frozen=True, slots=True)
class Figures:
    """`first_word_s` and `tokens_per_s` are None where nothing was said, or where the tape is gone. `dollars`: None where the
    price is not known. `model`: of the call that was counted, as the vendor spells it."""

    took_s: float | None = None
    first_word_s: float | None = None
    tokens_per_s: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    estimated: bool = False
    dollars: float | None = None
    model: str = ""


def figures_of(workspace_id: UUID, message_ids: Collection[UUID]) -> dict[UUID, Figures]:
    """By message, of those whose generation has ended. Two queries, and one for each of them."""
    rows = Generation.objects.filter(message_id__in=message_ids).exclude(status__in=Generation.LIVE)
    ended = list(rows)
    if not ended:
        return {}
    since = min(row.created_at for row in ended)
    costs = costs_of_generations(workspace_id, [row.id for row in ended], since=since)
    return {row.message_id: _figures(row, costs.get(row.id)) for row in ended}


def _figures(row: Generation, cost: Cost | None) -> Figures:
    first_at = _first_word_at(row)
    writing_s = _seconds(first_at, row.ended_at)
    tokens = cost.output_tokens if cost else None
    return Figures(
        took_s=_seconds(_milliseconds(row.created_at), row.ended_at),
        first_word_s=None if first_at is None else max(0, first_at - _milliseconds(row.created_at)) / 1000,
        tokens_per_s=tokens / writing_s if tokens and writing_s else None,
        input_tokens=cost.input_tokens if cost else None,
        output_tokens=tokens,
        estimated=bool(cost and cost.estimated),
        dollars=cost.dollars if cost else None,
        model=cost.model if cost else "",
    )


def _first_word_at(row: Generation) -> int | None:
    """Unix milliseconds."""
    beginning = events_of(row).filter(seq__lte=READ).values_list("at", "body")
    return next((at for at, body in beginning if isinstance(load_event(body), Delta | Reasoning)), None)


def _seconds(since_ms: int | None, until: datetime | None) -> float | None:
    if since_ms is None or until is None:
        return None
    return max(0, _milliseconds(until) - since_ms) / 1000


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
