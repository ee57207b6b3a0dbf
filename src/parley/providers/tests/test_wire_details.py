"""What single wires do that no other does."""

from typing import Any

import orjson
import pytest

from parley.core.errors import EndpointRefused, EndpointRejected
from parley.providers.client import list_models
from parley.providers.profiles import Price, price_of, profile_of
from parley.providers.sessions import shared_session
from parley.providers.tests.emulated import KEY, Chat, Generate, Messages, ResponsesApi, honest, vendor_of
from parley.providers.tests.vendor_server import Call, vendor
from parley.providers.values import (
    ChatMessage,
    ModelRequest,
    Parameters,
    Passage,
    Route,
    Text,
    TextDelta,
    ToolCall,
    ToolSpec,
    Usage,
)
from parley.providers.wire import anthropic, google, ollama, openai_body, responses, wire_named
from parley.providers.wire.anthropic import Anthropic, MessagesReading
from parley.providers.wire.dialects import Dialect
from parley.providers.wire.google import Google
from parley.providers.wire.openai import OpenAI, _speaks_responses

pytestmark = pytest.mark.usefixtures("closing_sessions")

Json = dict[str, Any]
SYSTEM = ChatMessage("system", (Text("Be kind."),))
LOOK = ToolSpec("look", "Looks.", {"type": "object"})


def user(text: str) -> ChatMessage:
    return ChatMessage("user", (Text(text),))


def said(text: str) -> ChatMessage:
    return ChatMessage("assistant", (Text(text),))


def asking(model: str, *messages: ChatMessage, **fields: Any) -> ModelRequest:
    return ModelRequest(model, messages or (user("hello"),), **fields)


# --- Anthropic --------------------------------------------------------------------------------------------------------


def marked(body: Json) -> list[str]:
    """The texts at whose end the vendor's cache is told to begin."""
    blocks = [*body.get("system", []), *(block for message in body["messages"] for block in message["content"])]
    return [block["text"] for block in blocks if "cache_control" in block]


def test_what_the_next_call_repeats_is_marked_for_the_cache() -> None:
    request = asking("claude-sonnet-4-5", SYSTEM, user("one"), said("two"), user("three"))
    assert marked(anthropic.body_of(request)) == ["Be kind.", "three"]


def test_a_question_with_passages_is_not_marked_since_it_will_be_another_one_next_time() -> None:
    passages = (Passage(1, "t", "p", "x"),)
    request = asking("claude-sonnet-4-5", SYSTEM, user("one"), said("two"), user("three"), passages=passages)
    assert marked(anthropic.body_of(request)) == ["Be kind.", "one"]


def test_a_single_question_is_not_marked() -> None:
    assert marked(anthropic.body_of(asking("claude-sonnet-4-5", user("one")))) == []


@pytest.mark.parametrize(
    ("model", "thinking", "effort"),
    [
        ("claude-sonnet-4-5", {"type": "enabled", "budget_tokens": 8192}, None),
        ("claude-opus-4-6", {"type": "adaptive", "display": "summarized"}, "medium"),
        ("claude-opus-5-5", {"type": "adaptive", "display": "summarized"}, "medium"),
        ("claude-3-5-haiku-20241022", None, None),
    ],
)
def test_each_generation_is_asked_to_think_in_its_own_way(model: str, thinking: Json | None, effort: str) -> None:
    body = anthropic.body_of(asking(model, parameters=Parameters(reasoning="medium", max_tokens=100, temperature=1.5)))
    assert body.get("thinking") == thinking
    assert body.get("output_config", {}) == ({"effort": effort} if effort else {})
    assert ("temperature" in body) == (thinking is None)
    assert body["max_tokens"] == (100 + 8192 if model == "claude-sonnet-4-5" else 100)


def test_a_limit_is_always_given() -> None:
    assert anthropic.body_of(asking("claude-3-opus-20240229"))["max_tokens"] == 4096
    assert anthropic.body_of(asking("claude-opus-5"))["max_tokens"] == 32_000


def test_new_models_get_no_temperature() -> None:
    body = anthropic.body_of(asking("claude-opus-5", parameters=Parameters(temperature=0.3, top_p=0.5)))
    assert not {"temperature", "top_p"} & body.keys()
    old = anthropic.body_of(asking("claude-sonnet-4-5", parameters=Parameters(temperature=1.7, top_p=0.5)))
    assert (old["temperature"], "top_p" in old) == (1.0, False)


