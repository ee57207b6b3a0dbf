"""The doors of the bot editor: whom a bot is for, its face, what stands unsaved, tools, and the shape of answers."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from parley.accounts.models import Role, Workspace
from parley.bots.models import Bot
from parley.bots.tests.made import make_card
from parley.conversations import actions
from parley.conversations.models import Message
from parley.conversations.tests.said import exchange, say, text
from parley.core.errors import NotFound
from parley.files.models import File
from parley.providers.models import ModelCard
from tests.people import Browser, Person, body_of, person

BOTS = "/api/v1/bots"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452")
SCHEMA = {"type": "object", "properties": {"name": {"type": "string", "title": "Who"}}, "required": ["name"]}


@pytest.fixture
def card(workspace: Workspace) -> ModelCard:
    return make_card(workspace.id, label="Small model")


def made(who: Person, card: ModelCard, **more: object) -> Any:
    answer = who.browser.post(BOTS, {"name": "Proofreader", "model": str(card.id), **more})
    assert answer.status_code == 201, answer.content
    return answer.json()


def sees(who: Person, bot: Any) -> bool:
    """By list and by id, which must agree."""
    listed = bot["id"] in [item["id"] for item in body_of(who.browser.get(BOTS))["items"]]
    assert (who.browser.get(f"{BOTS}/{bot['id']}").status_code == 200) is listed
    return listed


def talks(who: Person, bot: Any) -> bool:
    try:
        exchange(who.member, bot_id=bot["id"])
    except NotFound:
        return False
    return True


def test_a_bot_of_its_makers_own_is_seen_and_talked_to_by_nobody_else(
    owner: Person, admin: Person, mate: Person, stranger: Person, card: ModelCard
) -> None:
    bot = made(mate, card, audience={"who": "maker"})
    assert (bot["audience"], bot["is_mine"]) == ("maker", True)
    assert (sees(mate, bot), talks(mate, bot)) == (True, True)
    for other in (owner, admin, stranger):
        assert (sees(other, bot), talks(other, bot)) == (False, False)


def test_chosen_people_and_roles_are_let_in(owner: Person, admin: Person, mate: Person, card: ModelCard) -> None:
    guest = person(Workspace.objects.get(id=owner.member.workspace_id), Role.GUEST, "guest")
    other = person(Workspace.objects.get(id=owner.member.workspace_id), Role.MEMBER, "other")
    bot = made(owner, card, audience={"who": "chosen", "roles": ["guest"], "people": ["Mate@example.org "]})
    assert (bot["roles"], bot["people"]) == (["guest"], ["mate@example.org"])
    assert [talks(who, bot) for who in (owner, admin, mate, guest)] == [True] * 4
    assert (sees(mate, bot), sees(guest, bot), sees(other, bot), talks(other, bot)) == (True, True, False, False)


def test_who_is_no_longer_let_in_can_neither_go_on_nor_continue(owner: Person, mate: Person, card: ModelCard) -> None:
    bot = made(owner, card)
    posted = exchange(mate.member, bot_id=bot["id"])
    changed = owner.browser.patch(f"{BOTS}/{bot['id']}", {"version": 1, "audience": {"who": "maker"}})
    assert (changed.json()["audience"], changed.json()["version"]) == ("maker", 1)
    cut = say(owner.member, bot_id=bot["id"])
    Message.objects.filter(id__in=(posted.answer_id, cut.answer_id)).update(status="stopped", parts=text("Well,"))
    with pytest.raises(NotFound, match="no longer shared"):
        say(mate.member, "And?", conversation_id=posted.conversation_id)
    for again in (actions.regenerate, actions.continue_answer):
        with pytest.raises(NotFound), transaction.atomic():
            again(mate.member, posted.answer_id, key=uuid4())
        with transaction.atomic():
            assert again(owner.member, cut.answer_id, key=uuid4()).fresh
    assert mate.browser.get(f"/api/v1/conversations/{posted.conversation_id}").json()["messages"][1]["parts"]


def test_an_unknown_address_or_role_is_refused_by_name(owner: Person, stranger: Person, card: ModelCard) -> None:
    for audience, named in (
        ({"who": "chosen", "people": [stranger.user.email]}, stranger.user.email),
        ({"who": "chosen", "roles": ["king"]}, "king"),
    ):
        answer = owner.browser.post(BOTS, {"name": "X", "model": str(card.id), "audience": audience})
        assert (answer.status_code, named in answer.json()["detail"]) == (422, True)
    assert not Bot.objects.exists()


def upload(who: Person, media_type: str = "image/png", body: bytes = PNG) -> str:
    answer = who.browser.post("/api/v1/files?name=face.png", body, content_type=media_type)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def test_a_picture_is_seen_by_whom_the_bot_is_for(
    owner: Person, mate: Person, stranger: Person, card: ModelCard
) -> None:
    picture = upload(owner)
    bot = made(owner, card, picture=picture, colour="teal")
    assert (bot["picture"], bot["colour"]) == (picture, "teal")
    shown = mate.browser.get(f"/api/v1/pictures/{picture}")
    assert (shown.status_code, shown["Content-Type"], "sandbox" in shown["Content-Security-Policy"]) == (
        200,
        "image/png",
        True,
    )
    assert mate.browser.get(f"/api/v1/files/{picture}").status_code == 404
    assert stranger.browser.get(f"/api/v1/pictures/{picture}").status_code == 404
    assert Browser().get(f"/api/v1/pictures/{picture}").status_code == 401
    owner.browser.patch(f"{BOTS}/{bot['id']}", {"version": 1, "audience": {"who": "maker"}})
    assert mate.browser.get(f"/api/v1/pictures/{picture}").status_code == 404
    owner.browser.delete(f"/api/v1/files/{picture}")
    assert owner.browser.get(f"{BOTS}/{bot['id']}").json()["picture"] is None


def test_a_picture_is_ones_own_small_image(owner: Person, mate: Person, card: ModelCard) -> None:
    large = upload(owner)
    File.objects.filter(id=large).update(size_bytes=2**21)
    active = upload(owner)
    File.objects.filter(id=active).update(media_type="image/svg+xml")
    for picture, status in ((upload(mate), 404), (active, 422), (large, 422)):
        answer = owner.browser.post(BOTS, {"name": "X", "model": str(card.id), "picture": picture})
        assert answer.status_code == status
    assert owner.browser.post(BOTS, {"name": "X", "model": str(card.id), "colour": "plaid"}).status_code == 422


def test_what_stands_unsaved_can_be_talked_to_and_is_in_no_list(owner: Person, mate: Person, card: ModelCard) -> None:
    draft = {"name": "Draft", "model": str(card.id), "system_prompt": "One"}
    first = body_of(owner.browser.put(f"{BOTS}/preview", draft))
    assert body_of(owner.browser.put(f"{BOTS}/preview", draft)) == first
    second = body_of(owner.browser.put(f"{BOTS}/preview", draft | {"system_prompt": "Two"}))
    assert (second["id"], second["version"]) == (first["id"], 2)
    theirs = body_of(mate.browser.put(f"{BOTS}/preview", draft))
    assert theirs["id"] != first["id"]
    posted = exchange(owner.member, bot_id=first["id"])
    answer = owner.browser.get(f"/api/v1/conversations/{posted.conversation_id}").json()["messages"][1]
    assert (answer["bot"]["name"], answer["bot"]["version"]) == ("Draft", 2)
    assert not talks(mate, first)
    assert not sees(owner, first)
    assert owner.browser.patch(f"{BOTS}/{first['id']}", {"version": 2, "name": "X"}).status_code == 404
    assert owner.browser.put(f"{BOTS}/preview", draft | {"model": None}).status_code == 422


def test_a_description_is_shown_to_everybody_and_kept_short(owner: Person, mate: Person, card: ModelCard) -> None:
    bot = made(owner, card, description=" Finds slips. ")
    assert body_of(mate.browser.get(f"{BOTS}/{bot['id']}"))["description"] == "Finds slips."
    long = owner.browser.patch(f"{BOTS}/{bot['id']}", {"version": 1, "description": "x" * 301})
    assert (long.status_code, "300" in long.json()["detail"]) == (422, True)


def test_a_guest_previews_nothing(workspace: Workspace, card: ModelCard) -> None:
    guest = person(workspace, Role.GUEST, "guest")
    assert guest.browser.put(f"{BOTS}/preview", {"name": "X", "model": str(card.id)}).status_code == 403


def test_an_answer_says_which_kind_of_shape_it_has_and_the_bot_tells_the_rest(
    owner: Person, mate: Person, stranger: Person, card: ModelCard
) -> None:
    shape = {"type": "json", "json_schema": SCHEMA}
    bot = made(owner, card, parameters={"shape": shape})
    assert bot["shape"] == "json"
    posted = exchange(mate.member, answer='{"name": "Ada"}', bot_id=bot["id"])
    answer = mate.browser.get(f"/api/v1/conversations/{posted.conversation_id}").json()["messages"][1]
    assert (answer["bot"]["shape"], answer["bot"]["is_rule"]) == ("json", False)
    path = f"{BOTS}/{bot['id']}/shape?version=1"
    assert body_of(mate.browser.get(path)) == {"shape": shape}
    assert stranger.browser.get(path).status_code == 404
    assert mate.browser.get(f"{BOTS}/{bot['id']}/shape?version=9").status_code == 404
    owner.browser.delete(f"{BOTS}/{bot['id']}")
    assert body_of(mate.browser.get(path)) == {"shape": shape}


def test_tools_are_listed_with_words_for_people(mate: Person) -> None:
    tools = {tool["name"]: tool for tool in body_of(mate.browser.get("/api/v1/tools"))["items"]}
    assert {"calculate", "current_time"} <= set(tools)
    assert all(tool["label"] and tool["description"] for tool in tools.values())


@pytest.mark.parametrize(
    ("shape", "text", "wrong"),
    [
        ({"type": "json", "json_schema": SCHEMA}, '{"name": "Ada"}', ""),
        ({"type": "json", "json_schema": SCHEMA}, "{}", "name"),
        ({"type": "json", "json_schema": SCHEMA}, "Ada", "JSON"),
        ({"type": "regex", "pattern": "[0-9]+"}, "12", ""),
        ({"type": "regex", "pattern": "[0-9]+"}, "a", "match"),
        ({"type": "choices", "choices": ["yes", "no"]}, "maybe", "yes"),
    ],
)
def test_an_example_is_judged_as_an_answer_would_be(
    shape: dict[str, object], text: str, wrong: str, mate: Person
) -> None:
    judged = body_of(mate.browser.post("/api/v1/shapes/check", {"shape": shape, "text": text}))["wrong"]
    assert wrong in judged
    assert bool(judged) is bool(wrong)


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "json", "json_schema": {"type": "thing"}},
        {"type": "regex", "pattern": "("},
        {"type": "choices", "choices": []},
    ],
)
def test_a_shape_that_is_none_is_refused_with_the_reason(shape: dict[str, object], mate: Person) -> None:
    answer = mate.browser.post("/api/v1/shapes/check", {"shape": shape, "text": ""})
    assert answer.status_code == 422
    assert len(answer.json()["detail"]) > 20
