"""Asking a model: retry, caps, breaker, and that nothing keeps a vendor talking to nobody."""

import asyncio
import time
from contextlib import aclosing

import pytest
from aiohttp.abc import ResolveResult
from aiohttp.resolver import DefaultResolver

from parley.core.errors import (
    EndpointBroken,
    EndpointError,
    EndpointOverloaded,
    EndpointRefused,
    EndpointRejected,
    EndpointSilent,
    EndpointStumbled,
    EndpointUnreachable,
)
from parley.providers import breaker, client
from parley.providers.breaker import OPENS_AFTER, breaker_of, health_of
from parley.providers.client import RETRIES, TEXT_LIMIT, list_models, stream
from parley.providers.sessions import close_sessions, shared_session
from parley.providers.tests.vendor_server import DONE, STOP, Call, Script, asking, delta, said, vendor
from parley.providers.values import Finish, ReasoningDelta, Route, TextDelta, WireEvent
from parley.providers.wire import wire_named
from parley.providers.wire.mock import vendor as books
from parley.providers.wire.mock import words_of

pytestmark = pytest.mark.usefixtures("closing_sessions")

MOCK = Route("mock-endpoint", "mock", "")


async def ask(route: Route, model: str = "m") -> list[WireEvent]:
    return [event async for event in stream(route, asking(model=model))]


async def told(route: Route, model: str = "m") -> tuple[str, EndpointError]:
    """The text that came before the fault, and the fault."""
    text = ""

    async def read() -> None:
        nonlocal text
        async for event in stream(route, asking(model=model)):
            text += event.text if isinstance(event, TextDelta) else ""

    with pytest.raises(EndpointError) as caught:
        await read()
    return text, caught.value


def failing(*statuses: int, **headers: str) -> Script:
    """Fails with each status once, then answers."""
    left = list(statuses)

    async def answer(call: Call) -> None:
        if left:
            await call.status(left.pop(0), b"", **headers)
        else:
            await call.chunked(said("ok"), STOP, DONE)

    return answer


# --- Retry ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 502, 503, 529])
async def test_what_may_pass_is_asked_again(status: int) -> None:
    async with vendor(failing(status, status)) as server:
        assert await ask(server.route()) == [TextDelta("ok"), Finish("stop")]
    assert len(server.calls) == 3


async def test_it_is_asked_again_three_times_and_no_more() -> None:
    async with vendor(failing(*[500] * 10)) as server:
        _, fault = await told(server.route())
    assert isinstance(fault, EndpointStumbled)
    assert len(server.calls) == 1 + RETRIES


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, EndpointRejected), (401, EndpointRefused), (403, EndpointRefused), (404, EndpointRejected)],
)
async def test_what_cannot_pass_is_not_asked_again(status: int, kind: type[EndpointError]) -> None:
    async with vendor(failing(*[status] * 10)) as server:
        route = server.route()
        await told(route)  # the wire itself asks once more without optional fields after the first 400
        before = len(server.calls)
        _, fault = await told(route)
    assert type(fault) is kind
    assert len(server.calls) - before <= 2


async def test_a_refused_connection_is_tried_again() -> None:
    async with vendor(failing()) as server:
        route = server.route()
    _, fault = await told(route)
    assert type(fault) is EndpointUnreachable


async def test_a_connection_that_breaks_before_a_word_is_tried_again() -> None:
    answers = [0, 0]

    async def answer(call: Call) -> None:
        if answers:
            answers.pop()
            call.closes = True
        else:
            await call.chunked(said("ok"), STOP, DONE)

    async with vendor(answer) as server:
        assert (await ask(server.route()))[0] == TextDelta("ok")


async def test_nothing_is_asked_again_once_something_was_said() -> None:
    async def answer(call: Call) -> None:
        await call.stream(said("Hel"), said("lo"))

    async with vendor(answer) as server:
        text, fault = await told(server.route())
    assert (text, type(fault)) == ("Hello", EndpointBroken)
    assert len(server.calls) == 1


async def test_retry_after_is_waited_for() -> None:
    async with vendor(failing(429, Retry_After="0.3")) as server:
        began = time.monotonic()
        assert (await ask(server.route()))[0] == TextDelta("ok")
    assert time.monotonic() - began >= 0.3


async def test_a_long_retry_after_is_told_and_not_waited_for() -> None:
    async with vendor(failing(429, Retry_After="31")) as server:
        began = time.monotonic()
        _, fault = await told(server.route())
    assert isinstance(fault, EndpointOverloaded)
    assert fault.retry_after_s == 31
    assert time.monotonic() - began < 15
    assert len(server.calls) == 1


