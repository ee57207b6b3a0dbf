"""How a call is answered: one generator per way, in one table. A generator yields the seconds until it goes on.

A new fault is one function and one line in `BEHAVIOURS`, and one line in the table of `scripts.py`.
"""

import gzip
import math
import re
from collections.abc import Callable
from itertools import count, cycle, islice

import orjson

from bench.tokens import next_number
from bench.vendor.call import DONE, Call, Json, chunk, sse, text_of
from bench.vendor.wheel import Pace

FOREVER = math.inf
GARBAGE = b"data: {not json\n\ndata: \xff\xfe\x00\n\nevent: nonsense\ndata: 17\n\n: a comment\n\ndata:\n\n"
WORDS = re.compile(r"\s*\S+")
# As models write: it is said again and again.
MARKDOWN = (
    "\n\n## A part\n\nSome **bold** words and `code` in a paragraph, which goes on for a while, as they do.\n\n"
    "- the first point, with a [link](https://example.org)\n- the second point\n  - and one below it\n\n"
    "| a | b |\n|---|---|\n| one | two |\n\n```python\nfor each in all_of_them:\n    print(each)\n```\n\n"
    "1. One step\n2. Another step with *emphasis* and $x^2$ in it\n\n> Quoted words."
)
PAGE = b"<!doctype html><html><body><h1>Welcome to the proxy</h1></body></html>"


def first_number(call: Call) -> int:
    """0, or the number that goes on where a prefilled assistant message ends."""
    messages = call.body.get("messages") or [{}]
    if messages[-1].get("role") != "assistant":
        return 0
    return next_number(text_of(messages[-1]))


def finish_reason(call: Call) -> str:
    """Why the reply ends."""
    if "length" in call.script.extras:
        return "length"
    return "content_filter" if "filter" in call.script.extras else "stop"


def opening(call: Call) -> Pace:
    """Think, open the stream, and reason, as far as the script asks for it."""
    if "think" in call.script.extras:
        yield call.script.extras["think"] / 1000
    call.open_stream()
    for number in range(call.script.number("reasoning", 0)):
        call.event(chunk(call.model, {"reasoning_content": f" r{number}"}))
        yield call.script.interval_s


def words(call: Call, until: int | None = None) -> Pace:
    """Open the stream and say numbered words: all, or those before `until`."""
    yield from opening(call)
    last = call.script.tokens if until is None else min(until, call.script.tokens)
    yield from more_words(call, first_number(call), last)


def more_words(call: Call, first: int, last: int) -> Pace:
    """Say the words from `first` to before `last`."""
    interval_s = call.script.interval_s
    for number in range(first, last):
        call.word(number)
        if interval_s and number + 1 < last:
            yield interval_s


def talk(call: Call) -> Pace:
    """The reply of a vendor in good health."""
    yield from words(call)
    call.finish(finish_reason(call))


def whole(call: Call) -> Pace:
    """The reply to a call that does not stream: it takes the same time, then comes in one piece."""
    first = first_number(call)
    yield (call.script.tokens - first) * call.script.interval_s
    text = call.words_at_once(first, call.script.tokens)
    message = {"role": "assistant", "content": text, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish_reason(call)}
    body = chunk(call.model, {}) | {"object": "chat.completion", "choices": [choice], "usage": call.usage()}
    call.bill.is_told = True
    call.respond(200, orjson.dumps(body))


def endless(call: Call) -> Pace:
    """Never stops by itself."""
    yield from opening(call)
    for number in count(first_number(call)):
        call.word(number)
        yield call.script.interval_s


def no_headers(call: Call) -> Pace:
    """Takes the call and never answers."""
    yield FOREVER


def reset(call: Call) -> Pace:
    """Connection reset, before the headers or after a word."""
    after = call.script.number("reset", 0)
    if after:
        yield from words(call, after)
        yield 0.05  # a reset throws away what still lies in the buffers: let the words arrive first
    call.reset()


