"""Reading an answer of Chat Completions from bytes: what vendors do, and what they should not."""

import gzip
import json
from typing import Any

import pytest

from parley.core.errors import (
    EndpointBroken,
    EndpointError,
    EndpointOverloaded,
    EndpointRefused,
    EndpointRejected,
)
from parley.providers.tests.openai_reading import ROUTE, read, text_of
from parley.providers.tests.vendor_server import DONE, STOP, delta, event, finish, said
from parley.providers.values import (
    ChatMessage,
    Finish,
    ModelRequest,
    ReasoningDelta,
    TextDelta,
    ToolCall,
    Usage,
    WireEvent,
)
from parley.providers.wire.dialects import Dialect
from parley.providers.wire.openai_body import body_of
from parley.providers.wire.reading import BAD_LINES_TAKEN
from parley.providers.wire.tool_calls import TOOL_CALLS_TAKEN


def broken(*chunks: bytes) -> tuple[str, str]:
    """(text kept, words of the fault) of an answer that must end as broken."""
    events, fault = read(*chunks)
    assert type(fault) is EndpointBroken
    assert not any(isinstance(event, Finish) for event in events)
    return text_of(events), fault.message


def test_tokens_come_as_deltas_and_end_in_one_finish() -> None:
    assert read(said("Hel"), said("lo"), STOP, DONE) == ([TextDelta("Hel"), TextDelta("lo"), Finish("stop")], None)


def test_tokens_that_arrive_together_are_one_delta() -> None:
    assert read(said("a") + said("b") + said("c"), STOP + DONE)[0] == [TextDelta("abc"), Finish("stop")]


def test_usage_comes_before_the_finish_and_the_last_one_counts() -> None:
    early = event({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1}})
    late = event({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 9, "details": {}}})
    assert read(said("a"), early, STOP, late, DONE)[0] == [TextDelta("a"), Usage(3, 9), Finish("stop")]


@pytest.mark.parametrize("count", [-1, None, "3", 3.5, True, [], 2**40])
def test_a_count_that_is_none_is_left_out(count: object) -> None:
    events, fault = read(said("a"), event({"usage": {"prompt_tokens": 3, "completion_tokens": count}}), STOP, DONE)
    assert (events, fault) == ([TextDelta("a"), Finish("stop")], None)


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("stop", "stop"),
        ("length", "length"),
        ("content_filter", "filter"),
        ("eos", "stop"),
        ("tool_calls", "tool_calls"),
    ],
)
def test_the_vendors_reason_becomes_ours(word: str, reason: str) -> None:
    assert read(said("a"), finish(word), DONE)[0][-1] == Finish(reason)  # type: ignore[arg-type]


def test_reasoning_has_its_own_deltas_under_both_names() -> None:
    events, _ = read(delta(reasoning_content="hm", content=None), delta(reasoning="so"), said("yes"), STOP)
    assert events == [ReasoningDelta("hm"), ReasoningDelta("so"), TextDelta("yes"), Finish("stop")]


def test_reasoning_and_text_as_a_list_of_parts() -> None:
    parts = [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}, {"type": "text", "text": "yes"}, 3]
    assert read(delta(content=parts), STOP)[0] == [ReasoningDelta("hm"), TextDelta("yes"), Finish("stop")]


def test_a_refusal_is_text() -> None:
    assert read(delta(content=None, refusal="I will not."), STOP)[0] == [TextDelta("I will not."), Finish("stop")]


def test_an_answer_beside_the_first_is_ignored() -> None:
    second = event({"choices": [{"index": 1, "delta": {"content": "no"}}]})
    assert text_of(read(said("a"), second, STOP)[0]) == "a"


# --- Ends -------------------------------------------------------------------------------------------------------------


def test_a_stream_that_ends_without_a_word_of_its_end_was_cut() -> None:
    text, words = broken(said("Hel"), said("lo"))
    assert text == "Hello"
    assert "cut its answer off" in words


def test_done_is_an_end_and_so_is_a_finish_reason() -> None:
    assert read(said("a"), DONE) == ([TextDelta("a"), Finish("stop")], None)
    assert read(said("a"), STOP) == ([TextDelta("a"), Finish("stop")], None)


def test_nothing_after_done_is_read() -> None:
    assert text_of(read(said("a") + DONE + said("b"), said("c"))[0]) == "a"


def test_the_end_may_lack_its_blank_line() -> None:
    assert read(said("a"), STOP, b"data: [DONE]")[1] is None
    assert read(said("a"), STOP[:-2]) == ([TextDelta("a"), Finish("stop")], None)


def test_json_cut_in_half_at_the_end_is_a_cut() -> None:
    assert broken(said("a"), said("b")[:30])[0] == "a"


@pytest.mark.parametrize("nothing", [(), (b"\n\n",), (b"\xef\xbb\xbf",), (b" " * 2_000_000,)])
def test_an_answer_of_nothing_is_broken(nothing: tuple[bytes, ...]) -> None:
    assert broken(*nothing)[0] == ""


