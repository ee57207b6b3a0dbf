"""Takeover: find generations that nobody writes any more, and see each to its one end (N3).

Nothing shown yet: start again. Words shown, and the model can continue its own message: go on in place. Otherwise the answer
ends as interrupted, and its text is kept. A claim is a conditional update with a higher fence: of two sweeps one wins, and
a runner that comes back from the dead can write nothing.
"""

import logging
from datetime import timedelta

from django.db.models import F, Q
from django.db.models.functions import Now

from parley.bots.personas import persona_of_version
from parley.core.errors import ParleyError
from parley.core.faultpoint import faultpoint
from parley.engine.draft import Draft, draft_of
from parley.engine.events import load_event
from parley.engine.lease import LEASE, TurnRunner, installed_runner
from parley.engine.models import Event, Generation
from parley.engine.values import NextStep, Turn
from parley.providers.routes import model_for

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3  # a generation that has killed three runners is not tried on a fourth
QUEUED_FOR = timedelta(seconds=2)  # before a sweep believes that no runner was told
AT_ONCE = 100


def sweep() -> int:
    """Claim what nobody writes and hand it to this process's runner. Returns how many; 0 where there is no runner."""
    runner = installed_runner()
    if runner is None:
        return 0
    stale = Q(status=Generation.Status.RUNNING, lease_until__lt=Now()) | Q(
        status=Generation.Status.QUEUED, created_at__lt=Now() - QUEUED_FOR
    )
    rows = Generation.objects.filter(stale).select_related("message__conversation").order_by("id")[:AT_ONCE]
    return sum(_claim(row, runner) for row in rows)


def _claim(row: Generation, runner: TurnRunner) -> bool:
    claimed = (
        Generation.objects.filter(id=row.id, fence=row.fence, status=row.status)
        .filter(Q(lease_until=None) | Q(lease_until__lt=Now()))
        .update(
            status=Generation.Status.RUNNING,
            owner=runner.owner,
            fence=F("fence") + 1,
            attempt=F("attempt") + 1,
            lease_until=Now() + LEASE,
        )
    )
    if claimed != 1:
        return False  # another sweep was faster, or the owner renewed its lease
    faultpoint("sweep.claimed")
    events = list(Event.objects.filter(generation_id=row.id).order_by("seq").values_list("seq", "body"))
    draft = draft_of(load_event(body) for _, body in events)
    acted = any(part.type == "tool_result" for part in draft.parts())
    turn = _turn_of(row)
    step = _next_step(turn, draft, stop=row.stop_requested, tool_acted=acted)
    runner.take_over(turn, draft, last_seq=events[-1][0] if events else 0, step=step)
    logger.info("took over generation %s, attempt %d, after %d events", row.id, turn.attempt, len(events))
    return True


def _next_step(turn: Turn, draft: Draft, *, stop: bool, tool_acted: bool) -> NextStep:
    if stop:
        return "stop"
    if turn.attempt > MAX_ATTEMPTS or tool_acted or (draft.is_shown and not _can_continue(turn)):
        return "interrupt"
    return "write"


def _can_continue(turn: Turn) -> bool:
    """Whether the model goes on in its own words."""
    try:
        persona = persona_of_version(turn.bot_version_id) if turn.bot_version_id else None
        return persona is not None and persona.model_card_id is not None and model_for(persona.model_card_id).prefill
    except ParleyError:
        return False  # the bot or its model is gone


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
    )