def cut(call: Call) -> Pace:
    """Connection closed in the middle of the body."""
    yield from words(call, call.script.number("cut", 0))
    call.cut()


def end_early(call: Call) -> Pace:
    """A body that ends properly, but without a finish reason and without `[DONE]`."""
    yield from words(call, call.script.number("end", 0))
    call.close_body()


def silence(call: Call) -> Pace:
    """Holds the line and says nothing."""
    yield from words(call, call.script.number("silence", 0))
    yield FOREVER


def error_event(call: Call) -> Pace:
    """An error inside the 200."""
    yield from words(call, call.script.number("errorevent", 0))
    call.event({"error": {"message": "The engine is overloaded", "type": "overloaded_error", "code": "overloaded"}})
    call.close_body()


def garbage(call: Call) -> Pace:
    """Nonsense in the middle, from which a decoder must recover."""
    after = call.script.number("garbage", 0)
    yield from words(call, after)
    call.raw(GARBAGE)
    yield from more_words(call, after, call.script.tokens)
    call.finish(finish_reason(call))


def half_json(call: Call) -> Pace:
    """A word that is cut in the middle of its JSON."""
    yield from words(call, call.script.number("halfjson", 0))
    call.raw(sse(chunk(call.model, {"content": " half"}))[:-20] + b"\n\n" + DONE)
    call.close_body()


def giant(call: Call) -> Pace:
    """One line of many MiB."""
    yield from words(call, 1)
    piece = b"x" * 65536
    call.raw(b"data: ")
    for _ in range(call.script.number("giant", 50) * 16):
        call.raw(piece)
        yield 0.002
    call.raw(b"\n\n" + DONE)
    call.close_body()


def html(call: Call) -> Pace:
    """What a captive portal answers."""
    call.respond(200, PAGE, kind="text/html; charset=utf-8")
    yield FOREVER


def json_array(call: Call) -> Pace:
    """A 200 with JSON that is no stream and no completion."""
    call.respond(200, b'["what", "did", "you", "expect"]')
    yield FOREVER


def redirect(call: Call) -> Pace:
    """Sends the caller, and with it the key, somewhere else."""
    call.respond(302, b"", extra="Location: /elsewhere\r\n")
    yield FOREVER


def squeezed(call: Call) -> Pace:
    """A stream that is compressed and does not say so."""
    call.transport.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    call.raw(gzip.compress(sse(chunk(call.model, {"content": " squeezed"})) * 20 + DONE))
    call.close_body()
    yield FOREVER


def bad_usage(call: Call) -> Pace:
    """A reply in good health with a bill that cannot be true."""
    yield from words(call)
    call.event(chunk(call.model, {}, "stop"))
    call.event(chunk(call.model, {}) | {"choices": [], "usage": {"prompt_tokens": -7, "completion_tokens": "many"}})
    call.raw(DONE)
    call.close_body()


def drip(call: Call) -> Pace:
    """The reply, byte by byte."""
    wait_s = call.script.extras["drip"] / 1000
    yield from opening(call)
    for number in range(call.script.tokens):
        for piece in call.split_word(number):
            for byte in piece:
                call.raw(bytes([byte]))
                yield wait_s
    call.finish(finish_reason(call))


def utf8(call: Call) -> Pace:
    """Words whose characters are split between two packets."""
    yield from opening(call)
    for number in range(first_number(call), call.script.tokens):
        head, tail = call.split_word(number)
        call.raw(head)
        yield 0.003
        call.raw(tail)
        yield call.script.interval_s
    call.finish(finish_reason(call))


def messy(call: Call) -> Pace:
    """All that the standard allows and nobody expects: a byte order mark, comments, CRLF, fields that nobody knows."""
    yield from opening(call)
    call.raw(b"\xef\xbb\xbf: hello\r\n\r\nid: 7\r\nretry: 10\r\nunknown\r\n\r\n")
    for number in range(call.script.tokens):
        head, tail = call.split_word(number)
        call.raw((b"event: message\n" + head + tail).replace(b"\n", b"\r\n"))
        yield call.script.interval_s
    call.finish(finish_reason(call))


