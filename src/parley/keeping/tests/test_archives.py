"""A conversation is put away whole, comes back as it was, and nothing that is there is overwritten."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parley.accounts.models import Workspace
from parley.bots.models import Bot
from parley.bots.tests.made import make_bot, make_card
from parley.conversations.models import Conversation, Folder, Message, Tag
from parley.conversations.tests.said import exchange, say, text
from parley.core.errors import Invalid, ParleyError
from parley.engine.models import Generation
from parley.files.store import names_below, read
from parley.keeping.archive_queries import readable
from parley.keeping.archives import archive, archive_changed, archive_name, restore_archive
from parley.keeping.models import Archive
from parley.usage.actions import record_usage
from tests.people import Browser, Person, body_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("folder_and_bucket")]


@pytest.fixture(autouse=True)
def bot(workspace: Workspace) -> Bot:
    card = make_card(workspace.id)
    return make_bot(workspace.id, "Helper", card=card, default_for=card)


@pytest.fixture
def conversation(owner: Person) -> Conversation:
    """Two questions, the second with two answers, and what it cost."""
    first = exchange(owner.member, "What is saffron?", "A spice.")
    second = exchange(owner.member, "And turmeric?", "A root.", conversation_id=first.conversation_id)
    sibling = Message.objects.create(
        conversation_id=first.conversation_id, parent_id=second.message_id, role="assistant", parts=text("Yellow.")
    )
    generation = Generation.objects.create(message_id=second.answer_id, status="completed", attempt=1)
    record_usage(
        workspace_id=owner.member.workspace_id,
        user_id=owner.member.user_id,
        generation_id=generation.id,
        endpoint_id=None,
        model="m",
        input_tokens=7,
        output_tokens=3,
        estimated=False,
    )
    Conversation.objects.filter(id=first.conversation_id).update(
        updated_at=timezone.now() - timedelta(hours=1), leaf_id=sibling.id
    )
    return Conversation.objects.get(id=first.conversation_id)


def archived(who: Person, conversation: Conversation) -> dict[str, Any]:
    answer = who.browser.post(f"/api/v1/conversations/{conversation.id}/archive")
    assert answer.status_code == 201, answer.content
    (name,) = list(names_below("archives"))
    assert name == f"archives/{who.user.id}/{conversation.id}.json"
    return json.loads(stored(name))  # type: ignore[no-any-return] # JSON


def stored(name: str) -> bytes:
    return b"".join(read(name))


def rows(conversation_id: UUID) -> list[dict[str, Any]]:
    conversations: list[Any] = list(Conversation.objects.filter(id=conversation_id).values())
    messages: list[Any] = list(Message.objects.filter(conversation_id=conversation_id).order_by("id").values())
    return conversations + messages


def test_an_archive_holds_the_whole_tree_with_names_times_and_cost(owner: Person, conversation: Conversation) -> None:
    form = archived(owner, conversation)

    assert (form["format"], form["version"]) == ("parley.conversation", 1)
    assert form["owner"]["email"] == owner.user.email
    assert [message["parts"][0]["text"] for message in form["messages"]] == [
        "What is saffron?",
        "A spice.",
        "And turmeric?",
        "A root.",
        "Yellow.",
    ]
    answers = [message for message in form["messages"] if message["parent"] == form["messages"][2]["id"]]
    assert len(answers) == 2
    assert answers[0]["bot"]["name"] == "Helper"
    assert answers[0]["usage"][0] | {"at": 0} == {
        "model": "m",
        "purpose": "answer",
        "input_tokens": 7,
        "output_tokens": 3,
        "estimated": False,
        "at": 0,
    }


def test_what_was_put_away_comes_back_as_it_was_and_twice_is_as_good_as_once(
    owner: Person, conversation: Conversation
) -> None:
    folder = Folder.objects.create(owner=owner.user, workspace_id=owner.member.workspace_id, name="Kitchen")
    Conversation.objects.filter(id=conversation.id).update(folder=folder, pinned=True, archived=True)
    Tag.objects.create(conversation=conversation, owner=owner.user, name="spices")
    archived(owner, conversation)
    before = rows(conversation.id)
    Conversation.objects.filter(id=conversation.id).delete()  # not by a person: its archive stays

    first = owner.browser.post(f"/api/v1/archives/{conversation.id}/restore")
    assert body_of(first) == {"conversation": str(conversation.id), "added": 5, "kept": 0}
    assert rows(conversation.id) == before
    assert list(Tag.objects.values_list("name", flat=True)) == ["spices"]

    second = owner.browser.post(f"/api/v1/archives/{conversation.id}/restore")
    assert body_of(second) == {"conversation": str(conversation.id), "added": 0, "kept": 5}
    assert rows(conversation.id) == before
    assert body_of(owner.browser.get("/api/v1/search?q=saffron"))["items"] != []


def test_nothing_that_is_there_is_overwritten(owner: Person, conversation: Conversation) -> None:
    archived(owner, conversation)
    later = exchange(owner.member, "And pepper?", "Hot.", conversation_id=conversation.id)
    Conversation.objects.filter(id=conversation.id).update(title="Spices", version=5)
    before = rows(conversation.id)
    missing = Message.objects.filter(conversation=conversation, children=None).exclude(id=later.answer_id).first()
    assert missing
    missing.delete()

    done = owner.browser.post(f"/api/v1/archives/{conversation.id}/restore")

    assert body_of(done)["added"] == 1
    assert rows(conversation.id) == before


def test_an_archive_is_its_owners_alone(
    owner: Person, mate: Person, admin: Person, stranger: Person, conversation: Conversation
) -> None:
    archived(owner, conversation)
    for who in (mate, admin, stranger):
        assert who.browser.post(f"/api/v1/conversations/{conversation.id}/archive").status_code == 404
        assert who.browser.post(f"/api/v1/archives/{conversation.id}/restore").status_code == 404
        assert body_of(who.browser.get("/api/v1/archives"))["items"] == []
    assert [row["title"] for row in body_of(owner.browser.get("/api/v1/archives"))["items"]] == ["What is saffron?"]
    assert Browser().get("/api/v1/archives").status_code == 401


def test_a_person_who_deletes_a_conversation_deletes_its_archive(owner: Person, conversation: Conversation) -> None:
    archived(owner, conversation)
    assert owner.browser.delete(f"/api/v1/conversations/{conversation.id}").status_code == 204
    assert list(names_below("archives")) == []
    assert not Archive.objects.exists()


def test_archives_go_with_their_person(mate: Person, conversation: Conversation, owner: Person) -> None:
    Conversation.objects.filter(id=conversation.id).update(owner=mate.user)
    archive(readable().get(id=conversation.id))
    assert list(names_below("archives")) == [archive_name(mate.user.id, conversation.id)]
    mate.user.delete()
    assert list(names_below("archives")) == []


def test_only_what_changed_since_its_archive_is_archived_again(owner: Person, conversation: Conversation) -> None:
    say(owner.member, "This goes on now")  # and is archived when it rests
    assert [archive_changed(), archive_changed()] == [1, 0]

    Conversation.objects.filter(id=conversation.id).update(title="Spices")
    assert [archive_changed(), archive_changed()] == [1, 0]

    Message.objects.filter(conversation=conversation, role="assistant").update(status="writing")
    archive(readable().get(id=conversation.id))
    assert archive_changed(most=1) == 1  # what was half written is due until it is whole


def test_a_temporary_conversation_is_archived_nowhere(owner: Person, conversation: Conversation) -> None:
    Conversation.objects.filter(id=conversation.id).update(temporary=True)
    assert archive_changed() == 0
    assert owner.browser.post(f"/api/v1/conversations/{conversation.id}/archive").status_code == 422


def test_an_archive_costs_as_many_queries_however_long_it_is(owner: Person, conversation: Conversation) -> None:
    def queries() -> int:
        one = readable().get(id=conversation.id)
        with CaptureQueriesContext(connection) as captured:
            archive(one)
        return len(captured)

    queries()
    before = queries()
    for number in range(5):
        exchange(owner.member, f"And {number}?", "Yes.", conversation_id=conversation.id)
    assert queries() == before


def test_an_answer_in_the_making_comes_back_as_interrupted(owner: Person, conversation: Conversation) -> None:
    Message.objects.filter(conversation=conversation, parts=text("Yellow.")).update(status="writing")
    form = archived(owner, conversation)
    Conversation.objects.filter(id=conversation.id).delete()
    restore_archive(json.dumps(form).encode())
    assert set(Message.objects.filter(conversation_id=conversation.id).values_list("status", flat=True)) == {
        "completed",
        "interrupted",
    }


def _broken(form: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "a format of others", {**form, "format": "chatgpt"}
    yield "a later version", {**form, "version": 2}
    yield "no messages", {name: value for name, value in form.items() if name != "messages"}
    yield "nobody's", {**form, "owner": {**form["owner"], "id": str(uuid4())}}
    yield "no workspace", {**form, "workspace": {**form["workspace"], "id": str(uuid4())}}
    yield "a part of unknown type", {**form, "messages": [{**form["messages"][0], "parts": [{"type": "x"}]}]}


def test_what_cannot_be_restored_is_refused_and_writes_nothing(owner: Person, conversation: Conversation) -> None:
    form = archived(owner, conversation)
    Conversation.objects.filter(id=conversation.id).delete()
    for name, broken in _broken(form):
        with pytest.raises(ParleyError):
            restore_archive(json.dumps(broken).encode())
        assert not Conversation.objects.filter(id=conversation.id).exists(), name
    with pytest.raises(Invalid):
        restore_archive(b"{")


def test_another_accounts_conversation_is_not_taken_over(
    owner: Person, stranger: Person, conversation: Conversation
) -> None:
    form = archived(owner, conversation)
    Conversation.objects.filter(id=conversation.id).update(owner=stranger.user)
    with pytest.raises(ParleyError, match="another account"):
        restore_archive(json.dumps(form).encode())
