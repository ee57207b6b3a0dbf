"""Who may open which door. A route that is not in this table fails `test_doors.py`; so does a line without its route."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.urls import URLPattern, URLResolver, get_resolver

from parley.api.app import api

ANYONE, MEMBER, ADMIN = "anyone", "member", "admin"
Body = dict[str, Any]


@dataclass(frozen=True)
class Door:
    """`who` may come in; `body` is one that the door understands. A path with `{id}` is about one row, found by its owner
    and those whom the room lets see it; all others hear 404."""

    who: str = MEMBER
    body: Body | None = None


def _said() -> Body:
    return {"key": str(uuid4()), "parts": [{"type": "text", "text": "Hello"}]}


DOORS: dict[str, Door] = {
    "GET /api/v1/config": Door(ANYONE),
    "GET /api/v1/me": Door(),
    "PATCH /api/v1/me": Door(body={"name": "Ada"}),
    "PATCH /api/v1/workspace": Door(ADMIN, {"version": 1, "name": "Team"}),
    "GET /api/v1/keys": Door(),
    "POST /api/v1/keys": Door(body={"name": "script"}),
    "DELETE /api/v1/keys/{id}": Door(),
    "GET /api/v1/sessions": Door(),
    "DELETE /api/v1/sessions/{id}": Door(),
    "GET /api/v1/people": Door(ADMIN),
    "PATCH /api/v1/people/{id}": Door(ADMIN, {"role": "guest"}),
    "DELETE /api/v1/people/{id}": Door(ADMIN),
    "GET /api/v1/people/{id}/belongings": Door(ADMIN),
    "POST /api/v1/people/{id}/sign-in-link": Door(ADMIN),
    "POST /api/v1/people/{id}/sign-out": Door(ADMIN),
    "GET /api/v1/invitations": Door(ADMIN),
    "POST /api/v1/invitations": Door(ADMIN, {"role": "member"}),
    "DELETE /api/v1/invitations/{id}": Door(ADMIN),
    "GET /api/v1/joining/{id}": Door(ANYONE),
    "POST /api/v1/joining/{id}": Door(ANYONE, {"email": "x@example.org", "password": "correct horse battery"}),
    "GET /api/v1/vendors": Door(),
    "GET /api/v1/endpoints": Door(ADMIN),
    "POST /api/v1/endpoints": Door(ADMIN, {"name": "X", "base_url": "http://127.0.0.1:9/v1", "api_key": "k"}),
    "PATCH /api/v1/endpoints/{id}": Door(ADMIN, {"version": 1, "name": "X"}),
    "DELETE /api/v1/endpoints/{id}": Door(ADMIN),
    "POST /api/v1/endpoints/{id}/refresh": Door(ADMIN),
    "GET /api/v1/local-models": Door(ADMIN),
    "POST /api/v1/local-models": Door(ADMIN, {"name": "tiny", "folder": "/nowhere"}),
    "DELETE /api/v1/local-models/{id}": Door(ADMIN),
    "GET /api/v1/model-downloads": Door(ADMIN),
    "POST /api/v1/model-downloads": Door(ADMIN, {"name": "owner/model"}),
    "POST /api/v1/model-downloads/{id}/pause": Door(ADMIN),
    "DELETE /api/v1/model-downloads/{id}": Door(ADMIN),
    "POST /api/v1/endpoints/{id}/models": Door(ADMIN, {"name": "some-model"}),
    "GET /api/v1/models": Door(),
    "PATCH /api/v1/models/{id}": Door(ADMIN, {"label": "X"}),
    "GET /api/v1/rules": Door(ADMIN),
    "POST /api/v1/rules": Door(ADMIN, {"name": "X", "steps": [{"models": [{"model": str(uuid4())}]}]}),
    "POST /api/v1/rules/try": Door(ADMIN, {"steps": [{"models": [{"model": str(uuid4())}]}]}),
    "PATCH /api/v1/rules/{id}": Door(ADMIN, {"version": 1, "name": "X"}),
    "DELETE /api/v1/rules/{id}": Door(ADMIN),
    "GET /api/v1/generations/{id}/decision": Door(),
    "GET /api/v1/messages/{id}/decision": Door(),
    "GET /api/v1/bots": Door(),
    "POST /api/v1/bots": Door(body={"name": "X"}),
    "GET /api/v1/bots/{id}": Door(),
    "PATCH /api/v1/bots/{id}": Door(body={"version": 1, "name": "X"}),
    "DELETE /api/v1/bots/{id}": Door(),
    "POST /api/v1/bots/{id}/restore": Door(),
    "GET /api/v1/bots/deleted": Door(),
    "GET /api/v1/bots/{id}/versions": Door(),
    "GET /api/v1/bots/{id}/shape": Door(),
    "PUT /api/v1/bots/preview": Door(body={"name": "X"}),
    "GET /api/v1/pictures/{id}": Door(),
    "GET /api/v1/tools": Door(),
    "POST /api/v1/shapes/check": Door(body={"shape": {"type": "choices", "choices": ["yes"]}, "text": "yes"}),
    "GET /api/v1/conversations": Door(),
    "POST /api/v1/conversations": Door(body={"title": "X"}),
    "GET /api/v1/conversations/{id}": Door(),
    "PATCH /api/v1/conversations/{id}": Door(body={"version": 1, "title": "X"}),
    "DELETE /api/v1/conversations/{id}": Door(),
    "POST /api/v1/conversations/{id}/archive": Door(),
    "POST /api/v1/conversations/{id}/clear": Door(),
    "GET /api/v1/exports": Door(),
    "POST /api/v1/exports": Door(),
    "GET /api/v1/exports/{id}": Door(),
    "DELETE /api/v1/exports/{id}": Door(),
    "GET /api/v1/imports": Door(),
    "POST /api/v1/imports": Door(),
    "GET /api/v1/imports/{id}": Door(),
    "GET /api/v1/imports/{id}/items": Door(),
    "POST /api/v1/imports/{id}/start": Door(body={"without": []}),
    "DELETE /api/v1/imports/{id}": Door(),
    "GET /api/v1/archives": Door(),
    "POST /api/v1/archives/{id}/restore": Door(),
    "GET /api/v1/usage": Door(ADMIN),
    "GET /api/v1/condition": Door(ADMIN),
    "GET /api/v1/retention": Door(ADMIN),
    "PUT /api/v1/retention": Door(ADMIN, {"version": 1, "files": 365}),
    "POST /api/v1/retention/preview": Door(ADMIN, {"files": 365}),
    "GET /api/v1/budgets": Door(ADMIN),
    "PUT /api/v1/budgets": Door(ADMIN, {"tokens_per_month": 1000}),
    "GET /api/v1/budgets/mine": Door(),
    "GET /api/v1/search": Door(),
    "GET /api/v1/folders": Door(),
    "POST /api/v1/folders": Door(body={"name": "Work"}),
    "PATCH /api/v1/folders/{id}": Door(body={"name": "Home"}),
    "DELETE /api/v1/folders/{id}": Door(),
    "GET /api/v1/tags": Door(),
    "GET /api/v1/draft": Door(),
    "PUT /api/v1/draft": Door(body={"text": "Dear", "version": 0}),
    "GET /api/v1/conversations/{id}/draft": Door(),
    "PUT /api/v1/conversations/{id}/draft": Door(body={"text": "Dear", "version": 0}),
    "GET /api/v1/prompts": Door(),
    "POST /api/v1/prompts": Door(body={"name": "letter", "text": "Dear {{name}}"}),
    "PATCH /api/v1/prompts/{id}": Door(body={"version": 1, "text": "Dear you"}),
    "DELETE /api/v1/prompts/{id}": Door(),
    "POST /api/v1/conversations/{id}/fork": Door(body={"message": str(uuid4())}),
    "GET /api/v1/conversations/{id}/shares": Door(),
    "POST /api/v1/conversations/{id}/shares": Door(body={"days": 7}),
    "DELETE /api/v1/shares/{id}": Door(),
    "GET /api/v1/shared/{id}": Door(ANYONE),
    "POST /api/v1/conversations/{id}/messages": Door(body=_said()),
    "POST /api/v1/messages/{id}/edit": Door(body=_said()),
    "POST /api/v1/messages/{id}/regenerate": Door(body={"key": str(uuid4())}),
    "POST /api/v1/messages/{id}/continue": Door(body={"key": str(uuid4())}),
    "GET /api/v1/files": Door(),
    "POST /api/v1/files": Door(),
    "GET /api/v1/files/{id}": Door(),
    "DELETE /api/v1/files/{id}": Door(),
    "GET /api/v1/ratings": Door(),
    "POST /api/v1/messages/{id}/rating": Door(body={"value": 1}),
    "GET /api/v1/conversations/{id}/ratings": Door(),
    "POST /api/v1/playground/runs/{id}/vote": Door(body={"verdict": "a"}),
    "GET /api/v1/playground/runs": Door(),
    "POST /api/v1/playground/runs": Door(body={"key": str(uuid4()), "setup": {}}),
    "GET /api/v1/playground/runs/{id}": Door(),
    "GET /api/v1/playground/tools": Door(),
    "GET /api/v1/playground/presets": Door(),
    "POST /api/v1/playground/presets": Door(body={"name": "X", "setup": {}}),
    "GET /api/v1/playground/presets/{id}": Door(),
    "PATCH /api/v1/playground/presets/{id}": Door(body={"version": 1, "name": "X"}),
    "DELETE /api/v1/playground/presets/{id}": Door(),
    "GET /api/v1/generations/{id}": Door(),
    "POST /api/v1/generations/{id}/stop": Door(),
    "GET /api/v1/generations/{id}/events": Door(),
}

# What is not a door of the REST API. Each is tested where it lives.
PAGES: dict[str, str] = {
    "api/v1/": "says 404",
    "api/v1/openapi.json": MEMBER,
    "api/docs": MEMBER,
    "_allauth/browser/v1/config": ANYONE,
    "_allauth/browser/v1/auth/session": ANYONE,
    "_allauth/browser/v1/auth/login": ANYONE,
    "_allauth/browser/v1/auth/signup": "anyone, while the owner allows it",
    "_allauth/browser/v1/auth/reauthenticate": MEMBER,
    "_allauth/browser/v1/account/password/change": MEMBER,
    "v1/models": "who holds a key",
    "v1/models/<path:name>": "who holds a key",
    "v1/chat/completions": "who holds a key",
    "v1/responses": "who holds a key",
    "v1/embeddings": "who holds a key",
    "v1/<path:path>": "says 404 to who holds a key",
    "sign-in/<str:token>": "who holds the token",
    "healthz/live": ANYONE,
    "healthz/ready": ANYONE,
    "metrics": "this machine",
    "index": ANYONE,
}
# Django's admin is one gate, which lets staff in; it is not ours to list.
GATES = ("admin/",)


def doors_of_the_api() -> set[str]:
    """Every method of every route, as `PATCH /api/v1/bots/{id}`."""
    return {
        f"{method} {_path(router.prefix, template)}"
        for router in api._get_bound_routers()
        for template, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }


def pages_of_the_house() -> set[str]:
    """Every other route in the address book."""
    found = set(_routes(get_resolver().url_patterns))
    paths = {door.partition(" ")[2].removeprefix("/") for door in doors_of_the_api()}
    return {route for route in found if not route.startswith(GATES) and _with_id(route) not in paths}


def _routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, before + str(pattern.pattern))
        else:
            route = str(pattern.pattern)
            yield str(pattern.name) if route.startswith("^") and not before else before + route


def _path(prefix: str, template: str) -> str:
    steps = [step for step in f"{prefix}/{template}".split("/") if step]
    return "/api/v1/" + "/".join("{id}" if step.startswith("{") else step for step in steps)


def _with_id(route: str) -> str:
    return "/".join("{id}" if step.startswith("<") else step for step in route.split("/"))
