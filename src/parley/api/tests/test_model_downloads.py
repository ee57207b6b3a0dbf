"""The doors of models on their way from the hub, before a model service of the tests' own."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from parley.providers import local_models
from parley.providers.models import ModelCard
from parley.providers.tests.vendor_server import Call, vendor_beside
from parley.providers.unasked import list_model_service, sync_environment
from tests.people import Person, body_of

pytestmark = pytest.mark.django_db(transaction=True)

DOWNLOADS = "/api/v1/model-downloads"
NAME = "owner/tiny"
NO_NAME = "'a b' is no name of the hub. A name looks like owner/model, as it stands above a model's page"


class Service:
    """Downloads as the model service keeps them; what is done is offered."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, object]] = {}
        self.listings = 0

    async def __call__(self, call: Call) -> None:
        path, _, name = call.path.removeprefix("/").partition("/")
        if call.path == "/v1/models":
            self.listings += 1
            done = [name for name, row in self.rows.items() if row["state"] == "done"]
            await call.json({"object": "list", "data": [{"id": name, "max_model_len": 2048} for name in done]})
        elif call.path == "/downloads" and call.body:
            await self._ask(call)
        elif call.path == "/downloads":
            await call.json({"items": list(self.rows.values())})
        elif name not in self.rows:
            await call.json({"error": {"message": f"There is no download of '{name}' here"}}, 404)
        elif path == "pause":
            self.rows[name]["state"] = "paused"
            await call.status(204)
        else:
            del self.rows[name]
            await call.status(204)

    async def _ask(self, call: Call) -> None:
        name = str(call.body["name"])
        if " " in name:
            await call.json({"error": {"message": NO_NAME, "code": "bad_request"}}, 400)
            return
        sizes = {"done_bytes": 0, "total_bytes": 0}
        said = {"name": name, "revision": call.body["revision"], "state": "waiting", "problem": "", "commit": ""}
        self.rows[name] = said | sizes
        await call.json(self.rows[name], 202)


@contextmanager
def service_beside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    service = Service()
    with vendor_beside(service) as server:
        monkeypatch.setenv(local_models.URL_VARIABLE, server.base_url.removesuffix("/v1"))
        monkeypatch.setenv(local_models.KEY_VARIABLE, "the-service-s-own-key")
        sync_environment()
        yield service


def test_an_admin_asks_for_a_model_of_the_hub_sees_it_come_and_everybody_talks_to_it(
    admin: Person, mate: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service_beside(monkeypatch) as service:
        asked = admin.browser.post(DOWNLOADS, {"name": f" {NAME} "})
        assert asked.status_code == 202, asked.content
        assert body_of(asked)["state"] == "waiting"
        assert body_of(asked)["revision"] == "main"

        service.rows[NAME] |= {"state": "running", "done_bytes": 5, "total_bytes": 20}
        (item,) = body_of(admin.browser.get(DOWNLOADS))["items"]
        assert (item["done_bytes"], item["total_bytes"]) == (5, 20)
        assert body_of(mate.browser.get(f"/api/v1/models?q={NAME}"))["items"] == []

        service.rows[NAME]["state"] = "done"
        admin.browser.get(DOWNLOADS)
        assert [model["name"] for model in body_of(mate.browser.get(f"/api/v1/models?q={NAME}"))["items"]] == [NAME]

        listings = service.listings
        admin.browser.get(DOWNLOADS)
        assert service.listings == listings, "a model that can be chosen already is not looked for again"


def test_a_model_that_comes_while_nobody_looks_is_found_by_the_schedule(
    admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service_beside(monkeypatch) as service:
        admin.browser.post(DOWNLOADS, {"name": NAME})
        service.rows[NAME]["state"] = "done"
        list_model_service()
    assert ModelCard.objects.filter(name=NAME, available=True).exists()


def test_a_download_is_paused_and_cancelled(admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    with service_beside(monkeypatch) as service:
        admin.browser.post(DOWNLOADS, {"name": NAME})
        assert admin.browser.post(f"{DOWNLOADS}/{NAME}/pause").status_code == 204
        assert service.rows[NAME]["state"] == "paused"
        assert admin.browser.delete(f"{DOWNLOADS}/{NAME}").status_code == 204
        assert service.rows == {}
        assert admin.browser.delete(f"{DOWNLOADS}/{NAME}").status_code == 404
        assert admin.browser.post(f"{DOWNLOADS}/{NAME}/pause").status_code == 404


def test_what_is_wrong_with_a_name_is_told(admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    with service_beside(monkeypatch) as service:
        answer = admin.browser.post(DOWNLOADS, {"name": "a b"})
        assert (answer.status_code, body_of(answer)["detail"]) == (422, NO_NAME)
        assert admin.browser.post(DOWNLOADS, {"name": ""}).status_code == 422
        assert service.rows == {}


def test_only_owners_and_admins_see_and_change_downloads(
    owner: Person, mate: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service_beside(monkeypatch) as service:
        assert owner.browser.post(DOWNLOADS, {"name": NAME}).status_code == 202
        before = dict(service.rows[NAME])
        for answer in (
            mate.browser.get(DOWNLOADS),
            mate.browser.post(DOWNLOADS, {"name": "owner/other"}),
            mate.browser.post(f"{DOWNLOADS}/{NAME}/pause"),
            mate.browser.delete(f"{DOWNLOADS}/{NAME}"),
        ):
            assert answer.status_code == 403
        assert service.rows == {NAME: before}


def test_without_a_model_service_there_are_none_and_it_is_said_how_to_get_one(
    admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(local_models.URL_VARIABLE, raising=False)
    monkeypatch.delenv(local_models.KEY_VARIABLE, raising=False)
    assert body_of(admin.browser.get(DOWNLOADS))["items"] == []
    answer = admin.browser.post(DOWNLOADS, {"name": NAME})
    assert answer.status_code == 502
    assert "parley up --models" in body_of(answer)["detail"]
