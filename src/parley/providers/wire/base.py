"""What a wire is: one HTTP dialect of model vendors, as three functions."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

import aiohttp

from parley.providers.profiles import Price
from parley.providers.values import Embedded, EmbeddingRequest, ModelRequest, Route, WireEvent


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model as its vendor lists it. None: the vendor does not say, so the catalogue knows or guesses."""

    name: str
    label: str = ""
    context_window: int | None = None
    vision: bool | None = None
    tools: bool | None = None
    prefill: bool | None = None
    chats: bool | None = None
    embeds: bool | None = None
    price: Price | None = None


class Wire(Protocol):
    """Stateless but for what it learned about endpoints; shared by all streams of the process.

    All functions raise only `core.errors.EndpointError`s.
    """

    def stream(
        self, session: aiohttp.ClientSession, route: Route, request: ModelRequest
    ) -> AsyncGenerator[WireEvent, None]:
        """Ask once, and yield what comes: deltas, whole tool calls, usage, then one Finish.

        Closing the generator closes the vendor's connection at once.
        """
        ...

    async def list_models(self, session: aiohttp.ClientSession, route: Route) -> list[ListedModel]:
        """What the endpoint offers; doubles as the check of its address and key."""
        ...

    async def embed(self, session: aiohttp.ClientSession, route: Route, request: EmbeddingRequest) -> Embedded:
        """One vector for each input, in one call. Raises `EndpointRejected` where the dialect knows no embeddings."""
        ...
