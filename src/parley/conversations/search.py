"""Find one's own messages by their words, best first. Triggers tell which messages are due for the index (migration 0002)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

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

# What is due, oldest first, moves into the index in steps of this many messages, so that no post waits long for the lock.
DUE_AT_ONCE = 10
DUE = "(SELECT message_id FROM conversations_search_due ORDER BY message_id LIMIT %s)"
# The words of a message; nothing of one that is stored in another form than JSON, a sealed one for example.
TEXT = """
CASE WHEN json_valid(message.parts) THEN coalesce((
    SELECT group_concat(json_extract(part.value, '$.text'), char(10)) FROM json_each(message.parts) AS part
    WHERE json_extract(part.value, '$.type') = 'text'
), '') ELSE '' END
"""
INDEX_ON_SQLITE = (  # no person's words enter this SQL
    f"INSERT OR IGNORE INTO conversations_search_row (message_id) SELECT * FROM {DUE}",
    f"""
    DELETE FROM conversations_search
    WHERE rowid IN (SELECT id FROM conversations_search_row WHERE message_id IN {DUE})
    """,
    f"""
    INSERT INTO conversations_search (rowid, owner, text)
    SELECT entry.id, conversation.owner_id, {TEXT}
    FROM conversations_search_row entry
    JOIN conversations_message message ON message.id = entry.message_id
    JOIN conversations_conversation conversation ON conversation.id = message.conversation_id
    WHERE entry.message_id IN {DUE}
    """,
    f"DELETE FROM conversations_search_due WHERE message_id IN {DUE}",
)


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

    The last word may be unfinished. Any text is a fair question; one without a word finds nothing. Three queries, and
    those of `catch_up` where something is due. Pages are counted, not marked by rank: each new message changes all ranks
    a little. Raises `Invalid` for a foreign cursor.
    """
    offset = offset_of(cursor) if cursor else 0
    words = _words_of(question)
    if not words:
        return [], None
    catch_up()
    snippets = FINDERS[connection.vendor](member, words, limit + 1, offset)
    page = dict(list(snippets.items())[:limit])
    return _found(page), cursor_at(offset + limit) if len(snippets) > limit else None


def catch_up() -> None:
    """Put all that is due into the index, so that a search finds what was said a moment ago."""
    while catch_up_a_little():
        pass


def catch_up_a_little() -> bool:
    """Put the oldest few that are due into the index: a step that holds the lock for some milliseconds. False: none was."""
    with connection.cursor() as cursor:
        if not _is_anything_due(cursor):
            return False
        with transaction.atomic():
            for statement in INDEX_ON_SQLITE:
                cursor.execute(statement, [DUE_AT_ONCE])
    return True


def _is_anything_due(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT 1 FROM conversations_search_due LIMIT 1")
    return cursor.fetchone() is not None


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
