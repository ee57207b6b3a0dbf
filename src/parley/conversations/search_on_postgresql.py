"""Full-text search over messages on PostgreSQL: a GIN index over the words of each person (migration 0004)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.backends.utils import CursorWrapper

from parley.accounts.access import Member
from parley.conversations.parts import load_parts, text_of
from parley.core.replica import read_alias
from parley.core.words import Said, words_said

DUE_AT_ONCE = 100
WORDS_OF_A_MESSAGE = 30_000  # the index takes no more than 1 MiB for one
SNIPPET_WORDS = 24
WORDS_BEFORE = 4  # the first hit, in a snippet that begins in the middle
LETTERS_AFTER_STEM = 4  # of another form of the word; more make another word

DUE = """
SELECT due.message_id, conversation.owner_id, message.parts FROM conversations_search_due due
LEFT JOIN conversations_message message ON message.id = due.message_id
LEFT JOIN conversations_conversation conversation ON conversation.id = message.conversation_id
ORDER BY due.message_id LIMIT %s FOR UPDATE OF due
"""
PUT = """
INSERT INTO conversations_search VALUES (%s, conversations_words(%s, %s::text[]))
ON CONFLICT (message_id) DO UPDATE SET words = excluded.words
"""
DONE = "DELETE FROM conversations_search_due WHERE message_id = ANY(%s)"

# The newest of very many are ranked; to rank all would cost a fifth of a second for a word that stands everywhere. What
# fits is found first, whatever its order: else the planner may walk through everybody's messages in that order instead.
RANKED = 2000
FIND = """
WITH fitting AS MATERIALIZED (
    SELECT message_id FROM conversations_search WHERE words @@ conversations_question(%(owner)s, %(words)s::text[])
), newest AS MATERIALIZED (SELECT message_id FROM fitting ORDER BY message_id DESC LIMIT %(ranked)s)
SELECT message.id, message.parts, ARRAY(SELECT conversations_stem(word) FROM unnest(%(words)s::text[]) AS asked (word))
FROM newest
JOIN conversations_search entry ON entry.message_id = newest.message_id
JOIN conversations_message message ON message.id = newest.message_id
JOIN conversations_conversation conversation ON conversation.id = message.conversation_id
WHERE conversation.owner_id = %(user)s AND conversation.workspace_id = %(workspace)s
ORDER BY ts_rank(entry.words, conversations_question(%(owner)s, %(words)s::text[]), 1) DESC, message.id DESC
LIMIT %(limit)s OFFSET %(offset)s
"""


def index_a_little(cursor: CursorWrapper, *, wait: bool, at_once: int | None = None) -> None:
    """Put the oldest that are due into the index. Inside a transaction.

    Without `wait`, what another process is putting in at this moment is left to it.
    """
    cursor.execute(DUE if wait else f"{DUE} SKIP LOCKED", [at_once or DUE_AT_ONCE])
    due = cursor.fetchall()
    there = [(message_id, mark_of(owner_id), words_of(parts)) for message_id, owner_id, parts in due if owner_id]
    cursor.executemany(PUT, there)
    cursor.execute(DONE, [[row[0] for row in due]])


def find(member: Member, words: list[str], limit: int, offset: int) -> dict[UUID, str]:
    """Snippets by message id, best first."""
    asked = [said.word for word in words for said in words_said(word)]
    if not asked:
        return {}
    values: dict[str, Any] = {
        "owner": mark_of(member.user_id),
        "words": asked,
        "ranked": RANKED,
        "user": member.user_id,
        "workspace": member.workspace_id,
        "limit": limit,
        "offset": offset,
    }
    with connections[read_alias()].cursor() as cursor:
        cursor.execute(FIND, values)
        return {message_id: snippet(_text(parts), stems) for message_id, parts, stems in cursor.fetchall()}


def mark_of(owner_id: UUID) -> str:
    """What stands before the words of a person. Two may share one: whose a message is, its conversation tells."""
    return owner_id.hex[-8:]


def words_of(stored_parts: str) -> list[str]:
    return [said.word for said in words_said(_text(stored_parts))[:WORDS_OF_A_MESSAGE]]


def snippet(text: str, stems: Sequence[str]) -> str:
    """Some words of the text around its first hits, with U+0002 before and U+0003 behind each hit."""
    words = words_said(text)
    hits = [_is_hit(said, stems) for said in words]
    first = max(0, hits.index(True) - WORDS_BEFORE) if True in hits else 0
    first = max(0, min(first, len(words) - SNIPPET_WORDS))
    last = min(len(words), first + SNIPPET_WORDS)
    at = words[first].start if first else 0
    pieces = ["…"] if first else []
    for said, hit in zip(words[first:last], hits[first:last], strict=True):
        word = text[said.start : said.end]
        pieces += [text[at : said.start], f"\x02{word}\x03" if hit else word]
        at = said.end
    return "".join(pieces) + ("…" if last < len(words) else text[at:])


def _is_hit(said: Said, stems: Sequence[str]) -> bool:
    """The last word that was asked for may be unfinished; of the others, this is another form."""
    if said.word.startswith(stems[-1]):
        return True
    return any(said.word.startswith(stem) and len(said.word) <= len(stem) + LETTERS_AFTER_STEM for stem in stems)


def _text(stored_parts: str) -> str:
    return text_of(load_parts(stored_parts))
