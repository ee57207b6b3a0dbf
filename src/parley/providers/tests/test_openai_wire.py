"""The `openai` wire against a real server on loopback: what it makes of answers, and what it closes."""

import asyncio
import socket
import ssl
import time
from dataclasses import replace

import pytest

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
from parley.providers.sessions import shared_session
from parley.providers.tests.openai_calls import ask, heard, hello
from parley.providers.tests.vendor_server import DONE, STOP, Call, asking, event, said, vendor
from parley.providers.values import (
    Finish,
    Route,
    TextDelta,
    Usage,
)
from parley.providers.wire import calls
from parley.providers.wire.guard import network_forbidden
from parley.providers.wire.openai import OpenAI

pytestmark = pytest.mark.usefixtures("closing_sessions")


# --- What it makes of answers -----------------------------------------------------------------------------------------


async def test_a_stream_becomes_events() -> None:
    usage = event({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}})

    async def answer(call: Call) -> None:
        await call.chunked(said("Hel"), said("lo"), STOP, usage, DONE)

    async with vendor(answer) as server:
        events = await ask(server.route(), asking())
    text = "".join(e.text for e in events if isinstance(e, TextDelta))
    assert (text, events[-2:]) == ("Hello", [Usage(3, 2), Finish("stop")])


async def test_one_connection_serves_many_answers() -> None:
    async with vendor(hello) as server:
        for _ in range(5):
            await ask(server.route(), asking())
    assert server.connections == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, EndpointRejected),
        (401, EndpointRefused),
        (402, EndpointRefused),
        (403, EndpointRefused),
        (404, EndpointRejected),
        (413, EndpointRejected),
        (422, EndpointRejected),
        (429, EndpointOverloaded),
        (500, EndpointStumbled),
        (502, EndpointStumbled),
        (503, EndpointOverloaded),
        (529, EndpointOverloaded),
    ],
)
async def test_each_status_is_an_error_with_the_vendors_words(status: int, kind: type[EndpointError]) -> None:
    async def answer(call: Call) -> None:
        await call.json({"error": {"message": "because of the moon", "type": "lunar"}}, status)

    async with vendor(answer) as server:
        _, fault = await heard(server.route())
    assert type(fault) is kind
    assert "because of the moon" in fault.message
    assert "127.0.0.1" in fault.message


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"plain words",
        b"<html>page</html>",
        b'{"detail":[{"loc":["body"],"msg":"x"}]}',
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"5",
    ],
)
async def test_an_error_body_of_any_shape_harms_nothing(body: bytes) -> None:
    async def answer(call: Call) -> None:
        await call.status(500, body)

    async with vendor(answer) as server:
        _, fault = await heard(server.route())
    assert isinstance(fault, EndpointStumbled)
    assert "<html>" not in fault.message


async def test_an_empty_account_is_no_overload() -> None:
    async def answer(call: Call) -> None:
        await call.json({"error": {"message": "You exceeded your quota", "code": "insufficient_quota"}}, 429)

    async with vendor(answer) as server:
        _, fault = await heard(server.route())
    assert isinstance(fault, EndpointRefused)
    assert "credit" in fault.message


@pytest.mark.parametrize("form", ["seconds", "date", "milliseconds"])
async def test_retry_after_is_understood_in_each_form(form: str) -> None:
    async def answer(call: Call) -> None:
        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 20))
        headers = {
            "seconds": {"Retry_After": "20"},
            "date": {"Retry_After": date},
            "milliseconds": {"retry_after_ms": "20000"},
        }[form]
        await call.status(429, b"", **headers)

    async with vendor(answer) as server:
        _, fault = await heard(server.route())
    assert fault.retry_after_s == pytest.approx(20, abs=2)


@pytest.mark.parametrize("value", ["soon", "-5", "nan", "inf", "Mon, 99 Foo", "9" * 400])
async def test_a_retry_after_that_says_nothing_is_ignored(value: str) -> None:
    async def answer(call: Call) -> None:
        await call.status(429, b"", Retry_After=value)

    async with vendor(answer) as server:
        _, fault = await heard(server.route())
    assert fault.retry_after_s is None


