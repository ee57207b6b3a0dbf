"""Thin Celery entries, safe to run twice."""

from celery import shared_task

from parley.conversations import actions, search


@shared_task(name="conversations.forget_old_receipts", expires=3600)
def forget_old_receipts() -> None:
    actions.forget_old_receipts()


@shared_task(name="conversations.catch_up_search", expires=30)
def catch_up_search() -> None:
    """So that a first search after a busy day has nothing to wait for."""
    search.catch_up()
