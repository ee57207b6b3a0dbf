"""The doors of endpoints and models, as owner, admin, team mate, stranger and nobody."""

from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from parley.accounts.models import Workspace
from parley.bots.tests.made import make_card
from parley.providers.models import Endpoint, ModelCard
from parley.providers.tests.vendor_server import Call, VendorServer, lister, vendor_beside
from parley.providers.unasked import ensure_guide
from tests.people import Browser, Person, body_of

pytestmark = pytest.mark.django_db(transaction=True)  # bots follow on commit

ENDPOINTS, MODELS = "/api/v1/endpoints", "/api/v1/models"
KEY = "sk-right-1234567890"


def connect(who: Person, server: VendorServer, **more: object) -> Any:
    draft = {"name": "Vendor", "wire": "openai", "base_url": server.base_url, "api_key": KEY} | more
    return who.browser.post(ENDPOINTS, draft)


def connected(who: Person, *models: str) -> Any:
    with vendor_beside(lister(*models or ("gpt-4o",))) as server:
        answer = connect(who, server)
    assert answer.status_code == 201, answer.content
    return body_of(answer)


def test_the_vendors_that_parley_knows_are_listed(mate: Person) -> None:
    items = body_of(mate.browser.get("/api/v1/vendors"))["items"]
    assert {"openai", "anthropic", "google", "openrouter", "mistral", "ollama", "custom"} <= {
        item["id"] for item in items
    }
    assert items[0] == {
        "id": "openai",
        "label": "OpenAI",
        "wire": "openai",
        "base_url": "https://api.openai.com/v1",
        "key_url": "https://platform.openai.com/api-keys",
        "needs_key": True,
    }


def test_a_model_that_no_list_names_is_typed_and_found_by_its_words(admin: Person, mate: Person) -> None:
    endpoint = connected(admin)
    with vendor_beside(lister("gpt-4o")):
        refused = admin.browser.post(f"{ENDPOINTS}/{endpoint['id']}/models", {"name": "mine"})
    assert refused.status_code == 422  # its server is gone
    assert [item["name"] for item in body_of(mate.browser.get(f"{MODELS}?q=GPT+vendor"))["items"]] == ["gpt-4o"]
    assert body_of(mate.browser.get(f"{MODELS}?q=nothing"))["items"] == []


def test_limits_are_set_and_lifted(admin: Person) -> None:
    endpoint = connected(admin)
    path = f"{ENDPOINTS}/{endpoint['id']}"
    limited = body_of(admin.browser.patch(path, {"version": 1, "max_concurrent": 3, "dollars_per_month": 9.5}))
    assert (limited["max_concurrent"], limited["dollars_per_month"]) == (3, 9.5)
    lifted = body_of(admin.browser.patch(path, {"version": 2, "max_concurrent": None}))
    assert (lifted["max_concurrent"], lifted["dollars_per_month"]) == (None, 9.5)


def test_an_admin_connects_a_vendor_and_all_can_talk_to_its_models(admin: Person, mate: Person) -> None:
    endpoint = connected(admin)
    assert endpoint | {"id": 0, "base_url": ""} == {
        "id": 0,
        "name": "Vendor",
        "wire": "openai",
        "base_url": "",
        "key_last4": "7890",
        "source": "screen",
        "enabled": True,
        "max_concurrent": None,
        "tokens_per_minute": None,
        "dollars_per_month": None,
        "version": 1,
        "models": 1,
        "health": "ok",
        "problem": None,
    }
    (model,) = body_of(mate.browser.get(MODELS))["items"]
    assert model["bot"]
    assert model | {"id": 0, "bot": 0} == {
        "id": 0,
        "name": "gpt-4o",
        "label": "gpt-4o",
        "endpoint": {"id": endpoint["id"], "name": "Vendor"},
        "bot": 0,
        "context_window": 128000,
        "vision": True,
        "tools": True,
        "prefill": False,
        "embeds": False,
        "input_price": None,
        "output_price": None,
        "cached_price": None,
        "typed": False,
        "enabled": True,
        "is_guide": False,
        "is_rule": False,
    }


