"""Thin Celery entries, safe to run twice."""

from celery import shared_task
from django.utils import timezone

from parley.conversations import keeping, partitions, sharing


@shared_task(name="conversations.keep_months", expires=3600)
def keep_months() -> None:
    """Make room for the messages of the months to come, and give back that of those that are all deleted."""
    today = timezone.now().date()
    partitions.make_partitions(today)
    partitions.drop_empty_partitions(today)


@shared_task(name="conversations.forget_what_was_not_to_stay", expires=3600)
def forget_what_was_not_to_stay() -> None:
    """Temporary conversations, and links that have ended."""
    keeping.forget_temporary()
    sharing.forget_ended_shares()
