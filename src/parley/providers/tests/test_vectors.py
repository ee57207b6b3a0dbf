"""Embeddings over the wires that know them: what is asked, what is understood, what is refused, what is tried again."""

import json
from typing import Any

import pytest

from parley.core.errors import EndpointBroken, EndpointRefused, EndpointRejected
from parley.providers import client
from parley.providers.embedding import AT_ONCE, embed
from parley.providers.load import load_of
from parley.providers.tests.vendor_server import Call, Script, vendor
from parley.providers.values import EmbeddingRequest, Route

pytestmark = pytest.mark.usefixtures("closing_sessions")

TEXTS = EmbeddingRequest("some-embed", ("first text", "second"), 2)
WRONG: list[Any] = [
    {},
    [],
    {"data": [{"index": 0, "embedding": [1.0]}]},
    {"data": [{"index": 0, "embedding": []}, {"index": 1, "embedding": []}]},
    {"data": [{"index": 0, "embedding": "AAAA"}, {"index": 1, "embedding": [1.0]}]},
    {"data": [{"index": 0, "embedding": [None]}, {"index": 1, "embedding": [True]}]},
]


def answering(document: Any, status: int = 200) -> Script:
    async def answer(call: Call) -> None:
        await call.json(document, status)

    return answer


def openai_answer(call: Call) -> dict[str, Any]:
    """Out of order, as the index allows."""
    given: Any = call.body["input"]
    data = [{"object": "embedding", "index": place, "embedding": [place, 0.5]} for place in range(len(given))]
    return {"object": "list", "data": data[::-1], "usage": {"prompt_tokens": 7 * len(given), "total_tokens": 0}}


async def test_openais_dialect_is_asked_for_numbers_and_read_by_index() -> None:
    async def answer(call: Call) -> None:
        await call.json(openai_answer(call))

    async with vendor(answer) as server:
        embedded = await embed(server.route(), TEXTS)
    assert (embedded.vectors, embedded.input_tokens) == (([0, 0.5], [1, 0.5]), 14)
    (call,) = server.calls
    assert call.path == "/v1/embeddings"
    assert call.headers["authorization"] == "Bearer sk-test-1234567890"
    assert call.body == {
        "model": "some-embed",
        "input": ["first text", "second"],
        "encoding_format": "float",
        "dimensions": 2,
    }


async def test_tokens_as_numbers_pass_through_where_the_dialect_has_them() -> None:
    async def answer(call: Call) -> None:
        await call.json(openai_answer(call))

    async with vendor(answer) as server:
        await embed(server.route(), EmbeddingRequest("m", ((1, 2, 3),)))
        with pytest.raises(EndpointRejected, match="texts only"):
            await embed(Route("o", "ollama", server.base_url), EmbeddingRequest("m", ((1, 2, 3),)))
    assert [call.body["input"] for call in server.calls] == [[[1, 2, 3]]]


async def test_ollamas_dialect() -> None:
    document = {"model": "nomic-embed-text", "embeddings": [[0.1, 0.2], [0.3, 0.4]], "prompt_eval_count": 5}
    async with vendor(answering(document)) as server:
        embedded = await embed(Route("o", "ollama", server.base_url), TEXTS)
    assert (embedded.vectors, embedded.input_tokens) == (([0.1, 0.2], [0.3, 0.4]), 5)
    assert server.calls[0].path == "/api/embed"
    assert server.bodies[0] == {"model": "some-embed", "input": ["first text", "second"], "dimensions": 2}


async def test_googles_dialect_whose_tokens_are_estimated() -> None:
    document = {"embeddings": [{"values": [0.1, 0.2]}, {"values": [0.3, 0.4]}]}
    async with vendor(answering(document)) as server:
        route = Route("g", "google", server.base_url.replace("/v1", "/v1beta"), "k")
        embedded = await embed(route, EmbeddingRequest("gemini-embedding-001", ("first text", "second"), 2))
    assert (embedded.vectors, embedded.input_tokens) == (([0.1, 0.2], [0.3, 0.4]), 3)
    assert server.calls[0].path == "/v1beta/models/gemini-embedding-001:batchEmbedContents"
    assert json.dumps(server.bodies[0]["requests"]).count('"outputDimensionality": 2') == 2


@pytest.mark.parametrize("wire", ["anthropic", "responses", "guide"])
async def test_a_dialect_without_embeddings_says_so(wire: str) -> None:
    with pytest.raises(EndpointRejected, match="for embeddings"):
        await embed(Route(f"none {wire}", wire, "http://127.0.0.1:9/v1"), TEXTS)


@pytest.mark.parametrize("document", WRONG, ids=range(len(WRONG)))
async def test_what_is_no_vector_for_each_text_is_an_error(document: Any) -> None:
    async with vendor(answering(document)) as server:
        with pytest.raises(EndpointBroken, match="one vector for each text"):
            await embed(server.route(), TEXTS)


async def test_a_web_page_in_place_of_vectors_is_an_error() -> None:
    async def answer(call: Call) -> None:
        await call.status(200, b"<!doctype html><p>Welcome")

    async with vendor(answer) as server:
        with pytest.raises(EndpointBroken, match="one vector for each text"):
            await embed(server.route(), TEXTS)


async def test_many_texts_go_in_several_calls_and_come_back_in_their_order() -> None:
    async def answer(call: Call) -> None:
        given: Any = call.body["input"]
        data = [{"index": place, "embedding": [float(text)]} for place, text in enumerate(given)]
        await call.json({"data": data, "usage": {"prompt_tokens": len(given)}})

    count = 2 * AT_ONCE + 1
    async with vendor(answer) as server:
        embedded = await embed(server.route(), EmbeddingRequest("m", tuple(map(str, range(count)))))
    assert [vector[0] for vector in embedded.vectors] == list(range(count))
    assert (embedded.input_tokens, len(server.calls)) == (count, 3)


async def test_a_stumble_is_tried_again_and_a_refusal_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "BACKOFF_S", 0.001)
    statuses = [500, 503, 200]

    async def answer(call: Call) -> None:
        status = statuses.pop(0)
        await call.json(openai_answer(call) if status == 200 else {"error": {"message": "later"}}, status)

    async with vendor(answer) as server:
        assert len((await embed(server.route(), TEXTS)).vectors) == 2
        assert len(server.calls) == 3
    async with vendor(answering({"error": {"message": "Incorrect API key"}}, 401)) as server:
        with pytest.raises(EndpointRefused):
            await embed(server.route(), TEXTS)
        assert len(server.calls) == 1


async def test_what_is_embedded_counts_for_the_endpoints_tokens_a_minute() -> None:
    async def answer(call: Call) -> None:
        await call.json(openai_answer(call))

    async with vendor(answer) as server:
        route = server.route(tokens_per_minute=14)
        assert load_of(route.endpoint_id).reason_to_wait(route) == ""
        await embed(route, TEXTS)
        assert "tokens of this minute" in load_of(route.endpoint_id).reason_to_wait(route)
