"""Is our picture of each dialect right? Every emulated vendor is met by that vendor's own public SDK.

The SDK must understand what the emulation says, and the emulation must understand the SDK's question just as it
understands our wire's: then a wire that passes the contract speaks with the real vendor, too.
"""

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import anthropic
import ollama
import openai
import pytest
from google import genai
from google.genai import types as google
from huggingface_hub import AsyncInferenceClient

from parley.providers.client import list_models
from parley.providers.sessions import shared_session
from parley.providers.tests.emulated import (
    DIALECTS,
    KEY,
    Chat,
    Dialect,
    Generate,
    HuggingFaceChat,
    Messages,
    OllamaChat,
    ResponsesApi,
    honest,
    vendor_of,
)
from parley.providers.tests.vendor_server import Call, vendor
from parley.providers.values import ChatMessage, Image, ModelRequest, Parameters, Text, ToolSpec
from parley.providers.wire import ON_SCREEN, wire_named

pytestmark = pytest.mark.usefixtures("closing_sessions")

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
SCHEMA: dict[str, Any] = {"type": "object", "properties": {"what": {"type": "string"}}, "required": ["what"]}
LIMIT, WARMTH = 50, 0.5
SYSTEM, ASKED, SAID, AGAIN = "Be kind.", "What is this?", "A cat.", "Sure?"


@dataclass
class Told:
    """What an SDK understood."""

    text: str = ""
    thoughts: str = ""
    calls: list[tuple[str, Any]] = field(default_factory=list)
    counts: tuple[int, int] = (0, 0)
    reason: str = ""


def our_question(dialect: type[Dialect]) -> ModelRequest:
    """The same conversation that each SDK is given below."""
    return ModelRequest(
        dialect.MODEL,
        (
            ChatMessage("system", (Text(SYSTEM),)),
            ChatMessage("user", (Text(ASKED), Image(f"data:image/png;base64,{PNG}"))),
            ChatMessage("assistant", (Text(SAID),)),
            ChatMessage("user", (Text(AGAIN),)),
        ),
        Parameters(temperature=WARMTH, max_tokens=LIMIT),
        (ToolSpec("look", "Looks.", SCHEMA),),
    )


def openai_messages() -> list[Any]:
    picture = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}}
    return [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": [{"type": "text", "text": ASKED}, picture]},
        {"role": "assistant", "content": SAID},
        {"role": "user", "content": AGAIN},
    ]


OPENAI_TOOLS: list[Any] = [
    {"type": "function", "function": {"name": "look", "description": "Looks.", "parameters": SCHEMA}}
]


async def by_openai(dialect: Dialect, address: str) -> Told:
    client = openai.AsyncOpenAI(api_key=KEY, base_url=dialect.route(address).base_url, max_retries=0)
    stream = await client.chat.completions.create(
        model=dialect.MODEL,
        messages=openai_messages(),
        tools=OPENAI_TOOLS,
        max_tokens=LIMIT,
        temperature=WARMTH,
        stream=True,
        stream_options={"include_usage": True},
    )
    return await _gathered(stream)


async def by_huggingface(dialect: Dialect, address: str) -> Told:
    client: Any = AsyncInferenceClient(base_url=dialect.route(address).base_url, api_key=KEY)
    stream = await client.chat_completion(
        openai_messages(),
        model=dialect.MODEL,
        tools=OPENAI_TOOLS,
        max_tokens=LIMIT,
        temperature=WARMTH,
        stream=True,
        stream_options={"include_usage": True},
    )
    return await _gathered(stream)


