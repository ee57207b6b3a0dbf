"""Find one's own messages by their words, best first. Triggers tell which are due for the index (migrations 0002, 0004)."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from parley.accounts.access import Member
from parley.conversations import search_on_postgresql, search_on_sqlite
from parley.conversations.cursors import cursor_at, offset_of
from parley.conversations.models import Message
from parley.core.replica import from_replica

MAX_WORDS = 16  # who pastes a page finds what its first words find
MAX_QUESTION_CHARS = 1000

ALL_AT_ONCE = 2000  # in a step, where nobody waits for the lock: half the time of small steps
CATCH_UP_S = 1.0  # a search waits no longer for what is still to be put into the index


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
    return from_replica(_page, member, words, limit, offset)


def _page(member: Member, words: list[str], limit: int, offset: int) -> tuple[list[Found], str | None]:
    snippets = _INDEXES[connection.vendor].find(member, words, limit + 1, offset)
    page = dict(list(snippets.items())[:limit])
    return _found(page), cursor_at(offset + limit) if len(snippets) > limit else None


def catch_up() -> None:
    """Put what is due into the index, so that a search finds what was said a moment ago."""
    until = time.monotonic() + CATCH_UP_S
    while catch_up_a_little(wait=True) and time.monotonic() < until:
        pass


def index_all() -> None:
    """Put all that is due into the index, however long it takes: for an installation that nobody uses yet."""
    at_once = ALL_AT_ONCE if connection.vendor == "sqlite" else None
    while catch_up_a_little(wait=True, at_once=at_once):
        pass


def catch_up_a_little(*, wait: bool = False, at_once: int | None = None) -> bool:
    """Put the oldest few that are due into the index: a step of some milliseconds. False: none was.

    Without `wait`, what another process has in hand is left to it.
    """
    with connection.cursor() as cursor:
        if not _is_anything_due(cursor):
            return False
        with transaction.atomic():
            _INDEXES[connection.vendor].index_a_little(cursor, wait=wait, at_once=at_once)
    return True


def _is_anything_due(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT 1 FROM conversations_search_due LIMIT 1")
    return cursor.fetchone() is not None


def _words_of(question: str) -> list[str]:
    """What stands between blanks and holds a letter or digit; the index cuts it further as it cut the messages."""
    readable = question[:MAX_QUESTION_CHARS].replace("\0", " ").encode(errors="replace").decode()
    return [word for word in readable.split() if any(map(str.isalnum, word))][:MAX_WORDS]


def _found(snippets: dict[UUID, str]) -> list[Found]:
    rows = Message.objects.filter(id__in=snippets, conversation__temporary=False).values_list(
        "id", "conversation_id", "conversation__title", "role", "created_at"
    )
    by_id = {row[0]: Found(row[1], row[2], row[0], row[3], snippets[row[0]], row[4]) for row in rows}
    return [by_id[message_id] for message_id in snippets if message_id in by_id]


class _Index(Protocol):
    """One file for each database."""

    def find(self, member: Member, words: list[str], limit: int, offset: int) -> dict[UUID, str]: ...

    def index_a_little(self, cursor: CursorWrapper, *, wait: bool, at_once: int | None = None) -> None: ...


_INDEXES: dict[str, _Index] = {"sqlite": search_on_sqlite, "postgresql": search_on_postgresql}
