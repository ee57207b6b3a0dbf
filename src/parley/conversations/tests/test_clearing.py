"""Clearing: what was said goes, the conversation stays."""

import pytest

from parley.accounts.models import Workspace
from parley.bots.models import Bot
from parley.bots.tests.made import make_bot, make_card
from parley.conversations import signals
from parley.conversations.tests.said import exchange, say
from tests.people import Person, body_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def bot(workspace: Workspace) -> Bot:
    card = make_card(workspace.id)
    return make_bot(workspace.id, "Helper", card=card, default_for=card)


def test_a_cleared_conversation_is_empty_and_keeps_its_name_tags_and_place(owner: Person) -> None:
    said = exchange(owner.member, "What is saffron?", "A spice.")
    path = f"/api/v1/conversations/{said.conversation_id}"
    owner.browser.patch(path, {"tags": ["food"], "pinned": True})
    assert owner.browser.post(f"{path}/clear").status_code == 204
    cleared = body_of(owner.browser.get(path))
    assert (cleared["messages"], cleared["leaf"]) == ([], None)
    assert (cleared["title"], cleared["tags"], cleared["pinned"]) == ("What is saffron?", ["food"], True)


def test_what_was_cleared_is_found_by_no_search_and_shown_by_no_link(owner: Person) -> None:
    said = exchange(owner.member, "What is saffron?", "A spice.")
    path = f"/api/v1/conversations/{said.conversation_id}"
    token = owner.browser.post(f"{path}/shares", {"days": 7}).json()["token"]
    owner.browser.post(f"{path}/clear")
    assert body_of(owner.browser.get("/api/v1/search?q=saffron"))["items"] == []
    assert owner.browser.get(f"/api/v1/shared/{token}").status_code == 404


def test_one_may_go_on_in_a_cleared_conversation(owner: Person) -> None:
    said = exchange(owner.member, "What is saffron?", "A spice.")
    owner.browser.post(f"/api/v1/conversations/{said.conversation_id}/clear")
    exchange(owner.member, "And turmeric?", "A root.", conversation_id=said.conversation_id)
    opened = body_of(owner.browser.get(f"/api/v1/conversations/{said.conversation_id}"))
    question, answer = opened["messages"]
    assert (question["parent"], answer["parent"]) == (None, question["id"])


def test_whoever_writes_in_it_is_told_to_stop(owner: Person) -> None:
    heard: list[tuple[object, ...]] = []

    def hear(live_answer_ids: tuple[object, ...], **_: object) -> None:
        heard.append(live_answer_ids)

    said = say(owner.member, "What is saffron?")
    signals.conversation_cleared.connect(hear)
    try:
        owner.browser.post(f"/api/v1/conversations/{said.conversation_id}/clear")
    finally:
        signals.conversation_cleared.disconnect(hear)
    assert heard == [(said.answer_id,)]


def test_nobody_else_clears_it(owner: Person, mate: Person, stranger: Person) -> None:
    said = exchange(owner.member, "What is saffron?", "A spice.")
    for other in (mate, stranger):
        assert other.browser.post(f"/api/v1/conversations/{said.conversation_id}/clear").status_code == 404
    assert len(body_of(owner.browser.get(f"/api/v1/conversations/{said.conversation_id}"))["messages"]) == 2
