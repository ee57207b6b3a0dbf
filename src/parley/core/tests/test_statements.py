"""What is composed once stores the same as the ORM does."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.db.models.functions import Now
from django.utils import timezone

from parley.bots.models import Bot
from parley.conversations.models import Conversation, Message
from parley.conversations.parts import TextPart
from parley.core.statements import Insert, Update
from parley.usage.models import UsageRecord
from tests.people import Person

pytestmark = pytest.mark.django_db


def conversation(owner: Person, title: str = "") -> Conversation:
    return Conversation(
        workspace_id=owner.member.workspace_id, owner_id=owner.member.user_id, title=title, updated_at=timezone.now()
    )


def test_rows_come_back_as_they_were_given(owner: Person) -> None:
    one, two = conversation(owner, "One"), conversation(owner, "Zwei ½ %s ?")
    Insert(Conversation)(one, two)
    for row in (one, two):
        stored = Conversation.objects.get(id=row.id)
        for field in Conversation._meta.concrete_fields:
            assert getattr(stored, field.attname) == getattr(row, field.attname), field.name


def test_a_field_of_json_and_one_that_is_numbered_by_the_database_are_stored(owner: Person) -> None:
    row = conversation(owner)
    Insert(Conversation)(row)
    message = Message(conversation_id=row.id, role=Message.Author.USER, parts=[TextPart(text="Hello")])
    Insert(Message)(message)
    assert Message.objects.get(id=message.id).parts == [TextPart(text="Hello")]
    insert = Insert(UsageRecord)
    for model in ("one", "two"):
        insert(UsageRecord(workspace_id=owner.member.workspace_id, model=model, input_tokens=1, output_tokens=2))
    assert sorted(UsageRecord.objects.values_list("model", flat=True)) == ["one", "two"]


def test_an_expression_is_evaluated_by_the_database_each_time(owner: Person) -> None:
    insert = Insert(Conversation, updated_at=Now() + timedelta(days=1))
    one, two = conversation(owner), conversation(owner)
    insert(one)
    insert(two)
    for row in (one, two):
        ahead = Conversation.objects.get(id=row.id).updated_at - timezone.now()
        assert timedelta(hours=23) < ahead < timedelta(hours=25)


def test_a_broken_constraint_is_the_error_that_django_raises(owner: Person) -> None:
    row = conversation(owner)
    Insert(Conversation)(row)
    with pytest.raises(IntegrityError):
        Insert(Conversation)(row)


def test_an_update_changes_only_the_rows_it_names_and_tells_how_many(owner: Person) -> None:
    one, two = conversation(owner, "One"), conversation(owner, "Two")
    Insert(Conversation)(one, two)
    rename = Update(Conversation, where=("id", "title"), updated_at=Now() + timedelta(days=1))
    bot = Bot.objects.create(workspace_id=owner.member.workspace_id)
    assert rename({"id": one.id, "title": "One"}, title="First", bot_id=bot.id) == 1
    assert rename({"id": two.id, "title": "One"}, title="First", bot_id=bot.id) == 0
    assert rename({"id": uuid4(), "title": "Two"}, title="First", bot_id=bot.id) == 0
    stored = {row.id: row for row in Conversation.objects.all()}
    assert (stored[one.id].title, stored[two.id].title) == ("First", "Two")
    assert stored[one.id].bot_id == bot.id
    assert stored[one.id].updated_at > timezone.now() + timedelta(hours=23)
