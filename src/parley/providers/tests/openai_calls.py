"""Asking the `openai` wire as the engine does, and hearing what comes of it."""

import pytest

from parley.core.errors import (
    EndpointError,
)
from parley.providers.sessions import shared_session
from parley.providers.tests.vendor_server import DONE, STOP, Call, asking, said
from parley.providers.values import (
    ModelRequest,
    Route,
    WireEvent,
)
from parley.providers.wire.openai import OpenAI


async def ask(route: Route, request: ModelRequest, wire: OpenAI | None = None) -> list[WireEvent]:
    return [event async for event in (wire or OpenAI()).stream(shared_session(), route, request)]


async def heard(route: Route, request: ModelRequest | None = None) -> tuple[list[WireEvent], EndpointError]:
    """What came before the fault, and the fault."""
    events: list[WireEvent] = []

    async def read() -> None:
        async for one in OpenAI().stream(shared_session(), route, request or asking()):
            events.append(one)

    with pytest.raises(EndpointError) as caught:
        await read()
    return events, caught.value


async def hello(call: Call) -> None:
    await call.chunked(said("Hel"), said("lo"), STOP, DONE)
