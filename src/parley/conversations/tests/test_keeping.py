"""Pins, archives, folders, tags, temporary conversations, forks and links: as owner, team mate, stranger and nobody."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from parley.bots.models import Bot
from parley.conversations import keeping, sharing
from parley.conversations.models import Conversation, Message, Share
from parley.conversations.parts import CitationPart, ReasoningPart, TextPart
from parley.conversations.tests.said import exchange, say
from tests.people import Browser, Person, body_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(owner: Person, bot: Bot) -> UUID:
    return exchange(owner.member, "What is a zebra?", "An animal.").conversation_id


def listed(person: Person, question: str = "") -> list[str]:
    return [item["id"] for item in body_of(person.browser.get(f"/api/v1/conversations?{question}"))["items"]]


def change(person: Person, conversation: UUID, **changes: object) -> int:
    return int(person.browser.patch(f"/api/v1/conversations/{conversation}", changes).status_code)


def test_what_is_archived_leaves_the_list_and_comes_back(owner: Person, conversation: UUID) -> None:
    assert change(owner, conversation, archived=True) == 200
    assert listed(owner) == []
    assert listed(owner, "archived=true") == [str(conversation)]
    assert change(owner, conversation, archived=False) == 200
    assert listed(owner) == [str(conversation)]


def test_pins_can_be_listed_alone(owner: Person, conversation: UUID) -> None:
    other = exchange(owner.member).conversation_id
    assert change(owner, conversation, pinned=True) == 200
    assert listed(owner, "pinned=true") == [str(conversation)]
    assert listed(owner, "pinned=false") == [str(other)]


def test_the_oldest_may_come_first_page_by_page(owner: Person, bot: Bot) -> None:
    made = [str(exchange(owner.member, f"number {number}").conversation_id) for number in range(5)]
    first = body_of(owner.browser.get("/api/v1/conversations?order=oldest&limit=3"))
    second = body_of(owner.browser.get(f"/api/v1/conversations?order=oldest&limit=3&cursor={first['next']}"))
    assert [item["id"] for item in first["items"] + second["items"]] == made


def test_a_conversation_lies_in_a_folder_and_survives_it(owner: Person, conversation: UUID) -> None:
    folder = body_of(owner.browser.post("/api/v1/folders", {"name": " Zoo  things "}))
    assert folder["name"] == "Zoo things"
    assert change(owner, conversation, folder=folder["id"]) == 200
    assert listed(owner, f"folder={folder['id']}") == [str(conversation)]
    assert owner.browser.post("/api/v1/folders", {"name": "Zoo things"}).status_code == 409
    assert body_of(owner.browser.patch(f"/api/v1/folders/{folder['id']}", {"name": "Zoo"}))["name"] == "Zoo"
    assert owner.browser.delete(f"/api/v1/folders/{folder['id']}").status_code == 204
    assert body_of(owner.browser.get(f"/api/v1/conversations/{conversation}"))["folder"] is None


def test_leaving_a_folder_is_said_with_null_and_not_with_silence(owner: Person, conversation: UUID) -> None:
    folder = keeping.create_folder(owner.member, "Zoo")
    change(owner, conversation, folder=str(folder.id))
    change(owner, conversation, pinned=True)
    assert listed(owner, f"folder={folder.id}") == [str(conversation)]
    change(owner, conversation, folder=None)
    assert listed(owner, f"folder={folder.id}") == []


def test_tags_are_put_found_and_taken_off(owner: Person, conversation: UUID) -> None:
    assert change(owner, conversation, tags=["black ", "white", "black"]) == 200
    assert listed(owner, "tag=black") == [str(conversation)]
    assert body_of(owner.browser.get("/api/v1/tags"))["items"] == ["black", "white"]
    assert change(owner, conversation, tags=["white"]) == 200
    assert body_of(owner.browser.get("/api/v1/tags"))["items"] == ["white"]
    assert change(owner, conversation, tags=["x" * 41]) == 422


def test_a_list_takes_two_queries_however_many_tags(owner: Person, bot: Bot, django_assert_num_queries: object) -> None:
    for number in range(4):
        made = exchange(owner.member, f"number {number}").conversation_id
        keeping.keep(owner.member, made, keeping.Keeping(tags=["a", "b", str(number)]))
    owner.browser.get("/api/v1/conversations")
    with django_assert_num_queries(2):  # type: ignore[operator] # a fixture without a type
        owner.browser.get("/api/v1/conversations")


def test_a_temporary_conversation_is_in_no_list_found_by_no_search_and_gone_after_a_day(
    owner: Person, bot: Bot
) -> None:
    made = body_of(owner.browser.post("/api/v1/conversations", {"temporary": True}))
    exchange(owner.member, "quagga", conversation_id=UUID(made["id"]), parent_id=None)
    assert listed(owner) == []
    assert body_of(owner.browser.get("/api/v1/search?q=quagga"))["items"] == []
    assert keeping.forget_temporary() == 0
    Conversation.objects.update(updated_at=timezone.now() - timedelta(days=2))
    assert keeping.forget_temporary() == 1
    assert not Conversation.objects.exists()


def test_a_temporary_conversation_may_stay_after_all(owner: Person, bot: Bot) -> None:
    made = body_of(owner.browser.post("/api/v1/conversations", {"temporary": True}))
    assert change(owner, made["id"], temporary=False) == 200
    assert listed(owner) == [made["id"]]


def test_a_fork_is_the_branch_up_to_a_message_and_goes_its_own_way(owner: Person, conversation: UUID) -> None:
    first = Message.objects.filter(conversation=conversation, role="assistant").get()
    exchange(owner.member, "And a quagga?", conversation_id=conversation)
    fork = body_of(owner.browser.post(f"/api/v1/conversations/{conversation}/fork", {"message": str(first.id)}))
    opened = body_of(owner.browser.get(f"/api/v1/conversations/{fork['id']}"))
    assert [part["text"] for message in opened["messages"] for part in message["parts"]] == [
        "What is a zebra?",
        "An animal.",
    ]
    assert opened["leaf"] == opened["messages"][-1]["id"]
    exchange(owner.member, "Stripes?", conversation_id=UUID(fork["id"]))
    assert Message.objects.filter(conversation=conversation).count() == 4


def test_what_is_being_written_is_not_forked(owner: Person, bot: Bot) -> None:
    posted = say(owner.member)
    answer = owner.browser.post(
        f"/api/v1/conversations/{posted.conversation_id}/fork", {"message": str(posted.answer_id)}
    )
    assert answer.status_code == 409


def test_a_link_shows_the_branch_as_it_was_to_anyone_and_nothing_that_came_later(
    owner: Person, conversation: UUID
) -> None:
    answer = Message.objects.filter(conversation=conversation, role="assistant").get()
    answer.parts = [
        ReasoningPart(text="secret thought"),
        TextPart(text="An animal."),
        CitationPart(number=1, title="Zoo", path="zoo.md", text="Zebras"),
    ]
    answer.save()
    share = body_of(owner.browser.post(f"/api/v1/conversations/{conversation}/shares", {"days": 7}))
    exchange(owner.member, "later words", conversation_id=conversation)
    seen = Browser().get(f"/api/v1/shared/{share['token']}")
    assert seen.status_code == 200
    text = seen.content.decode()
    assert "What is a zebra?" in text
    assert "Zebras" in text
    assert "later words" not in text
    assert "secret thought" not in text
    assert str(owner.user.email) not in text
    assert str(owner.user.id) not in text


def test_a_link_ends_at_once_or_at_its_time(owner: Person, conversation: UUID) -> None:
    made = [sharing.share_conversation(owner.member, conversation, days=7) for _ in range(2)]
    assert owner.browser.delete(f"/api/v1/shares/{made[0].id}").status_code == 204
    assert Browser().get(f"/api/v1/shared/{made[0].token}").status_code == 404
    Share.objects.filter(id=made[1].id).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Browser().get(f"/api/v1/shared/{made[1].token}").status_code == 404
    assert sharing.forget_ended_shares() == 1


def test_nothing_is_shared_by_itself(owner: Person, conversation: UUID) -> None:
    assert body_of(owner.browser.get(f"/api/v1/conversations/{conversation}/shares"))["items"] == []


def test_neither_a_mate_nor_a_stranger_nor_nobody_keeps_what_is_not_theirs(
    owner: Person, mate: Person, stranger: Person, conversation: UUID
) -> None:
    folder = keeping.create_folder(owner.member, "Zoo")
    share = sharing.share_conversation(owner.member, conversation, days=None)
    message = str(Message.objects.filter(conversation=conversation).earliest("id").id)
    calls: list[tuple[str, str, object]] = [
        ("patch", f"/api/v1/conversations/{conversation}", {"pinned": True}),
        ("patch", f"/api/v1/folders/{folder.id}", {"name": "Mine"}),
        ("delete", f"/api/v1/folders/{folder.id}", None),
        ("post", f"/api/v1/conversations/{conversation}/fork", {"message": message}),
        ("get", f"/api/v1/conversations/{conversation}/shares", None),
        ("post", f"/api/v1/conversations/{conversation}/shares", {}),
        ("delete", f"/api/v1/shares/{share.id}", None),
    ]
    for method, path, body in calls:
        for browser, status in ((mate.browser, 404), (stranger.browser, 404), (Browser(), 401)):
            answer = getattr(browser, method)(path, *([body] if body is not None else []))
            assert answer.status_code == status, (method, path)
    assert Share.objects.count() == 1
    assert not Conversation.objects.get(id=conversation).pinned


def test_mine_goes_into_no_folder_of_somebody_else_and_forks_no_message_of_theirs(
    owner: Person, mate: Person, conversation: UUID
) -> None:
    folder = keeping.create_folder(mate.member, "Theirs")
    assert change(owner, conversation, folder=str(folder.id)) == 404
    theirs = exchange(mate.member)
    answer = owner.browser.post(f"/api/v1/conversations/{conversation}/fork", {"message": str(theirs.answer_id)})
    assert answer.status_code == 404
    mine = exchange(owner.member)
    answer = owner.browser.post(f"/api/v1/conversations/{conversation}/fork", {"message": str(mine.answer_id)})
    assert answer.status_code == 422
    assert change(owner, uuid4(), pinned=True) == 404
