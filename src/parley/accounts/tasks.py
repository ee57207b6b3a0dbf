"""Celery's entries to accounts. Safe to run twice, or never on time."""

from celery import shared_task

from parley.accounts import actions


@shared_task(name="accounts.delete_expired", expires=3600)
def delete_expired() -> None:
    actions.delete_expired()
