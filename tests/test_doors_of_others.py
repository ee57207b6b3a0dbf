"""Every door about a row, tried on a row that is there and somebody else's: generated from the table of doors, so that no
new door escapes. A stranger, a team mate and even an admin hear the same as if there were no such row, and change nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.apps import apps
from pytest_django.fixtures import Settings

from parley.accounts.models import ApiKey, Invitation
from parley.api.app import api
from parley.providers.models import Endpoint
from tests.belongings import OF_ALL, belongings_of
from tests.doors import ADMIN, ANYONE, DOORS, Door
from tests.people import Browser, Person
from tests.stores import keep_in_folder

pytestmark = pytest.mark.django_db(transaction=True)

# Known by their name and of the machine, not of a workspace; a token is its own key.
NO_ROWS = frozenset({"local-models", "model-downloads", "joining", "shared"})
# What signing in, being seen and being remembered write down by themselves.
NOTED = frozenset({"django_session", "usersessions_usersession"})


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    keep_in_folder(settings, tmp_path)


def kind_of(name: str) -> str:
    """`PATCH /api/v1/playground/presets/{id}` → `playground/presets`."""
    return name.partition("/api/v1/")[2].partition("/{id}")[0]


ABOUT_ROWS = {
    name: door for name, door in DOORS.items() if "{id}" in name and door.who != ANYONE and kind_of(name) not in NO_ROWS
}


def knock(browser: Browser, name: str, row: str, body: object = None) -> Any:
    method, path = name.split(" ")
    raw = b"" if body is None else orjson.dumps(body)
    return browser.generic(method, path.replace("{id}", row), raw, "application/json")


def body_of(answer: Any) -> str:
    return "" if answer.streaming else answer.content.decode()


def all_rows() -> dict[str, list[Any]]:
    """Everything that the database holds, by table."""
    return {
        model._meta.db_table: sorted(model._default_manager.values_list(), key=repr)
        for model in apps.get_models()
        if model._meta.db_table not in NOTED
    }


def doors_shut_to(who: str) -> dict[str, Door]:
    """Those behind which a stranger, a mate or an admin finds no row of somebody else's."""
    return {
        name: door
        for name, door in ABOUT_ROWS.items()
        if who == "stranger" or (kind_of(name) not in OF_ALL and door.who != ADMIN)
    }


def test_there_is_a_row_behind_every_door_about_rows(owner: Person) -> None:
    rows = belongings_of(owner)
    assert {kind_of(name) for name in ABOUT_ROWS} == set(rows)
    looks = {name: knock(owner.browser, name, rows[kind_of(name)]) for name in ABOUT_ROWS if name.startswith("GET")}
    not_found = {name: answer.content for name, answer in looks.items() if answer.status_code in (401, 403, 404)}
    assert not_found == {}, "its owner must see it, or nothing is shown by others not seeing it"


@pytest.mark.parametrize("who", ["stranger", "mate", "admin"])
def test_a_row_of_somebody_else_is_as_good_as_none(owner: Person, who: str, request: pytest.FixtureRequest) -> None:
    rows = belongings_of(owner)
    other: Person = request.getfixturevalue(who)
    doors = doors_shut_to(who)
    for_none = {name: knock(other.browser, name, str(uuid4()), door.body) for name, door in doors.items()}
    before = all_rows()
    for_theirs = {name: knock(other.browser, name, rows[kind_of(name)], door.body) for name, door in doors.items()}
    told = {name: answer.content for name, answer in for_theirs.items() if answer.status_code != 404}
    assert told == {}
    apart = {name for name, answer in for_theirs.items() if answer.content != for_none[name].content}
    assert apart == set(), "the words tell that there is something"
    assert all_rows() == before


def test_nobody_reaches_a_row_by_its_id(owner: Person) -> None:
    rows = belongings_of(owner)
    before = all_rows()
    answers = {name: knock(Browser(), name, rows[kind_of(name)], door.body) for name, door in ABOUT_ROWS.items()}
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 401} == {}
    assert all_rows() == before


