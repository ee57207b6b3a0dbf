"""Celery entries of this room: thin, by ids, safe to run twice. `parley.celery` holds their schedule."""

from uuid import UUID

from celery import shared_task
from django.conf import settings

from parley.engine import recovery, replies, titles


@shared_task(name="engine.write_reply", expires=600)
def write_reply(turn: str, reader: str) -> None:
    """Rung by a web process: write the reply, and send its frames to the process `reader`."""
    replies.write_reply(turn, reader)


@shared_task(name="engine.write_title", expires=600)
def write_title(conversation_id: str, user_id: str) -> None:
    titles.write_title(UUID(conversation_id), UUID(user_id))


@shared_task(name="engine.sweep", expires=10)
def sweep() -> None:
    """Take over generations that nobody writes."""
    recovery.sweep()


@shared_task(name="engine.ring_for_missing_titles", expires=60)
def ring_for_missing_titles() -> None:
    """A doorbell may be lost with its process: ring again for conversations that still have an excerpt for a title."""
    if not settings.TITLES:
        return
    for conversation_id, user_id in titles.conversations_without_title():
        write_title.delay(str(conversation_id), str(user_id))