def echo(call: Call) -> Pace:
    """Says the person's last message as it was written, word by word, or letter by letter."""
    yield from opening(call)
    asked = [message for message in call.body.get("messages", []) if message.get("role") == "user"]
    text = text_of(asked[-1]) if asked else "nothing"
    for piece in text if "letters" in call.script.extras else WORDS.findall(text):
        call.say(piece)
        yield call.script.interval_s
    call.finish(finish_reason(call))


def markdown(call: Call) -> Pace:
    """Markdown of so many words."""
    yield from opening(call)
    for piece in islice(cycle(WORDS.findall(MARKDOWN)), call.script.tokens):
        call.say(piece)
        yield call.script.interval_s
    call.finish(finish_reason(call))


def form(call: Call) -> Pace:
    """A JSON document of the form that was asked for, in pieces."""
    yield from opening(call)
    wanted = (call.body.get("response_format") or {}).get("json_schema") or {}
    text = orjson.dumps(example_of(wanted.get("schema") or {})).decode()
    for start in range(0, len(text), 5):
        call.say(text[start : start + 5])
        yield call.script.interval_s
    call.finish(finish_reason(call))


def example_of(schema: Json) -> object:
    """A value of the simplest kind that a plain schema allows."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        return {name: example_of(inner) for name, inner in schema.get("properties", {}).items()}
    return {"array": [], "integer": 7, "number": 7.5, "boolean": True, "null": None}.get(str(kind), "parley")


def tool(call: Call) -> Pace:
    """Calls a tool, in pieces as OpenAI sends it; speaks once the tool's result is there."""
    if any(message.get("role") == "tool" for message in call.body.get("messages", [])):
        yield from talk(call)
        return
    yield from opening(call)
    for function in tool_pieces(call.body):
        call.event(chunk(call.model, {"tool_calls": [function]}))
        yield call.script.interval_s
    call.finish("tool_calls")


def tool_pieces(body: Json) -> list[Json]:
    """A call of the first tool on offer: its name, then its arguments in two halves; none where it can do without."""
    offered = body.get("tools") or [{"function": {"name": "lookup"}}]
    function = offered[0]["function"]
    asked = function.get("parameters") or {}
    takes_nothing = "query" not in asked.get("properties", {"query": {}}) and not asked.get("required")
    halves = ("{", "}") if takes_nothing else ('{"query": ', '"parley"}')
    return [
        {"index": 0, "id": "call_mock", "type": "function", "function": {"name": function["name"], "arguments": ""}},
        *({"index": 0, "function": {"arguments": half}} for half in halves),
    ]


BEHAVIOURS: dict[str, Callable[[Call], Pace]] = {
    "noheaders": no_headers,
    "reset": reset,
    "cut": cut,
    "end": end_early,
    "silence": silence,
    "errorevent": error_event,
    "garbage": garbage,
    "halfjson": half_json,
    "giant": giant,
    "html": html,
    "json": json_array,
    "redirect": redirect,
    "drip": drip,
    "gzip": squeezed,
    "badusage": bad_usage,
    "endless": endless,
    "utf8": utf8,
    "messy": messy,
    "echo": echo,
    "form": form,
    "markdown": markdown,
    "tool": tool,
}


def behaviour_of(call: Call) -> Callable[[Call], Pace]:
    """The way a call's script asks for; a call that does not stream gets its reply whole unless a fault is due first."""
    before_headers = {"noheaders", "reset", "html", "json", "redirect"}
    for name in call.script.extras:
        if name in BEHAVIOURS and (call.body.get("stream") or name in before_headers):
            return BEHAVIOURS[name]
    return talk if call.body.get("stream") else whole
