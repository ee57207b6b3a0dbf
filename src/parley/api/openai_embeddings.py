"""The OpenAI dialect of embeddings: what a caller of `/v1/embeddings` may send, and the vectors that it gets.

Source: the vendor's public API reference, Embeddings.
"""

import struct
from base64 import b64encode
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from parley.providers.values import Embedded, EmbeddingRequest

MOST_INPUTS = 2048
MOST_TOKENS = 100_000  # in one input that comes as numbers

Json = dict[str, object]
Words = Annotated[str, Field(min_length=1)]
Token = Annotated[int, Field(ge=0, lt=2**31, strict=True)]
Tokens = Annotated[list[Token], Field(min_length=1, max_length=MOST_TOKENS)]


class EmbeddingBody(BaseModel):
    """One request. `input`: a text or several, or the numbers of their tokens."""

    model_config = ConfigDict(extra="ignore")

    model: str
    input: (
        Words
        | Annotated[list[Words], Field(min_length=1, max_length=MOST_INPUTS)]
        | Tokens
        | Annotated[list[Tokens], Field(min_length=1, max_length=MOST_INPUTS)]
    )
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = Field(None, ge=1, le=65_536)

    def request(self, model: str) -> EmbeddingRequest:
        """`model`: as its vendor spells it."""
        if isinstance(self.input, str):
            return EmbeddingRequest(model, (self.input,), self.dimensions)
        numbers = [item for item in self.input if isinstance(item, int)]
        if numbers:
            return EmbeddingRequest(model, (tuple(numbers),), self.dimensions)
        many = tuple(item if isinstance(item, str) else tuple(item) for item in self.input if not isinstance(item, int))
        return EmbeddingRequest(model, many, self.dimensions)


def embeddings_body(body: EmbeddingBody, embedded: Embedded) -> Json:
    """The answer, each vector as numbers or as the bytes of 32-bit floats, little end first."""
    as_bytes = body.encoding_format == "base64"
    data = [
        {"object": "embedding", "index": place, "embedding": _base64(vector) if as_bytes else vector}
        for place, vector in enumerate(embedded.vectors)
    ]
    tokens = embedded.input_tokens or 0
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "data": data, "model": body.model, "usage": usage}


def _base64(vector: Sequence[float]) -> str:
    return b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
