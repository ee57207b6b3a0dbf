"""The doors of conversations, as owner, team mate, stranger and nobody."""

from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from parley.accounts.models import Workspace
from parley.bots.models import Bot
from parley.bots.personas import persona_for
from parley.bots.tests.made import make_bot, make_card
from parley.conversations.models import Conversation, Message
from parley.conversations.tests.said import end, exchange, say
from tests.people import Browser, Person

HERE = "/api/v1/conversations"


@pytest.fixture(autouse=True)
def bot(workspace: Workspace) -> Bot:
    card = make_card(workspace.id, label="Small model")
    made = make_bot(workspace.id, "Helper", card=card, avatar="🦒", default_for=card)
    persona_for(made.id)
    return made


def browser_of(who: str, request: pytest.FixtureRequest) -> Browser:
    person: Person | None = request.getfixturevalue(who)
    return person.browser if person else Browser()


OTHERS = [("mate", 404), ("stranger", 404), ("nobody", 401)]


def test_the_list_is_ones_own_newest_first(owner: Person, mate: Person, bot: Bot) -> None:
    older, newer = exchange(owner.member, "Older"), exchange(owner.member, "Newer")
    exchange(mate.member, "Not mine")
    body = owner.browser.get(HERE).json()
    assert [item["title"] for item in body["items"]] == ["Newer", "Older"]
    assert body["next"] is None
    exchange(owner.member, "More", conversation_id=older.conversation_id)
    first, second = owner.browser.get(HERE).json()["items"]
    assert (first["id"], second["id"]) == (str(older.conversation_id), str(newer.conversation_id))
    kept = {"folder", "pinned", "archived", "temporary", "tags"}
    assert set(first) == {"id", "title", "bot", "updated_at", "created_at", "version"} | kept
    assert (first["bot"], first["version"]) == (str(bot.id), 1)


def test_pages_follow_each_other_without_gap_or_repeat(owner: Person) -> None:
    for number in range(7):
        say(owner.member, f"Number {number}")
    titles: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page: Any = owner.browser.get(HERE, {"limit": 3} | ({"cursor": cursor} if cursor else {})).json()
        titles += [item["title"] for item in page["items"]]
        cursor = page["next"]
    assert titles == [f"Number {number}" for number in reversed(range(7))]


def test_pages_hold_when_all_are_of_the_same_moment(owner: Person) -> None:
    for _ in range(5):
        say(owner.member)
    moment = Conversation.objects.latest("updated_at").updated_at
    Conversation.objects.update(updated_at=moment)
    first = owner.browser.get(HERE, {"limit": 3}).json()
    second = owner.browser.get(HERE, {"limit": 3, "cursor": first["next"]}).json()
    assert len({item["id"] for item in first["items"] + second["items"]}) == 5


def test_a_list_takes_two_queries_however_long(
    owner: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        say(owner.member)
    owner.browser.get(HERE)
    with django_assert_num_queries(2):
        assert len(owner.browser.get(HERE).json()["items"]) == 5


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"limit": "many"}, {"cursor": "nonsense"}])
def test_a_bad_page_is_refused_with_what_to_do(query: dict[str, str | int], owner: Person) -> None:
    answer = owner.browser.get(HERE, query)
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"


def test_nobody_sees_no_list(nobody: None) -> None:
    assert Browser().get(HERE).status_code == 401


def test_an_opened_conversation_shows_the_whole_tree(owner: Person, bot: Bot) -> None:
    posted = exchange(owner.member, "Hello", "Hi there")
    open_answer = say(owner.member, "And now?", conversation_id=posted.conversation_id)
    body = owner.browser.get(f"{HERE}/{posted.conversation_id}").json()
    assert (body["title"], body["leaf"], body["bot"]) == ("Hello", str(open_answer.answer_id), str(bot.id))
    question, answer, second, writing = body["messages"]
    assert question == {
        "id": str(posted.message_id),
        "parent": None,
        "role": "user",
        "parts": [{"type": "text", "text": "Hello"}],
        "status": "completed",
        "bot": None,
        "model": None,
        "generation": None,
        "created_at": question["created_at"],
    }
    assert question["created_at"].endswith("Z")
    face = {"id": str(bot.id), "name": "Helper", "avatar": "🦒", "colour": "", "picture": None, "version": 1}
    assert answer["bot"] == face | {"shape": None, "is_rule": False}
    assert (answer["model"], answer["parent"]) == ("Small model", str(posted.message_id))
    assert second["parent"] == str(posted.answer_id)
    assert (writing["status"], writing["parts"]) == ("writing", [])


