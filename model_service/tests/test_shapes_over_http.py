"""Shapes, as callers ask for them over the wire; the model is random, and says what it must all the same."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

SCHEMA = {
    "type": "object",
    "properties": {"town": {"type": "string"}, "people": {"type": "integer"}},
    "required": ["town", "people"],
    "additionalProperties": False,
}
BY_SCHEMA: dict[str, Any] = {
    "response_format": {"type": "json_schema", "json_schema": {"name": "town", "schema": SCHEMA}}
}


def asked(client: TestClient, model: str = "llama", **shape: Any) -> str:
    body = {"model": model, "messages": [{"role": "user", "content": "shown"}], "max_tokens": 90, "seed": 3} | shape
    answer = client.post("/v1/chat/completions", json=body)
    assert answer.status_code == 200, answer.text
    (choice,) = answer.json()["choices"]
    assert choice["finish_reason"] == "stop"
    return str(choice["message"]["content"])


@pytest.mark.parametrize("model", ["llama", "gpt2", "mamba", "blenderbot", "t5"])
def test_models_of_every_kind_answer_by_a_schema(client: TestClient, model: str) -> None:
    said = json.loads(asked(client, model, **BY_SCHEMA))
    assert said.keys() == {"town", "people"}
    assert isinstance(said["people"], int)


@pytest.mark.parametrize("temperature", [0, 1.5])
def test_choices_hold_at_any_temperature(client: TestClient, temperature: float) -> None:
    choice = {"choice": ["accepted", "refused"]}
    assert asked(client, temperature=temperature, structured_outputs=choice) in ("accepted", "refused")


def test_callers_beside_each_other_have_shapes_of_their_own(client: TestClient) -> None:
    assert asked(client, guided_regex="[ab]{5}").strip("ab") == ""
    assert len(asked(client, guided_regex="[0-9]{7}")) == 7


def test_a_streamed_answer_has_its_shape(client: TestClient) -> None:
    body = {"model": "llama", "messages": [{"role": "user", "content": "x"}], "stream": True, "max_tokens": 90}
    lines = client.post("/v1/chat/completions", json=body | BY_SCHEMA).text.split("\n\n")
    events = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: {")]
    said = "".join(event["choices"][0]["delta"].get("content") or "" for event in events)
    assert json.loads(said).keys() == {"town", "people"}


@pytest.mark.parametrize("stream", [False, True])
def test_a_keyword_that_cannot_be_kept_to_is_named_before_anything_is_said(client: TestClient, *, stream: bool) -> None:
    schema = {"type": "object", "dependencies": {"a": ["b"]}}
    body = {"model": "llama", "messages": [{"role": "user", "content": "x"}], "stream": stream, "guided_json": schema}
    answer = client.post("/v1/chat/completions", json=body)
    assert answer.status_code == 400
    problem = answer.json()["error"]
    assert (problem["param"], problem["code"]) == ("dependencies", "unsupported_shape")
    assert "dependencies" in problem["message"]
