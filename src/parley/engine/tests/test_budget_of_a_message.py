"""One message costs at most 10 SQL statements and 2 commits besides the tape's and the upkeep's (docs/hot_path.md)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from parley.engine import ledger, log
from parley.engine.tests.stage import hear, make_bot, running_engine, say
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)

INSERTS = tuple(text.partition("%s")[0] for text in (log.INSERT_ON_SQLITE, log.INSERT_ON_POSTGRESQL))
JUDGES = tuple(text.partition("%s")[0] for text in (log.ODD_ON_SQLITE, log.FINE_ON_POSTGRESQL, log.JUDGE_ON_POSTGRESQL))
TAPE = (*INSERTS, *JUDGES)


class Counter:
    """Counts what every connection of every thread executes."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements.append(sql)
        return execute(sql, params, many, context)


@contextmanager
def counted(counter: Counter) -> Iterator[None]:
    """Hang `counter` into the connections of the ledger's threads, present and future."""
    watched: list[BaseDatabaseWrapper] = []

    def watch(connection: BaseDatabaseWrapper, **_: object) -> None:
        connection.execute_wrappers.append(counter)
        watched.append(connection)

    connection_created.connect(watch)
    try:
        yield
    finally:
        connection_created.disconnect(watch)
        for connection in watched:
            connection.execute_wrappers.remove(counter)


def drop_connection() -> None:
    connections.close_all()


async def test_a_message_in_a_conversation_keeps_the_budget(owner: Person) -> None:
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=8")
    async with running_engine():
        first = await say(owner.member, "warm the caches", bot_id=bot_id)
        await hear(first.generation_id)
        await ledger.write(drop_connection)  # so that the counter sees the connections being made
        for _ in range(8):
            await ledger.read(drop_connection)
        counter = Counter()
        with counted(counter):
            second = await say(owner.member, "count this", conversation_id=first.conversation_id)
            await hear(second.generation_id)
    indexed = sum(
        "DELETE FROM conversations_search_due" in sql for sql in counter.statements
    )  # upkeep, beside the message
    begun = sum(sql.startswith("BEGIN") for sql in counter.statements) - indexed
    tape_commits = sum(sql.startswith(INSERTS) for sql in counter.statements)
    own = [
        sql
        for sql in counter.statements
        if not (sql.startswith(("PRAGMA", "BEGIN", *TAPE)) or "conversations_search" in sql)
    ]
    assert tape_commits >= 1
    assert begun - tape_commits <= 2
    assert len(own) >= 8, "the counter saw too little to be believed"
    assert len(own) <= 10, "\n".join(own)