def secrets_of(owner: Person) -> dict[str, str]:
    """What no answer may hold, whoever asks: each is in the database, or was when it was made."""
    owner.user.set_password("correct horse battery staple")
    owner.user.save()
    owner.browser.force_login(owner.user)
    key = owner.browser.post("/api/v1/keys", {"name": "script"}).json()["key"]
    endpoint = Endpoint.objects.get(workspace_id=owner.member.workspace_id, wire="mock")
    endpoint.api_key = "sk-of-the-vendor-0123456789"
    endpoint.save()
    return {
        "hash of a password": owner.user.password,
        "session": str(owner.browser.session.session_key),
        "API key": key,
        "digest of an API key": ApiKey.objects.get(name="script").digest,
        "digest of an invitation": Invitation.objects.get().digest,
        "key of a vendor": "sk-of-the-vendor-0123456789",
        "sealed key of a vendor": endpoint.sealed_key,
    }


@pytest.mark.parametrize("who", ["owner", "admin", "mate", "stranger"])
def test_no_door_tells_a_secret(owner: Person, who: str, request: pytest.FixtureRequest) -> None:
    rows = belongings_of(owner)
    secrets = secrets_of(owner)
    asking: Person = request.getfixturevalue(who)
    looks = [name for name in DOORS if name.startswith("GET")]
    bodies = {name: body_of(knock(asking.browser, name, rows.get(kind_of(name), str(uuid4())))) for name in looks}
    told = {(name, what) for name, body in bodies.items() for what, words in secrets.items() if words in body}
    assert told == set()


# --- Ids inside of bodies ---------------------------------------------------------------------------------------------

SCHEMAS: dict[str, Any] = api.get_openapi_schema()["components"]["schemas"]
OWN_IDS = frozenset({"key"})  # made by the caller, for the caller's own retries
# A preset is words for later: the models that it names are looked up when it is run, by whoever runs it.
KEPT_AS_GIVEN = "playground/presets"


def places_of_ids(schema: dict[str, Any], seen: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where in a body an id may stand: `("setup", "models", "[]")`."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in seen:
            yield from places_of_ids(SCHEMAS[name], (*seen, name))
        return
    if schema.get("format") == "uuid":
        yield ()
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from places_of_ids(choice, seen)
    for name, field in schema.get("properties", {}).items():
        yield from ((name, *place) for place in places_of_ids(field, seen) if name not in OWN_IDS)
    if isinstance(schema.get("items"), dict):
        yield from (("[]", *place) for place in places_of_ids(schema["items"], seen))


def doors_that_take_ids() -> dict[str, set[tuple[str, ...]]]:
    found = {}
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            places = {place for form in content.values() for place in places_of_ids(form["schema"])}
            if places and KEPT_AS_GIVEN not in path:
                steps = ["{id}" if step.startswith("{") else step for step in path.split("/")]
                found[f"{method.upper()} {'/'.join(steps)}"] = places
    return found


def with_id(place: tuple[str, ...], row: str) -> Any:
    if not place:
        return row
    step, *rest = place
    if step == "[]":
        inner = with_id(tuple(rest), row)
        return [{"type": "file", **inner} if isinstance(inner, dict) else inner]
    return {step: with_id(tuple(rest), row)}


def test_no_door_takes_an_id_of_somebody_else_inside_of_a_body(owner: Person, stranger: Person) -> None:
    rows, own = belongings_of(owner), belongings_of(stranger)
    before = all_rows()
    taken = {}
    for name, places in doors_that_take_ids().items():
        for place in places:
            for kind, row in rows.items():
                body = {**(DOORS[name].body or {}), **with_id(place, row)}
                answer = knock(stranger.browser, name, own.get(kind_of(name), ""), body)
                if answer.status_code not in (404, 409, 422):
                    taken[name, place, kind] = (answer.status_code, answer.content)
    assert taken == {}
    assert all_rows() == before
