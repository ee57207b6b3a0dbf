"""Answers, through the door."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

QUESTION = [{"role": "user", "content": "Is anything ever lost?"}]


def ask(client: TestClient, model: str = "llama", **more: object) -> Any:
    answer = client.post("/v1/chat/completions", json={"model": model, "messages": QUESTION, "temperature": 0} | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def stream(client: TestClient, **more: object) -> list[Any]:
    body = {"model": "llama", "messages": QUESTION, "temperature": 0, "stream": True} | more
    with client.stream("POST", "/v1/chat/completions", json=body) as answer:
        lines = [line.removeprefix("data: ") for line in answer.iter_lines() if line]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


@pytest.mark.parametrize("model", ["llama", "mistral", "gpt2", "mamba", "blenderbot", "t5"])
def test_every_kind_of_model_answers(client: TestClient, model: str) -> None:
    answer = ask(client, model, max_tokens=12)

    assert answer["choices"][0]["finish_reason"] in ("stop", "length")
    assert 1 <= answer["usage"]["completion_tokens"] <= 12
    assert answer["usage"]["prompt_tokens"] > 5


def test_a_streamed_answer_is_the_whole_one_in_pieces(client: TestClient) -> None:
    whole = ask(client, max_tokens=20)
    chunks = stream(client, max_tokens=20, stream_options={"include_usage": True})

    text = "".join(choice["delta"].get("content", "") for chunk in chunks for choice in chunk["choices"])
    assert text == whole["choices"][0]["message"]["content"]
    assert len(chunks) > 10
    assert [choice["finish_reason"] for chunk in chunks for choice in chunk["choices"]][-1] == "length"
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"]["completion_tokens"] == whole["usage"]["completion_tokens"] == 20


def test_without_asking_for_it_a_stream_has_no_usage(client: TestClient) -> None:
    assert all("usage" not in chunk for chunk in stream(client, max_tokens=4))


def test_a_stop_text_ends_the_answer_and_is_left_out(client: TestClient) -> None:
    text = ask(client, max_tokens=40)["choices"][0]["message"]["content"]
    stop = text[10:13]

    stopped = ask(client, max_tokens=40, stop=[stop, "never said"])

    assert stopped["choices"][0]["message"]["content"] == text[: text.index(stop)]
    assert stopped["choices"][0]["finish_reason"] == "stop"
    assert stopped["usage"]["completion_tokens"] < 40


def test_a_seed_gives_the_same_answer_again_and_another_seed_another(client: TestClient) -> None:
    def said(seed: int) -> str:
        return str(ask(client, max_tokens=20, temperature=1, seed=seed)["choices"][0]["message"]["content"])

    assert said(1) == said(1)
    assert said(1) != said(2)


def test_a_tiny_top_p_leaves_only_the_likeliest(client: TestClient) -> None:
    greedy = ask(client, max_tokens=20)
    narrow = ask(client, max_tokens=20, temperature=2, top_p=0.00001)

    assert narrow["choices"][0]["message"]["content"] == greedy["choices"][0]["message"]["content"]


def test_a_begun_answer_is_gone_on_with(client: TestClient) -> None:
    whole = ask(client, max_tokens=30)["choices"][0]["message"]["content"]
    half = next(whole[:cut] for cut in range(8, 30) if whole[:cut].isascii() and whole[cut].isascii())

    rest = ask(client, messages=[*QUESTION, {"role": "assistant", "content": half}], max_tokens=5)

    assert rest["usage"]["prompt_tokens"] > ask(client, max_tokens=1)["usage"]["prompt_tokens"]
    assert not rest["choices"][0]["message"]["content"].startswith(half)


def test_the_plain_call_goes_on_with_a_conversation(client: TestClient) -> None:
    said = {"past_user_inputs": ["Hello"], "generated_responses": ["Hi, who are you?"], "user_input": "A guest."}

    answer = client.post("/chat", json=said | {"model": "blenderbot"})

    assert answer.status_code == 200
    assert answer.json()["model"] == "blenderbot"
    assert isinstance(answer.json()["reply"], str)


def test_the_health_call_is_open_and_tells_the_load(client: TestClient) -> None:
    assert client.get("/").json() == {"status": "ok", "running": 0, "waiting": 0}
    assert client.get("/docs").status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"model": "nobody"}, 404, "model_not_found"),
        ({"messages": []}, 400, "bad_request"),
        ({"temperature": 9}, 400, "bad_request"),
        ({"n": 2}, 400, "bad_request"),
        ({"model": "bert"}, 400, "bad_request"),
        ({"messages": [{"role": "user", "content": "a word " * 600}]}, 400, "context_length_exceeded"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_its_reason(
    client: TestClient, change: dict[str, object], status: int, code: str
) -> None:
    answer = client.post("/v1/chat/completions", json={"model": "llama", "messages": QUESTION} | change)

    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["code"] == code
    assert len(answer.json()["error"]["message"]) > 10
