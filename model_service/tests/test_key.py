"""Who may ask."""

import pytest
from fastapi.testclient import TestClient

from model_service.settings import BadSetting, Settings, settings_from
from model_service.tests.conftest import Start

CLOSED = [
    ("GET", "/v1/models"),
    ("GET", "/models"),
    ("POST", "/models"),
    ("POST", "/adapters"),
    ("POST", "/chat"),
    ("POST", "/v1/chat/completions"),
    ("POST", "/v1/embeddings"),
    ("DELETE", "/models/llama"),
    ("POST", "/unload/llama"),
    ("GET", "/downloads"),
    ("POST", "/downloads"),
    ("POST", "/pause/llama"),
    ("DELETE", "/downloads/llama"),
]


@pytest.fixture
def locked(start: Start) -> TestClient:
    return start(key="open sesame")


@pytest.mark.parametrize(("method", "path"), CLOSED)
@pytest.mark.parametrize("given", [None, "Bearer wrong", "Bearer ", "Basic open sesame", "Bearer öpen"])
def test_without_the_key_nothing_is_told_or_done(locked: TestClient, method: str, path: str, given: str | None) -> None:
    headers = {b"Authorization": given.encode()} if given else {}

    assert locked.request(method, path, headers=headers, json={}).status_code == 401


def test_with_the_key_it_serves(locked: TestClient) -> None:
    assert locked.get("/v1/models", headers={"Authorization": "Bearer open sesame"}).status_code == 200


def test_every_other_call_is_among_those_that_were_tried(locked: TestClient) -> None:
    paths = locked.get("/openapi.json").json()["paths"]
    calls = {(method.upper(), path) for path, methods in paths.items() for method in methods}

    assert calls - {("GET", "/")} == {(method, path.replace("llama", "{name}")) for method, path in CLOSED}


def test_it_listens_to_others_only_with_a_key() -> None:
    with pytest.raises(BadSetting, match="MODELS_KEY"):
        settings_from({"MODELS_HOST": "0.0.0.0"})
    assert settings_from({"MODELS_HOST": "0.0.0.0", "MODELS_KEY": "k"}).host == "0.0.0.0"


@pytest.mark.parametrize("said", [{"MODELS_PORT": "high"}, {"MODELS_SLOTS": "0"}, {"MODELS_QUANTISE": "int3"}])
def test_a_setting_that_cannot_be_names_itself(said: dict[str, str]) -> None:
    (name,) = said
    with pytest.raises(BadSetting, match=name):
        settings_from(said)


def test_nothing_chosen_is_the_default() -> None:
    assert settings_from({}) == Settings()
