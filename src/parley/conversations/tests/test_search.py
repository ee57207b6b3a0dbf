import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from parley.accounts.access import Member
from parley.bots.models import Bot
from parley.conversations import actions
from parley.conversations.models import Message
from parley.conversations.search import catch_up, search_messages
from parley.conversations.tests.said import end, exchange, say
from parley.core.errors import Invalid
from tests.people import Person


def hits(member: Member, question: str) -> list[object]:
    return [found.message_id for found in search_messages(member, question)[0]]


def check_index(*, entries: int) -> None:
    with connection.cursor() as cursor:
        table = "conversations_search_row" if connection.vendor == "sqlite" else "conversations_search"
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone()[0] == entries
        if connection.vendor == "sqlite":  # FTS5 compares itself with what it was given, and raises when they differ
            cursor.execute("INSERT INTO conversations_search(conversations_search) VALUES ('integrity-check')")


def test_a_message_is_found_once_it_is_posted_and_an_answer_once_it_has_ended(owner: Person, bot: Bot) -> None:
    posted = say(owner.member, "The giraffe sleeps")
    assert hits(owner.member, "giraffe") == [posted.message_id]
    assert hits(owner.member, "savanna") == []
    end(posted.answer_id, "In the savanna")
    assert hits(owner.member, "savanna") == [posted.answer_id]
    assert hits(owner.member, "giraffe") == [posted.message_id]


def test_search_marks_the_words_in_their_place(owner: Person, bot: Bot) -> None:
    posted = exchange(owner.member, "Where do giraffes sleep?")
    found = search_messages(owner.member, "giraffes")[0][0]
    assert found.snippet == "Where do \x02giraffes\x03 sleep?"
    assert (found.conversation_id, found.title, found.role) == (
        posted.conversation_id,
        "Where do giraffes sleep?",
        "user",
    )


def test_search_finds_unfinished_words_other_forms_and_words_without_their_accents(owner: Person, bot: Bot) -> None:
    posted = exchange(owner.member, "Übungen im Zoo: two giraffes")
    for question in ("gira", "giraffe", "ubungen", "zoo gir", "giraffe zoo", "giraffe zoos"):
        assert hits(owner.member, question) == [posted.message_id], question


def test_all_words_must_stand_in_the_message(owner: Person, bot: Bot) -> None:
    exchange(owner.member, "giraffe")
    assert hits(owner.member, "giraffe zebra") == []


@pytest.mark.parametrize("who", ["mate", "stranger"])
def test_nobody_finds_the_messages_of_somebody_else(
    who: str, owner: Person, bot: Bot, request: pytest.FixtureRequest
) -> None:
    exchange(owner.member, "giraffe")
    other: Person = request.getfixturevalue(who)
    assert hits(other.member, "giraffe") == []
    assert hits(other.member, owner.member.user_id.hex) == []


def test_a_message_that_holds_my_id_is_not_mine(owner: Person, mate: Person, bot: Bot) -> None:
    exchange(mate.member, f"giraffe {owner.member.user_id.hex}")
    assert hits(owner.member, "giraffe") == []


def test_a_deleted_conversation_leaves_nothing_in_the_index(owner: Person, bot: Bot) -> None:
    posted = exchange(owner.member, "giraffe")
    kept = exchange(owner.member, "zebra")
    actions.delete_conversation(owner.member, posted.conversation_id)
    assert hits(owner.member, "giraffe") == []
    assert hits(owner.member, "zebra") == [kept.message_id]
    check_index(entries=2)


def test_the_rarer_and_shorter_comes_first_and_the_newer_of_equals(owner: Person, bot: Bot) -> None:
    long = exchange(owner.member, "giraffe " + "and many other words " * 20, "no")
    older = exchange(owner.member, "a giraffe", "no")
    newer = exchange(owner.member, "a giraffe", "no")
    assert hits(owner.member, "giraffe") == [newer.message_id, older.message_id, long.message_id]


def test_pages_of_hits_follow_each_other(owner: Person, bot: Bot) -> None:
    for _ in range(5):
        exchange(owner.member, "giraffe", "no")
    first, cursor = search_messages(owner.member, "giraffe", limit=3)
    second, end_ = search_messages(owner.member, "giraffe", limit=3, cursor=cursor)
    assert len({found.message_id for found in first + second}) == 5
    assert (len(first), len(second), end_) == (3, 2, None)


def test_a_foreign_cursor_is_refused(owner: Person, bot: Bot) -> None:
    with pytest.raises(Invalid):
        search_messages(owner.member, "giraffe", cursor="🦒")


def test_a_search_takes_three_queries_when_nothing_is_due(
    owner: Person, bot: Bot, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        exchange(owner.member, "giraffe")
    catch_up()
    with django_assert_num_queries(3):
        search_messages(owner.member, "giraffe")


@given(question=st.text(max_size=60) | st.text(alphabet="\"'*()^:+-{}ANDORNEAR \0\ud800a1", max_size=60))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_a_fair_question(question: str, owner: Person, bot: Bot) -> None:
    search_messages(owner.member, question)


@given(words=st.text(min_size=1, max_size=80).filter(lambda text: text.strip() and "\0" not in text))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_index_agrees_with_the_messages_whatever_they_hold(words: str, owner: Person, bot: Bot) -> None:
    actions.delete_conversation(owner.member, exchange(owner.member, words, words).conversation_id)
    check_index(entries=0)


def test_words_of_reasoning_and_tools_are_not_found(owner: Person, bot: Bot) -> None:
    posted = exchange(owner.member, "hello")
    Message.objects.filter(id=posted.answer_id).update(
        parts='[{"type":"reasoning","text":"giraffe"},{"type":"text","text":"zebra"}]'
    )
    assert hits(owner.member, "giraffe") == []
    assert hits(owner.member, "zebra") == [posted.answer_id]
