"""The `openai` wire against a real server on loopback: what it sends, what it makes of answers, and what it closes."""

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable
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
from parley.providers.shapes import ChoiceShape, JsonShape, RegexShape, Shape
from parley.providers.tests.vendor_server import DONE, STOP, Call, asking, event, said, vendor
from parley.providers.values import (
    ChatMessage,
    Finish,
    Image,
    ModelRequest,
    Parameters,
    Route,
    Text,
    TextDelta,
    ToolCall,
    ToolSpec,
    Usage,
    WireEvent,
)
from parley.providers.wire import calls
from parley.providers.wire.dialects import dialect_of
from parley.providers.wire.guard import network_forbidden
from parley.providers.wire.openai import OpenAI
from parley.providers.wire.openai_body import body_of

pytestmark = pytest.mark.usefixtures("closing_sessions")

Answer = Callable[[Call], Awaitable[None]]


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


# --- What it sends ----------------------------------------------------------------------------------------------------


async def test_a_plain_question_is_sent_plainly_with_the_key_as_bearer() -> None:
    async with vendor(hello) as server:
        await ask(server.route(), asking("hello"))
    (call,) = server.calls
    assert call.path == "/v1/chat/completions"
    assert call.headers["authorization"] == "Bearer sk-test-1234567890"
    assert call.body == {
        "model": "m",
        "messages": [{"role": "user", "content": "hello"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


async def test_without_a_key_no_authorization_is_sent() -> None:
    async with vendor(hello) as server:
        await ask(server.route(api_key=""), asking())
    assert "authorization" not in server.calls[0].headers


async def test_parameters_tools_and_images_are_sent_as_the_vendor_spells_them() -> None:
    parameters = Parameters(
        temperature=0.5,
        top_p=0.9,
        max_tokens=7,
        seed=1,
        stop=("END",),
        response_format={"type": "json_object"},
        tool_choice="auto",
        extra={"user": "u", "stream": False, "n": 5, "model": "other", "logit_bias": {"1": 2}},
    )
    messages = (
        ChatMessage("system", (Text("Be kind."),)),
        ChatMessage("user", (Text("What is this?"), Image("data:image/png;base64,AAAA"))),
        ChatMessage("assistant", tool_calls=(ToolCall("c1", "look", "{}"),)),
        ChatMessage("tool", (Text("a cat"),), tool_call_id="c1"),
    )
    tools = (ToolSpec("look", "Looks.", {"type": "object"}),)
    async with vendor(hello) as server:
        await ask(server.route(), ModelRequest("m", messages, parameters, tools))
    (body,) = server.bodies
    assert body["messages"] == [
        {"role": "system", "content": "Be kind."},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is this?"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
            ],
        },
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}],
        },
        {"role": "tool", "content": "a cat", "tool_call_id": "c1"},
    ]
    assert body["tools"] == [
        {"type": "function", "function": {"name": "look", "description": "Looks.", "parameters": {"type": "object"}}}
    ]
    sent = {name: body[name] for name in body if name not in ("messages", "tools", "stream_options")}
    assert sent == {
        "model": "m",
        "stream": True,
        "temperature": 0.5,
        "top_p": 0.9,
        "max_tokens": 7,
        "seed": 1,
        "stop": ["END"],
        "response_format": {"type": "json_object"},
        "tool_choice": "auto",
        "user": "u",
        "logit_bias": {"1": 2},
    }


async def test_an_image_at_a_remote_address_is_never_passed_on() -> None:
    picture = ChatMessage("user", (Image("https://elsewhere.example/cat.png"),))
    async with vendor(hello) as server:
        with pytest.raises(EndpointRejected):
            await ask(server.route(), ModelRequest("m", (picture,)))
    assert server.calls == []


@pytest.mark.parametrize("value", [10**30, "\ud83d", object()])
async def test_what_cannot_be_written_as_json_is_never_sent(value: object) -> None:
    async with vendor(hello) as server:
        _, fault = await heard(server.route(), asking(parameters=Parameters(extra={"user": value})))
    assert isinstance(fault, EndpointRejected)
    assert server.calls == []


async def test_a_continued_answer_says_so_to_servers_of_ones_own() -> None:
    messages = (ChatMessage("user", (Text("Count."),)), ChatMessage("assistant", (Text("one two"),)))
    async with vendor(hello) as server:
        await ask(server.route(), ModelRequest("m", messages, continue_last=True))
    assert server.bodies[0]["continue_final_message"] is True
    assert server.bodies[0]["add_generation_prompt"] is False
    assert server.bodies[0]["messages"][-1] == {"role": "assistant", "content": "one two"}  # type: ignore[index]


def strict(*unknown: str) -> Answer:
    """A vendor that refuses these fields."""

    async def answer(call: Call) -> None:
        for name in unknown:
            if name in call.body:
                await call.json({"error": {"message": f"Unrecognized request argument: {name}"}}, 400)
                return
        await hello(call)

    return answer


async def test_a_vendor_that_refuses_stream_options_is_asked_without_and_remembered() -> None:
    wire = OpenAI()
    async with vendor(strict("stream_options")) as server:
        for _ in range(2):
            assert (await ask(server.route(), asking(), wire))[-1] == Finish("stop")
    assert ["stream_options" in body for body in server.bodies] == [True, False, False]


async def test_a_vendor_that_refuses_all_optional_fields_still_answers() -> None:
    async with vendor(strict("continue_final_message", "stream_options", "add_generation_prompt")) as server:
        assert (await ask(server.route(), asking(continue_last=True)))[-1] == Finish("stop")
    assert server.bodies[-1].keys() == {"model", "messages", "stream"}


async def test_a_vendor_that_refuses_without_a_reason_is_asked_plainly_once() -> None:
    async def refuse(call: Call) -> None:
        await call.status(400)

    async with vendor(refuse) as server:
        _, fault = await heard(server.route())
    assert isinstance(fault, EndpointRejected)
    assert len(server.calls) == 2


async def test_a_vendor_that_took_the_fields_before_is_not_asked_twice() -> None:
    wire, answers = OpenAI(), [hello, strict("messages")]

    async def answer(call: Call) -> None:
        await answers.pop(0)(call)

    async with vendor(answer) as server:
        await ask(server.route(), asking(), wire)
        with pytest.raises(EndpointRejected):
            await ask(server.route(), asking(), wire)
    assert len(server.calls) == 2


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
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 20))
    headers = {
        "seconds": {"Retry_After": "20"},
        "date": {"Retry_After": date},
        "milliseconds": {"retry_after_ms": "20000"},
    }[form]

    async def answer(call: Call) -> None:
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
        await asyncio.wait_for(closed.wait(), 0.5)


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
        await asyncio.wait_for(closed.wait(), 0.5)


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


@pytest.mark.parametrize(
    ("shape", "wanted"),
    [
        (RegexShape(pattern="[a-z]+"), {"regex": "[a-z]+"}),
        (ChoiceShape(choices=("yes", "no")), {"choice": ["yes", "no"]}),
        (JsonShape(json_schema={"type": "object"}), None),  # response_format says that
        (None, None),
    ],
)
def test_servers_of_ones_own_are_asked_for_what_response_format_cannot_say(shape: Shape | None, wanted: object) -> None:
    asked = ModelRequest("tiny", (ChatMessage("user", (Text("Hi"),)),), Parameters(shape=shape))
    assert body_of(asked, dialect_of("http://127.0.0.1:8100/v1")).get("structured_outputs") == wanted
    assert "structured_outputs" not in body_of(asked, dialect_of("https://api.openai.com/v1"))
