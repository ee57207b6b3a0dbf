"""The one-time link: `GET /sign-in/TOKEN`."""

from datetime import timedelta

import pytest
from django.utils import timezone

from parley.accounts import actions
from parley.accounts.models import SignInLink, User
from parley.accounts.queries import find_awaited_owner
from tests.people import Browser, Person, body_of


@pytest.fixture
def token(owner: Person) -> str:
    return actions.issue_sign_in_link(owner.user.id)


def test_a_link_signs_its_owner_in(token: str) -> None:
    browser = Browser()
    response = browser.get(f"/sign-in/{token}")
    assert (response.status_code, response["Location"]) == (303, "/")
    assert body_of(browser.get("/api/v1/me"))["user"]["email"] == "owner@example.org"


def test_a_link_works_once(token: str) -> None:
    Browser().get(f"/sign-in/{token}")
    browser = Browser()
    response = browser.get(f"/sign-in/{token}")
    assert response.status_code == 410
    assert "parley user link" in response.content.decode()
    assert browser.get("/api/v1/me").status_code == 401


def test_a_link_works_for_a_day(token: str) -> None:
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Browser().get(f"/sign-in/{token}").status_code == 410


def test_an_unknown_link_is_answered_like_a_used_one(token: str) -> None:
    Browser().get(f"/sign-in/{token}")
    assert Browser().get("/sign-in/unknown").content == Browser().get(f"/sign-in/{token}").content


@pytest.mark.parametrize("header", ["Sec-Purpose", "Purpose", "X-Moz"])
def test_who_only_looks_at_a_link_does_not_use_it_up(token: str, header: str) -> None:
    assert Browser().head(f"/sign-in/{token}").status_code == 204
    assert Browser().get(f"/sign-in/{token}", headers={header: "prefetch;prerender"}).status_code == 204
    assert Browser().get(f"/sign-in/{token}").status_code == 303


def test_a_link_of_a_person_who_was_switched_off_does_not_work(token: str, owner: Person) -> None:
    User.objects.update(is_active=False)
    assert Browser().get(f"/sign-in/{token}").status_code == 410


def test_a_link_replaces_whoever_was_signed_in(token: str, stranger: Person) -> None:
    stranger.browser.get(f"/sign-in/{token}")
    assert body_of(stranger.browser.get("/api/v1/me"))["user"]["email"] == "owner@example.org"


def test_a_link_is_kept_as_a_digest_only(token: str) -> None:
    assert token not in str(list(SignInLink.objects.values()))


def test_the_owner_is_shown_a_link_at_each_start_until_they_came_in(db: None) -> None:
    user = actions.found_instance()
    assert user
    assert find_awaited_owner() == user
    Browser().get(f"/sign-in/{actions.issue_sign_in_link(user.id)}")
    assert find_awaited_owner() is None


def test_an_instance_is_founded_once(db: None) -> None:
    assert actions.found_instance()
    assert actions.found_instance() is None


def test_what_nobody_can_use_any_more_is_deleted(token: str, owner: Person) -> None:
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(days=8))
    actions.delete_expired()
    assert not SignInLink.objects.exists()
    assert owner.browser.get("/api/v1/me").status_code == 200
