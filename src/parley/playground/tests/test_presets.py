"""Presets through their doors, as owner, team mate, guest, stranger and nobody."""

from typing import Any
from uuid import uuid4

import pytest

from parley.accounts.models import Role, Workspace
from tests.people import Browser, Person, person

PRESETS = "/api/v1/playground/presets"
SETUP = {
    "system": "Be brief.",
    "messages": [{"role": "user", "parts": [{"type": "text", "text": "Hi"}]}],
    "parameters": {"temperature": 0.1, "shape": {"type": "choices", "choices": ["yes", "no"]}},
    "models": [str(uuid4())],
}


def kept(who: Person, **more: object) -> Any:
    answer = who.browser.post(PRESETS, {"name": "Short", "setup": SETUP, **more})
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_preset_comes_back_as_it_was_kept(mate: Person) -> None:
    preset = kept(mate)
    shown = mate.browser.get(f"{PRESETS}/{preset['id']}").json()
    assert shown == preset
    assert shown["setup"]["parameters"]["shape"] == {"type": "choices", "choices": ["yes", "no"]}
    assert (shown["name"], shown["setup"]["system"], shown["setup"]["models"]) == (
        "Short",
        "Be brief.",
        SETUP["models"],
    )


def test_a_personal_preset_is_for_nobody_else(owner: Person, mate: Person, stranger: Person) -> None:
    preset = kept(mate)
    for other in (owner, stranger):
        assert other.browser.get(PRESETS).json()["items"] == []
        assert other.browser.get(f"{PRESETS}/{preset['id']}").status_code == 404
        assert other.browser.delete(f"{PRESETS}/{preset['id']}").status_code == 404
    assert Browser().get(PRESETS).status_code == 401


def test_a_shared_preset_is_loaded_by_all_and_changed_by_its_maker_and_admins(
    owner: Person, mate: Person, stranger: Person, workspace: Workspace
) -> None:
    other = person(workspace, Role.MEMBER, "other")
    preset = kept(mate, shared=True)
    path = f"{PRESETS}/{preset['id']}"
    assert other.browser.get(path).json() | {"may_change": True} == preset
    assert other.browser.patch(path, {"version": 1, "name": "Mine"}).status_code == 403
    assert stranger.browser.get(path).status_code == 404
    assert owner.browser.patch(path, {"version": 1, "shared": False}).json()["shared"] is False
    assert other.browser.get(path).status_code == 404


def test_a_stale_change_is_refused(mate: Person) -> None:
    path = f"{PRESETS}/{kept(mate)['id']}"
    assert mate.browser.patch(path, {"version": 1, "name": "One"}).json()["version"] == 2
    assert mate.browser.patch(path, {"version": 1, "name": "Two"}).status_code == 409
    assert mate.browser.get(path).json()["name"] == "One"


def test_a_guest_keeps_presets_but_shares_none(workspace: Workspace) -> None:
    guest = person(workspace, Role.GUEST, "guest")
    kept(guest)
    answer = guest.browser.post(PRESETS, {"name": "All", "setup": SETUP, "shared": True})
    assert answer.status_code == 403


def test_a_preset_needs_a_name(mate: Person) -> None:
    answer = mate.browser.post(PRESETS, {"name": "  ", "setup": SETUP})
    assert answer.status_code in (400, 422)
    assert "needs a name" in answer.json()["detail"]


@pytest.mark.parametrize("setup", [{"models": ["x"]}, {"messages": [{"role": "system", "parts": []}]}, {"top": 1}])
def test_a_setup_that_is_none_is_refused(mate: Person, setup: object) -> None:
    assert mate.browser.post(PRESETS, {"name": "Bad", "setup": setup}).status_code in (400, 422)


def test_a_deleted_preset_is_gone(mate: Person) -> None:
    path = f"{PRESETS}/{kept(mate)['id']}"
    assert mate.browser.delete(path).status_code == 204
    assert mate.browser.get(path).status_code == 404
