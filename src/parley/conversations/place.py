"""Where a post would go: a conversation of one's own, and the message above. By hand, in one statement: this is the one read
of every post, and through the ORM its two halves took a third of the post's time."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from parley.accounts.access import Member
from parley.conversations.access import NO_CONVERSATION
from parley.core.errors import NotFound
from parley.core.prepared import prepared_cursor

PLACE = """
SELECT conversation.bot_id, conversation.title, conversation.leaf_id, parent.role, parent.status
FROM conversations_conversation conversation
LEFT JOIN conversations_message parent
    ON parent.id = coalesce(%s, conversation.leaf_id) AND parent.conversation_id = conversation.id
WHERE conversation.id = %s AND conversation.owner_id = %s AND conversation.workspace_id = %s
"""
# Two posts at once take turns, as SQLite's transactions do: the second finds the first's empty answer and is refused.
TAKE_TURNS = " FOR NO KEY UPDATE OF conversation"


@dataclass(frozen=True, slots=True)
class Place:
    """`parent_id` is the message that was named, else the leaf that is shown; its role and status are empty if it is not
    in this conversation."""

    id: UUID
    owner_id: UUID
    workspace_id: UUID
    bot_id: UUID | None
    title: str
    parent_id: UUID | None
    parent_role: str
    parent_status: str


def place_for(member: Member, conversation_id: UUID, *, parent_id: UUID | None) -> Place:
    """Raises `NotFound` when the conversation is somebody else's or none. Its row is ours until the transaction ends."""
    ids = [_key(id_) for id_ in (parent_id, conversation_id, member.user_id, member.workspace_id)]
    row = _read(ids)
    if row and parent_id is None and row[2] and not row[3]:
        row = _read(ids)  # PostgreSQL waited for another post, and joined the leaf of before to the row of after
    if row is None:
        raise NotFound(NO_CONVERSATION)
    bot_id, title, leaf_id, role, status = row
    return Place(
        conversation_id,
        member.user_id,
        member.workspace_id,
        _uuid(bot_id),
        title,
        parent_id or _uuid(leaf_id),
        role or "",
        status or "",
    )


def _read(ids: list[UUID | str | None]) -> tuple[Any, ...] | None:  # as the driver gives it
    with prepared_cursor() as cursor:
        cursor.execute(PLACE + (TAKE_TURNS if connection.features.has_select_for_no_key_update else ""), ids)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _key(id_: UUID | None) -> UUID | str | None:
    return id_.hex if id_ and not connection.features.has_native_uuid_field else id_


def _uuid(stored: UUID | str | None) -> UUID | None:
    return UUID(stored) if isinstance(stored, str) else stored
