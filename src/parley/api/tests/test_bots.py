"""The doors of bots, as owner, team mate, stranger and nobody."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from parley.accounts.models import Role, Workspace
from parley.bots.actions import archive_default_bot
from parley.bots.models import Bot, BotVersion
from parley.bots.queries import list_archived_bots
from parley.bots.tests.made import make_bot, make_card
from parley.conversations.tests.said import exchange, message
from parley.knowledge.models import Collection
from parley.providers.models import ModelCard
from tests.people import Browser, Person, person

BOTS = "/api/v1/bots"


@pytest.fixture
def card(workspace: Workspace) -> ModelCard:
    return make_card(workspace.id, label="Small model")


def draft(card: ModelCard, **more: object) -> dict[str, object]:
    return {"name": "Proofreader", "model": str(card.id), **more}


def made(who: Person, card: ModelCard, **more: object) -> Any:
    answer = who.browser.post(BOTS, draft(card, **more))
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_bot_is_made_with_all_that_it_is(owner: Person, card: ModelCard) -> None:
    bot = made(
        owner,
        card,
        avatar="🖋",
        system_prompt="You proofread.",
        greeting="Hello!",
        starters=["Check this"],
        parameters={"temperature": 0.2, "stop": ["END"]},
    )
    assert bot["model"] == {"id": str(card.id), "name": "small", "label": "Small model"}
    assert (bot["version"], bot["is_default"], bot["may_edit"]) == (1, False, True)
    shown = owner.browser.get(f"{BOTS}/{bot['id']}").json()
    assert shown == bot
    assert (shown["system_prompt"], shown["starters"]) == ("You proofread.", ["Check this"])
    assert (shown["parameters"]["temperature"], shown["parameters"]["stop"]) == (0.2, ["END"])


def test_a_mate_sees_a_bot_but_not_its_prompt(owner: Person, mate: Person, card: ModelCard) -> None:
    bot = made(owner, card, system_prompt="secret")
    shown = mate.browser.get(f"{BOTS}/{bot['id']}").json()
    assert (shown["name"], shown["may_edit"], shown["system_prompt"]) == ("Proofreader", False, None)
    (listed,) = mate.browser.get(BOTS).json()["items"]
    assert "system_prompt" not in listed


@pytest.mark.parametrize(("who", "status"), [("mate", 403), ("stranger", 404), ("nobody", 401)])
def test_others_cannot_edit_archive_or_read_the_versions_of_a_bot(
    who: str, status: int, owner: Person, card: ModelCard, request: pytest.FixtureRequest
) -> None:
    path = f"{BOTS}/{made(owner, card)['id']}"
    someone: Person | None = request.getfixturevalue(who)
    browser = someone.browser if someone else Browser()
    assert browser.patch(path, {"name": "Mine", "version": 1}).status_code == status
    assert browser.delete(path).status_code == status
    assert browser.post(f"{path}/restore").status_code == status
    assert browser.get(f"{path}/versions").status_code == status
    assert owner.browser.get(path).json()["name"] == "Proofreader"


def test_a_stranger_sees_no_bot_of_ours(owner: Person, stranger: Person, card: ModelCard) -> None:
    path = f"{BOTS}/{made(owner, card)['id']}"
    assert stranger.browser.get(path).status_code == 404
    assert stranger.browser.get(BOTS).json()["items"] == []
    assert Browser().get(BOTS).status_code == 401


def test_a_mate_edits_what_a_mate_made_and_so_does_an_admin(mate: Person, admin: Person, card: ModelCard) -> None:
    path = f"{BOTS}/{made(mate, card)['id']}"
    assert mate.browser.patch(path, {"name": "Two", "version": 1}).json()["version"] == 2
    assert admin.browser.patch(path, {"name": "Three", "version": 2}).json()["version"] == 3


def test_an_edit_changes_only_what_it_names_and_keeps_the_version_before(owner: Person, card: ModelCard) -> None:
    bot = made(owner, card, system_prompt="One", greeting="Hello!")
    path = f"{BOTS}/{bot['id']}"
    edited = owner.browser.patch(path, {"system_prompt": "Two", "version": 1}).json()
    assert (edited["system_prompt"], edited["greeting"], edited["version"]) == ("Two", "Hello!", 2)
    newest, first = owner.browser.get(f"{path}/versions").json()["items"]
    assert (newest["number"], newest["system_prompt"], newest["made_by"]) == (2, "Two", "Owner")
    assert (first["number"], first["system_prompt"]) == (1, "One")


def test_a_stale_edit_is_refused(owner: Person, card: ModelCard) -> None:
    path = f"{BOTS}/{made(owner, card)['id']}"
    owner.browser.patch(path, {"name": "Two", "version": 1})
    stale = owner.browser.patch(path, {"name": "Other", "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    assert owner.browser.get(path).json()["name"] == "Two"


def test_an_edit_that_changes_nothing_adds_no_version(owner: Person, card: ModelCard) -> None:
    path = f"{BOTS}/{made(owner, card)['id']}"
    assert owner.browser.patch(path, {**draft(card), "version": 1}).json()["version"] == 1
    assert BotVersion.objects.count() == 1


@pytest.mark.parametrize(
    "bad",
    [
        {"name": ""},
        {"name": "  "},
        {"name": "x" * 121},
        {"avatar": "x" * 17},
        {"starters": ["a"] * 7},
        {"starters": [" "]},
        {"system_prompt": "ä" * (16 * 1024 + 1)},
        {"greeting": "x" * 4097},
        {"parameters": {"temperature": 3}},
        {"parameters": {"top_p": 0}},
        {"parameters": {"max_tokens": 0}},
        {"parameters": {"wishes": 3}},
        {"model": None},
        {"model": "seven"},
        {"collections": [str(uuid4())]},
        {"unknown": 1},
    ],
)
def test_a_bad_draft_is_refused_with_what_to_do(bad: dict[str, object], owner: Person, card: ModelCard) -> None:
    answer = owner.browser.post(BOTS, draft(card, **bad))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert not Bot.objects.exists()


def test_a_bot_cannot_have_a_model_or_collection_of_another_workspace(
    owner: Person, stranger: Person, card: ModelCard
) -> None:
    theirs = make_card(stranger.member.workspace_id)
    papers = Collection.objects.create(workspace_id=stranger.member.workspace_id, name="Papers")
    assert owner.browser.post(BOTS, draft(theirs)).status_code == 404
    assert owner.browser.post(BOTS, draft(card, collections=[str(papers.id)])).status_code == 422


def test_a_guest_cannot_make_a_bot(workspace: Workspace, card: ModelCard) -> None:
    guest = person(workspace, Role.GUEST, "guest")
    assert guest.browser.post(BOTS, draft(card)).status_code == 403
    assert guest.browser.get(BOTS).status_code == 200


def test_an_archived_bot_is_gone_and_what_it_said_still_names_it(owner: Person, card: ModelCard) -> None:
    bot = make_bot(owner.member.workspace_id, "Old", card=card)
    posted = exchange(owner.member, bot_id=bot.id)
    assert owner.browser.delete(f"{BOTS}/{bot.id}").status_code == 204
    assert owner.browser.get(f"{BOTS}/{bot.id}").status_code == 404
    assert owner.browser.delete(f"{BOTS}/{bot.id}").status_code == 404
    answer = owner.browser.get(f"/api/v1/conversations/{posted.conversation_id}").json()["messages"][1]
    assert answer["bot"]["name"] == "Old"
    assert message(posted.answer_id).bot_version_id == posted.bot_version_id


def test_a_deleted_bot_that_is_restored_is_there_with_its_versions(owner: Person, card: ModelCard) -> None:
    path = f"{BOTS}/{made(owner, card)['id']}"
    assert owner.browser.patch(path, {"version": 1, "name": "Editor"}).status_code == 200
    before = [owner.browser.get(address).json() for address in (path, f"{path}/versions", BOTS)]
    assert owner.browser.delete(path).status_code == 204
    restored = owner.browser.post(f"{path}/restore")
    assert (restored.status_code, restored.json()["name"]) == (200, "Editor")
    assert owner.browser.post(f"{path}/restore").json() == restored.json()
    assert [owner.browser.get(address).json() for address in (path, f"{path}/versions", BOTS)] == before


def test_an_admin_restores_a_shared_bot_of_a_mate_and_nobody_restores_what_is_no_bot_to_talk_to(
    owner: Person, mate: Person, card: ModelCard
) -> None:
    shared = f"{BOTS}/{made(mate, card)['id']}"
    assert mate.browser.delete(shared).status_code == 204
    assert owner.browser.post(f"{shared}/restore").status_code == 200
    preview = mate.browser.put(f"{BOTS}/preview", draft(card)).json()["id"]
    assert mate.browser.post(f"{BOTS}/{preview}/restore").status_code == 404


def test_deleted_bots_are_shown_to_who_may_restore_them_the_last_one_first(
    owner: Person,
    mate: Person,
    stranger: Person,
    workspace: Workspace,
    card: ModelCard,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    own, shared = made(mate, card, name="Own", audience={"who": "maker"}), made(mate, card, name="Shared")
    made(mate, card, name="Kept")
    for bot in (own, shared):
        mate.browser.delete(f"{BOTS}/{bot['id']}")
    guest = person(workspace, Role.GUEST, "guest")
    Bot.objects.create(workspace=workspace, made_by=guest.user, archived_at=timezone.now())
    seen = [
        [bot["name"] for bot in who.browser.get(f"{BOTS}/deleted").json()["items"]]
        for who in (mate, owner, stranger, guest)
    ]
    assert seen == [["Shared", "Own"], ["Shared"], [], []]
    assert Browser().get(f"{BOTS}/deleted").status_code == 401
    with django_assert_num_queries(1):
        assert len(list_archived_bots(mate.member)) == 2
    mate.browser.post(f"{BOTS}/{shared['id']}/restore")
    (left,) = mate.browser.get(f"{BOTS}/deleted").json()["items"]
    assert (left["id"], left["may_edit"]) == (own["id"], True)
    assert datetime.fromisoformat(left["deleted_at"]) <= timezone.now()


def test_neither_a_preview_nor_the_bot_of_a_model_that_went_is_among_the_deleted(
    owner: Person, workspace: Workspace, card: ModelCard
) -> None:
    owner.browser.put(f"{BOTS}/preview", draft(card))
    bot = make_bot(workspace.id, card=card, default_for=card)
    archive_default_bot(card.id)
    card.delete()
    assert Bot.objects.get(id=bot.id).archived_at is not None
    assert owner.browser.get(f"{BOTS}/deleted").json()["items"] == []


def test_the_bot_of_a_model_keeps_its_model_and_cannot_be_archived(owner: Person, card: ModelCard) -> None:
    bot = make_bot(owner.member.workspace_id, card=card, default_for=card)
    other = make_card(owner.member.workspace_id, "other")
    path = f"{BOTS}/{bot.id}"
    assert owner.browser.delete(path).status_code == 422
    assert owner.browser.patch(path, {"model": str(other.id), "version": 1}).status_code == 422
    assert owner.browser.patch(path, {"system_prompt": "Be brief.", "version": 1}).status_code == 200


def test_the_list_puts_peoples_own_bots_first_and_leaves_out_those_of_models_switched_off(
    owner: Person, workspace: Workspace
) -> None:
    for name, enabled in (("A model", True), ("Off", False)):
        card = make_card(workspace.id, name, enabled=enabled)
        make_bot(workspace.id, name, card=card, default_for=card)
    make_bot(workspace.id, "zebra")
    make_bot(workspace.id, "Ant")
    items = owner.browser.get(BOTS).json()["items"]
    assert [(item["name"], item["is_default"]) for item in items] == [
        ("Ant", False),
        ("zebra", False),
        ("A model", True),
    ]


def test_the_list_takes_one_query(
    owner: Person, workspace: Workspace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for name in "abcd":
        make_bot(workspace.id, name)
    owner.browser.get(BOTS)
    with django_assert_num_queries(1):
        assert len(owner.browser.get(BOTS).json()["items"]) == 4
