"""API keys: made, shown once, used, revoked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from parley.accounts.actions import MOST_KEYS, create_key
from parley.accounts.member_cache import members
from parley.accounts.models import ApiKey, User
from tests.people import Browser, Person, body_of


@pytest.fixture
def key(owner: Person) -> str:
    return create_key(owner.member, name="script").plain


def ask(key: str) -> int:
    return Browser().get("/api/v1/me", headers={"Authorization": f"Bearer {key}"}).status_code


def test_a_key_opens_the_door_without_csrf_token(owner: Person) -> None:
    made = body_of(owner.browser.post("/api/v1/keys", {"name": "script"}))
    assert made["key"].startswith("pk_")
    assert made["last_four"] == made["key"][-4:]
    program = Browser(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {made['key']}"})
    assert program.patch("/api/v1/me", {"name": "By key"}).status_code == 200


def test_a_key_is_shown_once_and_kept_as_a_digest(owner: Person, key: str) -> None:
    listed = owner.browser.get("/api/v1/keys")
    assert key not in listed.content.decode()
    assert set(body_of(listed)["items"][0]) == {"id", "name", "last_four", "created_at", "last_used_at"}
    assert key not in str(list(ApiKey.objects.values()))


def test_a_revoked_key_is_dead_at_once(owner: Person, key: str) -> None:
    assert ask(key) == 200
    row = ApiKey.objects.get()
    assert owner.browser.delete(f"/api/v1/keys/{row.id}").status_code == 204
    assert ask(key) == 401


def test_what_another_process_revokes_is_believed_for_three_seconds_at_most(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask(key) == 200
    ApiKey.objects.all().delete()  # as another process would: nothing is announced here
    now = members._clock()
    monkeypatch.setattr(members, "_clock", lambda: now + 3.1)
    assert ask(key) == 401


@pytest.mark.parametrize("who", ["admin", "mate", "stranger"])
def test_nobody_else_sees_or_revokes_a_key(who: str, key: str, request: pytest.FixtureRequest) -> None:
    other: Person = request.getfixturevalue(who)
    assert body_of(other.browser.get("/api/v1/keys"))["items"] == []
    assert other.browser.delete(f"/api/v1/keys/{ApiKey.objects.get().id}").status_code == 404
    assert ask(key) == 200


def test_a_wrong_key_never_falls_back_on_the_cookie(owner: Person) -> None:
    assert owner.browser.get("/api/v1/me", headers={"Authorization": "Bearer pk_wrong"}).status_code == 401


def test_a_key_elsewhere_than_in_its_header_opens_nothing(key: str) -> None:
    browser = Browser()
    browser.cookies["parley_session"] = key
    for headers in (
        {"X-Api-Key": key},
        {"Api-Key": key},
        {"X-User-Id": "1"},
        {"X-Forwarded-User": "owner@example.org"},
    ):
        assert Browser().get("/api/v1/me", headers=headers).status_code == 401
    assert Browser().get(f"/api/v1/me?key={key}&access_token={key}").status_code == 401
    assert browser.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize("token", ["", " ", "pk_", "\u00e9", "a" * 5000])
def test_a_strange_key_is_refused(db: None, token: str) -> None:
    assert ask(token) == 401


def test_the_keys_of_a_person_who_was_switched_off_are_dead(owner: Person, key: str) -> None:
    User.objects.update(is_active=False)
    assert ask(key) == 401


def test_a_person_has_a_bounded_number_of_keys(owner: Person) -> None:
    for number in range(MOST_KEYS):
        create_key(owner.member, name=str(number))
    refused = owner.browser.post("/api/v1/keys", {"name": "one more"})
    assert refused.status_code == 422
    assert "Revoke one" in body_of(refused)["detail"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "bell\u0007"])
def test_a_key_needs_a_name_that_can_be_shown(owner: Person, name: str) -> None:
    assert owner.browser.post("/api/v1/keys", {"name": name}).status_code == 422


def test_the_last_use_is_noted_to_the_hour(key: str) -> None:
    ask(key)
    first = ApiKey.objects.get().last_used_at
    assert first
    assert timezone.now() - first < timedelta(minutes=1)


def test_a_warm_key_asks_the_database_nothing_about_its_owner(key: str, django_assert_num_queries: object) -> None:
    ask(key)
    with django_assert_num_queries(1):  # type: ignore[operator] # the workspace that `me` shows
        ask(key)
