"""Reads of this room: each a fixed number of queries."""

from uuid import UUID

from django.db import connection

from parley.conversations.access import NO_MESSAGE
from parley.conversations.models import Message
from parley.conversations.parts import Part
from parley.core.errors import NotFound

# Upwards from one message, by primary key. The same words on SQLite and PostgreSQL.
ANCESTORS = """
WITH RECURSIVE chain (id, parent_id, distance) AS (
    SELECT id, parent_id, 0 FROM conversations_message WHERE id = %s
    UNION ALL
    SELECT above.id, above.parent_id, chain.distance + 1
    FROM conversations_message above JOIN chain ON above.id = chain.parent_id
    WHERE chain.distance + 1 < %s
)
SELECT message.* FROM chain JOIN conversations_message message ON message.id = chain.id ORDER BY chain.distance DESC
"""

# Downwards: in a subtree the message made last has no child, so the newest id is the newest leaf.
NEWEST_LEAF = """
WITH RECURSIVE branch (id) AS (
    SELECT id FROM conversations_message WHERE id = %s
    UNION ALL
    SELECT below.id FROM conversations_message below JOIN branch ON below.parent_id = branch.id
)
SELECT id FROM branch ORDER BY id DESC LIMIT 1
"""


def history(message_id: UUID, *, limit: int = 200) -> list[Message]:
    """The message and what came before it, root first: at most the last `limit` messages. One query."""
    return list(Message.objects.raw(ANCESTORS, [_key(message_id), limit]))


def parts_of(message_id: UUID) -> list[Part]:
    """Raises `NotFound`."""
    parts: list[Part] | None = Message.objects.filter(id=message_id).values_list("parts", flat=True).first()
    if parts is None:
        raise NotFound(NO_MESSAGE)
    return parts


def newest_leaf(message_id: UUID) -> UUID:
    """The end of the branch that was written last below this message; itself when nothing stands below. One query."""
    return Message.objects.raw(NEWEST_LEAF, [_key(message_id)])[0].id


def _key(message_id: UUID) -> object:
    """As this database stores an id."""
    return Message._meta.pk.get_db_prep_value(message_id, connection)
