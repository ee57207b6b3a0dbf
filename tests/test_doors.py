"""Every door, tried by everyone who might: generated from the address book, so that no new route escapes.

The doors of the engine work in threads of their own, hence real transactions; hence also one test for all doors.
"""

from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parley.accounts import queries
from parley.accounts.access import Member
from parley.core.errors import Busy
from tests.doors import ADMIN, ANYONE, DOORS, PAGES, Door, doors_of_the_api, pages_of_the_house
from tests.people import Browser, Person, body_of

pytestmark = pytest.mark.django_db(transaction=True)

UNSAFE = {name: door for name, door in DOORS.items() if not name.startswith("GET")}
WITH_BODY = {name: door for name, door in DOORS.items() if door.body is not None}
PROBLEM = "application/problem+json"
MALFORMED: dict[str, bytes] = {
    "null": b"null",
    "a list": b"[]",
    "a word": b'"text"',
    "a number": b"1",
    "cut off": b'{"name": "x',
    "not UTF-8": b'{"name": "\xff\xfe"}',
    "a lone surrogate": b'{"name": "\\ud800"}',
    "NUL": b'{"name": "a\\u0000b"}',
    "NaN": b'{"version": NaN}',
    "infinity": b'{"version": 1e999}',
    "a doubled key": b'{"name": "a", "name": "b"}',
    "a number of 5,000 digits": b'{"version": ' + b"9" * 5000 + b"}",
    "a number of 20 digits": b'{"version": 99999999999999999999}',
    "10,000 levels": b"[" * 10_000 + b"]" * 10_000,
    "10,000 levels of objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "100,000 keys": b"{" + b",".join(b'"k%d":1' % n for n in range(100_000)) + b"}",
    "100,000 parts": b'{"parts": [' + b",".join([b'{"type": "text"}'] * 100_000) + b"]}",
    "objects for words": b'{"email": {"a": 1}, "password": ["b"], "new_password": {}, "name": {}, "version": {}}',
    "wrong types": b'{"name": {}, "version": "x", "parts": 1, "key": [], "title": [], "label": {}, "base_url": 1}',
}


def knock(browser: Browser, name: str, door: Door | None = None, **rest: Any) -> Any:
    """Open the door `name` about a row that does not exist."""
    method, path = name.split(" ")
    body = door.body if door else None
    return browser.generic(
        method,
        path.replace("{id}", str(uuid4())),
        rest.pop("raw", b"" if body is None else orjson.dumps(body)),
        rest.pop("content_type", "application/json"),
        **rest,
    )


def test_every_route_says_who_may_open_it() -> None:
    assert doors_of_the_api() == set(DOORS)
    assert pages_of_the_house() == set(PAGES)


def test_nobody_opens_a_door_that_is_not_for_anyone() -> None:
    answers = {name: knock(Browser(), name, door) for name, door in DOORS.items() if door.who != ANYONE}
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 401} == {}
    assert all(answer["Content-Type"] == PROBLEM for answer in answers.values())
    assert {body_of(answer)["code"] for answer in answers.values()} == {"not_signed_in"}


def test_what_anyone_may_read_tells_no_version_and_no_person(owner: Person) -> None:
    answer = Browser().get("/api/v1/config")
    assert set(body_of(answer)) == {"name", "sign_up_open", "locale"}
    assert "Server" not in answer


def test_a_mate_opens_no_door_for_admins(mate: Person) -> None:
    answers = {name: knock(mate.browser, name, door) for name, door in DOORS.items() if door.who == ADMIN}
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code not in (403, 404)} == {}


def test_a_row_that_does_not_exist_is_not_found(owner: Person) -> None:
    answers = {name: knock(owner.browser, name, door) for name, door in DOORS.items() if "{id}" in name}
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 404} == {}
    assert {body_of(answer)["code"] for answer in answers.values()} == {"not_found"}


def test_what_is_no_id_is_no_address(owner: Person) -> None:
    strange = ["1", "x" * 5000, "%00", "..%2f..%2fetc%2fpasswd", "None", "' OR 1=1 --", "\u202e"]
    found = {}
    for name in [name for name in DOORS if "{id}" in name]:
        method, path = name.split(" ")
        for word in strange:
            answer = owner.browser.generic(method, path.replace("{id}", word), b"{}", "application/json")
            if not 400 <= answer.status_code < 500:
                found[name, word] = answer.status_code
    assert found == {}


