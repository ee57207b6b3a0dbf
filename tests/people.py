"""The people of the tests: owner, admin and mate share a workspace; the stranger owns another; nobody is not signed in."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client

from parley.accounts.access import Member
from parley.accounts.models import Membership, Role, User, Workspace


class Browser(Client):
    """Django's test client that speaks JSON unless told otherwise."""

    def generic(
        self, method: str, path: str, data: Any = "", content_type: str = "application/json", **rest: Any
    ) -> Any:
        return super().generic(method, path, data, content_type, **rest)

    def post(self, path: str, data: Any = None, content_type: str = "application/json", **rest: Any) -> Any:
        return super().post(path, data, content_type, **rest)


@dataclass(frozen=True)
class Person:
    """`member` is what rooms get; `browser` is signed in as them."""

    user: User
    member: Member
    browser: Browser


def person(workspace: Workspace, role: Role, name: str) -> Person:
    """Someone with `name`@example.org and an unusable password (hashing one would cost each test 84 ms)."""
    user = User.objects.create_user(f"{name}@example.org", name=name.title())
    Membership.objects.create(user=user, workspace=workspace, role=role)
    browser = Browser()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return Person(user, Member(user.id, workspace.id, role, user.email, user.shown_name), browser)


def body_of(response: HttpResponse) -> Any:
    """The JSON of an answer."""
    return response.json()  # type: ignore[attr-defined] # the test client adds it
