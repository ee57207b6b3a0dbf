"""Which models are there, and which are in memory."""

import shutil
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from model_service.tests import tiny
from model_service.tests.conftest import Start
from model_service.tests.test_together import ask, text_of

MB = 2**20


def in_memory(client: TestClient) -> set[str]:
    return {item["name"] for item in client.get("/models").json()["items"] if item["in_memory_bytes"]}


def test_a_folder_of_models_is_offered_as_it_is(client: TestClient) -> None:
    listed = {model["id"]: model for model in client.get("/v1/models").json()["data"]}

    assert {"llama", "gpt2", "blenderbot", "t5", "bert", "mamba", "mistral"} == set(listed)
    assert listed["llama"]["max_model_len"] == 512
    assert listed["bert"]["capabilities"]["completion_chat"] is False


def test_a_model_is_loaded_when_it_is_first_asked_for(client: TestClient) -> None:
    assert in_memory(client) == set()
    ask(client, "Hello")
    assert in_memory(client) == {"llama"}


def test_the_one_unused_for_longest_makes_room(start: Start, tmp_path: Path) -> None:
    offered = tmp_path / "offered"
    for name in ("one", "two", "three"):
        tiny.llama(offered / name, vocab_size=9000)
    size = (offered / "one" / "model.safetensors").stat().st_size
    client = start(folder=offered, memory_mb=int(2.5 * size / MB))

    for name in ("one", "two", "one", "three"):
        ask(client, "Hello", model=name, max_tokens=2)

    assert in_memory(client) == {"one", "three"}
    assert ask(client, "Hello", model="two")["usage"]["completion_tokens"]


def test_a_model_that_is_too_big_is_refused_with_the_remedy(start: Start, tmp_path: Path) -> None:
    tiny.llama(tmp_path / "offered" / "big", vocab_size=20000)
    client = start(folder=tmp_path / "offered", memory_mb=1)

    answer = client.post("/v1/chat/completions", json={"model": "big", "messages": [{"role": "user", "content": "Hi"}]})

    assert answer.status_code == 503
    assert "MODELS_MEMORY_MB" in answer.json()["error"]["message"]


def test_a_model_can_be_added_by_its_folder_unloaded_and_removed(client: TestClient, made: Path) -> None:
    assert client.post("/models", json={"name": "mine/own", "folder": str(made / "llama")}).status_code == 201
    assert text_of(ask(client, "Hello", model="mine/own"))

    assert client.post("/unload/mine/own").json() == {"freed": True}
    assert in_memory(client) == set()
    assert client.delete("/models/mine/own").status_code == 204
    assert (
        client.post(
            "/v1/chat/completions", json={"model": "mine/own", "messages": [{"role": "user", "content": "Hi"}]}
        ).status_code
        == 404
    )
    assert (made / "llama" / "config.json").exists()


def test_the_register_outlives_the_service(start: Start, made: Path) -> None:
    first = start()
    first.post("/models", json={"name": "kept", "folder": str(made / "gpt2")})

    assert "kept" in {item["name"] for item in start().get("/models").json()["items"]}


def test_a_model_that_was_withdrawn_stays_so_until_somebody_offers_it_again(start: Start, made: Path) -> None:
    first = start()
    assert first.delete("/models/gpt2").status_code == 204

    def offered(client: TestClient) -> set[str]:
        return {item["name"] for item in client.get("/models").json()["items"]}

    again = start()
    assert "gpt2" not in offered(again)
    assert "llama" in offered(again)

    assert again.post("/models", json={"name": "gpt2", "folder": str(made / "gpt2")}).status_code == 201
    assert "gpt2" in offered(start())


def test_what_is_no_model_is_refused_by_name_and_reason(client: TestClient, made: Path, tmp_path: Path) -> None:
    def refused(folder: Path) -> str:
        answer = client.post("/models", json={"name": "new", "folder": str(folder)})
        assert answer.status_code == 422
        return str(answer.json()["error"]["message"])

    assert "config.json" in refused(tmp_path)
    pickled = tmp_path / "pickled"
    shutil.copytree(made / "llama", pickled)
    (pickled / "model.safetensors").rename(pickled / "pytorch_model.bin")
    assert "safetensors" in refused(pickled)
    spoiled = tmp_path / "spoiled"
    shutil.copytree(made / "llama", spoiled)
    (spoiled / "config.json").write_text("{")
    assert "cannot be read" in refused(spoiled)


def test_a_model_whose_weights_are_cut_off_is_refused_and_the_others_are_served(
    start: Start, made: Path, tmp_path: Path
) -> None:
    offered = tmp_path / "offered"
    shutil.copytree(made / "llama", offered / "whole")
    shutil.copytree(made / "llama", offered / "cut")
    weights = offered / "cut" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:2000])
    client = start(folder=offered)

    answer = client.post("/v1/chat/completions", json={"model": "cut", "messages": [{"role": "user", "content": "Hi"}]})

    assert answer.status_code == 422
    assert text_of(ask(client, "Hello", model="whole"))


def test_code_beside_a_model_is_never_run(client: TestClient, made: Path, tmp_path: Path) -> None:
    import json

    trap = tmp_path / "trap"
    shutil.copytree(made / "llama", trap)
    config: dict[str, Any] = json.loads((trap / "config.json").read_text())
    config |= {"auto_map": {"AutoConfig": "evil.Config", "AutoModelForCausalLM": "evil.Model"}, "model_type": "evil"}
    (trap / "config.json").write_text(json.dumps(config))
    (trap / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()")
    client.post("/models", json={"name": "trap", "folder": str(trap)})

    answer = client.post(
        "/v1/chat/completions", json={"model": "trap", "messages": [{"role": "user", "content": "Hi"}]}
    )

    assert answer.status_code == 422
    assert not (tmp_path / "ran").exists()


def test_the_hubs_own_cache_is_understood(start: Start, made: Path, tmp_path: Path) -> None:
    shutil.copytree(made / "llama", tmp_path / "hub" / "models--parley--tiny" / "snapshots" / "0000")

    client = start(folder=tmp_path / "hub")

    assert text_of(ask(client, "Hello", model="parley/tiny"))
