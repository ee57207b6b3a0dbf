"""People and invitations, through their doors: as owner, admin, team mate, guest, stranger and nobody."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from parley.accounts.models import ApiKey, Invitation, Membership, Role, SignInLink, User, Workspace
from parley.conversations.models import Conversation, Share
from tests.people import Browser, Person, body_of, person

PASSWORD = "a long and plain sentence"


@pytest.fixture
def guest(workspace: Workspace) -> Person:
    return person(workspace, Role.GUEST, "guest")


def role_of(who: Person) -> str:
    return Membership.objects.get(user=who.user).role


def converse(who: Person, title: str) -> Conversation:
    return Conversation.objects.create(
        owner=who.user, workspace_id=who.member.workspace_id, title=title, updated_at=timezone.now()
    )


def made(by: Person, **body: Any) -> Any:
    return body_of(by.browser.post("/api/v1/invitations", body))


def joins(token: str, email: str = "new@example.org", password: str = PASSWORD, browser: Browser | None = None) -> Any:
    body = {"email": email, "name": "New", "password": password}
    return (browser or Browser()).post(f"/api/v1/joining/{token}", body)


# --- The list ---------------------------------------------------------------------------------------------------------


def test_an_owner_sees_everybody_and_no_stranger(owner: Person, admin: Person, mate: Person, stranger: Person) -> None:
    page = body_of(owner.browser.get("/api/v1/people"))
    assert [one["email"] for one in page["items"]] == ["admin@example.org", "mate@example.org", "owner@example.org"]
    assert page["counts"] == {"owner": 1, "admin": 1, "member": 1, "guest": 0, "off": 0}
    assert [one["is_me"] for one in page["items"]] == [False, False, True]


def test_an_admin_manages_members_and_guests_only(admin: Person, owner: Person, mate: Person, guest: Person) -> None:
    items = body_of(admin.browser.get("/api/v1/people"))["items"]
    assert {one["email"].partition("@")[0]: one["may_manage"] for one in items} == {
        "admin": True,  # oneself
        "guest": True,
        "mate": True,
        "owner": False,
    }


def test_people_are_found_by_name_address_role_and_state(owner: Person, mate: Person, guest: Person) -> None:
    def found(question: str) -> list[str]:
        return [one["name"] for one in body_of(owner.browser.get(f"/api/v1/people?{question}"))["items"]]

    owner.browser.patch(f"/api/v1/people/{guest.user.id}", {"active": False})
    assert found("q=MAT") == ["Mate"]
    assert found("q=example.org&role=guest") == ["Guest"]
    assert (found("active=false"), found("active=true")) == (["Guest"], ["Mate", "Owner"])
    assert found("q=nobody-is-called-so") == []


def test_a_long_list_comes_in_pages_and_a_strange_cursor_is_refused(owner: Person, workspace: Workspace) -> None:
    for number in range(7):
        person(workspace, Role.MEMBER, f"p{number}")
    seen, cursor = [], ""
    while cursor is not None:
        page = body_of(owner.browser.get(f"/api/v1/people?limit=3&cursor={cursor}"))
        seen += [one["email"] for one in page["items"]]
        cursor = page["next"]
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == 8
    assert owner.browser.get("/api/v1/people?cursor=!!").status_code == 422


def test_a_list_takes_as_many_queries_for_many_as_for_one(
    owner: Person, workspace: Workspace, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        person(workspace, Role.MEMBER, f"p{number}")
    owner.browser.get("/api/v1/me")
    with django_assert_max_num_queries(4):
        owner.browser.get("/api/v1/people")


# --- Roles, on and off ------------------------------------------------------------------------------------------------


def test_an_owner_gives_another_role_which_counts_at_once(owner: Person, mate: Person) -> None:
    assert mate.browser.get("/api/v1/people").status_code == 403
    assert body_of(owner.browser.patch(f"/api/v1/people/{mate.user.id}", {"role": "admin"}))["role"] == "admin"
    assert mate.browser.get("/api/v1/people").status_code == 200


def test_the_last_owner_can_neither_step_down_nor_be_switched_off_nor_removed(owner: Person, admin: Person) -> None:
    path = f"/api/v1/people/{owner.user.id}"
    refused = [
        owner.browser.patch(path, {"role": "member"}),
        owner.browser.patch(path, {"active": False}),
        owner.browser.delete(path),
    ]
    assert [answer.status_code for answer in refused] == [409, 409, 409]
    assert [admin.browser.patch(path, {"role": "guest"}).status_code, admin.browser.delete(path).status_code] == [
        403
    ] * 2
    assert role_of(owner) == "owner"


def test_who_is_no_owner_any_more_leaves_djangos_admin_too(owner: Person, workspace: Workspace) -> None:
    second = person(workspace, Role.OWNER, "second")
    User.objects.filter(id=second.user.id).update(is_staff=True, is_superuser=True)
    owner.browser.patch(f"/api/v1/people/{second.user.id}", {"role": "member"})
    user = User.objects.get(id=second.user.id)
    assert (user.is_staff, user.is_superuser) == (False, False)


@pytest.mark.parametrize("role", ["owner", "admin"])
def test_an_admin_raises_nobody_to_their_own_height_or_above(admin: Person, mate: Person, role: str) -> None:
    assert admin.browser.patch(f"/api/v1/people/{mate.user.id}", {"role": role}).status_code == 403
    assert admin.browser.patch(f"/api/v1/people/{admin.user.id}", {"role": "owner"}).status_code == 403
    assert (role_of(mate), role_of(admin)) == ("member", "admin")
    assert admin.browser.patch(f"/api/v1/people/{mate.user.id}", {"role": "guest"}).status_code == 200


def test_who_is_switched_off_is_out_at_once_and_comes_back_with_everything(owner: Person, mate: Person) -> None:
    link = Share.objects.create(conversation=converse(mate, "kept"), token=uuid4().hex, shown="[]").token
    path = f"/api/v1/people/{mate.user.id}"
    assert body_of(owner.browser.patch(path, {"active": False}))["active"] is False
    assert mate.browser.get("/api/v1/me").status_code == 401
    assert Browser().get(f"/api/v1/shared/{link}").status_code == 404
    owner.browser.patch(path, {"active": True})
    assert Browser().get(f"/api/v1/shared/{link}").status_code == 200
    mate.browser.force_login(User.objects.get(id=mate.user.id))
    assert body_of(mate.browser.get("/api/v1/conversations"))["items"][0]["title"] == "kept"


def test_an_unknown_role_is_refused_and_names_the_known(owner: Person, mate: Person) -> None:
    answer = owner.browser.patch(f"/api/v1/people/{mate.user.id}", {"role": "king"})
    assert answer.status_code == 422
    assert "guest" in body_of(answer)["detail"]


# --- Ways in ----------------------------------------------------------------------------------------------------------


def test_a_new_link_signs_the_person_in_once(owner: Person, mate: Person) -> None:
    token = body_of(owner.browser.post(f"/api/v1/people/{mate.user.id}/sign-in-link"))["token"]
    browser = Browser()
    assert browser.get(f"/sign-in/{token}").status_code == 303
    assert body_of(browser.get("/api/v1/me"))["user"]["email"] == "mate@example.org"
    assert Browser().get(f"/sign-in/{token}").status_code == 410


def test_no_admin_becomes_an_owner_by_a_link(admin: Person, owner: Person) -> None:
    assert admin.browser.post(f"/api/v1/people/{owner.user.id}/sign-in-link").status_code == 403
    assert not SignInLink.objects.exists()


def test_there_is_no_link_for_who_is_switched_off(owner: Person, mate: Person) -> None:
    owner.browser.patch(f"/api/v1/people/{mate.user.id}", {"active": False})
    assert owner.browser.post(f"/api/v1/people/{mate.user.id}/sign-in-link").status_code == 409


def test_all_sessions_of_a_person_end(owner: Person, mate: Person) -> None:
    token = body_of(owner.browser.post(f"/api/v1/people/{mate.user.id}/sign-in-link"))["token"]
    browser = Browser()
    browser.get(f"/sign-in/{token}")
    assert browser.get("/api/v1/me").status_code == 200
    assert owner.browser.post(f"/api/v1/people/{mate.user.id}/sign-out").status_code == 204
    assert browser.get("/api/v1/me").status_code == 401


# --- Removing ---------------------------------------------------------------------------------------------------------


def test_an_owner_is_told_what_goes_and_then_it_goes(owner: Person, mate: Person) -> None:
    converse(mate, "goes")
    ApiKey.objects.create(
        user=mate.user, workspace_id=mate.member.workspace_id, name="k", digest="d" * 64, last_four="abcd"
    )
    path = f"/api/v1/people/{mate.user.id}"
    assert body_of(owner.browser.get(f"{path}/belongings")) == {
        "conversations": 1,
        "files": 0,
        "file_bytes": 0,
        "archives": 0,
        "keys": 1,
        "bots": 0,
    }
    assert owner.browser.delete(path).status_code == 204
    assert not User.objects.filter(id=mate.user.id).exists()
    assert not Conversation.objects.exists()
    assert owner.browser.get(f"{path}/belongings").status_code == 404


def test_who_belongs_to_another_workspace_too_only_leaves_this_one(
    owner: Person, mate: Person, stranger: Person
) -> None:
    Membership.objects.create(user=mate.user, workspace_id=stranger.member.workspace_id, role=Role.MEMBER)
    assert owner.browser.delete(f"/api/v1/people/{mate.user.id}").status_code == 204
    assert Membership.objects.get(user=mate.user).workspace_id == stranger.member.workspace_id


@pytest.mark.parametrize("path", ["", "/belongings", "/sign-in-link", "/sign-out"])
def test_people_of_others_are_not_there(owner: Person, stranger: Person, path: str) -> None:
    address = f"/api/v1/people/{stranger.user.id}{path}"
    answers = [owner.browser.get(address), owner.browser.post(address), owner.browser.delete(address)]
    assert all(answer.status_code in (404, 405) for answer in answers)
    assert any(answer.status_code == 404 for answer in answers)


# --- Invitations ------------------------------------------------------------------------------------------------------


def test_who_is_invited_joins_with_name_and_password_and_is_signed_in(owner: Person) -> None:
    token = made(owner, role="guest", days=3, note="Ann")["token"]
    assert body_of(Browser().get(f"/api/v1/joining/{token}"))["role"] == "guest"
    browser = Browser()
    assert joins(token, browser=browser).status_code == 204
    me = body_of(browser.get("/api/v1/me"))
    assert (me["user"]["name"], me["workspace"]["role"], me["workspace"]["name"]) == ("New", "guest", "Us")


def test_an_invitation_lets_in_as_many_as_it_says(owner: Person) -> None:
    token = made(owner, most_uses=2)["token"]
    assert [joins(token, f"p{n}@example.org").status_code for n in range(3)] == [204, 204, 404]
    assert body_of(owner.browser.get("/api/v1/invitations"))["items"] == []


def test_a_weak_password_or_a_taken_address_uses_nothing_up(owner: Person) -> None:
    token = made(owner)["token"]
    assert joins(token, password="short").status_code == 422
    assert joins(token, "owner@example.org").status_code == 409
    assert joins(token).status_code == 204


def test_a_revoked_and_an_expired_invitation_let_nobody_in(owner: Person) -> None:
    revoked, expired = made(owner), made(owner)
    owner.browser.delete(f"/api/v1/invitations/{revoked['id']}")
    Invitation.objects.filter(id=expired["id"]).update(expires_at=timezone.now() - timedelta(seconds=1))
    for one in (revoked, expired):
        assert Browser().get(f"/api/v1/joining/{one['token']}").status_code == 404
        assert joins(one["token"]).status_code == 404
    assert not User.objects.filter(email="new@example.org").exists()


def test_the_list_shows_who_made_it_and_never_the_way_in(owner: Person) -> None:
    token = made(owner, note="The new ones", most_uses=20)["token"]
    answer = owner.browser.get("/api/v1/invitations")
    (one,) = body_of(answer)["items"]
    assert (one["note"], one["made_by"], one["uses"], one["most_uses"]) == ("The new ones", "Owner", 0, 20)
    assert token not in answer.content.decode()
    assert not Invitation.objects.filter(digest=token).exists()


@pytest.mark.parametrize(
    "body", [{"days": 0}, {"days": 91}, {"most_uses": 0}, {"most_uses": 1001}, {"role": "king"}, {"note": "x" * 121}]
)
def test_an_invitation_out_of_bounds_is_refused(owner: Person, body: dict[str, Any]) -> None:
    assert owner.browser.post("/api/v1/invitations", body).status_code == 422
    assert not Invitation.objects.exists()


def test_nobody_invites_above_their_own_height(owner: Person, admin: Person, mate: Person) -> None:
    def status(who: Person, role: str) -> int:
        return int(who.browser.post("/api/v1/invitations", {"role": role}).status_code)

    assert [status(admin, role) for role in ("owner", "admin", "member", "guest")] == [403, 403, 201, 201]
    assert [status(owner, role) for role in ("owner", "admin")] == [403, 201]
    assert status(mate, "guest") == 403


def test_a_stranger_revokes_nothing_of_ours(owner: Person, stranger: Person) -> None:
    one = made(owner)
    assert stranger.browser.delete(f"/api/v1/invitations/{one['id']}").status_code == 404
    assert joins(one["token"]).status_code == 204


def test_who_is_signed_in_joins_nothing_by_mistake(owner: Person, mate: Person) -> None:
    token = made(owner)["token"]
    assert joins(token, browser=mate.browser).status_code == 409
    assert joins(token).status_code == 204
