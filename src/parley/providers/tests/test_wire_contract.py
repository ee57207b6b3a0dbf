"""What every wire keeps, asked of each against an emulated vendor of its dialect."""

from itertools import pairwise

import pytest

from parley.core.errors import (
    EndpointBroken,
    EndpointError,
    EndpointOverloaded,
    EndpointRefused,
    EndpointRejected,
    EndpointStumbled,
)
from parley.providers.sessions import shared_session
from parley.providers.tests.any_wire import CAT, LOOK, SCHEMA, Kind, answered, asking, read, seen_of, text_of
from parley.providers.tests.emulated import DIALECTS, KEY, honest, vendor_of
from parley.providers.tests.vendor_server import Call, vendor
from parley.providers.values import (
    ChatMessage,
    Finish,
    Image,
    Parameters,
    ReasoningDelta,
    Route,
    Text,
    TextDelta,
    ToolCall,
    Usage,
)
from parley.providers.wire import wire_named
from parley.providers.wire.guard import network_forbidden

pytestmark = [
    pytest.mark.usefixtures("closing_sessions"),
    pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.WIRE),
]


# --- What is said -----------------------------------------------------------------------------------------------------


async def test_words_thoughts_tools_and_counts_come_as_events(dialect: Kind) -> None:
    events, fault = await answered(dialect, vendor_of(dialect, *honest(dialect)))
    assert fault is None
    assert text_of(events) == "Hello ä🙂!"
    assert "".join(event.text for event in events if isinstance(event, ReasoningDelta)) == "hm "
    assert [(c.name, c.arguments.replace(" ", "")) for c in events if isinstance(c, ToolCall)] in (
        [("look", '{"what":"cät"}')],
        [("look", '{"what":"c\\u00e4t"}')],
    )
    cached = 0 if dialect.WIRE == "ollama" else 2
    assert events[-2:] == [Usage(9, 4, cached), Finish("tool_calls")]


@pytest.mark.parametrize("reason", ["stop", "length", "filter"])
async def test_each_end_has_its_reason(dialect: Kind, reason: str) -> None:
    if reason == "filter" and not dialect.CUT_REASONS:
        return
    speaker = dialect()
    script = vendor_of(dialect, speaker.opening(), speaker.text("a"), speaker.done(reason))
    events, fault = await answered(dialect, script)
    assert (events, fault) == ([TextDelta("a"), Usage(3, 2), Finish(reason)], None)  # type: ignore[arg-type]


async def test_two_calls_of_tools_are_told_apart(dialect: Kind) -> None:
    speaker = dialect()
    calls = speaker.call("look", {"a": 1}, "call_1") + speaker.call("look", {"a": 2}, "call_2")
    events, _ = await answered(dialect, vendor_of(dialect, speaker.opening(), calls, speaker.done("tool_calls")))
    called = [event for event in events if isinstance(event, ToolCall)]
    assert [(call.id, call.arguments.replace(" ", "")) for call in called] == [
        ("call_1", '{"a":1}'),
        ("call_2", '{"a":2}'),
    ]


# --- What is asked ----------------------------------------------------------------------------------------------------


async def test_a_conversation_with_a_picture_is_understood(dialect: Kind) -> None:
    seen = await seen_of(
        dialect,
        asking(
            dialect,
            ChatMessage("system", (Text("Be kind."),)),
            ChatMessage("user", (Text("What is this?"), CAT)),
            ChatMessage("assistant", (Text("A cat."),)),
            ChatMessage("user", (Text("Sure?"),)),
        ),
    )
    assert seen.model == dialect.MODEL
    assert seen.system == "Be kind."
    assert seen.turns == (
        ("user", "What is this?", 1, (), ()),
        ("assistant", "A cat.", 0, (), ()),
        ("user", "Sure?", 0, (), ()),
    )


async def test_a_tool_and_its_result_are_understood(dialect: Kind) -> None:
    """The call goes back as this very wire gave it, with whatever the vendor had signed."""
    events, _ = await answered(dialect, vendor_of(dialect, *honest(dialect)))
    (call,) = [event for event in events if isinstance(event, ToolCall)]
    seen = await seen_of(
        dialect,
        asking(
            dialect,
            ChatMessage("user", (Text("Look."),)),
            ChatMessage("assistant", (), (call,)),
            ChatMessage("tool", (Text("a cat"),), tool_call_id=call.id),
            tools=(LOOK,),
        ),
    )
    assert seen.tools == ("look",)
    assert seen.turns == (
        ("user", "Look.", 0, (), ()),
        ("assistant", "", 0, ("look",), ()),
        ("tool", "a cat", 0, (), (call.id,)),
    )


