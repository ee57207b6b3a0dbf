"""Short ways to say something in tests."""

from uuid import UUID, uuid4

from django.db import transaction

from parley.accounts.access import Member
from parley.conversations import actions
from parley.conversations.models import Message
from parley.conversations.parts import Part, TextPart
from parley.conversations.receipts import Posted


def text(words: str) -> list[Part]:
    return [TextPart(text=words)]


def say(member: Member, words: str = "Hello", **where: object) -> Posted:
    """Post with a new key. The transaction is the one that the engine opens around each post."""
    with transaction.atomic():
        return actions.post_message(member, text(words), key=uuid4(), **where)  # type: ignore[arg-type] # the tests' own


def exchange(member: Member, words: str = "Hello", answer: str = "Hi there", **where: object) -> Posted:
    """Post, and let the answer come to its end."""
    posted = say(member, words, **where)
    assert end(posted.answer_id, answer) == 1
    return posted


def end(answer_id: UUID, words: str = "", status: actions.Ended = "completed") -> int:
    return actions.end_answer(answer_id, parts=text(words) if words else [], status=status)


def message(message_id: UUID) -> Message:
    return Message.objects.get(id=message_id)