async def _gathered(stream: Any) -> Told:
    told, raw = Told(), ""
    async for chunk in stream:
        for choice in chunk.choices:
            told.text += choice.delta.content or ""
            told.thoughts += getattr(choice.delta, "reasoning_content", None) or ""
            told.reason = choice.finish_reason or told.reason
            for call in choice.delta.tool_calls or ():
                if call.function.name:
                    told.calls.append((call.function.name, None))
                raw += call.function.arguments or ""
        if chunk.usage:
            told.counts = (chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
    told.calls = [(name, json.loads(raw)) for name, _ in told.calls]
    return told


async def by_responses(dialect: Dialect, address: str) -> Told:
    client = openai.AsyncOpenAI(api_key=KEY, base_url=dialect.route(address).base_url, max_retries=0)
    content = [{"type": "input_text", "text": ASKED}]
    picture = {"type": "input_image", "image_url": f"data:image/png;base64,{PNG}", "detail": "auto"}
    items: list[Any] = [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": [*content, picture]},
        {"role": "assistant", "content": SAID},
        {"role": "user", "content": AGAIN},
    ]
    tools: list[Any] = [
        {"type": "function", "name": "look", "description": "Looks.", "parameters": SCHEMA, "strict": False}
    ]
    told = Told()
    stream: Any = await client.responses.create(
        model=dialect.MODEL, input=items, tools=tools, max_output_tokens=LIMIT, stream=True, store=False
    )
    async for event in stream:
        if event.type == "response.output_text.delta":
            told.text += event.delta
        elif event.type == "response.reasoning_summary_text.delta":
            told.thoughts += event.delta
        elif event.type == "response.output_item.done" and event.item.type == "function_call":
            told.calls.append((event.item.name, json.loads(event.item.arguments)))
        elif event.type == "response.completed":
            told.counts = (event.response.usage.input_tokens, event.response.usage.output_tokens)
            told.reason = "tool_calls"  # this dialect has no word for it but the calls
    return told


async def by_anthropic(dialect: Dialect, address: str) -> Told:
    client = anthropic.AsyncAnthropic(api_key=KEY, base_url=address.removesuffix("/v1"), max_retries=0)
    source: Any = {"type": "base64", "media_type": "image/png", "data": PNG}
    messages: list[Any] = [
        {"role": "user", "content": [{"type": "text", "text": ASKED}, {"type": "image", "source": source}]},
        {"role": "assistant", "content": SAID},
        {"role": "user", "content": AGAIN},
    ]
    told = Told()
    async with client.messages.stream(
        model=dialect.MODEL,
        system=SYSTEM,
        messages=messages,
        tools=[{"name": "look", "description": "Looks.", "input_schema": SCHEMA}],
        max_tokens=LIMIT,
        extra_body={"temperature": WARMTH},
    ) as stream:
        async for event in stream:
            if event.type == "text":
                told.text += event.text
            elif event.type == "thinking":
                told.thoughts += event.thinking
        message = await stream.get_final_message()
    told.calls = [(block.name, block.input) for block in message.content if block.type == "tool_use"]
    usage = message.usage
    told.counts = (usage.input_tokens + (usage.cache_read_input_tokens or 0), usage.output_tokens)
    told.reason = {"tool_use": "tool_calls"}.get(str(message.stop_reason), "")
    return told


async def by_google(dialect: Dialect, address: str) -> Told:
    options = google.HttpOptions(base_url=address.removesuffix("/v1"), api_version="v1beta")
    client = genai.Client(api_key=KEY, http_options=options)
    declared = google.FunctionDeclaration(name="look", description="Looks.", parameters_json_schema=SCHEMA)
    picture = google.Part.from_bytes(data=base64.b64decode(PNG), mime_type="image/png")
    contents: list[Any] = [
        google.Content(role="user", parts=[google.Part(text=ASKED), picture]),
        google.Content(role="model", parts=[google.Part(text=SAID)]),
        google.Content(role="user", parts=[google.Part(text=AGAIN)]),
    ]
    config = google.GenerateContentConfig(
        system_instruction=SYSTEM,
        tools=[google.Tool(function_declarations=[declared])],
        max_output_tokens=LIMIT,
        temperature=WARMTH,
        automatic_function_calling=google.AutomaticFunctionCallingConfig(disable=True),
    )
    told = Told()
    async for chunk in await client.aio.models.generate_content_stream(
        model=dialect.MODEL, contents=contents, config=config
    ):
        candidate = (chunk.candidates or [])[0]
        for part in (candidate.content and candidate.content.parts) or ():
            if part.text and part.thought:
                told.thoughts += part.text
            elif part.text:
                told.text += part.text
            if part.function_call:
                told.calls.append((str(part.function_call.name), part.function_call.args))
                assert part.thought_signature == b"signed"
        usage = chunk.usage_metadata
        if usage and candidate.finish_reason:
            assert candidate.finish_reason == google.FinishReason.STOP
            written = (usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0)
            told.counts, told.reason = (usage.prompt_token_count or 0, written), "tool_calls"
    return told


async def by_ollama(dialect: Dialect, address: str) -> Told:
    client = ollama.AsyncClient(host=address.removesuffix("/v1"))
    messages: list[Any] = openai_messages()
    messages[1] = {"role": "user", "content": ASKED, "images": [PNG]}
    told = Told()
    stream: Any = await client.chat(
        dialect.MODEL,
        messages,
        tools=OPENAI_TOOLS,
        options={"num_predict": LIMIT, "temperature": WARMTH},
        stream=True,
    )
    async for part in stream:
        told.text += part.message.content or ""
        told.thoughts += part.message.thinking or ""
        told.calls += [(call.function.name, call.function.arguments) for call in part.message.tool_calls or ()]
        if part.done:
            told.counts, told.reason = (part.prompt_eval_count, part.eval_count), "tool_calls"
    return told


Sdk = Callable[[Dialect, str], Awaitable[Told]]
SDKS: dict[type[Dialect], Sdk] = {
    Chat: by_openai,
    HuggingFaceChat: by_huggingface,
    ResponsesApi: by_responses,
    Messages: by_anthropic,
    Generate: by_google,
    OllamaChat: by_ollama,
}
each = pytest.mark.parametrize(("dialect", "sdk"), SDKS.items(), ids=lambda one: getattr(one, "WIRE", ""))


@each
async def test_the_vendors_own_sdk_understands_our_picture_of_its_vendor(dialect: type[Dialect], sdk: Sdk) -> None:
    async with vendor(vendor_of(dialect, *honest(dialect))) as server:
        told = await sdk(dialect(), server.base_url)
    assert told.text == "Hello ä🙂!"
    assert told.thoughts == "hm "
    assert told.calls == [("look", {"what": "cät"})]
    assert told.counts == (9, 4)
    assert told.reason == "tool_calls"


@each
async def test_our_wire_asks_what_the_vendors_own_sdk_asks(dialect: type[Dialect], sdk: Sdk) -> None:
    async with vendor(vendor_of(dialect, *honest(dialect))) as server:
        await sdk(dialect(), server.base_url)
        route = dialect().route(server.base_url)
        async for _ in wire_named(dialect.WIRE).stream(shared_session(), route, our_question(dialect)):
            pass
    theirs, ours = server.calls
    assert ours.path == theirs.path
    wanted = dialect().seen(theirs)
    if dialect is ResponsesApi:  # these models refuse a temperature
        wanted = replace(wanted, temperature=None)
    assert dialect().seen(ours) == wanted
    assert wanted.tools == ("look",)
    assert [turn[:3] for turn in wanted.turns] == [("user", ASKED, 1), ("assistant", SAID, 0), ("user", AGAIN, 0)]
    if dialect is not OllamaChat:  # whose SDK sends a key to its vendor's own cloud only
        assert ours.headers[dialect.KEY_HEADER] == theirs.headers[dialect.KEY_HEADER]


async def test_anthropics_sdk_takes_our_overload_for_one() -> None:
    pieces = [Messages().opening(), Messages().text("a"), Messages().overloaded()]
    async with vendor(vendor_of(Messages, *pieces)) as server:
        with pytest.raises(anthropic.APIStatusError, match="verloaded"):
            await by_anthropic(Messages(), server.base_url)


async def test_googles_sdk_takes_our_refusal_for_one() -> None:
    async def refuse(call: Call) -> None:
        await call.json(Generate().refusal(429, "too fast"), 429)

    async with vendor(refuse) as server:
        with pytest.raises(genai.errors.ClientError, match="too fast"):
            await by_google(Generate(), server.base_url)


async def test_ollamas_sdk_takes_our_error_for_one() -> None:
    async with vendor(vendor_of(OllamaChat, OllamaChat().text("a"), OllamaChat().overloaded())) as server:
        with pytest.raises(ollama.ResponseError, match="overloaded"):
            await by_ollama(OllamaChat(), server.base_url)


async def test_the_sdks_list_the_models_that_our_wires_list() -> None:
    async with vendor(vendor_of(Messages)) as server:
        client = anthropic.AsyncAnthropic(api_key=KEY, base_url=server.base_url.removesuffix("/v1"))
        theirs = [(m.id, m.display_name, m.max_input_tokens) async for m in client.models.list()]
        ours = [(m.name, m.label, m.context_window) for m in await list_models(Messages().route(server.base_url))]
        assert ours == theirs
    async with vendor(vendor_of(Generate)) as server:
        options = google.HttpOptions(base_url=server.base_url.removesuffix("/v1"), api_version="v1beta")
        pager = await genai.Client(api_key=KEY, http_options=options).aio.models.list()
        named = [(str(m.name).removeprefix("models/"), m.display_name, m.input_token_limit) async for m in pager]
        ours = [(m.name, m.label, m.context_window) for m in await list_models(Generate().route(server.base_url))]
        assert ours == named
    async with vendor(vendor_of(OllamaChat)) as server:
        listed = await ollama.AsyncClient(host=server.base_url.removesuffix("/v1")).list()
        shown = await ollama.AsyncClient(host=server.base_url.removesuffix("/v1")).show(OllamaChat.MODEL)
        (ours_one,) = await list_models(OllamaChat().route(server.base_url))
        assert [m.model for m in listed.models] == [ours_one.name]
        assert ours_one.tools == ("tools" in (shown.capabilities or ()))


def test_all_wires_that_people_choose_stand_in_the_contract_and_have_met_an_sdk() -> None:
    assert {dialect.WIRE for dialect in DIALECTS} == set(ON_SCREEN)
    assert set(SDKS) == set(DIALECTS)
