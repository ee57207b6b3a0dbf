"""Profiles, workspaces, sessions and roles."""

from uuid import UUID

import pytest

from parley.accounts import actions
from parley.accounts.access import Member, member_for_session, member_for_user
from parley.accounts.models import ApiKey, Membership, Role, User, Workspace
from parley.core.errors import Conflict, Invalid, NotSignedIn
from tests.people import Browser, Person, body_of, person


def membership_of(who: Person) -> Membership:
    return Membership.objects.get(user=who.user)


# --- Profile and workspace --------------------------------------------------------------------------------------------


def test_a_person_changes_their_name_and_sees_it_at_once(mate: Person) -> None:
    assert body_of(mate.browser.patch("/api/v1/me", {"name": "  Ada   Lovelace "}))["user"]["name"] == "Ada Lovelace"
    assert body_of(mate.browser.get("/api/v1/me"))["user"]["name"] == "Ada Lovelace"


def test_who_clears_their_name_is_called_by_their_address(mate: Person) -> None:
    assert body_of(mate.browser.patch("/api/v1/me", {"name": ""}))["user"]["name"] == "mate"


def test_no_field_but_the_name_can_be_changed_that_way(mate: Person) -> None:
    mate.browser.patch("/api/v1/me", {"name": "M", "email": "x@y.org", "is_staff": True, "role": "owner", "id": "1"})
    user = User.objects.get(id=mate.user.id)
    assert (user.email, user.is_staff, membership_of(mate).role) == ("mate@example.org", False, "member")


@pytest.mark.parametrize("who", ["owner", "admin"])
def test_owners_and_admins_change_the_workspace(who: str, request: pytest.FixtureRequest) -> None:
    browser = request.getfixturevalue(who).browser
    changed = body_of(browser.patch("/api/v1/workspace", {"version": 1, "name": "The Team", "sign_up_open": True}))
    assert (changed["name"], changed["sign_up_open"], changed["version"]) == ("The Team", True, 2)
    assert body_of(Browser().get("/api/v1/config")) == {"name": "Parley", "sign_up_open": True, "locale": ""}


def test_a_member_does_not_change_the_workspace(mate: Person) -> None:
    response = mate.browser.patch("/api/v1/workspace", {"version": 1, "name": "Mine"})
    assert response.status_code == 403
    assert Workspace.objects.get(id=mate.member.workspace_id).name == "Us"


def test_a_stranger_changes_only_their_own_workspace(owner: Person, stranger: Person) -> None:
    stranger.browser.patch("/api/v1/workspace", {"version": 1, "name": "Ha", "id": str(owner.member.workspace_id)})
    assert Workspace.objects.get(id=owner.member.workspace_id).name == "Us"


def test_an_old_tab_does_not_overwrite_a_newer_workspace(owner: Person) -> None:
    owner.browser.patch("/api/v1/workspace", {"version": 1, "name": "New"})
    assert owner.browser.patch("/api/v1/workspace", {"version": 1, "name": "Old"}).status_code == 409
    assert Workspace.objects.get(id=owner.member.workspace_id).name == "New"


# --- Sessions ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(owner: Person) -> Browser:
    """A second place where the owner is signed in."""
    return signed_in_by_link(owner)


def signed_in_by_link(who: Person) -> Browser:
    browser = Browser(headers={"User-Agent": "Phone"})
    browser.get(f"/sign-in/{actions.issue_sign_in_link(who.user.id)}")
    return browser


def test_a_person_sees_where_they_are_signed_in_and_no_key_of_it(owner: Person, elsewhere: Browser) -> None:
    response = elsewhere.get("/api/v1/sessions")
    (place,) = body_of(response)["items"]
    assert (place["current"], place["user_agent"]) == (True, "Phone")
    assert str(elsewhere.session.session_key) not in response.content.decode()


def test_a_person_signs_out_another_place(owner: Person, elsewhere: Browser) -> None:
    here = signed_in_by_link(owner)
    other = next(place for place in body_of(here.get("/api/v1/sessions"))["items"] if not place["current"])
    assert elsewhere.get("/api/v1/me").status_code == 200
    assert here.delete(f"/api/v1/sessions/{other['id']}").status_code == 204
    assert elsewhere.get("/api/v1/me").status_code == 401
    assert here.get("/api/v1/me").status_code == 200


