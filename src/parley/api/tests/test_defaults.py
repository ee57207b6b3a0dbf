"""What an owner decides for all: who answers first, what newcomers are and may do, which language is spoken."""

from pathlib import Path
from typing import Any, get_args

import pytest
from django.conf import settings
from django.test import Client

from parley.accounts.models import Role, User, Workspace
from parley.accounts.workspace import Locale
from parley.bots.models import Bot
from parley.bots.tests.made import make_bot, make_card
from parley.conversations.tests.said import exchange
from tests.people import Person, body_of

WORKSPACE = "/api/v1/workspace"


def change(who: Person, **changes: Any) -> Any:
    version = Workspace.objects.get(id=who.member.workspace_id).version
    return who.browser.patch(WORKSPACE, {"version": version, **changes})


@pytest.fixture
def bots(workspace: Workspace) -> tuple[Bot, Bot]:
    card = make_card(workspace.id)
    return make_bot(workspace.id, "First", card=card, default_for=card), make_bot(workspace.id, "Helper", card=card)


def begun_with(who: Person) -> str:
    return str(body_of(who.browser.post("/api/v1/conversations", {}))["bot"])


def test_new_conversations_begin_with_the_bot_that_the_owner_chose(
    owner: Person, mate: Person, bots: tuple[Bot, Bot]
) -> None:
    first, helper = bots
    assert begun_with(mate) == str(first.id)
    answer = change(owner, default_bot=str(helper.id))
    assert (answer.status_code, body_of(answer)["default_bot"]) == (200, str(helper.id))
    assert begun_with(mate) == str(helper.id)
    assert body_of(mate.browser.get("/api/v1/me"))["workspace"]["default_bot"] == str(helper.id)
    change(owner, default_bot=None)
    assert begun_with(mate) == str(first.id)


def test_where_the_chosen_bot_is_gone_the_first_model_answers(owner: Person, bots: tuple[Bot, Bot]) -> None:
    first, helper = bots
    change(owner, default_bot=str(helper.id))
    assert owner.browser.delete(f"/api/v1/bots/{helper.id}").status_code == 204
    assert begun_with(owner) == str(first.id)


def test_a_bot_that_is_not_for_everybody_is_no_default(owner: Person, stranger: Person, bots: tuple[Bot, Bot]) -> None:
    _, helper = bots
    Bot.objects.filter(id=helper.id).update(audience=Bot.Audience.CHOSEN)
    answer = change(owner, default_bot=str(helper.id))
    assert answer.status_code == 422
    assert "for everybody" in answer.content.decode()
    assert change(stranger, default_bot=str(helper.id)).status_code == 404
    assert Workspace.objects.get(id=owner.member.workspace_id).default_bot_id is None


def test_whoever_registers_becomes_what_the_owner_lets_newcomers_be(owner: Person, db: None) -> None:
    assert change(owner, sign_up_open=True, sign_up_role="guest").status_code == 200
    visitor = Client()
    answer = visitor.post(
        "/_allauth/browser/v1/auth/signup",
        {"email": "new@example.org", "password": "correct horse battery"},
        content_type="application/json",
    )
    assert answer.status_code == 200, answer.content
    assert User.objects.get(email="new@example.org").memberships.get().role == Role.GUEST
    assert change(owner, sign_up_role="owner").status_code == 422


def test_what_is_left_to_owners_and_admins_is_refused_to_others_with_the_reason(
    owner: Person, admin: Person, mate: Person, bots: tuple[Bot, Bot]
) -> None:
    posted = exchange(mate.member)
    card = bots[1].versions.get().model_card_id
    tries = {
        "may_make_bots": ("/api/v1/bots", {"name": "Mine", "model": str(card)}),
        "may_make_keys": ("/api/v1/keys", {"name": "script"}),
        "may_share_links": (f"/api/v1/conversations/{posted.conversation_id}/shares", {"days": 7}),
    }
    for permission, (path, body) in tries.items():
        assert mate.browser.post(path, body).status_code == 201, permission
        assert change(owner, **{permission: False}).status_code == 200
        refused = mate.browser.post(path, body)
        assert refused.status_code == 403, permission
        assert "only owners and admins" in refused.content.decode()
    assert admin.browser.post("/api/v1/bots", {"name": "Ours", "model": str(card)}).status_code == 201
    assert admin.browser.post("/api/v1/keys", {"name": "script"}).status_code == 201


def test_links_of_members_lead_nowhere_while_links_are_left_to_owners_and_come_back_after(
    owner: Person, mate: Person, bots: tuple[Bot, Bot]
) -> None:
    links = {}
    for who in (owner, mate):
        posted = exchange(who.member)
        made = body_of(who.browser.post(f"/api/v1/conversations/{posted.conversation_id}/shares", {"days": 7}))
        links[who.user.email] = f"/api/v1/shared/{made['token']}"
    read = {email: Client().get(link).status_code for email, link in links.items()}
    assert set(read.values()) == {200}
    change(owner, may_share_links=False)
    assert Client().get(links[owner.user.email]).status_code == 200
    assert Client().get(links[mate.user.email]).status_code == 404
    change(owner, may_share_links=True)
    assert Client().get(links[mate.user.email]).status_code == 200


def test_the_language_of_a_workspace_is_told_before_anybody_signs_in(owner: Person) -> None:
    assert body_of(Client().get("/api/v1/config"))["locale"] == ""
    assert change(owner, locale="de").status_code == 200
    assert body_of(Client().get("/api/v1/config"))["locale"] == "de"
    assert change(owner, locale="tlh").status_code == 422


def test_the_server_offers_the_languages_that_the_front_end_speaks() -> None:
    folder = Path(settings.REPOSITORY) / "frontend" / "src" / "i18n" / "locales"
    assert {path.stem for path in folder.glob("*.json")} == set(get_args(Locale)) - {""}


def test_mates_change_none_of_it_and_a_stale_page_overwrites_nothing(owner: Person, mate: Person) -> None:
    assert change(mate, may_make_bots=False).status_code == 403
    assert owner.browser.patch(WORKSPACE, {"version": 99, "locale": "fr"}).status_code == 409
    row = Workspace.objects.get(id=owner.member.workspace_id)
    assert (row.may_make_bots, row.locale) == (True, "")
