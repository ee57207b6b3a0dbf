"""Who may enter, by cookie or by key."""

from tests.people import Browser, Person, body_of


def test_a_signed_in_person_sees_themself(owner: Person) -> None:
    me = body_of(owner.browser.get("/api/v1/me"))
    assert me["user"] == {"id": str(owner.user.id), "email": "owner@example.org", "name": "Owner"}
    assert me["workspace"]["role"] == "owner"


def test_nobody_is_told_to_sign_in(db: None) -> None:
    response = Browser().get("/api/v1/me")
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert body_of(response)["code"] == "not_signed_in"
