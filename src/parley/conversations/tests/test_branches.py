"""Edit, regenerate, continue, choose: what was said is never overwritten."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from parley.bots.models import Bot
from parley.bots.tests.made import make_bot, make_card
from parley.conversations import actions, signals
from parley.conversations.models import Conversation, Message, Receipt
from parley.conversations.queries import history, newest_leaf, parts_of
from parley.conversations.tests.said import end, exchange, message, say, text
from parley.core.errors import Conflict, Invalid, KeyReused, NotFound, TooLarge
from tests.people import Person


def leaf_of(conversation_id: UUID) -> UUID | None:
    return Conversation.objects.values_list("leaf_id", flat=True).get(id=conversation_id)


def test_an_edit_stands_beside_the_first_wording_with_an_answer_of_its_own(owner: Person, bot: Bot) -> None:
    before = exchange(owner.member)
    first = exchange(owner.member, "Firts wording", conversation_id=before.conversation_id)
    edited = actions.edit_message(owner.member, first.message_id, text("First wording"), key=uuid4())
    assert message(edited.message_id).parent_id == before.answer_id
    assert message(edited.answer_id).parent_id == edited.message_id
    assert message(first.message_id).parts == text("Firts wording")
    assert message(first.answer_id).parts == text("Hi there")
    assert leaf_of(before.conversation_id) == edited.answer_id


def test_a_first_message_can_be_edited(owner: Person, bot: Bot) -> None:
    first = exchange(owner.member)
    edited = actions.edit_message(owner.member, first.message_id, text("Good morning"), key=uuid4())
    assert message(edited.message_id).parent_id is None


def test_an_answer_cannot_be_edited(owner: Person, bot: Bot) -> None:
    first = exchange(owner.member)
    with pytest.raises(Invalid, match="Regenerate"), transaction.atomic():
        actions.edit_message(owner.member, first.answer_id, text("Mine now"), key=uuid4())


def test_an_edit_is_checked_like_a_post(owner: Person, bot: Bot) -> None:
    first = exchange(owner.member)
    with pytest.raises(Invalid):
        actions.edit_message(owner.member, first.message_id, text(" "), key=uuid4())
    with pytest.raises(TooLarge):
        actions.edit_message(owner.member, first.message_id, text("x" * 300_000), key=uuid4())


def test_a_regenerated_answer_stands_beside_the_old_one(owner: Person, bot: Bot) -> None:
    first = exchange(owner.member)
    again = actions.regenerate(owner.member, first.answer_id, key=uuid4())
    assert again.message_id == first.message_id
    assert message(again.answer_id).parent_id == first.message_id
    assert message(first.answer_id).parts == text("Hi there")
    assert leaf_of(first.conversation_id) == again.answer_id


def test_another_bot_may_regenerate(owner: Person, bot: Bot) -> None:
    other = make_bot(owner.member.workspace_id, "Other")
    first = exchange(owner.member)
    again = actions.regenerate(owner.member, first.answer_id, key=uuid4(), bot_id=other.id)
    version = message(again.answer_id).bot_version
    assert version is not None
    assert version.bot_id == other.id


def test_an_answer_that_is_still_written_cannot_be_regenerated_or_continued(owner: Person, bot: Bot) -> None:
    first = say(owner.member)
    with pytest.raises(Conflict), transaction.atomic():
        actions.regenerate(owner.member, first.answer_id, key=uuid4())
    with pytest.raises(Conflict), transaction.atomic():
        actions.continue_answer(owner.member, first.answer_id, key=uuid4())


def test_ones_own_message_cannot_be_regenerated(owner: Person, bot: Bot) -> None:
    first = exchange(owner.member)
    with pytest.raises(Invalid), transaction.atomic():
        actions.regenerate(owner.member, first.message_id, key=uuid4())


@pytest.mark.parametrize("status", ["stopped", "interrupted", "failed"])
def test_an_answer_that_was_cut_off_is_continued_by_a_sibling(status: actions.Ended, owner: Person, bot: Bot) -> None:
    first = say(owner.member)
    end(first.answer_id, "Half a", status)
    on = actions.continue_answer(owner.member, first.answer_id, key=uuid4())
    assert (on.continued_id, on.message_id) == (first.answer_id, first.message_id)
    assert on.bot_version_id == first.bot_version_id
    assert parts_of(first.answer_id) == text("Half a")


def test_nothing_is_continued_where_nothing_was_cut_off_or_written(owner: Person, bot: Bot) -> None:
    whole, empty = exchange(owner.member), say(owner.member)
    end(empty.answer_id, "", "failed")
    for answer_id in (whole.answer_id, empty.answer_id):
        with pytest.raises(Invalid, match="nothing to continue"), transaction.atomic():
            actions.continue_answer(owner.member, answer_id, key=uuid4())


@pytest.mark.parametrize("who", ["mate", "stranger"])
def test_nobody_else_can_edit_regenerate_or_continue(
    who: str, owner: Person, bot: Bot, request: pytest.FixtureRequest
) -> None:
    other: Person = request.getfixturevalue(who)
    first = say(owner.member)
    end(first.answer_id, "Half a", "stopped")
    with pytest.raises(NotFound), transaction.atomic():
        actions.edit_message(other.member, first.message_id, text("Mine"), key=uuid4())
    with pytest.raises(NotFound), transaction.atomic():
        actions.regenerate(other.member, first.answer_id, key=uuid4())
    with pytest.raises(NotFound), transaction.atomic():
        actions.continue_answer(other.member, first.answer_id, key=uuid4())
    assert Message.objects.count() == 2


def test_each_takes_four_statements(owner: Person, bot: Bot, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first = say(owner.member)
    end(first.answer_id, "Half a", "stopped")
    with transaction.atomic():
        with django_assert_num_queries(4):
            actions.edit_message(owner.member, first.message_id, text("Other"), key=uuid4())
        with django_assert_num_queries(4):
            actions.regenerate(owner.member, first.answer_id, key=uuid4())
        actions.continue_answer(owner.member, first.answer_id, key=uuid4())
        with django_assert_num_queries(4):
            actions.continue_answer(owner.member, first.answer_id, key=uuid4())


def test_the_same_edit_regeneration_or_continuation_again_gets_the_first_answer(owner: Person, bot: Bot) -> None:
    first = say(owner.member)
    end(first.answer_id, "Half a", "stopped")
    keys = [uuid4(), uuid4(), uuid4()]
    for fresh in (True, False):
        posts = [
            actions.edit_message(owner.member, first.message_id, text("Other"), key=keys[0]),
            actions.regenerate(owner.member, first.answer_id, key=keys[1]),
            actions.continue_answer(owner.member, first.answer_id, key=keys[2]),
        ]
        assert [post.fresh for post in posts] == [fresh] * 3
    assert Message.objects.count() == 6


def test_a_key_of_one_command_is_not_good_for_another(owner: Person, bot: Bot) -> None:
    first, key = exchange(owner.member), uuid4()
    actions.regenerate(owner.member, first.answer_id, key=key)
    with pytest.raises(KeyReused), transaction.atomic():
        actions.edit_message(owner.member, first.message_id, text("Hello"), key=key)


def test_a_retry_gets_the_first_answer_though_the_bot_cannot_answer_any_more(owner: Person, bot: Bot) -> None:
    card = make_card(owner.member.workspace_id, "brief")
    other, key = make_bot(owner.member.workspace_id, "Brief", card=card), uuid4()
    first = actions.post_message(owner.member, text("Hello"), key=key, bot_id=other.id)
    card.delete()
    assert actions.post_message(owner.member, text("Hello"), key=key, bot_id=other.id).answer_id == first.answer_id


def test_a_retry_after_the_conversation_was_deleted_says_so_and_posts_nothing(owner: Person, bot: Bot) -> None:
    key = uuid4()
    first = actions.post_message(owner.member, text("Hello"), key=key)
    actions.delete_conversation(owner.member, first.conversation_id)
    with pytest.raises(NotFound, match="deleted"), transaction.atomic():
        actions.post_message(owner.member, text("Hello"), key=key)
    assert not Message.objects.exists()


def test_an_answer_ends_once(owner: Person, bot: Bot) -> None:
    first = say(owner.member)
    assert end(first.answer_id, "Hi", "stopped") == 1
    assert end(first.answer_id, "Something else") == 0
    answer = message(first.answer_id)
    assert (answer.parts, answer.status) == (text("Hi"), "stopped")


def test_the_history_goes_from_the_root_to_the_message_along_its_branch(
    owner: Person, bot: Bot, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = exchange(owner.member, "One", "Two")
    exchange(owner.member, "Aside", conversation_id=first.conversation_id, parent_id=None)
    second = exchange(owner.member, "Three", "Four", conversation_id=first.conversation_id, parent_id=first.answer_id)
    with django_assert_num_queries(1):
        said = [part.text for each in history(second.answer_id) for part in each.parts if part.type == "text"]
    assert said == ["One", "Two", "Three", "Four"]
    assert [each.id for each in history(second.answer_id, limit=2)] == [second.message_id, second.answer_id]
    assert history(uuid4()) == []


def test_the_newest_leaf_is_the_end_of_the_branch_written_last(owner: Person, bot: Bot) -> None:
    first = exchange(owner.member)
    exchange(owner.member, "Left", conversation_id=first.conversation_id, parent_id=first.answer_id)
    right = exchange(owner.member, "Right", conversation_id=first.conversation_id, parent_id=first.answer_id)
    assert newest_leaf(first.message_id) == right.answer_id
    assert newest_leaf(right.answer_id) == right.answer_id


def test_a_deletion_names_the_answers_that_were_still_written(
    owner: Person, bot: Bot, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    ended = exchange(owner.member)
    live = say(owner.member, conversation_id=ended.conversation_id)
    told: list[dict[str, object]] = []

    def hear(sender: object, signal: object, **fact: object) -> None:
        told.append(fact)

    signals.conversation_deleted.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            actions.delete_conversation(owner.member, ended.conversation_id)
    finally:
        signals.conversation_deleted.disconnect(hear)
    assert [fact["live_answer_ids"] for fact in told] == [(live.answer_id,)]


def test_a_models_title_replaces_an_excerpt_but_never_a_persons(owner: Person, bot: Bot) -> None:
    conversation_id = exchange(owner.member).conversation_id
    assert actions.set_title(conversation_id, "A Greeting")
    conversation = Conversation.objects.get(id=conversation_id)
    assert (conversation.title, conversation.version) == ("A Greeting", 1)
    actions.rename(owner.member, conversation_id, "Mine", version=1)
    assert not actions.set_title(conversation_id, "Another")
    assert Conversation.objects.get(id=conversation_id).title == "Mine"


def test_a_kept_excerpt_is_not_replaced(owner: Person, bot: Bot) -> None:
    conversation_id = exchange(owner.member).conversation_id
    actions.keep_excerpt_title(conversation_id)
    assert not actions.set_title(conversation_id, "Too late")


def test_old_receipts_are_forgotten(owner: Person, bot: Bot) -> None:
    say(owner.member)
    say(owner.member)
    Receipt.objects.filter(id=Receipt.objects.earliest("id").id).update(
        created_at=timezone.now() - timedelta(days=settings.RECEIPTS_KEPT_DAYS + 1)
    )
    assert actions.forget_old_receipts() == 1
    assert Receipt.objects.count() == 1


def test_the_list_is_read_along_its_index(owner: Person, bot: Bot) -> None:
    say(owner.member)
    rows = Conversation.objects.filter(owner_id=owner.user.id, workspace_id=owner.member.workspace_id)
    moment = timezone.now()
    if connection.vendor == "postgresql":  # one row is read soonest without an index
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    for page in (rows, rows.filter(updated_at__lte=moment).exclude(updated_at=moment, id__gte=uuid4())):
        plan = page.order_by("-updated_at", "-id")[:51].explain()
        assert "conversation_newest_first" in plan, connection.vendor
        assert "TEMP B-TREE" not in plan
        assert "Sort" not in plan
