"""The library of prompts, as owner, team mate, stranger and nobody."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from parley.conversations.models import Prompt
from tests.people import Browser, Person

HERE = "/api/v1/prompts"


def make(who: Person, name: str = "letter", text: str = "Write to {{name}}.", **more: object) -> Any:
    answer = who.browser.post(HERE, {"name": name, "text": text, **more})
    assert answer.status_code == 201, answer.content
    return answer.json()


def names(who: Person) -> list[str]:
    return [item["name"] for item in who.browser.get(HERE).json()["items"]]


def test_a_prompt_is_ones_own_until_it_is_shared(owner: Person, mate: Person, stranger: Person) -> None:
    made = make(owner)
    assert (made["author"], made["may_edit"], made["version"]) == ("", True, 1)
    assert (names(owner), names(mate), names(stranger)) == (["letter"], [], [])
    changed = owner.browser.patch(f"{HERE}/{made['id']}", {"version": 1, "shared": True}).json()
    assert (changed["shared"], changed["version"], changed["text"]) == (True, 2, made["text"])
    (seen,) = mate.browser.get(HERE).json()["items"]
    assert (seen["author"], seen["may_edit"]) == ("Owner", False)
    assert names(stranger) == []
    assert Browser().get(HERE).status_code == 401


def test_only_its_maker_changes_or_deletes_it(owner: Person, mate: Person, admin: Person, stranger: Person) -> None:
    made = make(owner, shared=True)
    for who in (mate, admin, stranger):
        assert who.browser.patch(f"{HERE}/{made['id']}", {"version": 1, "text": "x"}).status_code == 404
        assert who.browser.delete(f"{HERE}/{made['id']}").status_code == 404
    assert owner.browser.delete(f"{HERE}/{made['id']}").status_code == 204
    assert names(mate) == []


def test_a_stale_change_is_refused_and_overwrites_nothing(owner: Person) -> None:
    made = make(owner)
    owner.browser.patch(f"{HERE}/{made['id']}", {"version": 1, "text": "newer"})
    assert owner.browser.patch(f"{HERE}/{made['id']}", {"version": 1, "text": "older"}).status_code == 409
    assert Prompt.objects.get().text == "newer"


@pytest.mark.parametrize(
    "body",
    [
        {"name": "two words", "text": "x"},
        {"name": "", "text": "x"},
        {"name": "x" * 41, "text": "x"},
        {"name": "a/b", "text": "x"},
        {"name": "x", "text": "  "},
        {"name": "x", "text": "y" * 20_001},
    ],
)
def test_what_could_not_be_typed_or_said_is_refused(owner: Person, body: dict[str, str]) -> None:
    assert owner.browser.post(HERE, body).status_code == 422
    assert Prompt.objects.count() == 0


def test_a_name_is_taken_once_by_each_person(owner: Person, mate: Person) -> None:
    make(owner, "/Brief")
    assert names(owner) == ["brief"]
    assert owner.browser.post(HERE, {"name": "brief", "text": "x"}).status_code == 422
    other = make(owner, "other")
    assert owner.browser.patch(f"{HERE}/{other['id']}", {"version": 1, "name": "brief"}).status_code == 422
    make(mate, "brief")


def test_ones_own_stand_first_and_all_come_in_one_query(
    owner: Person, mate: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make(mate, "aaa", shared=True)
    make(owner, "zzz")
    make(owner, "mmm")
    owner.browser.get(HERE)
    with django_assert_max_num_queries(3):  # the session, and who it is, beside it
        assert names(owner) == ["mmm", "zzz", "aaa"]
