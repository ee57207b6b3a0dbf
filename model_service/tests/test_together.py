"""Many callers at once."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient

from model_service.decoding.batcher import Batcher
from model_service.tests.conftest import Start


def body(content: str, model: str = "llama", **more: object) -> dict[str, object]:
    return {
        "model": model,
        "messages": [{"role": "user", "content": content}],
        "temperature": 0,
        "max_tokens": 24,
    } | more


def ask(client: TestClient, content: str, **more: Any) -> Any:
    answer = client.post("/v1/chat/completions", json=body(content, **more))
    assert answer.status_code == 200, answer.text
    return answer.json()


def text_of(answer: Any) -> str:
    return str(answer["choices"][0]["message"]["content"])


@pytest.fixture
def batcher(client: TestClient) -> Batcher:
    """Of the tiny Llama, in memory."""
    ask(client, "Hello", max_tokens=1)
    (ready,) = client.app.state.shelf.held()  # type: ignore[attr-defined]  # FastAPI's
    found: Batcher = ready.batcher
    return found


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.005)


@pytest.mark.parametrize("model", ["llama", "blenderbot", "t5", "mamba"])
def test_who_asks_together_gets_what_he_would_get_alone(client: TestClient, model: str) -> None:
    questions = [f"Question {number}" + " and so on" * number for number in range(8)]
    alone = [text_of(ask(client, question, model=model)) for question in questions]

    with ThreadPoolExecutor(8) as callers:
        together = list(callers.map(lambda question: text_of(ask(client, question, model=model)), questions))

    assert together == alone


def test_eight_are_decoded_together_and_not_one_after_another(client: TestClient, batcher: Batcher) -> None:
    seen = []
    with ThreadPoolExecutor(8) as callers:
        asked = [callers.submit(ask, client, f"Number {number}", max_tokens=300) for number in range(8)]
        while not all(one.done() for one in asked):
            seen.append(batcher.running)
            time.sleep(0.002)

    assert max(seen) == 8


def test_a_seed_holds_whoever_is_decoded_beside_it(client: TestClient) -> None:
    alone = text_of(ask(client, "Dice", temperature=1, seed=5))
    with ThreadPoolExecutor(4) as callers:
        others = [callers.submit(ask, client, f"Other {number}", temperature=1.5) for number in range(3)]
        beside = text_of(ask(client, "Dice", temperature=1, seed=5))
        [other.result() for other in others]

    assert beside == alone


def test_who_comes_when_the_queue_is_full_is_told_when_to_come_again(start: Start) -> None:
    client = start(slots=1, queue=1)
    ask(client, "warm", max_tokens=1)
    statuses, lock = [], threading.Lock()

    def caller(number: int) -> None:
        answer = client.post("/v1/chat/completions", json=body(f"Number {number}", max_tokens=400))
        with lock:
            statuses.append((answer.status_code, answer.headers.get("retry-after")))

    with ThreadPoolExecutor(6) as callers:
        list(callers.map(caller, range(6)))

    refused = [after for status, after in statuses if status == 429]
    assert refused
    assert all(after and 1 <= int(after) <= 60 for after in refused)
    assert [status for status, _ in statuses].count(200) >= 2
    assert text_of(ask(client, "and afterwards it serves"))


@pytest.fixture
def address(client: TestClient) -> Iterator[str]:
    """The same service, on a port: the test's client is no network, and hears nothing before the whole answer is there."""
    server = uvicorn.Server(uvicorn.Config(client.app, port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def test_who_leaves_a_stream_is_decoded_no_further(client: TestClient, batcher: Batcher, address: str) -> None:
    machine: Any = batcher._machine
    step = machine.step
    whole = ask(client, "Leaving", max_tokens=300)["usage"]["completion_tokens"]
    assert whole > 200, "an answer that is soon over would leave nothing to see"
    before = batcher.tokens

    def slowly(last: list[int]) -> Any:
        time.sleep(0.01)
        return step(last)

    machine.step = slowly
    asked = body("Leaving", stream=True, max_tokens=300)
    with httpx.stream("POST", f"{address}/v1/chat/completions", json=asked, timeout=30) as answer:
        lines = answer.iter_lines()
        until(lambda: "content" in next(lines) and batcher.tokens > before + 5)
    until(lambda: batcher.is_idle)

    assert 5 < batcher.tokens - before < whole / 2


def test_a_cancelled_sequence_ends_within_a_step_or_two(batcher: Batcher) -> None:
    from model_service.values import Ask, Piece, Sampling

    pieces: list[Piece] = []
    sequence = batcher.submit(Ask([5, 6, 7], 400, sampling=Sampling(temperature=0)), pieces.append)
    until(lambda: len(sequence.ids) > 5)

    sequence.is_cancelled = True
    until(lambda: batcher.is_idle)

    assert len(sequence.ids) < 400
    assert not any(piece.is_last for piece in pieces)


def test_the_next_turn_finds_its_beginning_computed_already(client: TestClient) -> None:
    first = [{"role": "user", "content": "Tell me of a reply that belongs to the server, at some length."}]
    answer = ask(client, "", messages=first)
    second = [*first, {"role": "assistant", "content": text_of(answer)}, {"role": "user", "content": "And then?"}]

    fresh = text_of(ask(client, "", messages=[*second, {"role": "user", "content": "x"}][:3], model="gpt2"))
    found = ask(client, "", messages=second)

    assert found["usage"]["prompt_tokens_details"]["cached_tokens"] > 10
    assert isinstance(fresh, str)


def test_what_was_cached_changes_no_answer(start: Start, made: Any) -> None:
    long = "nothing shown or accepted is ever lost " * 5
    caching, plain = start(), start(prefix_mb=0)
    ask(caching, long + "one")

    cached, computed = ask(caching, long + "two"), ask(plain, long + "two")

    assert cached["usage"]["prompt_tokens_details"]["cached_tokens"] > 20
    assert computed["usage"]["prompt_tokens_details"]["cached_tokens"] == 0
    assert text_of(cached) == text_of(computed)


def test_a_step_that_fails_ends_those_in_it_and_the_next_is_served(client: TestClient, batcher: Batcher) -> None:
    machine: Any = batcher._machine
    step, machine.step = machine.step, lambda _: (_ for _ in ()).throw(RuntimeError("out of memory"))

    answer = client.post("/v1/chat/completions", json=body("Failing"))
    machine.step = step

    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "model_failed"
    assert text_of(ask(client, "Again"))
