"""The same key twice is the same post: a receipt is claimed first, inside the transaction of the post (N2)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils import timezone

from parley.conversations.models import Message, Receipt
from parley.conversations.parts import Part, dump_parts
from parley.core.errors import KeyReused, NotFound
from parley.core.prepared import prepared_cursor

# By hand, because the ORM does not tell whether a row was refused. The same words on SQLite and PostgreSQL.
CLAIM = """
INSERT INTO conversations_receipt (user_id, "key", digest, conversation_id, message_id, answer_id, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (user_id, "key") DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Promised:
    """The ids that a post will have if its key is new."""

    conversation_id: UUID
    message_id: UUID
    answer_id: UUID


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that was accepted, and the empty answer that waits for its text.

    `fresh` is False when the same post came again: this is what came of the first. `continued_id` names the sibling
    that was cut off and that the answer starts from.
    """

    conversation_id: UUID
    message_id: UUID
    answer_id: UUID
    bot_version_id: UUID
    fresh: bool = True
    new_conversation: bool = False
    continued_id: UUID | None = None


def digest_of(command: str, parts: Sequence[Part], *target: object) -> str:
    """SHA-256 of all that a post says: a retry has the same, another post under a used key has not."""
    said = "\n".join([command, *map(str, target), dump_parts(list(parts))])
    return hashlib.sha256(said.encode()).hexdigest()


def claim(user_id: UUID, key: UUID, digest: str, promised: Promised) -> Posted | None:
    """None: the key is ours now. Otherwise what came of the first post with it. Raises `KeyReused` and `NotFound`."""
    to_db = Receipt._meta.get_field("key").get_db_prep_value
    ids = (to_db(id_, connection) for id_ in (promised.conversation_id, promised.message_id, promised.answer_id))
    now = Receipt._meta.get_field("created_at").get_db_prep_value(timezone.now(), connection)
    with prepared_cursor() as cursor:
        cursor.execute(CLAIM, [to_db(user_id, connection), to_db(key, connection), digest, *ids, now])
        if cursor.rowcount == 1:
            return None
    return _first_post(user_id, key, digest)


def was_accepted(user_id: UUID, key: UUID) -> bool:
    """Whether a post with this key came before, whatever it said."""
    return Receipt.objects.filter(user_id=user_id, key=key).exists()


def _first_post(user_id: UUID, key: UUID, digest: str) -> Posted:
    receipt = Receipt.objects.get(user_id=user_id, key=key)
    if receipt.digest != digest:
        raise KeyReused
    answer = Message.objects.filter(id=receipt.answer_id).values("bot_version_id").first()
    if answer is None:
        raise NotFound("This message was accepted, and its conversation has been deleted since.")
    ids = (receipt.conversation_id, receipt.message_id, receipt.answer_id)
    return Posted(*ids, bot_version_id=answer["bot_version_id"], fresh=False)
