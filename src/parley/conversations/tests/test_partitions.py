"""The months of the message table. On SQLite there is one table, and nothing to test."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from parley.bots.models import Bot
from parley.conversations import partitions
from parley.conversations.models import Conversation, Message
from parley.conversations.partitions import DEFAULT, drop_empty_partitions, make_partitions, name_of
from parley.conversations.queries import newest_leaf, open_conversation
from parley.conversations.tests.said import exchange
from parley.engine.queries import generations_of
from tests.people import Person

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("sqlite" in str(connection.settings_dict["ENGINE"]), reason="SQLite has one table"),
]


def names() -> list[str]:
    with connection.cursor() as cursor:
        return partitions.partition_names(cursor)


def partition_of(message_id: UUID) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM conversations_message WHERE id = %s", [message_id])
        return str(cursor.fetchone()[0])


def say_in(month: tuple[int, int], owner: Person, bot: Bot) -> Message:
    """A message as if it had been said in the first moment of a month."""
    begin = partitions.first_id_of(month)
    said_at = UUID(int=begin.int | (0x7 << 76) | (0b10 << 62))
    conversation = Conversation.objects.create(
        id=said_at, workspace_id=owner.member.workspace_id, owner=owner.user, bot=bot, updated_at="2020-01-01T00:00Z"
    )
    return Message.objects.create(id=UUID(int=said_at.int + 1), conversation=conversation, role="user", parts=[])


def test_a_month_and_the_next_three_have_partitions_and_the_year_ends_in_december() -> None:
    assert make_partitions(date(2091, 11, 30)) == [
        name_of(month) for month in ((2091, 11), (2091, 12), (2092, 1), (2092, 2))
    ]
    assert make_partitions(date(2091, 12, 1)) == [name_of((2092, 3))]


def test_what_is_said_now_lies_in_the_partition_of_its_month(owner: Person, bot: Bot) -> None:
    posted = exchange(owner.member)

    assert partition_of(posted.answer_id) != DEFAULT
    assert partition_of(posted.answer_id) in names()


def test_nothing_fails_when_nobody_made_partitions_for_months_and_those_to_come_are_made_then(
    owner: Person, bot: Bot
) -> None:
    said = say_in((2093, 5), owner, bot)

    assert partition_of(said.id) == DEFAULT
    assert make_partitions(date(2093, 5, 20)) == [name_of((2093, 6)), name_of((2093, 7)), name_of((2093, 8))]
    assert partition_of(said.id) == DEFAULT


def test_a_past_month_is_dropped_when_its_last_message_is_deleted_and_not_before(owner: Person, bot: Bot) -> None:
    make_partitions(date(2001, 1, 1))
    said = say_in((2001, 2), owner, bot)
    assert partition_of(said.id) == name_of((2001, 2))

    assert drop_empty_partitions(date(2001, 4, 1)) == [name_of((2001, 1)), name_of((2001, 3))]
    said.conversation.delete()
    connection.check_constraints()  # they wait for the end of the test's transaction, and a table they name stays
    assert drop_empty_partitions(date(2001, 4, 1)) == [name_of((2001, 2))]
    assert name_of((2001, 4)) in names()


def test_the_months_before_a_conversation_are_not_looked_into(owner: Person, bot: Bot) -> None:
    make_partitions(date(2001, 1, 1))
    posted = exchange(owner.member)
    past = [name for name in names() if "_2001_" in name]

    plans = plans_of(
        lambda: open_conversation(owner.member, posted.conversation_id),
        lambda: generations_of(posted.conversation_id),
        lambda: newest_leaf(posted.message_id),
    )

    assert len(past) == 4
    assert all("conversations_message_" in plan for plan in plans)
    assert not [name for name in past for plan in plans if f"{name} " in without_never_executed(plan)]


def plans_of(*reads: object) -> list[str]:
    """How PostgreSQL runs the statements about messages that these make."""
    statements: list[tuple[str, Any]] = []

    def note(execute, sql, params, many, context):  # type: ignore[no-untyped-def] # as Django calls it
        if "conversations_message" in sql:
            statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        for read in reads:
            read()  # type: ignore[operator] # callables of no argument
    plans = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for sql, params in statements:
            cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) {sql}", params)
            plans.append("\n".join(row[0] for row in cursor.fetchall()))
    return plans


def without_never_executed(plan: str) -> str:
    """Months that PostgreSQL saw it may skip when it knew the row they would be joined to."""
    return "\n".join(line for line in plan.splitlines() if "never executed" not in line)
