"""Models of the hub: fetched, gone on with, refused; before a hub of the tests' own."""

import shutil
import time
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from huggingface_hub import constants

from model_service.hub import downloads
from model_service.tests import tiny
from model_service.tests.conftest import Start
from model_service.tests.hub import COMMIT, Hub, hub_of
from model_service.tests.test_together import ask, text_of

NAME = "parley/tiny"
WEIGHTS = "model.safetensors"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model as its makers publish it: with a readme, and the same weights in other forms."""
    folder = tiny.llama(tmp_path_factory.mktemp("published") / "tiny", vocab_size=3000)
    (folder / "README.md").write_text("# Tiny")
    (folder / "pytorch_model.bin").write_bytes(b"never read" * 5000)
    (folder / "onnx").mkdir()
    (folder / "onnx" / "model.onnx").write_bytes(b"not wanted")
    return folder


@pytest.fixture
def hub(published: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with hub_of(Hub({NAME: published})) as hub:
        # What HF_ENDPOINT sets, when the library is first imported.
        monkeypatch.setattr(constants, "ENDPOINT", hub.url)
        template = hub.url + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(downloads, "WAITS_S", (0.05,) * 3)
        monkeypatch.delenv("HF_TOKEN", raising=False)
        yield hub


@pytest.fixture
def offered(tmp_path: Path) -> Path:
    return tmp_path / "offered"


@pytest.fixture
def client(start: Start, offered: Path, hub: Hub) -> TestClient:
    return start(folder=offered)


def begin(client: TestClient, name: str = NAME, **more: str) -> Any:
    answer = client.post("/downloads", json={"name": name} | more)
    assert answer.status_code == 202, answer.text
    return answer.json()


def row(client: TestClient, name: str = NAME) -> Any:
    return next((item for item in client.get("/downloads").json()["items"] if item["name"] == name), None)


def until(holds: Callable[[], Any], within_s: float = 20.0) -> Any:
    end = time.monotonic() + within_s
    while not (found := holds()):
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)
    return found


def ended(client: TestClient, name: str = NAME) -> Any:
    until(lambda: row(client, name)["state"] not in ("waiting", "running"))
    return row(client, name)


def names(client: TestClient) -> set[str]:
    return {item["name"] for item in client.get("/models").json()["items"]}


def refused(client: TestClient, name: str = NAME, **more: str) -> Any:
    begin(client, name, **more)
    end = ended(client, name)
    assert end["state"] == "failed", end
    assert names(client) == set()
    return end


def test_a_model_of_the_hub_is_fetched_offered_and_answers(client: TestClient, hub: Hub, offered: Path) -> None:
    begin(client)

    end = ended(client)

    assert end["state"] == "done", end
    assert end["commit"] == COMMIT
    assert end["done_bytes"] == end["total_bytes"] == hub.sent_bytes
    assert text_of(ask(client, "Hello", model=NAME))
    assert not set(hub.sent) & {"README.md", "pytorch_model.bin", "onnx/model.onnx"}
    assert not list((offered / ".downloads").glob("*/"))


def test_the_register_may_be_lost_and_the_model_keeps_its_name(
    client: TestClient, start: Start, offered: Path, tmp_path: Path
) -> None:
    begin(client)
    ended(client)

    assert names(start(folder=offered, data=tmp_path / "new")) == {NAME}


def test_a_name_may_be_pasted_as_the_address_of_its_page(client: TestClient) -> None:
    assert begin(client, f"https://huggingface.co/{NAME}/")["name"] == NAME


@pytest.mark.parametrize("name", ["two words", "a/b/c", "../etc", "-x", "a--b", "https://example.org/a/b"])
def test_what_cannot_be_a_name_is_refused_at_once(client: TestClient, name: str, hub: Hub) -> None:
    answer = client.post("/downloads", json={"name": name})

    assert answer.status_code == 400
    assert "owner/model" in answer.json()["error"]["message"]
    assert client.get("/downloads").json()["items"] == []


def test_a_line_that_breaks_in_the_middle_costs_only_what_had_not_come(client: TestClient, hub: Hub) -> None:
    hub.cut = {WEIGHTS: [100_000, 150_000]}
    begin(client)

    end = ended(client)

    assert end["state"] == "done", end
    assert hub.ranges == ["bytes=100000-", "bytes=250000-"]
    assert hub.sent[WEIGHTS] == (hub.models[NAME] / WEIGHTS).stat().st_size
    assert text_of(ask(client, "Hello", model=NAME))


def test_a_hub_that_sends_from_the_beginning_whatever_is_asked_is_understood(client: TestClient, hub: Hub) -> None:
    hub.cut, hub.ignores_ranges = {WEIGHTS: [300_000]}, True
    begin(client)

    end = ended(client)

    assert (end["state"], end["done_bytes"]) == ("done", end["total_bytes"])
    assert hub.sent[WEIGHTS] > (hub.models[NAME] / WEIGHTS).stat().st_size


def test_an_unfinished_download_outlives_the_service_and_is_never_offered_before_it_is_whole(
    start: Start, client: TestClient, hub: Hub
) -> None:
    hub.pace = 200_000
    begin(client)
    come = until(lambda: row(client)["done_bytes"] > 100_000 and row(client)["done_bytes"])
    client.__exit__(None, None, None)
    size = (hub.models[NAME] / WEIGHTS).stat().st_size
    sent = hub.sent[WEIGHTS]
    assert sent < size
    hub.down = True

    again = start(folder=client.app.state.shelf._settings.folder)  # type: ignore[attr-defined]  # FastAPI's
    assert names(again) == set()
    assert row(again)["done_bytes"] >= come
    hub.down, hub.pace = False, 0.0

    assert ended(again)["state"] in ("done", "failed")
    begin(again)
    assert ended(again)["state"] == "done"
    assert hub.ranges
    assert hub.sent[WEIGHTS] <= size + 2**17  # what was on the line at the end
    assert text_of(ask(again, "Hello", model=NAME))


def test_a_download_is_paused_and_gone_on_with(client: TestClient, hub: Hub) -> None:
    hub.pace = 200_000
    begin(client)
    until(lambda: row(client)["done_bytes"] > 60_000)

    assert client.post(f"/pause/{NAME}").status_code == 204
    until(lambda: hub.sent[WEIGHTS] > 0)
    assert row(client)["state"] == "paused"
    time.sleep(0.5)
    stands = hub.sent[WEIGHTS]
    time.sleep(0.5)
    assert hub.sent[WEIGHTS] == stands

    hub.pace = 0.0
    begin(client)
    assert ended(client)["state"] == "done"
    assert hub.ranges
    assert client.post(f"/pause/{NAME}").status_code == 204
    assert row(client)["state"] == "done"


def test_a_download_that_is_cancelled_leaves_nothing(client: TestClient, hub: Hub, offered: Path) -> None:
    hub.pace = 200_000
    begin(client)
    until(lambda: row(client)["done_bytes"] > 60_000)

    assert client.delete(f"/downloads/{NAME}").status_code == 204

    assert row(client) is None
    until(lambda: not list((offered / ".downloads").glob("*/")))
    assert not list(offered.glob("models--*"))
    assert client.delete(f"/downloads/{NAME}").status_code == 404
    assert client.post(f"/pause/{NAME}").status_code == 404


def test_what_is_there_already_is_not_fetched_again(client: TestClient, hub: Hub) -> None:
    begin(client)
    ended(client)
    sent = hub.sent_bytes

    begin(client)

    assert ended(client)["state"] == "done"
    assert hub.sent_bytes == sent


def test_a_gated_model_names_the_page_and_the_token(
    client: TestClient, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.gated, hub.tokens = {NAME: {"hf_may"}}, {"hf_may", "hf_other"}

    end = refused(client)
    assert end["code"] == "gated"
    assert "HF_TOKEN" in end["problem"]
    assert f"{hub.url}/{NAME}" in end["problem"]

    monkeypatch.setenv("HF_TOKEN", "hf_other")
    assert refused(client)["code"] == "gated"

    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    assert refused(client)["code"] == "token_refused"

    monkeypatch.setenv("HF_TOKEN", "hf_may")
    begin(client)
    assert ended(client)["state"] == "done"


def test_the_token_is_shown_to_the_hub_alone(client: TestClient, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.tokens = {"hf_mine"}
    monkeypatch.setenv("HF_TOKEN", "hf_mine")
    begin(client)

    assert ended(client)["state"] == "done"
    assert hub.tokens_at_storage == [""]


def test_what_is_not_there_is_told(client: TestClient) -> None:
    assert refused(client, "parley/none")["code"] == "not_found"
    assert refused(client, revision="v9")["code"] == "revision_not_found"


def test_without_a_network_the_way_without_one_is_told(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")

    end = refused(client)

    assert end["code"] == "hub_silent"
    assert "folder" in end["problem"]


def test_a_disk_that_is_too_small_is_told_before_a_byte_of_the_weights_comes(
    client: TestClient, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 10, 1000))

    end = refused(client)

    assert end["code"] == "disk"
    assert "MODELS_FOLDER" in end["problem"]
    assert hub.sent_bytes == 0


@pytest.mark.parametrize(
    ("without", "beside", "told"),
    [
        (WEIGHTS, "pytorch_model.bin", "can run programs"),
        (WEIGHTS, "weights.gguf", "Ollama"),
        ("config.json", "adapter_config.json", "adapter"),
        ("config.json", "weights.gguf", "Ollama"),
        ("tokenizer.json", "", "no tokenizer"),
    ],
)
def test_what_cannot_be_served_is_told_before_its_weights_come(
    client: TestClient, hub: Hub, published: Path, tmp_path: Path, without: str, beside: str, told: str
) -> None:
    folder = tmp_path / "other"
    shutil.copytree(published, folder)
    (folder / without).unlink()
    (folder / "tokenizer_config.json").write_text("{}")
    if beside:
        (folder / beside).write_text("{}")
    hub.models = {NAME: folder}

    end = refused(client)

    assert end["code"] == "not_servable"
    assert told in end["problem"]
    assert WEIGHTS not in hub.sent


def test_bytes_that_are_not_those_of_the_list_are_fetched_anew_and_never_offered(client: TestClient, hub: Hub) -> None:
    hub.spoiled = {WEIGHTS: 1}
    begin(client)
    assert ended(client)["state"] == "done"

    client.delete(f"/downloads/{NAME}")
    client.delete(f"/models/{NAME}")
    shutil.rmtree(next(iter(client.app.state.shelf._settings.folder.glob("models--*"))))  # type: ignore[attr-defined]
    hub.spoiled = {WEIGHTS: 2}
    assert refused(client)["code"] == "spoiled"


def test_no_name_that_the_hub_lists_leads_out_of_the_folder(
    client: TestClient, hub: Hub, tmp_path: Path, offered: Path
) -> None:
    listed: list[dict[str, object]] = [
        {"rfilename": name, "size": 2, "blobId": "x"} for name in ("../evil.json", "/evil.json", "a/../../b.json")
    ]
    hub.extra = {NAME: listed}
    begin(client)

    assert ended(client)["state"] == "done"
    assert not list(tmp_path.rglob("evil.json"))


def test_another_revision_takes_the_place_of_the_one_in_memory(
    client: TestClient, published: Path, tmp_path: Path
) -> None:
    begin(client)
    ended(client)
    first = text_of(ask(client, "Hello", model=NAME))
    other = tiny.llama(tmp_path / "other", seed=8, vocab_size=3000)

    assert client.post("/models", json={"name": NAME, "folder": str(other)}).status_code == 201

    assert text_of(ask(client, "Hello", model=NAME)) != first