async def test_the_key_is_in_no_error_though_the_vendor_repeats_it() -> None:
    async def answer(call: Call) -> None:
        key = call.headers["authorization"].removeprefix("Bearer ")
        await call.json({"error": {"message": f"Incorrect API key provided: {key}. And sk-abc***********xyz1."}}, 401)

    async with vendor(answer) as server:
        _, fault = await heard(server.route(api_key="MyOwnFormOfKey-99"))
    assert "MyOwnFormOfKey" not in fault.message
    assert "xyz1" not in fault.message


async def test_a_redirect_is_not_followed() -> None:
    async def never(call: Call) -> None:
        raise AssertionError("followed")

    async with vendor(never) as elsewhere:

        async def answer(call: Call) -> None:
            await call.status(302, b"", Location=elsewhere.base_url)

        async with vendor(answer) as server:
            _, fault = await heard(server.route())
    assert type(fault) is EndpointBroken
    assert elsewhere.calls == []


async def test_a_web_page_in_a_200_names_the_remedy() -> None:
    async def answer(call: Call) -> None:
        await call.status(200, b"<!doctype html><title>Welcome</title>", Content_Type="text/html")

    async with vendor(answer) as server:
        _, fault = await heard(server.route())
    assert type(fault) is EndpointBroken
    assert "/v1" in fault.message


async def test_nobody_at_the_address_is_unreachable() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    _, fault = await heard(Route("e", "openai", f"http://127.0.0.1:{port}/v1"))
    assert type(fault) is EndpointUnreachable