@pytest.mark.parametrize("kind", MALFORMED)
def test_a_malformed_body_is_refused_with_a_reason(owner: Person, kind: str) -> None:
    answers = {name: knock(owner.browser, name, raw=MALFORMED[kind]) for name in WITH_BODY}
    wrong = {name: answer.content for name, answer in answers.items() if not 400 <= answer.status_code < 500}
    assert wrong == {}
    assert all(body_of(answer)["detail"] for answer in answers.values() if answer.status_code >= 400)


@pytest.mark.parametrize("kind", MALFORMED)
def test_the_doors_of_signing_in_refuse_a_malformed_body(owner: Person, kind: str) -> None:
    cache.clear()
    owner.browser.patch("/api/v1/workspace", {"version": 1, "sign_up_open": True})
    wrong = {}
    for door in ("auth/login", "auth/signup", "auth/reauthenticate", "account/password/change"):
        for browser in (Browser(), owner.browser):
            answer = browser.post(f"/_allauth/browser/v1/{door}", MALFORMED[kind], "application/json")
            if not 400 <= answer.status_code < 500:
                wrong[door] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml", ""])
def test_a_body_that_does_not_say_it_is_json_is_refused(owner: Person, content_type: str) -> None:
    answers = {
        name: knock(owner.browser, name, door, content_type=content_type).status_code
        for name, door in WITH_BODY.items()
    }
    assert {name: status for name, status in answers.items() if status != 415} == {}


def test_a_body_that_is_too_large_is_refused(owner: Person) -> None:
    raw = b'{"name": "' + b"x" * 3_000_000 + b'"}'
    answers = {name: knock(owner.browser, name, raw=raw).status_code for name in WITH_BODY}
    assert {name: status for name, status in answers.items() if status != 413} == {}


def test_strange_questions_are_answered(owner: Person) -> None:
    strange = [
        "limit=-1",
        "limit=0",
        f"limit={'9' * 30}",
        "cursor=%00",
        "cursor=x",
        "q=%00",
        "q=%22%20OR",
        "q=*",
        "after=x",
    ]
    found = {}
    for name in [name for name in DOORS if name.startswith("GET") and "{id}" not in name]:
        for question in strange:
            answer = owner.browser.get(f"{name.split(' ')[1]}?{question}")
            if answer.status_code >= 500:
                found[name, question] = answer.status_code
    assert found == {}


def test_a_page_of_another_origin_changes_nothing(owner: Person) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(owner.user)
    browser.get("/api/v1/config")
    token = browser.cookies["csrftoken"].value
    for origin in ("https://evil.example", "null", "http://testserver.evil.example", "https://testserver:444"):
        headers = {"X-CSRFToken": token, "Origin": origin}
        answers = {name: knock(browser, name, door, headers=headers) for name, door in UNSAFE.items()}
        assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 403} == {}, origin
        assert not any(header.startswith("Access-Control") for answer in answers.values() for header in answer.headers)


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/x-www-form-urlencoded"])
def test_a_request_without_the_token_of_its_page_changes_nothing(owner: Person, content_type: str) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(owner.user)
    answers = {name: knock(browser, name, door, content_type=content_type) for name, door in UNSAFE.items()}
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 403} == {}


def test_looking_changes_nothing(owner: Person) -> None:
    writes = {}
    for name in [name for name in DOORS if name.startswith("GET")]:
        with CaptureQueriesContext(connection) as queries:
            knock(owner.browser, name)
        changed = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        if changed:
            writes[name] = changed
    assert writes == {}


def test_a_method_that_a_door_does_not_know_is_refused(owner: Person) -> None:
    answer = owner.browser.put("/api/v1/me", {})
    assert answer.status_code == 405


def test_a_bug_is_logged_and_tells_the_caller_nothing(
    owner: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(member: Member) -> None:
        raise RuntimeError("the inside of the house")

    monkeypatch.setattr(queries, "workspace_of", broken)
    answer = owner.browser.get("/api/v1/me")
    assert (answer.status_code, body_of(answer)["code"]) == (500, "error")
    assert "inside" not in answer.content.decode()
    assert "the inside of the house" in caplog.text


def test_who_should_wait_is_told_how_long(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(member: Member) -> None:
        raise Busy(retry_after_s=1.2)

    monkeypatch.setattr(queries, "workspace_of", busy)
    answer = owner.browser.get("/api/v1/me")
    assert (answer.status_code, answer["Retry-After"], body_of(answer)["retry_after"]) == (503, "2", 1.2)


def test_answers_of_the_api_are_kept_by_no_cache_and_open_no_page(owner: Person) -> None:
    for answer in (owner.browser.get("/api/v1/me"), Browser().get("/api/v1/me"), Browser().get("/api/v1/nowhere")):
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
