"""When memory runs out in the middle: who asked too much is told, who had enough reads on, and nobody waits for ever."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import torch
from fastapi.testclient import TestClient

from model_service.decoding.batcher import Batcher
from model_service.errors import NotServable
from model_service.memory import ran_out
from model_service.shelf import shelf
from model_service.tests.test_together import ask, batcher, body, text_of, until

__all__ = ["batcher"]  # a fixture

OF_TORCH = "[enforce fail at alloc_cpu.cpp:124] err == 0. DefaultCPUAllocator: can't allocate memory: you tried …"
FAILURES = [MemoryError(), RuntimeError(OF_TORCH), OSError(12, "Cannot allocate memory"), torch.OutOfMemoryError()]


@pytest.mark.parametrize("error", FAILURES, ids=lambda error: type(error).__name__)
def test_every_way_to_say_that_memory_ran_out_is_understood(error: Exception) -> None:
    wrapped = NotServable("cannot be loaded")
    wrapped.__cause__ = error

    assert ran_out(error)
    assert ran_out(wrapped)
    assert not ran_out(RuntimeError("shapes do not fit"))


@pytest.mark.parametrize("place", ["begin", "feed"])
def test_a_prompt_that_finds_no_memory_ends_alone(
    client: TestClient, batcher: Batcher, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    wanted = text_of(ask(client, "Hello", max_tokens=300))
    machine: Any = batcher._machine
    whole = getattr(machine, place)

    def short(first: Any, *others: Any) -> Any:
        asked = getattr(first, "ask", first)
        if len(asked.prompt) > 60:
            raise RuntimeError(OF_TORCH)
        return whole(first, *others)

    monkeypatch.setattr(machine, place, short)
    with ThreadPoolExecutor(1) as other:
        running = other.submit(ask, client, "Hello", max_tokens=300)
        until(lambda: batcher.running == 1)
        refused = client.post("/v1/chat/completions", json=body("and so on " * 40))

    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "no_memory")
    assert text_of(running.result()) == wanted


@pytest.mark.parametrize("place", ["join", "step"])
def test_a_step_that_finds_no_memory_tells_all_who_are_in_it_and_the_next_one_is_served(
    client: TestClient, batcher: Batcher, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    machine: Any = batcher._machine

    def short(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as for_once:
        for_once.setattr(machine, place, short)
        refused = client.post("/v1/chat/completions", json=body("Hello"))

    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "no_memory")
    assert batcher.is_idle
    assert text_of(ask(client, "Hello"))


def test_a_stream_that_finds_no_memory_says_so(
    client: TestClient, batcher: Batcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine: Any = batcher._machine

    def short(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(machine, "step", short)
    answer = client.post("/v1/chat/completions", json=body("Hello", stream=True))

    assert '"code": "no_memory"' in answer.text
    assert "not enough memory" in answer.text


def test_who_embeds_more_than_there_is_memory_for_is_told_so(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"model": "bert", "input": "hello"}
    assert client.post("/v1/embeddings", json=asked).status_code == 200
    (ready,) = client.app.state.shelf.held()  # type: ignore[attr-defined]  # FastAPI's

    def short(*_: object, **__: object) -> None:
        raise RuntimeError(OF_TORCH)

    monkeypatch.setattr(ready.embedder, "_model", short)
    ready.embedder._model.device = "cpu"
    refused = client.post("/v1/embeddings", json=asked)

    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "no_memory")


def test_a_model_that_finds_no_memory_is_brought_in_once_an_idle_one_has_gone(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(client, "Hello")
    load, held = shelf.load, client.app.state.shelf.held  # type: ignore[attr-defined]  # FastAPI's

    def short(*given: Any) -> Any:
        if held():
            raise MemoryError
        return load(*given)

    monkeypatch.setattr(shelf, "load", short)
    assert text_of(ask(client, "Hello", model="gpt2"))
    assert [ready.name for ready in held()] == ["gpt2"]

    monkeypatch.setattr(shelf, "load", lambda *_: short_of_all())
    refused = client.post("/v1/chat/completions", json=body("Hello", model="llama"))
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "no_memory")


def short_of_all() -> None:
    raise MemoryError