async def test_backoff_grows_with_full_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "BACKOFF_S", 0.5)
    error = EndpointStumbled()
    delays = [[client.delay_s(error, attempt, 99) or 0 for _ in range(200)] for attempt in range(7)]
    for attempt, drawn in enumerate(delays):
        most = min(8.0, 0.5 * 2**attempt)
        assert 0 <= min(drawn) < most * 0.2
        assert most * 0.8 < max(drawn) <= most


# --- Caps -------------------------------------------------------------------------------------------------------------


async def test_an_endless_answer_is_cut_and_its_connection_closed() -> None:
    closed = asyncio.Event()

    async def answer(call: Call) -> None:
        await call.begin()
        try:
            while True:
                await call.reply(said(" a" * 5000))
        finally:
            closed.set()

    async with vendor(answer) as server:
        events = await ask(server.route())
        await asyncio.wait_for(closed.wait(), 2)
    letters = sum(len(event.text) for event in events if isinstance(event, TextDelta))
    assert TEXT_LIMIT <= letters < TEXT_LIMIT + 300_000
    assert events[-1] == Finish("length")


async def test_endless_reasoning_is_cut_too() -> None:
    async def answer(call: Call) -> None:
        await call.begin()
        while True:
            await call.reply(delta(reasoning="hm " * 5000))

    async with vendor(answer) as server:
        events = await ask(server.route())
    assert all(isinstance(event, ReasoningDelta) for event in events[:-1])
    assert events[-1] == Finish("length")


@pytest.mark.parametrize("nothing", [b": nothing\n\n", b"data: {}\n\n", b"\r\n"])
async def test_an_endless_answer_of_nothing_is_broken(nothing: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.providers.wire.reading.FRUITLESS_LIMIT_BYTES", 1_000_000)

    async def answer(call: Call) -> None:
        await call.stream(said("a"))
        while True:
            await call.reply(nothing * 1000)

    async with vendor(answer) as server:
        text, fault = await told(server.route())
    assert (text, type(fault)) == ("a", EndpointBroken)


# --- Breaker ----------------------------------------------------------------------------------------------------------


async def test_after_failures_in_a_row_nobody_waits_for_the_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    async with vendor(failing(*[500] * 99)) as server:
        route = server.route()
        await told(route)  # 1 + RETRIES failures
        _, fault = await told(route)
        assert len(server.calls) == OPENS_AFTER
        before = len(server.calls)
        _, fault = await told(route)
    assert type(fault) is EndpointUnreachable
    assert fault.retry_after_s is not None
    assert 0 < fault.retry_after_s <= breaker.OPEN_S
    assert len(server.calls) == before
    assert health_of(route.endpoint_id).state == "failing"


async def test_a_probe_closes_the_breaker_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaker, "OPEN_S", 0.05)
    async with vendor(failing(*[500] * OPENS_AFTER)) as server:
        route = server.route()
        await told(route)
        await told(route)
        await asyncio.sleep(0.1)
        assert (await ask(route))[0] == TextDelta("ok")
    assert health_of(route.endpoint_id).state == "ok"
    assert breaker_of(route.endpoint_id).check() is False


async def test_only_one_probe_goes_out_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaker, "OPEN_S", 0.0)
    tested = breaker_of("e")
    for _ in range(OPENS_AFTER):
        tested.failed(EndpointStumbled())
    assert tested.check() is True
    with pytest.raises(EndpointUnreachable):
        tested.check()
    tested.probe_ended()  # left before it learned anything
    assert tested.check() is True
    monkeypatch.setattr(breaker, "OPEN_S", 9.0)
    tested.failed(EndpointStumbled())
    tested.probe_ended()
    with pytest.raises(EndpointUnreachable):
        tested.check()


@pytest.mark.parametrize("error", [EndpointOverloaded(), EndpointRejected(), EndpointRefused()])
def test_an_endpoint_that_answers_never_opens_its_breaker(error: EndpointError) -> None:
    tested = breaker_of("e")
    for _ in range(OPENS_AFTER * 2):
        tested.failed(error)
    assert tested.check() is False


def test_health_tells_the_last_call() -> None:
    assert health_of("nobody asked").state == "unknown"
    tested = breaker_of("e")
    tested.failed(EndpointRefused("the key is wrong"))
    assert (health_of("e").state, health_of("e").problem) == ("failing", "the key is wrong")
    tested.failed(EndpointRejected("no such model"))
    assert health_of("e").state == "failing"
    tested.succeeded()
    assert (health_of("e").state, health_of("e").problem) == ("ok", "")


