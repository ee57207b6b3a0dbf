"""Reads of this room: each a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast

from parley.accounts.access import Member
from parley.bots.queries import Face, faces_of
from parley.conversations.access import NO_MESSAGE, conversation_for
from parley.conversations.models import Conversation, Message
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

# Downwards. Ids grow along each branch, so the largest was written last and nothing stands below it.
NEWEST_LEAF = """
WITH RECURSIVE branch (id) AS (
    SELECT id FROM conversations_message WHERE id = %s
    UNION ALL
    SELECT below.id FROM conversations_message below JOIN branch ON below.parent_id = branch.id AND below.id > branch.id
)
SELECT id FROM branch ORDER BY id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as it is shown. `stored_parts` is what `parts.parts_as_json` takes."""

    id: UUID
    parent_id: UUID | None
    role: str
    stored_parts: str
    status: str
    bot_version_id: UUID | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation with its whole tree, oldest message first. `faces`: by version, who wrote the answers."""

    conversation: Conversation
    messages: list[MessageRow]
    faces: dict[UUID, Face]


def open_conversation(member: Member, conversation_id: UUID) -> Opened:
    """Three queries, however long it is. Raises `NotFound`."""
    conversation = conversation_for(member, conversation_id)
    stored = Cast("parts", TextField())  # past the codec: nobody reads the parts here
    fields = ("id", "parent_id", "role", "stored", "status", "bot_version_id", "created_at")
    mine = conversation.messages.filter(id__gte=conversation.id)  # PostgreSQL looks into no month before
    rows = mine.annotate(stored=stored).order_by("id").values_list(*fields)
    messages = [MessageRow(*row) for row in rows]
    faces = faces_of(row.bot_version_id for row in messages if row.bot_version_id)
    return Opened(conversation, messages, faces)


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
