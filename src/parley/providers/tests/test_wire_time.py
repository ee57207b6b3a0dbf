"""What every wire keeps of time: silence, drips, callers who leave, connections that last."""

import asyncio
import socket
import time

import pytest

from parley.core.errors import (
    EndpointSilent,
)
from parley.providers.sessions import shared_session
from parley.providers.tests.any_wire import Kind, answered, asking, read, text_of
from parley.providers.tests.emulated import DIALECTS, vendor_of
from parley.providers.tests.vendor_server import Call, vendor
from parley.providers.wire import wire_named

pytestmark = [
    pytest.mark.usefixtures("closing_sessions"),
    pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.WIRE),
]


async def test_silence_ends_at_the_idle_timeout(dialect: Kind) -> None:
    async def answer(call: Call) -> None:
        await call.chunked(dialect().opening() + dialect().text("a"), whole=False, content_type=dialect.CONTENT_TYPE)
        await call.closed_by_caller()

    events, fault = await answered(dialect, answer, idle_timeout_s=0.6)
    assert (text_of(events), type(fault)) == ("a", EndpointSilent)


async def test_a_drip_ends_at_the_total_timeout(dialect: Kind) -> None:
    async def answer(call: Call) -> None:
        await call.begin(dialect.CONTENT_TYPE)
        for _ in range(100):
            await call.reply(b"\n")
            await asyncio.sleep(0.05)

    began = time.monotonic()
    _, fault = await answered(dialect, answer, idle_timeout_s=5, total_timeout_s=0.4)
    assert type(fault) is EndpointSilent
    assert time.monotonic() - began < 3


async def test_leaving_early_closes_the_vendors_connection_at_once(dialect: Kind) -> None:
    closed = asyncio.Event()

    async def answer(call: Call) -> None:
        await call.chunked(dialect().opening() + dialect().text("a"), whole=False, content_type=dialect.CONTENT_TYPE)
        await call.closed_by_caller()
        closed.set()

    async with vendor(answer) as server:
        stream = wire_named(dialect.WIRE).stream(shared_session(), dialect().route(server.base_url), asking(dialect))
        await anext(stream)
        await stream.aclose()
        await asyncio.wait_for(closed.wait(), 5)


async def test_one_connection_serves_many_answers(dialect: Kind) -> None:
    speaker = dialect()
    pieces = [speaker.opening(), speaker.text("a"), speaker.done()]
    async with vendor(vendor_of(dialect, *pieces)) as server:
        for _ in range(4):
            await read(speaker.route(server.base_url), asking(dialect))
    assert server.connections == 1


async def test_nobody_at_the_address_is_known_at_once(dialect: Kind) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    began = time.monotonic()
    _, fault = await read(dialect().route(f"http://127.0.0.1:{port}/v1"), asking(dialect))
    assert fault is not None
    assert fault.code == "endpoint_unreachable"
    assert time.monotonic() - began < 3
