from uuid import UUID, uuid4

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from parley.bots.models import Bot
from parley.bots.queries import default_bot
from parley.bots.tests.made import make_bot
from parley.conversations import actions
from parley.conversations.models import Conversation, Message
from parley.conversations.tests.said import end, exchange, message, say, text
from parley.core.errors import Conflict, Invalid, KeyReused, NotFound
from tests.people import Person


def test_a_first_message_makes_a_conversation_with_an_empty_answer(owner: Person, bot: Bot) -> None:
    posted = say(owner.member, "How tall is a giraffe?")
    conversation = Conversation.objects.get(id=posted.conversation_id)
    answer = message(posted.answer_id)
    assert (conversation.title, conversation.leaf_id) == ("How tall is a giraffe?", answer.id)
    assert (answer.status, answer.parts, answer.parent_id) == ("writing", [], posted.message_id)
    assert answer.bot_version_id == posted.bot_version_id
    assert message(posted.message_id).parts == text("How tall is a giraffe?")


def test_ids_grow_from_conversation_to_answer(owner: Person, bot: Bot) -> None:
    posted = say(owner.member)
    assert posted.conversation_id < posted.message_id < posted.answer_id


def test_a_post_in_a_new_conversation_takes_three_statements(
    owner: Person, bot: Bot, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    default_bot(owner.member.workspace_id)
    with transaction.atomic(), django_assert_num_queries(3):
        actions.post_message(owner.member, text("Hello"), key=uuid4())


def test_a_post_in_a_conversation_takes_four_statements(
    owner: Person, bot: Bot, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = exchange(owner.member)
    with transaction.atomic(), django_assert_num_queries(4):
        actions.post_message(owner.member, text("More"), key=uuid4(), conversation_id=first.conversation_id)


def test_the_next_message_stands_under_the_shown_leaf(owner: Person, bot: Bot) -> None:
    first = exchange(owner.member)
    second = say(owner.member, conversation_id=first.conversation_id)
    assert message(second.message_id).parent_id == first.answer_id
    assert not second.new_conversation


def test_a_post_under_an_answer_that_is_still_written_is_refused(owner: Person, bot: Bot) -> None:
    first = say(owner.member)
    with pytest.raises(Conflict, match="stop it"):
        say(owner.member, conversation_id=first.conversation_id)
    assert Message.objects.count() == 2


def test_none_as_parent_starts_a_new_root(owner: Person, bot: Bot) -> None:
    first = exchange(owner.member)
    second = say(owner.member, conversation_id=first.conversation_id, parent_id=None)
    assert message(second.message_id).parent_id is None


def test_a_parent_in_another_conversation_is_not_found(owner: Person, bot: Bot) -> None:
    here, there = exchange(owner.member), exchange(owner.member)
    with pytest.raises(NotFound):
        say(owner.member, conversation_id=here.conversation_id, parent_id=there.answer_id)
    with pytest.raises(NotFound):
        say(owner.member, parent_id=there.answer_id)


def test_a_message_cannot_follow_a_message_of_ones_own(owner: Person, bot: Bot) -> None:
    first = exchange(owner.member)
    with pytest.raises(Invalid):
        say(owner.member, conversation_id=first.conversation_id, parent_id=first.message_id)


@pytest.mark.parametrize("who", ["mate", "stranger"])
def test_nobody_else_can_post_into_a_conversation(
    who: str, owner: Person, bot: Bot, request: pytest.FixtureRequest
) -> None:
    first = exchange(owner.member)
    other: Person = request.getfixturevalue(who)
    with pytest.raises(NotFound):
        say(other.member, conversation_id=first.conversation_id)


def test_the_same_post_again_gets_the_first_answer(owner: Person, bot: Bot) -> None:
    key = uuid4()
    first = actions.post_message(owner.member, text("Hello"), key=key)
    again = actions.post_message(owner.member, text("Hello"), key=key)
    assert first.fresh
    assert not again.fresh
    assert (again.conversation_id, again.message_id, again.answer_id) == (
        first.conversation_id,
        first.message_id,
        first.answer_id,
    )
    assert Message.objects.count() == 2


def test_a_retry_gets_the_first_answer_while_that_is_still_written(owner: Person, bot: Bot) -> None:
    conversation_id, key = exchange(owner.member).conversation_id, uuid4()
    first = actions.post_message(owner.member, text("More"), key=key, conversation_id=conversation_id)
    again = actions.post_message(owner.member, text("More"), key=key, conversation_id=conversation_id)
    assert again.answer_id == first.answer_id


def test_a_key_used_for_other_words_is_refused(owner: Person, bot: Bot) -> None:
    key = uuid4()
    actions.post_message(owner.member, text("Hello"), key=key)
    with pytest.raises(KeyReused), transaction.atomic():
        actions.post_message(owner.member, text("Goodbye"), key=key)


def test_two_people_may_use_the_same_key(owner: Person, mate: Person, bot: Bot) -> None:
    key = uuid4()
    first = actions.post_message(owner.member, text("Hello"), key=key)
    second = actions.post_message(mate.member, text("Hello"), key=key)
    assert second.fresh
    assert second.message_id != first.message_id


def test_a_refused_post_does_not_use_up_its_key(owner: Person, bot: Bot) -> None:
    first, key = say(owner.member), uuid4()
    with pytest.raises(Conflict), transaction.atomic():
        actions.post_message(owner.member, text("More"), key=key, conversation_id=first.conversation_id)
    end(first.answer_id, "Hi")
    assert actions.post_message(owner.member, text("More"), key=key, conversation_id=first.conversation_id).fresh


def test_another_bot_may_answer_and_then_stays(owner: Person, bot: Bot) -> None:
    other = make_bot(owner.member.workspace_id, "Other")
    first = exchange(owner.member)
    exchange(owner.member, conversation_id=first.conversation_id, bot_id=other.id)
    third = say(owner.member, conversation_id=first.conversation_id)
    version = message(third.answer_id).bot_version
    assert version is not None
    assert version.bot_id == other.id


def test_a_bot_of_another_workspace_is_not_found(owner: Person, stranger: Person, bot: Bot) -> None:
    theirs = make_bot(stranger.member.workspace_id)
    with pytest.raises(NotFound):
        say(owner.member, bot_id=theirs.id)
    with pytest.raises(NotFound):
        say(owner.member, bot_id=UUID(int=7))
