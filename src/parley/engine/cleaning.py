"""Remove the tapes of generations that ended long ago: the message holds the text."""

from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now

from parley.engine.models import Event, Generation

AT_ONCE = 500  # generations in one statement, so that no writer waits long


def clean_tapes() -> int:
    """Delete the events of generations that ended `TAPE_KEPT_HOURS` ago. Returns how many generations were cleaned."""
    cleaned = 0
    ended = Generation.objects.filter(
        ended_at__lt=Now() - timedelta(hours=settings.TAPE_KEPT_HOURS), tape_cleaned=False
    ).order_by("id")
    while ids := list(ended.values_list("id", flat=True)[:AT_ONCE]):
        Event.objects.filter(generation_id__in=ids).delete()
        cleaned += Generation.objects.filter(id__in=ids).update(tape_cleaned=True)
    return cleaned