def test_comments_alone_are_no_answer() -> None:
    assert broken(b": keep-alive\n\n" * 3)[0] == ""


# --- Errors inside a 200 ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"message": "Overloaded", "type": "overloaded_error"}, EndpointOverloaded),
        ({"message": "slow down", "code": "rate_limit_exceeded"}, EndpointOverloaded),
        ({"message": "no", "code": 401}, EndpointRefused),
        ({"message": "prompt too long", "code": "context_length_exceeded"}, EndpointRejected),
        ({"message": "oh", "code": 502}, EndpointBroken),
        ({"message": "oh", "type": "server_error"}, EndpointBroken),
        ("something", EndpointBroken),
        ([1, 2], EndpointBroken),
        (7, EndpointBroken),
    ],
)
def test_an_error_event_ends_the_answer_and_keeps_what_came_before(error: object, kind: type[EndpointError]) -> None:
    events, fault = read(said("kept"), event({"error": error}), said("lost"))
    assert events == [TextDelta("kept")]
    assert type(fault) is kind


def test_an_error_event_in_the_same_chunk_keeps_what_came_before() -> None:
    events, fault = read(said("kept") + event({"error": {"message": "boom"}}) + said("lost"))
    assert events == [TextDelta("kept")]
    assert fault is not None
    assert "boom" in fault.message


def test_a_vendors_words_are_shortened_and_hold_no_key() -> None:
    words = f"the key {ROUTE.api_key} and sk-proj-{'a' * 40} are wrong\n" + "bla " * 1000
    _, fault = read(event({"error": {"message": words, "code": 401}}))
    assert fault is not None
    assert ROUTE.api_key not in fault.message
    assert "sk-proj" not in fault.message
    assert len(fault.message) < 450


# --- Other kinds of answers -------------------------------------------------------------------------------------------


def test_one_json_document_is_taken_as_one_answer() -> None:
    document = {
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "whole"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2},
    }
    raw = json.dumps(document, indent=2).encode()
    assert read(raw[:20], raw[20:]) == ([TextDelta("whole"), Usage(1, 2), Finish("stop")], None)


def test_an_error_as_a_json_document_or_in_a_list_of_one_is_told() -> None:
    for raw in (b'{"error":{"message":"no","code":429}}', b'[{"error":{"message":"no","code":429}}]'):
        assert isinstance(read(raw)[1], EndpointOverloaded)


@pytest.mark.parametrize("raw", [b"[]", b"[1,2,3]", b"{}", b'{"a":', b'{"choices":[]}', b'{"choices":{"a":1}}'])
def test_any_other_json_is_broken(raw: bytes) -> None:
    broken(raw)


@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf", b"\n\n  "])
def test_a_web_page_is_named_with_its_remedy(head: bytes) -> None:
    _, words = broken(head, b"<!DOCTYPE ht", b"ml><html>hello</html>")
    assert "web page" in words
    assert "/v1" in words


def test_compressed_bytes_that_nobody_announced_are_named() -> None:
    assert "compressed" in broken(gzip.compress(said("a") + DONE))[1]


# --- Garbage ----------------------------------------------------------------------------------------------------------


def test_some_bad_lines_are_skipped() -> None:
    bad = b"data: {nonsense\n\n" * BAD_LINES_TAKEN
    assert read(said("a"), bad, said("b"), STOP, DONE) == ([TextDelta("a"), TextDelta("b"), Finish("stop")], None)


def test_more_bad_lines_break_the_answer() -> None:
    text, words = broken(said("a"), b"data: {nonsense\n\n" * (BAD_LINES_TAKEN + 1), said("b"))
    assert text == "a"
    assert "garbage" in words


def test_events_without_a_blank_line_between_them_are_told_apart() -> None:
    glued = said("a").strip() + b"\n" + said("b").strip() + b"\n" + STOP.strip() + b"\ndata: [DONE]\n\n"
    assert read(glued) == ([TextDelta("ab"), Finish("stop")], None)


def test_half_a_letter_costs_that_letter_only() -> None:
    raw = b'data: {"choices":[{"delta":{"content":"a\xf0\x9f"}}]}\n\n'
    assert text_of(read(raw, STOP)[0]).startswith("a\ufffd")


def test_half_an_emoji_as_an_escape_costs_that_emoji_only() -> None:
    raw = b'data: {"choices":[{"delta":{"content":"a\\ud83d"}}]}\n\n'
    assert text_of(read(raw, STOP)[0]) == "a\ufffd"


def test_a_nul_becomes_a_visible_mark() -> None:
    assert text_of(read(said("a\0b"), STOP)[0]) == "a\ufffdb"