# --- Closing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["aclose", "cancel", "break"])
async def test_leaving_early_closes_the_vendors_connection(how: str) -> None:
    asked, closed = asyncio.Event(), asyncio.Event()

    async def answer(call: Call) -> None:
        await call.stream(said("a"))
        asked.set()
        await call.closed_by_caller()
        closed.set()

    async def read(events: object = None) -> None:
        async with aclosing(stream(server.route(), asking())) as events:
            async for _ in events:
                if how == "break":
                    break

    async with vendor(answer) as server:
        if how == "aclose":
            events = stream(server.route(), asking())
            await anext(events)
            await events.aclose()
        else:
            task = asyncio.create_task(read())
            await asyncio.wait_for(asked.wait(), 10)
            if how == "cancel":
                task.cancel()
        await asyncio.wait_for(closed.wait(), 10)


async def test_sessions_close_and_open_again() -> None:
    async with vendor(failing()) as server:
        await ask(server.route())
        first = shared_session()
        await close_sessions()
        assert first.closed
        await ask(server.route())
        assert shared_session() is not first


def test_each_loop_has_its_own_session() -> None:
    async def used() -> object:
        session = shared_session()
        await close_sessions()
        return session

    assert asyncio.run(used()) is not asyncio.run(used())


async def test_a_name_that_leads_to_a_link_local_address_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    async def resolve(*asked: object) -> list[ResolveResult]:
        return [ResolveResult(hostname="m", host="169.254.169.254", port=80, family=2, proto=0, flags=0)]

    monkeypatch.setattr(DefaultResolver, "resolve", resolve)
    _, fault = await told(Route("e", "openai", "http://localhost/v1"))
    assert isinstance(fault, EndpointRejected)
    assert "link-local" in fault.message


async def test_a_host_that_can_have_no_name_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.providers.sessions.check_host", lambda host: None)
    _, fault = await told(Route("e", "openai", f"http://{'a' * 70}.example/v1"))
    assert type(fault) is EndpointUnreachable


async def test_a_live_list_tells_the_health() -> None:
    async def answer(call: Call) -> None:
        if call.headers["authorization"] == "Bearer right-key":
            await call.json({"data": [{"id": "a"}]})
        else:
            await call.json({"error": {"message": "wrong"}}, 401)

    async with vendor(answer) as server:
        with pytest.raises(EndpointRefused):
            await list_models(server.route("wrong-key"))
        assert health_of(server.base_url).state == "failing"
        assert [model.name for model in await list_models(server.route("right-key"))] == ["a"]
        assert health_of(server.base_url).state == "ok"


def test_an_unknown_wire_names_those_that_are_known() -> None:
    with pytest.raises(EndpointRejected, match="openai"):
        wire_named("smoke signals")


# --- The mock wire, which other rooms' tests lean on ------------------------------------------------------------------


async def test_the_mock_echoes_and_counts() -> None:
    books.reset()
    events = await ask(MOCK, "mock-echo")
    assert events[0] == TextDelta("hello")
    assert (books.tokens, books.open_streams, len(books.requests)) == (1, 0, 1)


async def test_the_mock_fails_some_times_and_then_speaks() -> None:
    books.reset()
    assert (await ask(MOCK, "mock-500?times=2&tokens=1"))[0] == TextDelta(words_of(1))
    assert books.calls_by_model["mock-500?times=2&tokens=1"] == 3


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        ("mock-401", EndpointRefused),
        ("mock-429?retry_after=60", EndpointOverloaded),
        ("mock-cut?at=3", EndpointBroken),
        ("mock-nonsense", EndpointRejected),
    ],
)
async def test_the_mocks_faults_are_those_of_a_vendor(model: str, kind: type[EndpointError]) -> None:
    text, fault = await told(MOCK, model)
    assert type(fault) is kind
    assert text == (words_of(3) if "cut" in model else "")


async def test_the_mock_goes_silent_until_the_idle_timeout() -> None:
    text, fault = await told(Route("e", "mock", "", idle_timeout_s=0.05), "mock-silence?at=2")
    assert (text, type(fault)) == (words_of(2), EndpointSilent)


async def test_the_mock_notices_that_it_was_left() -> None:
    books.reset()
    async with aclosing(stream(MOCK, asking(model="mock-endless"))) as events:
        await anext(events)
        assert books.open_streams == 1
    assert (books.open_streams, books.closed_early) == (0, 1)
