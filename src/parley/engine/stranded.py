"""End what nobody will ever finish: replies that a backup caught in mid-sentence.

A sweep would take them over, and ask a vendor for them. In a restored instance that is work which the instance from before
may have finished long ago; so they end as interrupted, with every word that was stored, and whoever wants more continues them.
"""

import time

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from parley.conversations.actions import end_answer
from parley.engine.draft import draft_of
from parley.engine.events import Interrupted, dump_event, load_event
from parley.engine.models import Event, Generation


def interrupt_all() -> int:
    """Only where no process serves. Returns how many were ended."""
    live = Generation.objects.filter(status__in=Generation.LIVE).order_by("id")
    return sum(_interrupt(row) for row in list(live))


def _interrupt(row: Generation) -> bool:
    tape = Event.objects.filter(generation_id=row.id).order_by("seq").values_list("seq", "body")
    events = [load_event(body) for _, body in tape]
    seq = max((seq for seq, _ in tape), default=0) + 1
    with transaction.atomic():
        ended = Generation.objects.filter(id=row.id, status=row.status, fence=row.fence).update(
            status=Generation.Status.INTERRUPTED,
            owner="",
            lease_until=None,
            fence=F("fence") + 1,
            last_seq=seq,
            ended_at=Now(),
        )
        if ended != 1:
            return False
        now_ms = time.time_ns() // 1_000_000
        Event.objects.create(generation_id=row.id, seq=seq, at=now_ms, body=dump_event(Interrupted()))
        end_answer(row.message_id, parts=draft_of(events).parts(), status="interrupted")
    return True
