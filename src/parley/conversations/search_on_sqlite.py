"""Full-text search over messages on SQLite: FTS5 finds, ranks and cuts snippets (migration 0002)."""

from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from parley.accounts.access import Member

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


def index_a_little(cursor: CursorWrapper, *, wait: bool, at_once: int | None = None) -> None:
    """Put the oldest few that are due into the index. Inside a transaction; there is only one at a time."""
    for statement in INDEX_ON_SQLITE:
        cursor.execute(statement, [at_once or DUE_AT_ONCE])


def find(member: Member, words: list[str], limit: int, offset: int) -> dict[UUID, str]:
    """Snippets by message id, best first. Each word goes as an FTS5 string, so that none is taken for its syntax."""
    quoted = " ".join('"' + word.replace('"', '""') + '"' for word in words)
    match = f'owner : "{member.user_id.hex}" AND text : ({quoted}*)'
    with connection.cursor() as cursor:
        cursor.execute(FIND_ON_SQLITE, [match, member.user_id.hex, member.workspace_id.hex, limit, offset])
        return {UUID(message_id): snippet for message_id, snippet in cursor.fetchall()}