async def test_a_server_without_tls_is_unreachable_by_https(monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits for the end of a line that never comes, and we for its part of the handshake."""
    monkeypatch.setattr(calls, "CONNECT_TIMEOUT_S", 0.5)
    async with vendor(hello) as server:
        _, fault = await heard(replace(server.route(), base_url=server.base_url.replace("http:", "https:")))
    assert type(fault) is EndpointUnreachable
    assert not isinstance(fault.__cause__, ssl.SSLError)


async def test_no_http_at_all_is_broken() -> None:
    async def answer(call: Call) -> None:
        await call.reply(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
        call.closes = True

    async with vendor(answer) as server:
        _, fault = await heard(server.route())
    assert isinstance(fault, EndpointBroken)


async def test_hanging_up_before_the_answer_may_be_retried() -> None:
    async def answer(call: Call) -> None:
        call.closes = True

    async with vendor(answer) as server:
        _, fault = await heard(server.route())
    assert type(fault) is EndpointStumbled


@pytest.mark.parametrize("how", ["close", "reset", "chunked"])
async def test_hanging_up_in_the_middle_keeps_what_came_before(how: str) -> None:
    async def answer(call: Call) -> None:
        if how == "chunked":
            await call.chunked(said("Hel"), said("lo"), whole=False)
            call.closes = True
            return
        await call.stream(said("Hel"), said("lo"))
        if how == "reset":
            await asyncio.sleep(0.05)  # a reset throws away what was not read yet
            linger = b"\x01\0\0\0\0\0\0\0"
            call.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            call.writer.transport.abort()

    async with vendor(answer) as server:
        events, fault = await heard(server.route())
    assert "".join(e.text for e in events if isinstance(e, TextDelta)) == "Hello"
    assert type(fault) is EndpointBroken


async def test_a_reset_after_the_end_harms_nothing() -> None:
    async def answer(call: Call) -> None:
        await call.chunked(said("a"), STOP, whole=False)
        call.closes = True

    async with vendor(answer) as server:
        assert (await ask(server.route(), asking()))[-1] == Finish("stop")


async def test_a_vendor_that_forgets_to_hang_up_after_the_end_delays_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.providers.wire.calls.TAIL_TIMEOUT_S", 0.1)

    async def answer(call: Call) -> None:
        await call.chunked(said("a"), STOP, whole=False)
        await call.closed_by_caller()

    async with vendor(answer) as server:
        assert (await ask(server.route(), asking()))[-1] == Finish("stop")


# --- Time -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [(), (said("a"),)])
async def test_silence_ends_at_the_idle_timeout(words: tuple[bytes, ...]) -> None:
    async def answer(call: Call) -> None:
        if words:
            await call.stream(*words)
        await call.closed_by_caller()

    async with vendor(answer) as server:
        events, fault = await heard(server.route(idle_timeout_s=0.2))
    assert type(fault) is EndpointSilent
    assert "said nothing for 0 seconds" in fault.message
    assert len(events) == len(words)


async def test_a_refusal_whose_words_never_come_is_told_by_its_status(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "ERROR_TIMEOUT_S", 0.2)

    async def answer(call: Call) -> None:
        await call.reply(b"HTTP/1.1 401 No\r\nContent-Length: 100\r\n\r\n")
        await call.closed_by_caller()

    async with vendor(answer) as server, asyncio.timeout(5):
        _, fault = await heard(server.route())
    assert type(fault) is EndpointRefused


async def test_a_drip_ends_at_the_total_timeout() -> None:
    async def answer(call: Call) -> None:
        await call.begin()
        for _ in range(100):
            await call.reply(b":")
            await asyncio.sleep(0.05)

    async with vendor(answer) as server:
        began = time.monotonic()
        _, fault = await heard(server.route(idle_timeout_s=5, total_timeout_s=0.5))
    assert type(fault) is EndpointSilent
    assert "took longer than 0 minutes" in fault.message
    assert time.monotonic() - began < 2


async def test_closing_the_stream_closes_the_vendors_connection_at_once() -> None:
    closed = asyncio.Event()

    async def answer(call: Call) -> None:
        await call.stream(said("a"))
        await call.closed_by_caller()
        closed.set()

    async with vendor(answer) as server:
        stream = OpenAI().stream(shared_session(), server.route(), asking())
        assert await anext(stream) == TextDelta("a")
        await stream.aclose()
        await asyncio.wait_for(closed.wait(), 5)


@pytest.mark.parametrize("answers_first", [True, False])
async def test_cancelling_the_reader_closes_the_vendors_connection_at_once(*, answers_first: bool) -> None:
    asked, closed = asyncio.Event(), asyncio.Event()

    async def answer(call: Call) -> None:
        if answers_first:
            await call.stream(said("a"))
        asked.set()
        await call.closed_by_caller()
        closed.set()

    async with vendor(answer) as server:
        task = asyncio.create_task(ask(server.route(), asking()))
        await asked.wait()
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.wait_for(closed.wait(), 5)


# --- Lists of models, and hosts that are not called -------------------------------------------------------------------


async def test_the_list_of_models_is_read() -> None:
    async def answer(call: Call) -> None:
        await call.json({"data": [{"id": "a", "max_model_len": 4096, "owned_by": "vllm"}, {"id": "b"}, {"id": "a"}, 5]})

    async with vendor(answer) as server:
        listed = await OpenAI().list_models(shared_session(), server.route())
    assert [(m.name, m.context_window, m.prefill) for m in listed] == [("a", 4096, True), ("b", None, None)]
    assert server.calls[0].path == "/v1/models"


@pytest.mark.parametrize("body", [b"<html>hi</html>", b"nonsense", b'{"data":5}', b"7", b"null", b""])
async def test_anything_else_than_a_list_is_broken(body: bytes) -> None:
    async def answer(call: Call) -> None:
        await call.status(200, body)

    async with vendor(answer) as server:
        with pytest.raises(EndpointBroken):
            await OpenAI().list_models(shared_session(), server.route())


async def test_where_the_network_is_forbidden_only_this_machine_is_called() -> None:
    async with vendor(hello) as server:
        with network_forbidden() as refused:
            assert await ask(server.route(), asking())
            assert refused == []
            _, fault = await heard(Route("e", "openai", "https://api.openai.com/v1", "sk-1"))
    assert isinstance(fault, EndpointRejected)
    assert refused == ["api.openai.com"]


@pytest.mark.parametrize("host", ["169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]"])
async def test_link_local_addresses_are_never_called(host: str) -> None:
    _, fault = await heard(Route("e", "openai", f"http://{host}/v1"))
    assert isinstance(fault, EndpointRejected)
    assert "link-local" in fault.message