@pytest.mark.parametrize("who", ["admin", "mate", "stranger"])
def test_nobody_else_sees_or_ends_a_session(who: str, elsewhere: Browser, request: pytest.FixtureRequest) -> None:
    other = request.getfixturevalue(who).browser
    (place,) = body_of(elsewhere.get("/api/v1/sessions"))["items"]
    assert body_of(other.get("/api/v1/sessions"))["items"] == []
    assert other.delete(f"/api/v1/sessions/{place['id']}").status_code == 404
    assert elsewhere.get("/api/v1/me").status_code == 200


def test_sessions_are_listed_in_a_fixed_number_of_queries(owner: Person, django_assert_num_queries: object) -> None:
    browsers = [signed_in_by_link(owner) for _ in range(5)]
    browsers[0].get("/api/v1/me")
    with django_assert_num_queries(2):  # type: ignore[operator] # pytest-django's fixture
        assert len(body_of(browsers[0].get("/api/v1/sessions"))["items"]) == 5


def test_an_unknown_session_is_nobody(db: None) -> None:
    with pytest.raises(NotSignedIn):
        member_for_session("nonsense")


# --- Roles ------------------------------------------------------------------------------------------------------------


def test_a_demoted_admin_has_lost_the_right_at_once(
    admin: Person, owner: Person, django_capture_on_commit_callbacks: object
) -> None:
    assert member_for_user(admin.user.id).is_admin
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator] # pytest-django's fixture
        actions.change_role(membership_of(admin).id, Role.MEMBER)
    assert not member_for_user(admin.user.id).is_admin


def test_a_removed_member_loses_keys_and_sessions(mate: Person, owner: Person) -> None:
    browser = signed_in_by_link(mate)
    actions.create_key(mate.member, name="script")
    actions.remove_member(membership_of(mate).id)
    assert not ApiKey.objects.filter(user=mate.user).exists()
    assert browser.get("/api/v1/me").status_code == 401


def test_the_last_owner_can_neither_leave_nor_be_demoted_nor_switched_off(owner: Person, admin: Person) -> None:
    with pytest.raises(Conflict):
        actions.change_role(membership_of(owner).id, Role.ADMIN)
    with pytest.raises(Conflict):
        actions.remove_member(membership_of(owner).id)
    with pytest.raises(Conflict):
        actions.switch_user(owner.user.id, active=False)
    assert member_for_user(owner.user.id).role == Role.OWNER


def test_one_of_two_owners_may_step_down(owner: Person, workspace: Workspace) -> None:
    second = person(workspace, Role.OWNER, "second")
    actions.change_role(membership_of(owner).id, Role.MEMBER)
    with pytest.raises(Conflict):
        actions.change_role(membership_of(second).id, Role.MEMBER)


def test_an_owner_who_was_switched_off_does_not_count_as_one(owner: Person, workspace: Workspace) -> None:
    second = person(workspace, Role.OWNER, "second")
    actions.switch_user(second.user.id, active=False)
    with pytest.raises(Conflict):
        actions.remove_member(membership_of(owner).id)


# --- New people -------------------------------------------------------------------------------------------------------


def test_an_address_is_taken_whatever_its_case(owner: Person) -> None:
    with pytest.raises(Conflict, match="is a user already"):
        actions.create_user("OWNER@example.org")


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a b@example.org", "a@example.org\nbcc: x@y.org"])
def test_what_is_no_address_is_refused(workspace: Workspace, email: str) -> None:
    with pytest.raises(Invalid):
        actions.create_user(email)


def test_a_person_in_no_workspace_is_told_so(mate: Person) -> None:
    Membership.objects.filter(user=mate.user).delete()
    response = mate.browser.get("/api/v1/me")
    assert response.status_code == 401
    assert "no workspace" in body_of(response)["detail"]


def test_members_are_values_that_rooms_can_compare(owner: Person) -> None:
    assert member_for_user(owner.user.id) == owner.member
    assert isinstance(owner.member, Member)
    assert isinstance(owner.member.user_id, UUID)
