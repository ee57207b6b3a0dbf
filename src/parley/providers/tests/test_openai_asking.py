"""What the `openai` wire sends, to a real server on loopback: the body, the key, and less where a vendor refuses a field."""

from collections.abc import Awaitable, Callable

import pytest

from parley.core.errors import (
    EndpointRejected,
)
from parley.providers.shapes import ChoiceShape, JsonShape, RegexShape, Shape
from parley.providers.tests.openai_calls import ask, heard, hello
from parley.providers.tests.vendor_server import Call, asking, vendor
from parley.providers.values import (
    ChatMessage,
    Finish,
    Image,
    ModelRequest,
    Parameters,
    Text,
    ToolCall,
    ToolSpec,
)
from parley.providers.wire.dialects import dialect_of
from parley.providers.wire.openai import OpenAI
from parley.providers.wire.openai_body import body_of

pytestmark = pytest.mark.usefixtures("closing_sessions")

Answer = Callable[[Call], Awaitable[None]]


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
