"""`python -m bench.seed --conversations N --messages M`: fills a PostgreSQL with what people said in a year.

By COPY and past all triggers, since the rooms' own way would take hours: a message is seeded as the rooms would have left it,
indexed for search, with its generation. The people are there already; each gets the same number of conversations. Bodies come
from a pool, whose words are as unevenly frequent as those of a language; the same seed makes the same words.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

BODIES = 4000  # a pool of each length
WORDS = 20_000
SAID_WORDS, ANSWER_WORDS = 12, 45
DAYS = 360
DAY_MS = 86_400_000
YEAR = 12
SYLLABLES = [a + b for a in "bdfgklmnprtvz" for b in "aiou"]
WITHOUT_INDEX = "conversations_search_words"


@dataclass(frozen=True, slots=True)
class Body:
    """`parts` as stored; `words` is its entry in the index, with `\\0` where the owner's mark belongs."""

    parts: str
    words: str
    title: str


def main() -> None:
    """Seed, and print some words to search for, the most frequent first."""
    parser = argparse.ArgumentParser(prog="bench.seed")
    parser.add_argument("--conversations", type=int, required=True)
    parser.add_argument("--messages", type=int, required=True)
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "parley.settings"

    import django  # after the environment: it reads its settings when it is set up

    django.setup()
    dice = random.Random(1)
    vocabulary = _vocabulary(dice)
    said, answers = (_pool(dice, vocabulary, words) for words in (SAID_WORDS, ANSWER_WORDS))
    Seed(dice, said, answers).plant(options.conversations, options.messages // options.conversations)
    print(*(vocabulary[n] for n in (0, 3, 10, 40, 150, 600, 2500, 10_000, WORDS - 1)))


def _vocabulary(dice: random.Random) -> list[str]:
    """Words that no stemmer shortens: they end in a vowel that it leaves alone."""
    words: dict[str, None] = {}
    while len(words) < WORDS:
        words["".join(dice.choices(SYLLABLES, k=dice.randint(2, 4)))[:-1] + "o"] = None
    return list(words)


def _pool(dice: random.Random, vocabulary: list[str], average: int) -> list[Body]:
    weights = [1 / (place + 2) for place in range(WORDS)]
    lengths = [dice.randint(average // 2, average * 3 // 2) for _ in range(BODIES)]
    spoken = dice.choices(vocabulary, weights, k=sum(lengths))
    bodies, at = [], 0
    for length in lengths:
        bodies.append(_body(spoken[at : at + length]))
        at += length
    return bodies


def _body(words: list[str]) -> Body:
    text = " ".join(words)
    places: dict[str, list[str]] = {}
    for place, word in enumerate(words, 1):
        places.setdefault(word, []).append(str(place))
    entries = " ".join(f"'\0{word}':{','.join(at)}" for word, at in sorted(places.items()))
    return Body(f'[{{"type":"text","text":"{text}"}}]', entries, text[:60])


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation; `mark` is what stands before its owner's words in the index."""

    id: str
    owner: str
    mark: str
    begun_ms: int


class Seed:
    """The rows of a year, one table after another. Ids are UUIDv7 of the moment, so that each lies in its month."""

    def __init__(self, dice: random.Random, said: list[Body], answers: list[Body]) -> None:
        from parley.accounts.models import Membership
        from parley.bots.models import BotVersion

        self._dice, self._said, self._answers = dice, said, answers
        self._people = list(Membership.objects.order_by("user_id").values_list("user_id", "workspace_id"))
        self._version = BotVersion.objects.order_by("id")[0]
        self._begin_ms = int(time.time() * 1000) - DAYS * DAY_MS
        self._conversations: list[Talk] = []

    def plant(self, conversations: int, each: int) -> None:
        """`conversations` of `each` messages."""
        from django.db import connection

        from parley.conversations.partitions import make_partitions

        for months in range(YEAR + 1):
            make_partitions(_months_ago(YEAR - months))
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica; SET statement_timeout = 0")
            cursor.execute("SET maintenance_work_mem = '512MB'")
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [WITHOUT_INDEX])
            index = cursor.fetchone()[0]
            cursor.execute(f"DROP INDEX {WITHOUT_INDEX}")
            for what, work in (
                (
                    "conversations",
                    lambda: self._copy(cursor, *self._tables()[0], self._conversation_rows(conversations)),
                ),
                ("messages, their generations and words", lambda: self._messages(cursor, each)),
                ("the index", lambda: cursor.execute(index)),
                ("statistics", lambda: cursor.execute("VACUUM ANALYZE")),
            ):
                _timed(what, work)

    def _messages(self, cursor: Any, each: int) -> None:
        """In slices, so that three COPYs take turns on one connection and no list of millions stands in memory."""
        _, messages, generations, words = self._tables()
        for first in range(0, len(self._conversations), 2000):
            rows = list(chain.from_iterable(map(self._talk, self._conversations[first : first + 2000], [each] * 2000)))
            self._copy(cursor, *messages, (row[0] for row in rows))
            self._copy(cursor, *words, (row[1] for row in rows))
            self._copy(cursor, *generations, (row[2] for row in rows if row[2]))

    def _tables(self) -> tuple[tuple[str, str], ...]:
        from parley.engine.models import Generation

        fields = Generation._meta.local_fields
        row = Generation(status="completed")
        special = {"id": "<id>", "message_id": "<message>", "created_at": "<at>", "ended_at": "<at>"}
        self._generation = "\t".join(
            special.get(field.attname) or _stored(getattr(row, field.attname)) for field in fields
        )
        return (
            ("conversations_conversation", self._conversation_columns()),
            (
                "conversations_message",
                "id, conversation_id, parent_id, role, user_id, bot_version_id, parts, status, created_at",
            ),
            ("engine_generation", ", ".join(str(field.column) for field in fields)),
            ("conversations_search", "message_id, words"),
        )

    def _conversation_columns(self) -> str:
        from parley.conversations.models import Conversation

        return ", ".join(str(field.column) for field in Conversation._meta.local_fields)

    def _conversation_rows(self, count: int) -> Iterator[str]:
        from parley.conversations.models import Conversation

        fields = Conversation._meta.local_fields
        for number in range(count):
            owner, workspace = self._people[number % len(self._people)]
            ms = self._begin_ms + int(self._dice.random() * (DAYS - 1) * DAY_MS)
            id_, at = self._id(ms), _moment(ms)
            self._conversations.append(Talk(id_, str(owner), owner.hex[-8:], ms))
            row = Conversation(
                id=id_,
                workspace_id=workspace,
                owner_id=owner,
                bot_id=self._version.bot_id,
                title=self._dice.choice(self._said).title,
                title_source="model",
                created_at=at,
                updated_at=at,
            )
            yield "\t".join(_stored(getattr(row, field.attname)) for field in fields)

    def _talk(self, conversation: Talk, each: int) -> Iterator[tuple[str, str, str]]:
        """Of each message its row, its entry in the index, and the row of its generation. By hand: it runs millions of times."""
        above, ms = "\\N", conversation.begun_ms
        for number in range(each):
            ms += 30_000
            message, at, is_answer = self._id(ms), _moment(ms), number % 2 == 1
            body = self._dice.choice(self._answers if is_answer else self._said)
            who = f"assistant\t\\N\t{self._version.id}" if is_answer else f"user\t{conversation.owner}\t\\N"
            row = f"{message}\t{conversation.id}\t{above}\t{who}\t{body.parts}\tcompleted\t{at}"
            entry = body.words.replace("\0", conversation.mark)
            yield row, f"{message}\t{entry}", self._generation_of(message, ms, at) if is_answer else ""
            above = message

    def _generation_of(self, message: str, ms: int, at: str) -> str:
        return self._generation.replace("<id>", self._id(ms)).replace("<message>", message).replace("<at>", at)

    def _id(self, millisecond: int) -> str:
        bits = self._dice.getrandbits
        return f"{millisecond:012x}7{bits(12):03x}{1 << 63 | bits(62):016x}"

    def _copy(self, cursor: Any, table: str, columns: str, rows: Iterator[str]) -> None:
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            block: list[str] = []
            for row in rows:
                block.append(row)
                if len(block) == 1000:
                    copy.write("\n".join(block) + "\n")
                    block = []
            if block:
                copy.write("\n".join(block) + "\n")


def _stored(value: object) -> str:
    """As COPY reads it. No text of ours holds what it would take for a sign of its own."""
    return "\\N" if value is None else str(value)


def _moment(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat()


def _months_ago(months: int) -> date:
    today = datetime.now(UTC).date()
    month = today.year * 12 + today.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)


def _timed(what: str, work: Callable[[], object]) -> None:
    began_s = time.monotonic()
    work()
    print(f"    {what}: {time.monotonic() - began_s:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
