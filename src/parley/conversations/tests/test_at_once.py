"""Several connections at once, on committed rows."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from parley.bots.models import Bot
from parley.conversations import actions
from parley.conversations.models import Conversation, Message, Receipt
from parley.conversations.receipts import Posted
from parley.conversations.tests.said import exchange, text
from parley.core.errors import Conflict, KeyReused
from tests.people import Person

AT_ONCE = 8
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*posts: object) -> list[Posted | type[Exception]]:
    """Run all in threads of their own; what each returned, or the type of our error that it raised."""

    def run(post: object) -> Posted | type[Exception]:
        try:
            return post()  # type: ignore[operator,no-any-return] # callables of no argument
        except Conflict as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(posts)) as pool:
        return list(pool.map(run, posts))


def test_one_key_posted_many_times_at_once_gives_one_message(owner: Person, bot: Bot) -> None:
    key = uuid4()
    posts = at_once(*[lambda: actions.post_message(owner.member, text("Hello"), key=key)] * AT_ONCE)
    posted = [post for post in posts if isinstance(post, Posted)]
    assert len(posted) == AT_ONCE
    assert len({post.answer_id for post in posted}) == 1
    assert sum(post.fresh for post in posted) == 1
    assert (Conversation.objects.count(), Message.objects.count(), Receipt.objects.count()) == (1, 2, 1)


def test_one_key_with_different_words_at_once_is_taken_by_one(owner: Person, bot: Bot) -> None:
    key = uuid4()
    posts = at_once(
        *[lambda n=n: actions.post_message(owner.member, text(f"Hello {n}"), key=key) for n in range(AT_ONCE)]
    )
    assert sum(isinstance(post, Posted) for post in posts) == 1
    assert posts.count(KeyReused) == AT_ONCE - 1
    assert Message.objects.count() == 2


def test_two_tabs_that_post_at_once_cannot_both_follow_one_answer(owner: Person, bot: Bot) -> None:
    first = exchange(owner.member)
    posts = at_once(
        *[
            lambda n=n: actions.post_message(
                owner.member, text(f"Tab {n}"), key=uuid4(), conversation_id=first.conversation_id
            )
            for n in range(2)
        ]
    )
    assert sum(isinstance(post, Posted) for post in posts) == 1
    assert posts.count(Conflict) == 1
    assert Message.objects.count() == 4


def test_two_renames_of_one_version_at_once_leave_one(owner: Person, bot: Bot) -> None:
    conversation_id = exchange(owner.member).conversation_id
    renames = at_once(
        *[lambda n=n: actions.rename(owner.member, conversation_id, f"Name {n}", version=1) for n in range(4)]
    )
    assert renames.count(Conflict) == 3
    assert Conversation.objects.get().version == 2