def test_opening_takes_five_queries_however_long(
    owner: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    posted = exchange(owner.member)
    for _ in range(4):
        exchange(owner.member, conversation_id=posted.conversation_id)
    owner.browser.get(HERE)
    with django_assert_num_queries(5):
        assert len(owner.browser.get(f"{HERE}/{posted.conversation_id}").json()["messages"]) == 10


@pytest.mark.parametrize(("who", "status"), OTHERS)
def test_others_cannot_open_rename_branch_or_delete(
    who: str, status: int, owner: Person, request: pytest.FixtureRequest
) -> None:
    posted = exchange(owner.member, "Mine")
    browser, path = browser_of(who, request), f"{HERE}/{posted.conversation_id}"
    assert browser.get(path).status_code == status
    assert browser.patch(path, {"title": "Theirs", "version": 1}).status_code == status
    assert browser.patch(path, {"leaf": str(posted.answer_id)}).status_code == status
    assert browser.delete(path).status_code == status
    assert Conversation.objects.get(id=posted.conversation_id).title == "Mine"


def test_unknown_and_malformed_ids_are_not_found(owner: Person) -> None:
    assert owner.browser.get(f"{HERE}/{uuid4()}").status_code == 404
    assert owner.browser.get(f"{HERE}/seven").status_code == 404


def test_a_rename_needs_the_version_that_was_read(owner: Person) -> None:
    path = f"{HERE}/{exchange(owner.member).conversation_id}"
    assert owner.browser.patch(path, {"title": "New"}).status_code == 422
    renamed = owner.browser.patch(path, {"title": "  New \n name ", "version": 1}).json()
    assert (renamed["title"], renamed["version"]) == ("New name", 2)
    stale = owner.browser.patch(path, {"title": "Older tab", "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    assert owner.browser.get(path).json()["title"] == "New name"


@pytest.mark.parametrize("title", ["", "   ", "x" * 201])
def test_a_title_that_is_none_is_refused(title: str, owner: Person) -> None:
    path = f"{HERE}/{exchange(owner.member).conversation_id}"
    assert owner.browser.patch(path, {"title": title, "version": 1}).status_code == 422


def test_choosing_an_inner_message_shows_the_newest_end_of_its_branch(owner: Person) -> None:
    first = exchange(owner.member)
    second = exchange(owner.member, conversation_id=first.conversation_id)
    other = exchange(owner.member, "Another root", conversation_id=first.conversation_id, parent_id=None)
    path = f"{HERE}/{first.conversation_id}"
    assert owner.browser.get(path).json()["leaf"] == str(other.answer_id)
    assert owner.browser.patch(path, {"leaf": str(first.message_id)}).json()["leaf"] == str(second.answer_id)


def test_a_leaf_of_another_conversation_is_not_found_and_takes_back_what_came_with_it(owner: Person) -> None:
    here, there = exchange(owner.member), exchange(owner.member)
    before = owner.browser.get(f"{HERE}/{here.conversation_id}").json()
    changes = {"version": 1, "title": "Another", "leaf": str(there.answer_id), "pinned": True}
    answer = owner.browser.patch(f"{HERE}/{here.conversation_id}", changes)
    assert answer.status_code == 404
    assert owner.browser.get(f"{HERE}/{here.conversation_id}").json() == before


def test_a_deleted_conversation_is_gone_with_its_messages(owner: Person) -> None:
    posted, kept = exchange(owner.member), exchange(owner.member)
    path = f"{HERE}/{posted.conversation_id}"
    assert owner.browser.delete(path).status_code == 204
    assert owner.browser.get(path).status_code == 404
    assert owner.browser.delete(path).status_code == 404
    assert set(Message.objects.values_list("conversation_id", flat=True)) == {kept.conversation_id}


def test_an_empty_conversation_takes_its_title_from_the_first_message(owner: Person, bot: Bot) -> None:
    made = owner.browser.post(HERE, {})
    assert made.status_code == 201
    assert (made.json()["title"], made.json()["bot"], made.json()["leaf"]) == ("", str(bot.id), None)
    exchange(owner.member, "A good question", conversation_id=Conversation.objects.get().id)
    assert owner.browser.get(HERE).json()["items"][0]["title"] == "A good question"


def test_a_conversation_may_be_made_with_a_title_and_a_bot(owner: Person) -> None:
    other = make_bot(owner.member.workspace_id, "Other")
    made = owner.browser.post(HERE, {"title": "Plans", "bot": str(other.id)}).json()
    assert (made["title"], made["bot"]) == ("Plans", str(other.id))


def test_a_conversation_with_a_strangers_bot_cannot_be_made(owner: Person, stranger: Person) -> None:
    theirs = make_bot(stranger.member.workspace_id)
    assert owner.browser.post(HERE, {"bot": str(theirs.id)}).status_code == 404
    assert Browser().post(HERE, {}).status_code == 401


def test_an_unknown_field_is_refused(owner: Person) -> None:
    assert owner.browser.post(HERE, {"titel": "x"}).status_code == 422


def test_search_answers_where_the_words_stand(owner: Person) -> None:
    posted = exchange(owner.member, "Where do giraffes sleep?")
    (hit,) = owner.browser.get("/api/v1/search", {"q": "giraffes"}).json()["items"]
    assert hit["conversation"] == {"id": str(posted.conversation_id), "title": "Where do giraffes sleep?"}
    assert (hit["message"], hit["role"]) == (str(posted.message_id), "user")
    assert hit["snippet"] == "Where do \x02giraffes\x03 sleep?"


def test_search_shows_nobody_the_words_of_others(owner: Person, mate: Person, stranger: Person, nobody: None) -> None:
    exchange(owner.member, "giraffe")
    for other in (mate, stranger):
        assert other.browser.get("/api/v1/search", {"q": "giraffe"}).json()["items"] == []
    assert Browser().get("/api/v1/search", {"q": "giraffe"}).status_code == 401


def test_a_search_for_nothing_finds_nothing(owner: Person) -> None:
    exchange(owner.member)
    for question in ("", "  ", '"', "🦒", "AND"):
        assert owner.browser.get("/api/v1/search", {"q": question}).json() == {"items": [], "next": None}


def test_an_answer_that_was_cut_off_keeps_its_status(owner: Person) -> None:
    posted = say(owner.member)
    end(posted.answer_id, "Half a", status="stopped")
    body = owner.browser.get(f"{HERE}/{posted.conversation_id}").json()
    assert body["messages"][1]["status"] == "stopped"
