"""Signing in, out and up by password, through allauth's doors as the browser uses them."""

import time
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache

from parley.accounts.actions import create_user
from parley.accounts.models import Membership, User, Workspace
from parley.accounts.passwords import Argon2id
from tests.people import Browser, Person, body_of

LOGIN = "/_allauth/browser/v1/auth/login"
SESSION = "/_allauth/browser/v1/auth/session"
SIGN_UP = "/_allauth/browser/v1/auth/signup"
CHANGE = "/_allauth/browser/v1/account/password/change"
PASSWORD = "a good long pass phrase"


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests() -> None:
    cache.clear()


@pytest.fixture
def ada(workspace: Workspace) -> User:
    return create_user("ada@example.org", password=PASSWORD)


def sign_in(email: str = "ada@example.org", password: str = PASSWORD, browser: Browser | None = None) -> Browser:
    browser = browser or Browser()
    response = browser.post(LOGIN, {"email": email, "password": password})
    assert response.status_code == 200, response.content
    return browser


def test_a_person_signs_in_by_address_and_password(ada: User) -> None:
    browser = sign_in("Ada@Example.org")
    assert body_of(browser.get("/api/v1/me"))["user"]["email"] == "ada@example.org"


def test_the_session_lasts_fourteen_days_from_the_sign_in_and_no_write_prolongs_it(ada: User) -> None:
    browser = sign_in()
    end = browser.session.get_expiry_date()
    session = browser.session
    session["touched"] = True
    session.save()
    assert browser.session.get_expiry_date() == end
    assert 13.9 < (end.timestamp() - time.time()) / 86400 <= 14


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(ada: User) -> None:
    wrong = Browser().post(LOGIN, {"email": "ada@example.org", "password": "something else"})
    unknown = Browser().post(LOGIN, {"email": "eve@example.org", "password": "something else"})
    assert wrong.status_code == unknown.status_code == 400
    assert wrong.content == unknown.content


def test_an_unknown_address_costs_as_many_hashes_as_a_wrong_password(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hashing is what takes the time: 84 ms each, beside which the rest cannot be told. No timed test, so it cannot be flaky."""
    hashed: list[str] = []

    def counted(name: str) -> None:
        real = getattr(Argon2id, name)

        def count(self: Argon2id, *said: str) -> Any:
            hashed.append(name)
            return real(self, *said)

        monkeypatch.setattr(Argon2id, name, count)

    def hashes_for(email: str) -> int:
        hashed.clear()
        Browser().post(LOGIN, {"email": email, "password": "something else"})
        return len(hashed)

    counted("encode")
    counted("verify")
    known, unknown = hashes_for("ada@example.org"), hashes_for("eve@example.org")
    assert known == unknown >= 1


def test_signing_out_ends_the_session_at_once(ada: User) -> None:
    browser = sign_in()
    stolen = Browser()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert stolen.get("/api/v1/me").status_code == 200
    browser.delete(SESSION)
    assert stolen.get("/api/v1/me").status_code == 401


def test_five_wrong_passwords_close_the_door_for_a_while(ada: User) -> None:
    for _ in range(5):
        Browser().post(LOGIN, {"email": "ada@example.org", "password": "something else"})
    refused = Browser().post(LOGIN, {"email": "ada@example.org", "password": PASSWORD})
    assert refused.status_code == 400
    assert body_of(refused)["errors"][0]["code"] == "too_many_login_attempts"


@pytest.mark.parametrize("password", ["", " ", "nul\0nul", "x" * 100_000])
def test_a_password_that_nobody_can_have_is_refused_before_it_is_hashed(
    ada: User, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(Argon2id, "verify")
    monkeypatch.delattr(Argon2id, "encode")
    monkeypatch.setattr(Argon2PasswordHasher, "verify", None)
    monkeypatch.setattr(Argon2PasswordHasher, "encode", None)
    assert Browser().post(LOGIN, {"email": "ada@example.org", "password": password}).status_code == 400


def test_nobody_can_sign_up_until_an_owner_allows_it(ada: User) -> None:
    new = Browser().post(SIGN_UP, {"email": "eve@example.org", "password": PASSWORD})
    known = Browser().post(SIGN_UP, {"email": "ada@example.org", "password": PASSWORD})
    assert new.status_code == known.status_code == 403
    assert new.content == known.content
    assert not User.objects.filter(email="eve@example.org").exists()


def test_who_signs_up_joins_the_workspace_as_a_member(owner: Person) -> None:
    owner.browser.patch("/api/v1/workspace", {"version": 1, "sign_up_open": True})
    browser = Browser()
    response = browser.post(SIGN_UP, {"email": "eve@example.org", "password": PASSWORD, "is_staff": True})
    assert response.status_code == 200
    membership = Membership.objects.get(user__email="eve@example.org")
    assert (membership.workspace_id, membership.role) == (owner.member.workspace_id, "member")
    assert not membership.user.is_staff
    assert body_of(browser.get("/api/v1/me"))["workspace"]["role"] == "member"


@pytest.mark.parametrize("password", ["short", "password123", "eve@example.org", "x" * 2000])
def test_a_weak_or_endless_password_is_refused_at_sign_up(owner: Person, password: str) -> None:
    Workspace.objects.update(sign_up_open=True)
    assert Browser().post(SIGN_UP, {"email": "eve@example.org", "password": password}).status_code == 400


def test_a_new_password_signs_out_everywhere_else(ada: User) -> None:
    here, there = sign_in(), sign_in()
    response = here.post(CHANGE, {"current_password": PASSWORD, "new_password": "another long pass phrase"})
    assert response.status_code == 200
    assert here.get("/api/v1/me").status_code == 200
    assert there.get("/api/v1/me").status_code == 401
    assert len(body_of(here.get("/api/v1/sessions"))["items"]) == 1


def test_a_password_is_not_changed_by_who_does_not_know_it(ada: User) -> None:
    response = sign_in().post(CHANGE, {"current_password": "a guess, no more", "new_password": "another long phrase"})
    assert response.status_code == 400
    sign_in()


def test_who_came_by_link_sets_a_first_password(mate: Person) -> None:
    assert mate.browser.post(CHANGE, {"new_password": PASSWORD}).status_code == 200
    sign_in("mate@example.org")


def test_a_person_who_was_switched_off_cannot_sign_in(ada: User) -> None:
    User.objects.filter(id=ada.id).update(is_active=False)
    assert Browser().post(LOGIN, {"email": "ada@example.org", "password": PASSWORD}).status_code in (400, 401)


@pytest.mark.parametrize("door", ["password/request", "password/reset", "email/verify", "code/request"])
def test_doors_that_would_send_mail_are_shut(db: None, door: str) -> None:
    assert Browser().post(f"/_allauth/browser/v1/auth/{door}", {"email": "a@example.org"}).status_code == 404


def test_passwords_are_kept_as_argon2id_at_the_first_choice_of_owasp(ada: User) -> None:
    assert ada.password.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")


def test_a_sign_in_from_a_foreign_page_is_refused(ada: User) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.get("/api/v1/config")
    token = browser.cookies["csrftoken"].value
    credentials = {"email": "ada@example.org", "password": PASSWORD}
    assert browser.post(LOGIN, credentials).status_code == 403
    foreign = {"X-CSRFToken": token, "Origin": "https://evil.example"}
    assert browser.post(LOGIN, credentials, headers=foreign).status_code == 403
    assert browser.post(LOGIN, credentials, headers={"X-CSRFToken": token}).status_code == 200
