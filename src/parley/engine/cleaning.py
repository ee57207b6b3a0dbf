"""Remove the tapes of generations that ended long ago: the message holds the text."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Max, Min, Q
from django.db.models.functions import Now

from parley.engine.models import Event, Generation

AT_ONCE = 5000  # events in one statement, so that no writer waits long


def clean_tapes() -> int:
    """Delete the events of generations that ended `TAPE_KEPT_HOURS` ago. Returns how many events were deleted.

    The log is cut off at its old end: up to where the oldest tape begins that is written or kept.
    """
    cut = _oldest_kept()
    first = Event.objects.aggregate(first=Min("id"))["first"]
    deleted = 0
    while first is not None and first <= cut:
        first += AT_ONCE
        deleted += Event.objects.filter(id__lt=min(first, cut + 1)).delete()[0]
    return deleted


def _oldest_kept() -> int:
    """The id of the last event that no tape needs any more."""
    kept = Q(ended_at=None) | Q(ended_at__gt=Now() - timedelta(hours=settings.TAPE_KEPT_HOURS))
    oldest = Generation.objects.filter(kept).aggregate(at=Min("tape_from"))["at"]
    if oldest is None:
        oldest = Event.objects.aggregate(last=Max("id"))["last"]
    return oldest or 0
