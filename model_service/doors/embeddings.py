"""POST /v1/embeddings."""

import asyncio
import base64
from typing import Any, Literal

import orjson
import torch
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from model_service.answering import Hold
from model_service.errors import BadRequest

router = APIRouter(tags=["OpenAI"])

_MOST_TEXTS = 2048  # as OpenAI's


class EmbeddingRequest(BaseModel):
    """https://platform.openai.com/docs/api-reference/embeddings/create, of texts."""

    model: str
    input: str | list[str] = Field(min_length=1, max_length=_MOST_TEXTS * 100)
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = Field(None, ge=1)

    @property
    def texts(self) -> list[str]:
        return [self.input] if isinstance(self.input, str) else self.input


@router.post("/v1/embeddings", response_model=None)
async def embeddings(asked: EmbeddingRequest, request: Request) -> Response:
    """Vectors of length 1, one for each text."""
    if len(asked.texts) > _MOST_TEXTS or not all(asked.texts):
        raise BadRequest(f"input takes 1 to {_MOST_TEXTS} texts, none of them empty", param="input")
    async with Hold(request.app.state.shelf, asked.model) as hold:
        vectors, tokens = await asyncio.to_thread(hold.ready.embedder.embed, asked.texts)
    data = [
        {
            "object": "embedding",
            "index": index,
            "embedding": _form(_cut(vector, asked.dimensions), asked.encoding_format),
        }
        for index, vector in enumerate(vectors)
    ]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    body = {"object": "list", "model": asked.model, "data": data, "usage": usage}
    return Response(orjson.dumps(body), media_type="application/json")


def _cut(vector: torch.Tensor, dimensions: int | None) -> torch.Tensor:
    """The first so many, of length 1 again."""
    if dimensions is None:
        return vector
    if dimensions > len(vector):
        raise BadRequest(f"dimensions: this model gives {len(vector)}", param="dimensions")
    return torch.nn.functional.normalize(vector[:dimensions], dim=-1)


def _form(vector: torch.Tensor, form: str) -> Any:
    """A list of numbers, or the bytes of little-endian float32 as base64."""
    return vector.tolist() if form == "float" else base64.b64encode(vector.numpy().astype("<f4").tobytes()).decode()
