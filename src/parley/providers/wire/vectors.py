"""Embeddings in the dialects that know them: what is asked, and the vectors in what is answered."""

from collections.abc import Sequence
from typing import Final

from parley.core.errors import EndpointBroken, EndpointRejected
from parley.providers.values import Embedded, EmbeddingRequest, Route
from parley.providers.wire.faults import host_of
from parley.providers.wire.reading import is_count

Json = dict[str, object]

LONGEST: Final = 65_536  # numbers in one vector


def openai_body(request: EmbeddingRequest) -> Json:
    """https://platform.openai.com/docs/api-reference/embeddings. Numbers as text: not every server knows base64."""
    body: Json = {"model": request.model, "input": list(request.inputs), "encoding_format": "float"}
    return body if request.dimensions is None else body | {"dimensions": request.dimensions}


def openai_vectors(route: Route, request: EmbeddingRequest, document: object) -> Embedded:
    """Raises `EndpointBroken` for what is no list of vectors, one for each input."""
    data = document.get("data") if isinstance(document, dict) else None
    items = [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []
    places = [item.get("index") for item in items]
    if all(type(place) is int for place in places):
        items.sort(key=lambda item: item["index"])
    usage = document.get("usage") if isinstance(document, dict) else None
    counted = usage.get("prompt_tokens") if isinstance(usage, dict) else None
    return _embedded(route, request, [item.get("embedding") for item in items], counted)


def ollama_body(request: EmbeddingRequest) -> Json:
    """https://docs.ollama.com/api/embed"""
    body: Json = {"model": request.model, "input": texts_of(request)}
    return body if request.dimensions is None else body | {"dimensions": request.dimensions}


def ollama_vectors(route: Route, request: EmbeddingRequest, document: object) -> Embedded:
    """As `openai_vectors`."""
    found = document if isinstance(document, dict) else {}
    return _embedded(route, request, found.get("embeddings"), found.get("prompt_eval_count"))


def google_body(request: EmbeddingRequest, name: str) -> Json:
    """https://ai.google.dev/api/embeddings, batchEmbedContents. `name` is the model's, with `models/` before it."""
    size = {} if request.dimensions is None else {"outputDimensionality": request.dimensions}
    asked = [{"model": name, "content": {"parts": [{"text": text}]}, **size} for text in texts_of(request)]
    return {"requests": asked}


def google_vectors(route: Route, request: EmbeddingRequest, document: object) -> Embedded:
    """As `openai_vectors`; this vendor counts no tokens here."""
    found = document.get("embeddings") if isinstance(document, dict) else None
    items = found if isinstance(found, list) else []
    return _embedded(route, request, [item.get("values") if isinstance(item, dict) else None for item in items], None)


def texts_of(request: EmbeddingRequest) -> list[str]:
    """Raises `EndpointRejected` for tokens: they are numbers of one vendor's own vocabulary."""
    if not all(isinstance(text, str) for text in request.inputs):
        raise EndpointRejected("This model takes texts only. Send texts in place of the numbers of their tokens.")
    return [text for text in request.inputs if isinstance(text, str)]


def no_embeddings(route: Route) -> EndpointRejected:
    return EndpointRejected(f"{host_of(route)} turns no texts into vectors. Choose a model for embeddings.")


def _embedded(route: Route, request: EmbeddingRequest, vectors: object, counted: object) -> Embedded:
    if not isinstance(vectors, Sequence) or len(vectors) != len(request.inputs) or not all(map(_is_vector, vectors)):
        raise EndpointBroken(
            f"{host_of(route)} did not answer with one vector for each text. Retry, or choose another model."
        )
    return Embedded(tuple(vectors), counted if is_count(counted) else None)


def _is_vector(value: object) -> bool:
    return (
        isinstance(value, list) and 0 < len(value) <= LONGEST and all(type(number) in (float, int) for number in value)
    )
