"""The doors of the models of this machine, before a model service of the tests' own."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from parley.accounts.models import Workspace
from parley.providers import local_models
from parley.providers.discovery import vendors_in_environment
from parley.providers.models import Endpoint, ModelCard
from parley.providers.tests.vendor_server import Call, vendor_beside
from parley.providers.unasked import sync_environment
from tests.people import Person, body_of

pytestmark = pytest.mark.django_db(transaction=True)

LOCAL = "/api/v1/local-models"
KEY = "the-service-s-own-key"
MISSING = "/srv/half has no weights as safetensors."


class Service:
    """A register as the model service keeps it."""

    def __init__(self) -> None:
        self.offered: dict[str, str] = {}
        self.keys: set[str] = set()

    async def __call__(self, call: Call) -> None:
        self.keys.add(call.headers.get("authorization", ""))
        if call.path == "/v1/models":
            listed = [{"id": name, "max_model_len": 2048} for name in self.offered]
            await call.json({"object": "list", "data": listed})
        elif call.path == "/models" and call.body:
            await self._offer(call)
        elif call.path == "/models":
            await call.json({"items": [self._row(name) for name in self.offered]})
        elif self.offered.pop(call.path.removeprefix("/models/"), None):
            await call.status(204)
        else:
            await call.json({"error": {"message": "There is no such model here"}}, 404)

    async def _offer(self, call: Call) -> None:
        if call.body["folder"] == "/srv/half":
            await call.json({"error": {"message": MISSING, "code": "not_servable"}}, 422)
            return
        self.offered[str(call.body["name"])] = str(call.body["folder"])
        await call.json({}, 201)

    def _row(self, name: str) -> dict[str, object]:
        sizes = {"size_bytes": 4_000_000, "in_memory_bytes": 0}
        return {"name": name, "folder": self.offered[name], "kind": "causal", "context": 2048} | sizes


@contextmanager
def service_beside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    service = Service()
    with vendor_beside(service) as server:
        monkeypatch.setenv(local_models.URL_VARIABLE, server.base_url.removesuffix("/v1"))
        monkeypatch.setenv(local_models.KEY_VARIABLE, KEY)
        sync_environment()
        yield service


def test_a_folder_that_an_admin_names_becomes_a_model_to_talk_to(
    admin: Person, mate: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service_beside(monkeypatch) as service:
        answer = admin.browser.post(LOCAL, {"name": "owner/tiny", "folder": "/srv/tiny"})
        assert answer.status_code == 201, answer.content
        assert body_of(answer)["items"] == body_of(admin.browser.get(LOCAL))["items"]

    (item,) = body_of(answer)["items"]
    assert (item["name"], item["folder"], item["size_bytes"]) == ("owner/tiny", "/srv/tiny", 4_000_000)
    offered = body_of(mate.browser.get("/api/v1/models?q=owner/tiny"))["items"]
    assert [(model["name"], model["context_window"]) for model in offered] == [("owner/tiny", 2048)]
    assert service.keys == {f"Bearer {KEY}"}


def test_a_model_that_is_withdrawn_can_be_talked_to_no_more(
    admin: Person, mate: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service_beside(monkeypatch) as service:
        admin.browser.post(LOCAL, {"name": "owner/tiny", "folder": "/srv/tiny"})
        assert admin.browser.delete(f"{LOCAL}/owner/tiny").status_code == 204
        assert service.offered == {}
        assert admin.browser.delete(f"{LOCAL}/owner/tiny").status_code == 404
    assert not ModelCard.objects.get(name="owner/tiny").available


def test_what_is_missing_in_a_folder_is_told(admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    with service_beside(monkeypatch):
        answer = admin.browser.post(LOCAL, {"name": "half", "folder": "/srv/half"})
    assert answer.status_code == 422
    assert body_of(answer)["detail"] == MISSING


@pytest.mark.parametrize("name", ["", "two words", "a" * 201, "a\nb"])
def test_a_name_that_no_caller_could_ask_for_is_refused(
    admin: Person, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service_beside(monkeypatch) as service:
        assert admin.browser.post(LOCAL, {"name": name, "folder": "/srv/tiny"}).status_code == 422
    assert service.offered == {}


def test_only_owners_and_admins_see_and_change_what_this_machine_offers(
    owner: Person, mate: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service_beside(monkeypatch) as service:
        assert owner.browser.get(LOCAL).status_code == 200
        for answer in (
            mate.browser.get(LOCAL),
            mate.browser.post(LOCAL, {"name": "tiny", "folder": "/etc"}),
            mate.browser.delete(f"{LOCAL}/tiny"),
        ):
            assert answer.status_code == 403
    assert service.offered == {}


def test_without_a_model_service_it_is_said_how_to_get_one(admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(local_models.URL_VARIABLE, raising=False)
    found = body_of(admin.browser.get(LOCAL))
    assert found["items"] == []
    assert "parley up --models" in found["problem"]


def test_a_service_that_does_not_answer_is_told_from_none(admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    with service_beside(monkeypatch):
        pass
    assert "does not answer" in body_of(admin.browser.get(LOCAL))["problem"]
    assert admin.browser.post(LOCAL, {"name": "tiny", "folder": "/srv/tiny"}).status_code == 502


def test_the_service_is_connected_by_its_address_with_or_without_v1(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for said in ("http://127.0.0.1:8100", "http://127.0.0.1:8100/v1/"):
        monkeypatch.setenv(local_models.URL_VARIABLE, said)
        (found,) = [one for one in vendors_in_environment() if one.vendor.id == "parley"]
        assert (found.base_url, found.name) == ("http://127.0.0.1:8100/v1", "Models of this machine")
    sync_environment()
    assert Endpoint.objects.get(vendor="parley").wire == "openai"
