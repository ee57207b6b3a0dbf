"""The `openai` wire: Chat Completions, as OpenAI, vLLM, llama.cpp, OpenRouter and most others speak it.

https://platform.openai.com/docs/api-reference/chat. `openai_body` makes requests, `openai_answer` reads answers. Where the
vendor offers its models by the Responses API only, or better, the `responses` wire asks in its place.
"""

from collections.abc import AsyncGenerator, Mapping
from typing import ClassVar, Final

import aiohttp

from parley.providers.profiles import profile_of
from parley.providers.values import Embedded, EmbeddingRequest, ModelRequest, Route, WireEvent
from parley.providers.wire.base import ListedModel
from parley.providers.wire.calls import HttpWire, Json, address, no_list
from parley.providers.wire.dialects import dialect_of
from parley.providers.wire.openai_answer import ChatReading
from parley.providers.wire.openai_body import OPTIONAL_TOGETHER, body_of
from parley.providers.wire.openai_models import listed_models
from parley.providers.wire.reading import Reading
from parley.providers.wire.responses import Responses
from parley.providers.wire.vectors import openai_body, openai_vectors


class OpenAI(HttpWire):
    """See `base.Wire`."""

    optional_together: ClassVar = OPTIONAL_TOGETHER

    def __init__(self) -> None:
        super().__init__()
        self._responses: Final = Responses()

    def stream(
        self, session: aiohttp.ClientSession, route: Route, request: ModelRequest
    ) -> AsyncGenerator[WireEvent, None]:
        if _speaks_responses(route, request):
            return self._responses.stream(session, route, request)
        return super().stream(session, route, request)

    def url(self, route: Route, request: ModelRequest) -> str:
        return address(route.base_url, "/chat/completions")

    def headers(self, route: Route) -> Mapping[str, str]:
        return bearer_headers(route)

    def body(self, route: Route, request: ModelRequest) -> Json:
        return body_of(request, dialect_of(route.base_url))

    def reading(self, route: Route, request: ModelRequest) -> Reading:
        return ChatReading(route)

    async def embed(self, session: aiohttp.ClientSession, route: Route, request: EmbeddingRequest) -> Embedded:
        url, body = address(route.base_url, "/embeddings"), openai_body(request)
        return openai_vectors(route, request, await self.post_texts(session, route, url, body))

    async def list_models(self, session: aiohttp.ClientSession, route: Route) -> list[ListedModel]:
        key_check = dialect_of(route.base_url).key_check
        if key_check:
            await self._fetch(session, route, "GET", key_check)
        try:
            return listed_models(await self.get(session, route, address(route.base_url, "/models")))
        except ValueError:
            raise no_list(route) from None


def bearer_headers(route: Route) -> Mapping[str, str]:
    """The key as OpenAI takes it, and what the vendor at this address wants besides."""
    dialect = dialect_of(route.base_url)
    headers = dict(dialect.headers)
    if route.api_key:
        headers["Authorization"] = f"Bearer {route.api_key}"
        if dialect.key_header:
            headers[dialect.key_header] = route.api_key
    return headers


def _speaks_responses(route: Route, request: ModelRequest) -> bool:
    """Responses knows neither stop words nor seeds, so who asks for those gets Chat Completions where a model has both."""
    if not dialect_of(route.base_url).responses:
        return False
    profile = profile_of(request.model)
    wants_chat = bool(request.parameters.stop) or request.parameters.seed is not None
    return profile.api == "responses" or (profile.api == "both" and not wants_chat)