def test_signed_thoughts_go_back_before_the_call_they_led_to() -> None:
    reading = MessagesReading(Messages().route("http://v/v1"))
    speaker = Messages()
    for piece in honest(Messages):
        reading.take(piece)
    (call,) = [event for event in reading.close() if isinstance(event, ToolCall)]
    result = ChatMessage("tool", (Text("a cat"),), tool_call_id=call.id)
    body: Json = anthropic.body_of(asking(speaker.MODEL, user("x"), ChatMessage("assistant", (), (call,)), result))
    thought, used = body["messages"][1]["content"]
    assert thought == {"type": "thinking", "thinking": "hm ", "signature": "signed"}
    assert used == {"type": "tool_use", "id": "call_1", "name": "look", "input": {"what": "cät"}}


@pytest.mark.parametrize(
    "opaque", ["", "nonsense", "7", "[5]", '[{"type":"image","source":{"type":"url"}}]', '[{"type":"message"}]', "[{}]"]
)
def test_what_another_wire_had_kept_is_left_out(opaque: str) -> None:
    """A conversation may go on with another vendor's model."""
    asked = user("x"), ChatMessage("assistant", (), (ToolCall("c", "look", "{}", opaque),))
    body: Json = anthropic.body_of(asking("claude-opus-5", *asked))
    assert [block["type"] for block in body["messages"][1]["content"]] == ["tool_use"]
    items: Json = responses.body_of(asking("gpt-5", *asked))
    assert [item["type"] for item in items["input"]] == ["message", "function_call"]
    if opaque not in ("nonsense", "7"):  # which might be a signature
        parts: Json = google.body_of(asking("gemini-2.5-pro", *asked))
        assert "thoughtSignature" not in parts["contents"][1]["parts"][0]
    chat: Json = openai_body.body_of(asking("m", *asked), Dialect())
    assert "extra_content" not in chat["messages"][1]["tool_calls"][0]


@pytest.mark.parametrize(
    ("model", "kept", "thinks"),
    [
        ("claude-sonnet-4-5", "", False),
        ("claude-sonnet-4-5", '[{"type":"thinking","thinking":"hm","signature":"s"}]', True),
        ("claude-opus-5", "", True),
    ],
)
def test_a_model_does_not_think_where_the_thoughts_before_its_last_call_are_gone(
    model: str, kept: str, thinks: bool
) -> None:
    """By a budget, that is; the vendor would refuse it. Models that choose by themselves take it."""
    called = ChatMessage("assistant", (), (ToolCall("c", "look", "{}", kept),))
    result = ChatMessage("tool", (Text("a cat"),), tool_call_id="c")
    asked = asking(model, user("x"), called, result, parameters=Parameters(reasoning="low"), tools=(LOOK,))
    assert ("thinking" in anthropic.body_of(asked)) is thinks
    later = asking(
        model, user("x"), called, result, said("A cat."), user("Sure?"), parameters=Parameters(reasoning="low")
    )
    assert "thinking" in anthropic.body_of(later)


def test_a_model_that_must_call_a_tool_does_not_think() -> None:
    for choice, thinks in (("required", False), ("auto", True), (None, True)):
        asked = asking("claude-opus-5", parameters=Parameters(reasoning="low", tool_choice=choice), tools=(LOOK,))
        assert ("thinking" in anthropic.body_of(asked)) is thinks


def test_blanks_at_the_end_of_what_is_continued_are_neither_sent_nor_doubled() -> None:
    request = asking("claude-sonnet-4-5", user("Count."), said("one two \n"), continue_last=True)
    body: Json = anthropic.body_of(request)
    assert body["messages"][-1]["content"] == [{"type": "text", "text": "one two"}]
    for answer, text in ((" \nthree", "three"), ("three", "three"), (" three", "three")):
        reading = Anthropic().reading(Messages().route("http://v/v1"), request)
        (event,) = reading.take(Messages().text(answer))
        assert event == TextDelta(text)


def test_counts_hold_what_was_read_from_and_written_to_the_cache() -> None:
    reading = MessagesReading(Messages().route("http://v/v1"))
    usage = {"input_tokens": 5, "cache_read_input_tokens": 90, "cache_creation_input_tokens": 7, "output_tokens": 1}
    reading.take(b"data: " + orjson.dumps({"type": "message_start", "message": {"usage": usage}}) + b"\n\n")
    end = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 40}}
    reading.take(b"data: " + orjson.dumps(end) + b"\n\n")
    assert reading.close()[0] == Usage(102, 40, 90)


def test_the_key_goes_to_anthropic_as_its_own_sdk_sends_it() -> None:
    assert "x-api-key" not in Anthropic().headers(Route("e", "anthropic", "https://api.anthropic.com/v1", KEY))


