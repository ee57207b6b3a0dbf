"""Find one's own messages by their words, best first. The index keeps itself (migration 0002); here it is only read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from parley.accounts.access import Member
from parley.conversations.cursors import cursor_at, offset_of
from parley.conversations.models import Message

MAX_WORDS = 16  # who pastes a page finds what its first words find
MAX_QUESTION_CHARS = 1000

# bm25 weighs the owner's column with nothing: it only chooses the rows. Ids grow with time, so the newer of equals is first.
FIND_ON_SQLITE = """
SELECT message.id, snippet(conversations_search, 1, char(2), char(3), '…', 24)
FROM conversations_search
JOIN conversations_search_row entry ON entry.id = conversations_search.rowid
JOIN conversations_message message ON message.id = entry.message_id
JOIN conversations_conversation conversation ON conversation.id = message.conversation_id
WHERE conversations_search MATCH %s AND conversation.owner_id = %s AND conversation.workspace_id = %s
ORDER BY bm25(conversations_search, 0.0, 1.0), message.id DESC LIMIT %s OFFSET %s
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A message that holds the words. `snippet` is plain text with U+0002 before and U+0003 behind each of them."""

    conversation_id: UUID
    title: str
    message_id: UUID
    role: str
    snippet: str
    created_at: datetime


def search_messages(
    member: Member, question: str, *, limit: int = 20, cursor: str | None = None
) -> tuple[list[Found], str | None]:
    """A page of the member's own messages that hold all words of `question`, and the cursor of the next page.

    The last word may be unfinished. Any text is a fair question; one without a word finds nothing. Two queries. Pages are
    counted, not marked by rank: each new message changes all ranks a little. Raises `Invalid` for a foreign cursor.
    """
    offset = offset_of(cursor) if cursor else 0
    words = _words_of(question)
    if not words:
        return [], None
    snippets = FINDERS[connection.vendor](member, words, limit + 1, offset)
    page = dict(list(snippets.items())[:limit])
    return _found(page), cursor_at(offset + limit) if len(snippets) > limit else None


def _words_of(question: str) -> list[str]:
    """What stands between blanks and holds a letter or digit; the index cuts it further as it cut the messages."""
    readable = question[:MAX_QUESTION_CHARS].replace("\0", " ").encode(errors="replace").decode()
    return [word for word in readable.split() if any(map(str.isalnum, word))][:MAX_WORDS]


def _find_on_sqlite(member: Member, words: list[str], limit: int, offset: int) -> dict[UUID, str]:
    """Snippets by message id, best first. Each word goes as an FTS5 string, so that none is taken for its syntax."""
    quoted = " ".join('"' + word.replace('"', '""') + '"' for word in words)
    match = f'owner : "{member.user_id.hex}" AND text : ({quoted}*)'
    with connection.cursor() as cursor:
        cursor.execute(FIND_ON_SQLITE, [match, member.user_id.hex, member.workspace_id.hex, limit, offset])
        return {UUID(message_id): snippet for message_id, snippet in cursor.fetchall()}


FINDERS: dict[str, Callable[[Member, list[str], int, int], dict[UUID, str]]] = {"sqlite": _find_on_sqlite}


def _found(snippets: dict[UUID, str]) -> list[Found]:
    rows = Message.objects.filter(id__in=snippets).values_list(
        "id", "conversation_id", "conversation__title", "role", "created_at"
    )
    by_id = {row[0]: Found(row[1], row[2], row[0], row[3], snippets[row[0]], row[4]) for row in rows}
    return [by_id[message_id] for message_id in snippets if message_id in by_id]
