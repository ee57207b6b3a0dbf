"""What is told of calls: numbers by host and outcome, and the trace to those vendors that may know it."""

import asyncio
from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from parley.core.errors import EndpointUnreachable
from parley.core.metrics import registry
from parley.core.traces import begin_traces, end_traces, span
from parley.providers import breaker
from parley.providers.breaker import breaker_of
from parley.providers.client import stream
from parley.providers.meters import Try, outgoing_trace
from parley.providers.tests.vendor_server import DONE, STOP, Call, asking, said, vendor
from parley.providers.values import Route
from tests.otlp import Collector

pytestmark = pytest.mark.usefixtures("closing_sessions")


@pytest.fixture
def collector() -> Iterator[Collector]:
    receiving = Collector()
    begin_traces(receiving.address, one_in=1, part="all", process="test")
    yield receiving
    end_traces()
    receiving.end()


async def answer(call: Call) -> None:
    await call.stream(said("Hi"), STOP, DONE)


async def headers_seen() -> dict[str, str]:
    """Those of one call, made within a span."""
    seen: list[dict[str, str]] = []

    async def take(call: Call) -> None:
        seen.append(call.headers)
        await answer(call)

    async with vendor(take) as server:
        with span("reply"):
            async for _ in stream(server.route(), asking()):
                pass
    return seen[0]


async def test_a_vendor_is_told_no_trace(collector: Collector) -> None:
    assert "traceparent" not in await headers_seen()


async def test_a_model_service_of_ones_own_goes_on_with_the_trace(collector: Collector, settings: LazySettings) -> None:
    settings.TRACED_VENDORS = ["127.0.0.1"]
    told = (await headers_seen())["traceparent"]
    end_traces()
    spans = {span.name: span for span in collector.trace_with("reply", "vendor call")}

    assert told.split("-")[1:3] == [spans["vendor call"].trace, spans["vendor call"].id]
    assert spans["vendor call"].parent == spans["reply"].id
    assert outgoing_trace.get() == ""


async def test_without_traces_nobody_is_told_one(settings: LazySettings) -> None:
    settings.TRACED_VENDORS = ["127.0.0.1"]

    assert "traceparent" not in await headers_seen()


async def test_a_call_that_is_left_is_counted_as_left(collector: Collector) -> None:
    async def endless(call: Call) -> None:
        await call.stream(said("Hi"))
        await asyncio.sleep(30)

    def left(host: str) -> float:
        return registry.get_sample_value("parley_vendor_calls_total", {"endpoint": host, "outcome": "left"}) or 0.0

    before = left("127.0.0.1")
    async with vendor(endless) as server:
        events = stream(server.route(), asking())
        await anext(events)
        await events.aclose()

    assert left("127.0.0.1") == before + 1


def test_a_breaker_that_is_open_is_told_by_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaker, "_breakers", {})
    Try(Route("e1", "openai", "https://models.example.org/v1"), "m", number=1).close()
    for _ in range(breaker.OPENS_AFTER):
        breaker_of("e1").failed(EndpointUnreachable())

    assert registry.get_sample_value("parley_breaker_open", {"endpoint": "models.example.org"}) == 1