async def test_a_field_that_one_model_refuses_is_left_out_for_that_model_only() -> None:
    async def answer(call: Call) -> None:
        if "temperature" in call.body and call.body["model"] == "claude-strict":
            await call.json(Messages().refusal(400, "temperature: not supported by this model"), 400)
        else:
            await vendor_of(Messages, Messages().opening(), Messages().text("a"), Messages().done())(call)

    wire, parameters = Anthropic(), Parameters(temperature=0.5, top_p=0.5)
    async with vendor(answer) as server:
        route = Messages().route(server.base_url)
        for model in ("claude-3-strict", "claude-strict", "claude-3-strict"):
            request = asking(model, parameters=parameters)
            assert [event async for event in wire.stream(shared_session(), route, request)]
    assert "temperature" in server.bodies[0]
    assert "temperature" in server.bodies[-1]


# --- Google -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../../files", "a?b", "a#b", "", "/x", "a/../b", "a b", "a%2e"])
async def test_a_models_name_is_never_a_path(name: str) -> None:
    with pytest.raises(EndpointRejected):
        Google().url(Generate().route("http://v/v1"), asking(name))


def test_a_signature_goes_back_on_its_call_and_newer_models_get_a_word_where_there_is_none() -> None:
    for opaque, model, expected in (
        ("c2ln", "gemini-2.5-pro", "c2ln"),
        ("", "gemini-2.5-pro", None),
        ("", "gemini-3-pro", google.UNSIGNED),
    ):
        call = ChatMessage("assistant", (), (ToolCall("c", "look", "{}", opaque),))
        body: Json = google.body_of(asking(model, user("x"), call))
        assert body["contents"][1]["parts"][0].get("thoughtSignature") == expected


def test_a_wrong_key_is_refused_though_google_calls_it_a_wrong_request() -> None:
    said_so = {"error": {"code": 400, "message": "API key not valid.", "details": [{"reason": "API_KEY_INVALID"}]}}
    fault = Google().fault(Generate().route("http://v/v1"), 400, orjson.dumps(said_so), None)
    assert isinstance(fault, EndpointRefused)


def test_google_says_inside_of_the_error_how_long_to_wait() -> None:
    said_so = {"error": {"code": 429, "message": "slow", "details": [{"retryDelay": "34s"}]}}
    assert Google().fault(Generate().route("http://v/v1"), 429, orjson.dumps(said_so), None).retry_after_s == 34


def test_a_question_that_google_blocks_ends_as_filtered() -> None:
    reading = Google().reading(Generate().route("http://v/v1"), asking("gemini-2.5-pro"))
    reading.take(b'data: {"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":3}}\n\n')
    assert [getattr(event, "reason", None) for event in reading.close()] == [None, "filter"]


@pytest.mark.parametrize(
    ("model", "config"),
    [
        ("gemini-2.5-pro", {"thinkingBudget": 2048, "includeThoughts": True}),
        ("gemini-3-pro", {"thinkingLevel": "low", "includeThoughts": True}),
        ("gemini-1.5-pro", None),
    ],
)
def test_gemini_is_asked_to_think_in_its_own_way(model: str, config: Json | None) -> None:
    body: Json = google.body_of(asking(model, parameters=Parameters(reasoning="low")))
    assert body.get("generationConfig", {}).get("thinkingConfig") == config


# --- Ollama -----------------------------------------------------------------------------------------------------------


def test_ollama_is_told_the_window_so_that_it_cuts_no_prompt_in_silence() -> None:
    body: Json = ollama.body_of(asking("llama3.2:3b", context_window=16_384))
    assert body["options"] == {"num_ctx": 16_384}


async def test_ollamas_cards_say_what_its_models_can_and_the_address_may_end_in_v1() -> None:
    async def answer(call: Call) -> None:
        shown = {
            "llava:7b": {"capabilities": ["completion", "vision"], "parameters": "num_ctx 2048\nstop x"},
            "bge-m3": {"capabilities": ["embedding"]},
            "odd": {"capabilities": 5, "model_info": [], "parameters": 7},
        }
        if call.path == "/api/tags":
            await call.json({"models": [{"name": name} for name in shown]})
        else:
            await call.json(shown[str(call.body["model"])])

    async with vendor(answer) as server:
        listed = {m.name: m for m in await list_models(Route("e", "ollama", server.base_url))}
    assert (listed["llava:7b"].vision, listed["llava:7b"].tools, listed["llava:7b"].context_window) == (
        True,
        False,
        2048,
    )
    assert (listed["bge-m3"].chats, listed["bge-m3"].embeds, listed["llava:7b"].embeds) == (False, True, False)
    assert (listed["odd"].vision, listed["odd"].context_window, listed["odd"].prefill) == (None, None, True)


