"""Thin Celery entries, safe to run twice."""

from celery import shared_task

from parley.conversations import actions


@shared_task(name="conversations.forget_old_receipts", expires=3600)
def forget_old_receipts() -> None:
    actions.forget_old_receipts()