async def test_parameters_are_understood(dialect: Kind) -> None:
    wanted = {"type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA}}
    parameters = Parameters(temperature=0.5, max_tokens=7, stop=("END",), response_format=wanted)
    seen = await seen_of(dialect, asking(dialect, parameters=parameters))
    assert (seen.max_tokens, seen.schema) == (7, SCHEMA)
    assert seen.temperature == (None if dialect.WIRE == "responses" else 0.5)  # its models refuse one
    assert seen.stop == (() if dialect.WIRE == "responses" else ("END",))


async def test_an_answer_that_was_cut_off_goes_back_last_to_be_continued(dialect: Kind) -> None:
    if not dialect.PREFILLS:
        return
    messages = (ChatMessage("user", (Text("Count."),)), ChatMessage("assistant", (Text("one two"),)))
    seen = await seen_of(dialect, asking(dialect, *messages, continue_last=True))
    assert seen.turns[-1] == ("assistant", "one two", 0, (), ())


async def test_an_image_at_an_address_is_never_passed_on(dialect: Kind) -> None:
    async with vendor(vendor_of(dialect)) as server:
        picture = ChatMessage("user", (Image("https://elsewhere.example/cat.png"),))
        _, fault = await read(dialect().route(server.base_url), asking(dialect, picture))
    assert isinstance(fault, EndpointRejected)
    assert server.calls == []


async def test_the_key_goes_where_the_vendor_looks_for_it_and_nowhere_else(dialect: Kind) -> None:
    async with vendor(vendor_of(dialect, dialect().opening(), dialect().text("a"), dialect().done())) as server:
        await read(dialect().route(server.base_url), asking(dialect))
        await read(dialect().route(server.base_url, api_key=""), asking(dialect))
    with_key, without = server.calls
    places = {dialect.KEY_HEADER, *dialect.KEY_HEADERS}
    assert {name for name, value in with_key.headers.items() if KEY in value} == places
    assert KEY not in with_key.path
    assert not places & without.headers.keys()


# --- Bytes ------------------------------------------------------------------------------------------------------------


def cut(raw: bytes, size: int) -> list[bytes]:
    ends = [*range(0, len(raw), size), len(raw)]
    return [raw[start:end] for start, end in pairwise(ends)]


@pytest.mark.parametrize("size", [1, 7, 100_000])
async def test_letters_and_lines_may_be_split_anywhere(dialect: Kind, size: int) -> None:
    raw = b"".join(honest(dialect))
    plain = await answered(dialect, vendor_of(dialect, *honest(dialect)))
    split = await answered(dialect, vendor_of(dialect, *cut(raw, size)))
    assert text_of(split[0]) == text_of(plain[0]) == "Hello ä🙂!"
    assert split[0][-2:] == plain[0][-2:]
    assert split[1] is None


@pytest.mark.parametrize("ending", [b"\r\n", b"\n\n"])
async def test_lines_may_end_otherwise(dialect: Kind, ending: bytes) -> None:
    if ending == b"\n\n" and dialect.WIRE == "anthropic":
        return  # its events have two lines, which blank lines would part
    raw = b"".join(honest(dialect)).replace(b"\n", ending)
    events, fault = await answered(dialect, vendor_of(dialect, raw))
    assert (text_of(events), events[-1], fault) == ("Hello ä🙂!", Finish("tool_calls"), None)


async def test_a_line_without_end_is_broken_and_what_came_before_is_kept(dialect: Kind) -> None:
    speaker = dialect()
    script = vendor_of(dialect, speaker.opening(), speaker.text("a"), *[b'data: {"x":"' + b"x" * 65_536] * 20)
    events, fault = await answered(dialect, script)
    assert text_of(events) == "a"
    assert type(fault) is EndpointBroken


async def test_garbage_between_words_costs_only_itself(dialect: Kind) -> None:
    speaker = dialect()
    garbage = b'data: {nonsense\n\ndata: \xff\xfe\n\ndata: 7\n\n: c\n\ndata: [1]\n\ndata: {"type":5,"choices":7}\n\n'
    if dialect.WIRE == "ollama":
        garbage = b'{nonsense\n\xff\xfe\n7\n\n[1]\nnull\n{"message":5}\n'
    pieces = [speaker.opening(), speaker.text("a"), garbage, speaker.text("b"), speaker.done()]
    events, fault = await answered(dialect, vendor_of(dialect, *pieces))
    assert (text_of(events), events[-1], fault) == ("ab", Finish("stop"), None)


async def test_garbage_without_end_is_broken(dialect: Kind) -> None:
    speaker = dialect()
    events, fault = await answered(
        dialect, vendor_of(dialect, speaker.opening(), speaker.text("a"), b"data: {nonsense\n\n" * 30)
    )
    assert text_of(events) == "a"
    assert type(fault) is EndpointBroken


async def test_a_web_page_in_a_200_is_named(dialect: Kind) -> None:
    async def answer(call: Call) -> None:
        await call.status(200, b"<!doctype html><title>Welcome</title>", Content_Type="text/html")

    _, fault = await answered(dialect, answer)
    assert type(fault) is EndpointBroken
    assert "web page" in fault.message


# --- Faults -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, EndpointRejected),
        (401, EndpointRefused),
        (403, EndpointRefused),
        (404, EndpointRejected),
        (413, EndpointRejected),
        (429, EndpointOverloaded),
        (500, EndpointStumbled),
        (503, EndpointOverloaded),
        (529, EndpointOverloaded),
    ],
)
async def test_each_status_is_an_error_with_the_vendors_words(
    dialect: Kind, status: int, kind: type[EndpointError]
) -> None:
    async def answer(call: Call) -> None:
        await call.json(dialect().refusal(status, f"because of the moon, and {KEY}"), status)

    _, fault = await answered(dialect, answer)
    assert type(fault) is kind
    assert "because of the moon" in fault.message
    assert KEY not in fault.message