def test_a_wrong_key_is_told_with_the_vendors_reason_and_nothing_is_stored(owner: Person) -> None:
    with vendor_beside(lister("gpt-4o")) as server:
        answer = connect(owner, server, api_key="sk-wrong-1234567890")
    assert (answer.status_code, body_of(answer)["code"]) == (422, "invalid")
    assert "Incorrect API key" in body_of(answer)["detail"]
    assert body_of(owner.browser.get(ENDPOINTS))["items"] == []


def test_a_web_page_in_place_of_a_vendor_is_told_with_its_remedy(owner: Person) -> None:
    async def page(call: Call) -> None:
        await call.status(200, b"<!doctype html><h1>It works!</h1>", Content_Type="text/html")

    with vendor_beside(page) as server:
        answer = connect(owner, server)
    assert answer.status_code == 422
    assert "/v1" in body_of(answer)["detail"]


def test_nobody_at_the_address_is_told(owner: Person) -> None:
    with vendor_beside(lister("a")) as server:
        pass
    answer = connect(owner, server)
    assert answer.status_code == 422
    assert "Nothing answers" in body_of(answer)["detail"]


def test_the_key_is_in_no_answer(owner: Person) -> None:
    endpoint = connected(owner)
    path = f"{ENDPOINTS}/{endpoint['id']}"
    answers = [
        owner.browser.get(ENDPOINTS),
        owner.browser.patch(path, {"version": 1, "name": "Other"}),
        owner.browser.patch(path, {"version": 2, "api_key": KEY + " and more"}),
        owner.browser.patch(path, {"version": "x", "api_key": KEY}),
        owner.browser.post(ENDPOINTS, {"name": 5, "base_url": "x", "api_key": KEY}),
        owner.browser.get(MODELS),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 422, 422, 422, 200]
    assert not any(KEY in answer.content.decode() for answer in answers)


def test_a_stale_version_is_a_conflict(owner: Person, admin: Person) -> None:
    path = f"{ENDPOINTS}/{connected(owner)['id']}"
    assert body_of(owner.browser.patch(path, {"version": 1, "name": "Mine"}))["version"] == 2
    answer = admin.browser.patch(path, {"version": 1, "name": "Ours"})
    assert (answer.status_code, body_of(answer)["code"]) == (409, "conflict")


def test_another_address_voids_the_key(owner: Person) -> None:
    endpoint = connected(owner)
    with vendor_beside(lister("b", key="")) as server:
        answer = owner.browser.patch(f"{ENDPOINTS}/{endpoint['id']}", {"version": 1, "base_url": server.base_url})
        assert all("authorization" not in call.headers for call in server.calls)
    assert (answer.status_code, body_of(answer)["key_last4"]) == (200, "")


def test_an_endpoint_is_removed_with_its_models_and_their_bots_leave_the_list(owner: Person) -> None:
    endpoint = connected(owner)
    assert owner.browser.delete(f"{ENDPOINTS}/{endpoint['id']}").status_code == 204
    assert owner.browser.delete(f"{ENDPOINTS}/{endpoint['id']}").status_code == 404
    assert body_of(owner.browser.get(MODELS))["items"] == []
    assert body_of(owner.browser.get("/api/v1/bots"))["items"] == []


def test_models_are_asked_for_again(owner: Person) -> None:
    listed = ["gpt-4o"]

    async def answer(call: Call) -> None:
        await lister(*listed)(call)

    with vendor_beside(answer) as server:
        endpoint = body_of(connect(owner, server))
        listed.append("gpt-5")
        items = body_of(owner.browser.post(f"{ENDPOINTS}/{endpoint['id']}/refresh"))["items"]
    assert [item["name"] for item in items] == ["gpt-4o", "gpt-5"]
    assert all(item["bot"] for item in items)


def test_a_refresh_that_fails_is_the_vendors_fault_and_shows_as_health(owner: Person) -> None:
    endpoint = connected(owner)
    answer = owner.browser.post(f"{ENDPOINTS}/{endpoint['id']}/refresh")
    assert (answer.status_code, body_of(answer)["code"]) == (502, "endpoint_unreachable")
    (listed,) = body_of(owner.browser.get(ENDPOINTS))["items"]
    assert listed["health"] == "failing"
    assert "Nothing answers" in listed["problem"]


