"""Thin Celery entries, safe to run twice."""

from celery import shared_task
from django.utils import timezone

from parley.conversations import actions, partitions


@shared_task(name="conversations.forget_old_receipts", expires=3600)
def forget_old_receipts() -> None:
    actions.forget_old_receipts()


@shared_task(name="conversations.keep_months", expires=3600)
def keep_months() -> None:
    """Make room for the messages of the months to come, and give back that of those that are all deleted."""
    today = timezone.now().date()
    partitions.make_partitions(today)
    partitions.drop_empty_partitions(today)