async def test_retry_after_is_told(dialect: Kind) -> None:
    async def answer(call: Call) -> None:
        await call.status(429, b"{}", Retry_After="20")

    _, fault = await answered(dialect, answer)
    assert fault is not None
    assert fault.retry_after_s == 20


async def test_an_error_inside_a_200_keeps_what_came_before(dialect: Kind) -> None:
    speaker = dialect()
    script = vendor_of(dialect, speaker.opening(), speaker.text("kept"), speaker.overloaded(), speaker.text("lost"))
    events, fault = await answered(dialect, script)
    assert text_of(events) == "kept"
    assert not any(isinstance(event, Finish) for event in events)
    assert type(fault) is (EndpointBroken if dialect.WIRE == "ollama" else EndpointOverloaded)  # it has no words for it
    assert "verloaded" in fault.message


@pytest.mark.parametrize("how", ["chunk", "connection", "body"])
async def test_an_answer_that_is_cut_is_never_taken_for_whole(dialect: Kind, how: str) -> None:
    speaker = dialect()
    pieces = [piece for piece in (speaker.opening(), speaker.text("Hel"), speaker.text("lo")) if piece]
    if how == "chunk":
        pieces.append(speaker.text("gone")[:25])
    events, fault = await answered(dialect, vendor_of(dialect, *pieces, whole=how != "connection"))
    assert text_of(events) == "Hello"
    assert type(fault) is EndpointBroken


async def test_a_call_of_a_tool_that_is_cut_is_not_made(dialect: Kind) -> None:
    speaker = dialect()
    called = speaker.call("look", {"what": "x" * 50})
    events, fault = await answered(dialect, vendor_of(dialect, speaker.opening(), called[: len(called) // 2]))
    assert [event for event in events if isinstance(event, ToolCall | Finish)] == []
    assert type(fault) is EndpointBroken


async def test_nothing_at_all_is_broken(dialect: Kind) -> None:
    for pieces in ((), (b"\n\n",), (b": keep-alive\n\n",)):
        _, fault = await answered(dialect, vendor_of(dialect, *pieces))
        assert type(fault) is EndpointBroken


async def test_a_redirect_is_not_followed(dialect: Kind) -> None:
    async def answer(call: Call) -> None:
        await call.status(302, b"", Location="/elsewhere")

    async with vendor(answer) as server:
        _, fault = await read(dialect().route(server.base_url), asking(dialect))
    assert type(fault) is EndpointBroken
    assert len(server.calls) == 1


async def test_no_other_host_than_this_one_is_called_where_that_is_forbidden(dialect: Kind) -> None:
    with network_forbidden() as refused:
        _, fault = await read(Route("e", dialect.WIRE, "https://vendor.example/v1", KEY), asking(dialect))
    assert isinstance(fault, EndpointRejected)
    assert refused == ["vendor.example"]


# --- Lists ------------------------------------------------------------------------------------------------------------


async def test_models_are_listed_to_who_has_the_key(dialect: Kind) -> None:
    async with vendor(vendor_of(dialect)) as server:
        route = dialect().route(server.base_url)
        listed = await wire_named(dialect.WIRE).list_models(shared_session(), route)
        assert [model.name for model in listed] == [dialect.MODEL]
        if dialect.WIRE != "ollama":  # which knows no keys
            wrong = dialect().route(server.base_url, api_key="sk-wrong")
            with pytest.raises(EndpointRefused, match="Incorrect API key"):
                await wire_named(dialect.WIRE).list_models(shared_session(), wrong)


@pytest.mark.parametrize("body", [b"<html>hi</html>", b"nonsense", b'{"data":5,"models":5}', b"7", b"null", b""])
async def test_anything_else_than_a_list_is_broken(dialect: Kind, body: bytes) -> None:
    async def answer(call: Call) -> None:
        await call.status(200, body)

    async with vendor(answer) as server:
        with pytest.raises(EndpointBroken):
            await wire_named(dialect.WIRE).list_models(shared_session(), dialect().route(server.base_url))


async def test_what_the_vendor_counted_first_is_known_when_the_answer_is_left(dialect: Kind) -> None:
    """Whoever stops an answer pays for its question all the same; Anthropic and Google tell it with the first word."""
    if dialect.WIRE not in ("anthropic", "google"):
        return
    early: list[Usage] = []
    async with vendor(vendor_of(dialect, *honest(dialect))) as server:
        events = wire_named(dialect.WIRE).stream(shared_session(), dialect().route(server.base_url), asking(dialect))
        async for event in events:
            if isinstance(event, Usage):
                early.append(event)
                break
        await events.aclose()
    assert [(usage.input_tokens, usage.so_far) for usage in early] == [(3, True)]