def test_a_model_is_renamed_corrected_and_switched_off(owner: Person, mate: Person) -> None:
    connected(owner)
    card = ModelCard.objects.get()
    change = {"label": "Our best", "context_window": 64000, "vision": False, "enabled": False}
    model = body_of(owner.browser.patch(f"{MODELS}/{card.id}", change))
    assert {name: model[name] for name in change} == change
    assert body_of(mate.browser.get(MODELS))["items"] == []
    (shown,) = body_of(owner.browser.get(f"{MODELS}?all=true"))["items"]
    assert shown["enabled"] is False


@pytest.mark.parametrize(
    "change", [{"context_window": 5}, {"context_window": "x"}, {"label": "x" * 500}, {"vision": 7}]
)
def test_a_change_that_makes_no_sense_is_refused(owner: Person, change: dict[str, object]) -> None:
    connected(owner)
    card = ModelCard.objects.get()
    assert owner.browser.patch(f"{MODELS}/{card.id}", change).status_code == 422


def test_only_admins_reach_endpoints_and_change_models(owner: Person, mate: Person, stranger: Person) -> None:
    endpoint, card = connected(owner), ModelCard.objects.get()
    before = list(Endpoint.objects.values()), list(ModelCard.objects.values())
    calls = [
        ("get", ENDPOINTS, None),
        ("post", ENDPOINTS, {"name": "Mine", "base_url": "http://127.0.0.1:9/v1", "api_key": ""}),
        ("patch", f"{ENDPOINTS}/{endpoint['id']}", {"version": 1, "enabled": False}),
        ("delete", f"{ENDPOINTS}/{endpoint['id']}", None),
        ("post", f"{ENDPOINTS}/{endpoint['id']}/refresh", None),
        ("get", f"{MODELS}?all=true", None),
        ("patch", f"{MODELS}/{card.id}", {"enabled": False}),
    ]
    for who, expected in ((mate.browser, 403), (Browser(), 401)):
        for method, path, body in calls:
            assert getattr(who, method)(path, body or {}).status_code == expected, (method, path)
    for method, path, body in calls[2:5] + calls[6:]:
        foreign = getattr(stranger.browser, method)(path, body or {})
        missing = getattr(stranger.browser, method)(path.replace(endpoint["id"], str(uuid4())), body or {})
        assert (foreign.status_code, foreign.content) == (404, missing.content), (method, path)
    assert body_of(stranger.browser.get(ENDPOINTS))["items"] == []
    assert body_of(stranger.browser.get(MODELS))["items"] == []
    assert (list(Endpoint.objects.values()), list(ModelCard.objects.values())) == before


def test_what_the_caller_may_not_set_is_ignored(owner: Person, stranger: Person) -> None:
    with vendor_beside(lister("gpt-4o")) as server:
        smuggled = {"source": "built-in", "vendor": "x", "available": False, "version": 9, "id": str(uuid4())}
        foreign = {"workspace": str(stranger.member.workspace_id), "workspace_id": str(stranger.member.workspace_id)}
        connect(owner, server, **smuggled, **foreign, sealed_key="x")
    row = Endpoint.objects.get()
    assert (row.source, row.available, row.version, row.workspace_id) == ("screen", True, 1, owner.member.workspace_id)
    assert row.api_key == KEY


def test_lists_cost_the_same_however_long(
    owner: Person, workspace: Workspace, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ensure_guide(workspace.id)
    for number in range(20):
        make_card(workspace.id, f"m{number}", endpoint=f"E{number % 4}")
    owner.browser.get(MODELS)
    with django_assert_max_num_queries(5):
        assert len(body_of(owner.browser.get(MODELS))["items"]) == 21
    with django_assert_max_num_queries(4):
        assert len(body_of(owner.browser.get(ENDPOINTS))["items"]) == 5


def test_the_guide_is_told_apart(owner: Person, workspace: Workspace) -> None:
    ensure_guide(workspace.id)
    (guide,) = body_of(owner.browser.get(MODELS))["items"]
    assert (guide["is_guide"], guide["label"]) == (True, "Parley's guide")
