"""`/v1/responses`: what a caller says in our values, and ours in OpenAI's, held against the types of its own SDK."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter, ValidationError

from parley.api.openai_responses import Answer, response_events, whole_response
from parley.api.openai_responses_schema import ResponsesBody
from parley.core.errors import EndpointBroken, Invalid
from parley.providers.values import (
    ChatMessage,
    Finish,
    Image,
    ReasoningDelta,
    Text,
    TextDelta,
    ToolCall,
    ToolSpec,
    Usage,
    WireEvent,
)

THEIR_EVENTS: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
PICTURE = "data:image/png;base64,AAAA"
CALLS = ToolCall("c1", "look", '{"at":"x"}', "sealed"), ToolCall("c2", "look", "{}")
SAID: list[WireEvent] = [
    ReasoningDelta("hm"),
    ReasoningDelta("m"),
    TextDelta("Let me"),
    TextDelta(" look."),
    *CALLS,
    Usage(5, 7, 2),
    Finish("tool_calls"),
]


def body(**fields: object) -> ResponsesBody:
    return ResponsesBody.model_validate({"model": "m", "input": "Hello", **fields})


async def _saying(events: list[WireEvent], fault: EndpointBroken | None = None) -> AsyncIterator[WireEvent]:
    for event in events:
        yield event
    if fault:
        raise fault


def told(events: list[WireEvent], fault: EndpointBroken | None = None, **fields: object) -> list[Any]:
    async def read() -> list[Any]:
        answer = Answer(body(**fields).repeated())
        frames = [frame async for frame in response_events(answer, _saying(events, fault))]
        return [orjson.loads(frame.partition(b"\ndata: ")[2]) for frame in frames]

    return asyncio.run(read())


def test_each_event_is_one_of_those_that_openais_sdk_knows() -> None:
    tools = [
        {"type": "function", "name": "look", "description": "look", "parameters": {"type": "object"}, "strict": True}
    ]
    events = told(SAID, tools=tools, instructions="Be brief.", metadata={"a": "b"}, reasoning={"effort": "low"})
    for event in events:
        known = THEIR_EVENTS.validate_python(event)
        assert known.type == event["type"], "the SDK took it for another event"
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    Response.model_validate(events[-1]["response"])


def test_the_whole_response_is_what_its_stream_ends_with() -> None:
    async def read() -> Any:
        return await whole_response(Answer(body().repeated()), _saying(SAID))

    whole, streamed = asyncio.run(read()), told(SAID)[-1]["response"]
    Response.model_validate(whole)
    kinds = ["reasoning", "message", "reasoning", "function_call", "function_call"]
    assert [item["type"] for item in whole["output"]] == [item["type"] for item in streamed["output"]] == kinds
    assert whole["usage"]["input_tokens_details"]["cached_tokens"] == 2


def test_what_the_items_say_comes_back_as_it_was_said() -> None:
    """The thought that led to a call is sealed, and goes back with the call to the wire that sealed it."""
    items = told(SAID)[-1]["response"]["output"]
    results = [{"type": "function_call_output", "call_id": call.id, "output": "seen"} for call in CALLS]
    question = body(input=[{"role": "user", "content": "Look"}, *items, *results]).question()
    assert question.messages == (
        ChatMessage("user", (Text("Look"),)),
        ChatMessage("assistant", (Text("Let me look."),), CALLS),
        ChatMessage("tool", (Text("seen"),), tool_call_id="c1"),
        ChatMessage("tool", (Text("seen"),), tool_call_id="c2"),
    )


def test_a_thought_just_before_its_call_is_one_item() -> None:
    items = told([ReasoningDelta("hm"), CALLS[0], Finish("tool_calls")])[-1]["response"]["output"]
    assert [(item["type"], item.get("encrypted_content")) for item in items] == [
        ("reasoning", "sealed"),
        ("function_call", None),
    ]


def test_a_fault_ends_the_stream_as_failed_and_as_an_error() -> None:
    *_, failed, error = told([TextDelta("Let")], EndpointBroken("It broke."))
    assert (failed["type"], failed["response"]["status"]) == ("response.failed", "failed")
    assert failed["response"]["output"][0]["status"] == "incomplete"
    assert (error["type"], error["message"], error["error"]["message"]) == ("error", "It broke.", "It broke.")


def test_rounds_of_functions_stay_apart() -> None:
    one, two = ({"type": "function_call", "call_id": c.id, "name": c.name, "arguments": c.arguments} for c in CALLS)
    gave = {"type": "function_call_output", "call_id": "c1", "output": [{"type": "input_text", "text": "seen"}]}
    said = body(input=[one, gave, two]).question().messages
    assert [message.role for message in said] == ["assistant", "tool", "assistant"]
    assert said[1].content == (Text("seen"),)


def test_parameters_mean_what_they_mean_in_chat_completions() -> None:
    schema = {"type": "object"}
    question = body(
        instructions="Be brief.",
        max_output_tokens=7,
        reasoning={"effort": "xhigh"},
        text={"format": {"type": "json_schema", "name": "a", "schema": schema, "strict": True}, "verbosity": "low"},
        tools=[{"type": "function", "name": "look", "parameters": None}],
        tool_choice={"type": "function", "name": "look"},
        parallel_tool_calls=False,
        store=True,
        include=["reasoning.encrypted_content"],
        unheard_of=1,
    ).question()
    asked = question.parameters
    assert question.messages == (ChatMessage("system", (Text("Be brief."),)), ChatMessage("user", (Text("Hello"),)))
    assert question.tools == (ToolSpec("look", "", {}),)
    assert (asked.max_tokens, asked.reasoning) == (7, "high")
    form = {"type": "json_schema", "json_schema": {"name": "a", "schema": schema, "strict": True}}
    assert asked.response_format == form
    assert asked.tool_choice == {"type": "function", "function": {"name": "look"}}
    assert asked.extra == {"parallel_tool_calls": False, "verbosity": "low"}
    assert body(text={"format": {"type": "text"}}).question().parameters.response_format is None


def test_pictures_and_refusals_are_understood() -> None:
    content = [{"type": "input_text", "text": "What?"}, {"type": "input_image", "image_url": PICTURE, "detail": "low"}]
    no = {"type": "message", "role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]}
    asked, refused = body(input=[{"role": "user", "content": content}, no]).question().messages
    assert asked.content == (Text("What?"), Image(PICTURE))
    assert refused.content == (Text("No."),)


@pytest.mark.parametrize(
    "fields",
    [
        {"input": [{"type": "web_search_call", "id": "x"}]},
        {"input": [7]},
        {"input": [{"role": "tool", "content": "x"}]},
        {"input": [{"role": "user", "content": [{"type": "input_file", "file_id": "x"}]}]},
        {"tools": ["look"]},
        {"temperature": 3},
    ],
)
def test_what_cannot_be_read_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises((Invalid, ValidationError)):
        body(**fields).question()