@pytest.mark.parametrize(
    "document",
    [
        None,
        7,
        "text",
        [],
        {"choices": None},
        {"choices": {}},
        {"choices": [None]},
        {"choices": ["a"]},
        {"choices": [{"delta": "a"}]},
        {"choices": [{"delta": {"content": 5}}]},
        {"choices": [{"delta": {"content": {"a": 1}}}]},
        {"choices": [{"delta": {"tool_calls": 5}}]},
        {"choices": [{"delta": {"tool_calls": [5, None, {"function": 3}, {"index": "x", "id": 7}]}}]},
        {"choices": [{"index": "0", "delta": {"reasoning": 5}, "finish_reason": 9}]},
        {"usage": 5},
        {"unknown": {"a": [1]}},
    ],
)
def test_wrong_types_anywhere_harm_nothing(document: object) -> None:
    events, fault = read(said("a"), event(document), said("b"), STOP, DONE)
    assert (text_of(events), events[-1], fault) == ("ab", Finish("stop"), None)


def test_json_ten_thousand_deep_is_a_bad_line() -> None:
    deep = b"data: " + b"[" * 10_000 + b"]" * 10_000 + b"\n\n"
    assert read(said("a"), deep, STOP)[1] is None


# --- Tools ------------------------------------------------------------------------------------------------------------


def piece(
    index: int | None = None, call_id: str = "", name: str = "", arguments: str | None = None
) -> dict[str, object]:
    made: dict[str, object] = {"function": {"name": name, "arguments": arguments}}
    return made | ({} if index is None else {"index": index}) | ({"id": call_id} if call_id else {})


def calls(*pieces: dict[str, object], reason: str = "tool_calls") -> list[WireEvent]:
    return read(*(delta(tool_calls=[one]) for one in pieces), finish(reason), DONE)[0]


def test_a_tool_call_is_gathered_and_given_whole() -> None:
    events = calls(piece(0, "c1", "add", ""), piece(0, arguments='{"a":'), piece(0, arguments="1}"))
    assert events == [ToolCall("c1", "add", '{"a":1}'), Finish("tool_calls")]


def test_two_calls_may_be_told_apart_by_index_while_they_interleave() -> None:
    events = calls(piece(0, "c1", "a", "1"), piece(1, "c2", "b", "2"), piece(0, arguments="1"), piece(1, arguments="2"))
    assert events[:2] == [ToolCall("c1", "a", "11"), ToolCall("c2", "b", "22")]


def test_two_calls_with_the_same_index_are_told_apart_by_id() -> None:
    assert calls(piece(0, "c1", "a", "1"), piece(0, "c2", "b", "2"))[:2] == [
        ToolCall("c1", "a", "1"),
        ToolCall("c2", "b", "2"),
    ]


def test_calls_without_an_index_follow_their_id_or_the_last_one() -> None:
    events = calls(
        piece(None, "c1", "a", "1"), piece(arguments="1"), piece(None, "c2", "b", "2"), piece(None, "c2", "", "2")
    )
    assert events[:2] == [ToolCall("c1", "a", "11"), ToolCall("c2", "b", "22")]


def test_what_a_vendor_wants_back_with_a_call_goes_back_with_it() -> None:
    """Gemini's signatures, by its OpenAI dialect."""
    extra = {"google": {"thought_signature": "c2ln"}}
    call = calls(piece(0, "c1", "a", "{}") | {"extra_content": extra})[0]
    assert isinstance(call, ToolCall)
    back: Any = body_of(ModelRequest("m", (ChatMessage("assistant", (), (call,)),)), Dialect())["messages"]
    assert back[0]["tool_calls"][0]["extra_content"] == extra
    nothings: tuple[object, ...] = ({}, "x", None, [1])
    for nothing in nothings:
        assert calls(piece(0, "c1", "a", "{}") | {"extra_content": nothing})[0] == ToolCall("c1", "a", "{}")


def test_a_call_without_an_id_gets_one() -> None:
    (call, _) = calls(piece(0, name="a", arguments="{}"))
    assert isinstance(call, ToolCall)
    assert call.id.startswith("call_")


def test_arguments_may_be_an_object_or_missing() -> None:
    made = {"index": 0, "id": "c1", "function": {"name": "a", "arguments": {"x": 1}}}
    assert calls(made)[0] == ToolCall("c1", "a", '{"x":1}')
    assert calls(piece(0, "c1", "a"))[0] == ToolCall("c1", "a", "{}")


def test_a_call_ends_the_answer_for_tools_even_when_the_vendor_says_stop() -> None:
    assert calls(piece(0, "c1", "a", "{}"), reason="stop")[-1] == Finish("tool_calls")


def test_a_call_that_was_cut_is_not_given() -> None:
    events, fault = read(delta(tool_calls=[piece(0, "c1", "a", '{"x":')]))
    assert events == []
    assert isinstance(fault, EndpointBroken)


def test_calls_without_end_break_the_answer() -> None:
    broken(*(delta(tool_calls=[piece(n, f"c{n}", "a", "{}")]) for n in range(TOOL_CALLS_TAKEN + 2)))
    broken(*(delta(tool_calls=[piece(0, "c", "a", "x" * 1000)]) for _ in range(300)))
