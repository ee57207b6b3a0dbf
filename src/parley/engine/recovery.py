"""Takeover: find generations that nobody writes any more, and see each to its one end (N3).

Nothing shown yet: start again. Words shown, and the model can continue its own message: go on in place. Otherwise the answer
ends as interrupted, and its text is kept. A claim is a conditional update with a higher fence: of two sweeps one wins, and
a runner that comes back from the dead can write nothing.
"""

import logging
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from parley.bots.personas import persona_of_version
from parley.core import traces
from parley.core.errors import ParleyError
from parley.core.faultpoint import faultpoint
from parley.core.outage import database
from parley.engine.draft import Draft, draft_of
from parley.engine.events import Delta, Reasoning, Started, ToolResult, load_event
from parley.engine.events import Event as TapeEvent
from parley.engine.lease import LEASE, TurnRunner, installed_runner
from parley.engine.meters import takeovers
from parley.engine.models import Generation
from parley.engine.queries import events_of
from parley.engine.values import NextStep, Turn
from parley.providers.routed import RoutedModel
from parley.providers.routes import model_for
from parley.usage.actions import record_usage

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3  # a generation that has killed three runners is not tried on a fourth
AT_ONCE = 100
STEADY_S = 8.0  # more than two of `runner.HEARTBEAT_S`
CHARACTERS_PER_TOKEN = 4
ANYBODYS = Q(lease_until=None) | Q(lease_until__lt=Now())


def sweep() -> int:
    """Claim what nobody writes and hand it to this process's runner. Returns how many; 0 where none writes."""
    runner = installed_runner()
    if runner is None or not runner.writes:
        return 0
    # After an outage every lease has run out, and every owner needs a heartbeat to say that it lives.
    expired = database.ago_s > STEADY_S
    return sum(claim(generation_id) for generation_id in due(runner.owner, expired=expired))


def due(owner: str, *, expired: bool = True, at_most: int = AT_ONCE) -> list[UUID]:
    """Which generations `owner` may claim: those that nobody has, and, if `expired`, those whose owner fell silent.

    Its own that expired are not among them: a slow database kept them from a heartbeat, and their runner is here, alive.
    """
    rows = Generation.objects.filter(ANYBODYS, status__in=Generation.LIVE).exclude(owner=owner)
    if not expired:
        rows = rows.filter(owner="")
    return list(rows.order_by("lease_until", "id").values_list("id", flat=True)[:at_most])


def claim(generation_id: UUID) -> bool:
    """Make it this process's, and let its runner write it."""
    runner = installed_runner()
    rows = Generation.objects.filter(id=generation_id, status__in=Generation.LIVE)
    row = rows.select_related("message__conversation").first()
    return row is not None and runner is not None and _claim(row, runner)


def _claim(row: Generation, runner: TurnRunner) -> bool:
    # A claim that is not followed by the bill of the attempt it replaces would hide it: one transaction.
    with traces.span("takeover" if row.attempt else "claim", parent=row.trace), transaction.atomic():
        if not _take(row, runner):
            return False  # another sweep was faster, or the owner renewed its lease
        faultpoint("sweep.claimed")
        events = [load_event(body) for body in events_of(row).values_list("body", flat=True)]
        turn = _turn_of(row)
        if row.attempt:
            _count_lost_attempt(turn, events)
        faultpoint("sweep.counted")
    draft = draft_of(events)
    acted = any(isinstance(event, ToolResult) for event in events)  # also what a reset has taken from sight
    step = _next_step(turn, draft, stop=row.stop_requested, tool_acted=acted)
    runner.take_over(turn, draft, last_seq=len(events), step=step)
    faultpoint("sweep.handed")
    if row.attempt:
        takeovers.labels(step).inc()
    logger.info("took over generation %s, attempt %d, after %d events", row.id, turn.attempt, len(events))
    return True


def _take(row: Generation, runner: TurnRunner) -> bool:
    """The conditional update: of two sweeps one wins."""
    taken = (
        Generation.objects.filter(id=row.id, fence=row.fence, status=row.status)
        .filter(ANYBODYS)
        .update(
            status=Generation.Status.RUNNING,
            owner=runner.owner,
            fence=F("fence") + 1,
            attempt=F("attempt") + 1,
            lease_until=Now() + LEASE,
        )
    )
    faultpoint("sweep.tried")
    return taken == 1


def _count_lost_attempt(turn: Turn, events: Sequence[TapeEvent]) -> None:
    """The vendor was paid for words that died with their runner: an estimate stands in the usage ledger for its count.

    Also for an attempt of which nothing is stored: the vendor may have spoken, and its words died before their commit.
    """
    model = _model_of(turn)
    if model is None or turn.bot_version_id is None:
        return
    model = model.itself(next((event.model for event in reversed(events) if isinstance(event, Started)), ""))
    record_usage(
        workspace_id=turn.workspace_id,
        user_id=turn.user_id,
        generation_id=turn.generation_id,
        endpoint_id=model.route.endpoint_id,
        model=model.name,
        input_tokens=0,
        output_tokens=-(-len(_words_of_attempt(events, turn.attempt - 1)) // CHARACTERS_PER_TOKEN),
        estimated=True,
        purpose=persona_of_version(turn.bot_version_id).purpose,
    )


def _words_of_attempt(events: Sequence[TapeEvent], attempt: int) -> str:
    words, is_its = "", False
    for event in events:
        if isinstance(event, Started):
            words, is_its = "", event.attempt == attempt
        elif is_its and isinstance(event, Delta | Reasoning):
            words += event.text
    return words


def _next_step(turn: Turn, draft: Draft, *, stop: bool, tool_acted: bool) -> NextStep:
    if stop:
        return "stop"
    if turn.attempt > MAX_ATTEMPTS or tool_acted or (draft.is_shown and not _can_continue(turn)):
        return "interrupt"
    return "write"


def _can_continue(turn: Turn) -> bool:
    """Whether the model goes on in its own words."""
    model = _model_of(turn)
    return model is not None and model.prefill


def _model_of(turn: Turn) -> RoutedModel | None:
    """None when the bot or its model is gone."""
    try:
        persona = persona_of_version(turn.bot_version_id) if turn.bot_version_id else None
        return model_for(persona.model_card_id) if persona and persona.model_card_id else None
    except ParleyError:
        return None


def _turn_of(row: Generation) -> Turn:
    """The turn of a row as it stands after our claim."""
    answer, conversation = row.message, row.message.conversation
    assert answer.parent_id is not None  # an answer has something it answers
    return Turn(
        generation_id=row.id,
        fence=row.fence + 1,
        attempt=row.attempt + 1,
        conversation_id=conversation.id,
        parent_id=answer.parent_id,
        answer_id=answer.id,
        bot_version_id=answer.bot_version_id,
        user_id=conversation.owner_id,
        workspace_id=conversation.workspace_id,
        is_first=conversation.title_source == conversation.TitleSource.EXCERPT,
        continues_id=row.continues_id,
        trace=row.trace,
    )
