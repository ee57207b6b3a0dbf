"""The people of the tests: owner, admin and mate share a workspace; the stranger owns another; nobody is no one."""

from dataclasses import dataclass
from typing import Any

from django.test import Client, TestCase

from parley.accounts.access import Member
from parley.accounts.models import Membership, Role, User, Workspace


class Browser(Client):
    """Django's test client, whose posts are JSON unless told otherwise, and whose facts are told after each request."""

    def request(self, **request: Any) -> Any:
        # A test's own transaction is never committed; without this, nobody would hear what a door has announced.
        with TestCase.captureOnCommitCallbacks(execute=True):
            return super().request(**request)

    # Its signature has more than tests need.
    def post(self, path: str, data: Any = None, content_type: str = "application/json", **rest: Any) -> Any:  # type: ignore[override]
        return super().post(path, data, content_type, **rest)

    def put(self, path: str, data: Any = None, content_type: str = "application/json", **rest: Any) -> Any:  # type: ignore[override]
        return super().put(path, data, content_type, **rest)

    def patch(self, path: str, data: Any = None, content_type: str = "application/json", **rest: Any) -> Any:  # type: ignore[override]
        return super().patch(path, data, content_type, **rest)


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
    browser.force_login(user)
    return Person(user, Member(user.id, workspace.id, role, user.email, user.shown_name), browser)


def body_of(response: Any) -> Any:
    """The JSON of an answer."""
    return response.json()