# --- Responses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "parameters", "yes"),
    [
        ("gpt-5-mini", Parameters(), True),
        ("gpt-5-mini", Parameters(stop=("x",)), False),
        ("gpt-5-mini", Parameters(seed=1), False),
        ("gpt-5-pro", Parameters(seed=1), True),
        ("gpt-4o", Parameters(), False),
    ],
)
def test_openais_models_are_asked_by_the_api_that_has_them(model: str, parameters: Parameters, *, yes: bool) -> None:
    request = asking(model, parameters=parameters)
    assert _speaks_responses(Route("e", "openai", "https://api.openai.com/v1"), request) is yes
    assert not _speaks_responses(Route("e", "openai", "https://openrouter.ai/api/v1"), request)


async def test_where_responses_are_offered_the_openai_wire_asks_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.providers.wire.openai.dialect_of", lambda base_url: Dialect(responses=True))
    async with vendor(vendor_of(ResponsesApi, *honest(ResponsesApi))) as server:
        route = Route("e", "openai", server.base_url, KEY)
        events = [event async for event in OpenAI().stream(shared_session(), route, asking("gpt-5-mini"))]
    assert server.calls[0].path == "/v1/responses"
    assert events[-2] == Usage(9, 4, 2)


def test_nothing_is_kept_at_the_vendor_and_sealed_thoughts_go_back() -> None:
    reading = wire_named("responses").reading(ResponsesApi().route("http://v/v1"), asking("gpt-5"))  # type: ignore[attr-defined]
    for piece in honest(ResponsesApi):
        reading.take(piece)
    (call,) = [event for event in reading.close() if isinstance(event, ToolCall)]
    body: Json = responses.body_of(asking("gpt-5", user("x"), ChatMessage("assistant", (), (call,)), tools=(LOOK,)))
    assert body["store"] is False
    assert [item["type"] for item in body["input"]] == ["message", "reasoning", "function_call"]
    assert body["input"][1]["encrypted_content"] == "sealed"


# --- Hugging Face -----------------------------------------------------------------------------------------------------


def test_gemma_2_gets_its_system_prompt_inside_of_the_first_question() -> None:
    request = asking("google/gemma-2-9b-it", SYSTEM, user("hello"))
    body: Json = openai_body.body_of(request, Dialect())
    assert body["messages"] == [{"role": "user", "content": "Be kind.\n\nhello"}]
    assert profile_of("google/gemma-2-9b-it").context_window == 8192


async def test_gemma_2_is_among_the_known_cards_of_the_router(monkeypatch: pytest.MonkeyPatch) -> None:
    async with vendor(vendor_of(Chat)) as server:
        monkeypatch.setattr("parley.providers.wire.huggingface.ROUTER", "127.0.0.1")
        names = [model.name for model in await list_models(Route("e", "huggingface", server.base_url, KEY))]
    assert names[0] == Chat.MODEL
    assert "google/gemma-2-9b-it" in names


async def test_a_dedicated_endpoint_without_a_list_tells_its_model_in_info() -> None:
    async def answer(call: Call) -> None:
        if call.path == "/info":
            await call.json({"model_id": "google/gemma-2-9b-it", "max_total_tokens": 4096})
        else:
            await call.json({"error": "Not Found"}, 404)

    async with vendor(answer) as server:
        (model,) = await list_models(Route("e", "huggingface", server.base_url, KEY))
    assert (model.name, model.context_window) == ("google/gemma-2-9b-it", 4096)


# --- Profiles ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "prefills"),
    [
        ("claude-sonnet-4-20250514", True),
        ("claude-opus-4-1-20250805", True),
        ("claude-haiku-4-5", True),
        ("claude-sonnet-4-6", False),
        ("claude-opus-5-5", False),
        ("claude-fable-5-2", False),
    ],
)
def test_prefill_is_known_where_models_still_allow_it(name: str, *, prefills: bool) -> None:
    assert profile_of(name).prefill is prefills


@pytest.mark.parametrize("amount", ["free", -1, True, None, "nan", [], "1e99"])
def test_what_is_no_price_is_none(amount: object) -> None:
    assert price_of(amount, 1) is None
    assert price_of("0.0000025", "0.00001", scale=1e6) == Price(2.5, 10)
