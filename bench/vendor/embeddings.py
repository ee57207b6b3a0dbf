"""Embeddings: any model with `embed` in its name gives vectors, the same for the same text. `…-401` refuses, as for answers."""

import math
from hashlib import sha256

import orjson

from bench.vendor.call import Json

DIMENSIONS = 16


def embeddings(raw: bytes) -> tuple[int, Json]:
    """Status and JSON for a `POST /v1/embeddings`."""
    try:
        body = orjson.loads(raw)
        model, given = str(body["model"]), body["input"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return 400, _error("We could not parse the JSON body of your request.")
    last = model.rpartition("-")[2]
    if last.isdigit() and int(last) >= 400:
        return int(last), _error("The mock vendor was told to fail.")
    if "embed" not in model:
        return 404, _error("The model does not exist or you do not have access to it.")
    inputs = given if isinstance(given, list) and not isinstance(given[0], int) else [given]
    size = int(body.get("dimensions") or DIMENSIONS)
    tokens = sum(len(text.split()) if isinstance(text, str) else len(text) for text in inputs)
    data = [{"object": "embedding", "index": n, "embedding": vector(str(text), size)} for n, text in enumerate(inputs)]
    return 200, {
        "object": "list",
        "data": data,
        "model": model,
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }


def vector(text: str, size: int = DIMENSIONS) -> list[float]:
    """Of length 1."""
    digest = sha256(text.encode()).digest()
    raw = [digest[place % len(digest)] + 1.0 for place in range(size)]
    length = math.sqrt(sum(number * number for number in raw))
    return [number / length for number in raw]


def _error(message: str) -> Json:
    return {"error": {"message": message, "type": "invalid_request_error", "code": None}}
