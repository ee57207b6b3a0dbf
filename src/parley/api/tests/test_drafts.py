"""Drafts, as owner, team mate, stranger and nobody."""

from uuid import uuid4

import pytest

from parley.accounts.models import Workspace
from parley.bots.models import Bot
from parley.bots.personas import persona_for
from parley.bots.tests.made import make_bot, make_card
from parley.conversations import signals
from parley.conversations.actions import delete_conversation
from parley.conversations.models import Draft
from parley.conversations.tests.said import exchange
from tests.people import Browser, Person


@pytest.fixture(autouse=True)
def bot(workspace: Workspace) -> Bot:
    card = make_card(workspace.id)
    made = make_bot(workspace.id, "Helper", card=card, default_for=card)
    persona_for(made.id)
    return made


@pytest.fixture(params=["conversation", "next"])
def place(request: pytest.FixtureRequest, owner: Person) -> str:
    if request.param == "next":
        return "/api/v1/draft"
    return f"/api/v1/conversations/{exchange(owner.member).conversation_id}/draft"


def test_what_was_typed_is_there_on_the_next_device(owner: Person, place: str) -> None:
    assert owner.browser.get(place).json() == {"text": "", "version": 0}
    assert owner.browser.put(place, {"text": "Dear", "version": 0}).json() == {"text": "Dear", "version": 1}
    assert owner.browser.put(place, {"text": "Dear Ada", "version": 1}).json()["version"] == 2
    assert owner.browser.get(place).json() == {"text": "Dear Ada", "version": 2}


def test_nothing_is_overwritten_unread(owner: Person, place: str) -> None:
    owner.browser.put(place, {"text": "from the phone", "version": 0})
    assert owner.browser.put(place, {"text": "from the desk", "version": 0}).status_code == 409
    owner.browser.put(place, {"text": "", "version": 1})  # it was sent there
    assert owner.browser.put(place, {"text": "late", "version": 1}).status_code == 409
    assert owner.browser.get(place).json() == {"text": "", "version": 2}


def test_a_draft_is_its_writers_alone(owner: Person, mate: Person, stranger: Person, place: str) -> None:
    owner.browser.put(place, {"text": "private", "version": 0})
    for who in (mate, stranger):
        if place.startswith("/api/v1/conv"):
            assert who.browser.get(place).status_code == 404
            assert who.browser.put(place, {"text": "x", "version": 1}).status_code == 404
        else:
            assert who.browser.get(place).json() == {"text": "", "version": 0}
    assert Browser().get(place).status_code == 401
    assert owner.browser.get(place).json()["text"] == "private"


def test_other_devices_are_told(owner: Person, place: str) -> None:
    told: list[int] = []

    def listen(version: int, **fact: object) -> None:
        told.append(version)

    signals.draft_written.connect(listen)
    owner.browser.put(place, {"text": "a", "version": 0})
    owner.browser.put(place, {"text": "b", "version": 7})
    signals.draft_written.disconnect(listen)
    assert told == [1]


def test_a_draft_goes_with_its_conversation(owner: Person) -> None:
    conversation = exchange(owner.member).conversation_id
    owner.browser.put(f"/api/v1/conversations/{conversation}/draft", {"text": "a", "version": 0})
    delete_conversation(owner.member, conversation)
    assert Draft.objects.count() == 0
    assert owner.browser.get(f"/api/v1/conversations/{uuid4()}/draft").status_code == 404


def test_what_no_message_may_hold_is_refused(owner: Person, place: str) -> None:
    assert owner.browser.put(place, {"text": "a\0b", "version": 0}).status_code == 400
    assert owner.browser.put(place, {"text": "x" * 300_000, "version": 0}).status_code == 413
    assert owner.browser.put(place, {"text": "x", "version": -1}).status_code == 422
