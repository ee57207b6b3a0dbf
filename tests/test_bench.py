"""The benchmark measures what it says: whole replies are found whole, and a spoiled word is always found."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import orjson
import pytest

from bench.frames import TEXT, FrameReader, frame
from bench.load.browser import Target
from bench.load.crowd import Crowd, Plan
from bench.load.reply import Reply
from bench.load.seen import Seen
from bench.processes import Running, python
from bench.rest import Rest, RestError
from bench.tokens import age_us, next_number, now_us, stamp

MODEL = "mock-40x60"


@pytest.fixture(scope="module")
def vendor() -> Iterator[Running]:
    running = Running("vendor", python("-m", "bench.vendor", "--models", f"{MODEL},mock-8x0"), "listening on")
    yield running
    running.end()


@asynccontextmanager
async def relay(vendor: Running, *options: str) -> AsyncIterator[Target]:
    """A relay to the vendor, started beside the event loop."""
    command = python("-m", "bench.relay", "--vendor", f"http://127.0.0.1:{vendor.port}/v1", "--model", MODEL, *options)
    running = await asyncio.to_thread(Running, "relay", command, "listening on")
    try:
        yield Target(f"ws://127.0.0.1:{running.port}/ws", ["sk-nobody"])
    finally:
        await asyncio.to_thread(running.end)


async def see(target: Target) -> Seen:
    """What three users see within a second."""
    return await Crowd(target, Plan(3, MODEL, stagger_s=0.2, window_s=1.0)).run()


def call(vendor: Running, model: str, *, stream: bool = True, key: str = "sk-test", **more: object) -> bytes:
    rest = Rest(vendor.port, key)
    body = {"model": model, "stream": stream, "messages": [{"role": "user", "content": "three words here"}], **more}
    try:
        return rest.post_raw("/v1/chat/completions", body)
    finally:
        rest.close()


def deltas(stream: bytes) -> list[str]:
    """The text of each event of a stream."""
    events = [orjson.loads(event[6:]) for event in stream.split(b"\n\n") if event.startswith(b"data: {")]
    return [choice["delta"].get("content") or "" for event in events for choice in event["choices"]]


# --- The judge --------------------------------------------------------------------------------------------------------


async def test_a_relay_that_loses_nothing_is_found_flawless(vendor: Running) -> None:
    Rest(vendor.port).post("/control/reset")
    async with relay(vendor) as target:
        seen = await see(target)
    assert not any(seen.flaws().values()), seen.flaws()
    assert len(seen.replies) >= 3
    assert len(seen.delays_us) > 60
    assert max(seen.delays_us) < 1_000_000
    said = Rest(vendor.port).get("/control/digests")["digests"]
    assert not seen.digests - Counter(said)


@pytest.mark.parametrize(("flaw", "found"), [("drop", "lost"), ("double", "misplaced"), ("swap", "misplaced")])
async def test_a_relay_that_spoils_a_word_is_found_out(vendor: Running, flaw: str, found: str) -> None:
    async with relay(vendor, "--flaw", flaw) as target:
        seen = await see(target)
    assert seen.flaws()[found] >= len(seen.replies) > 0


def test_a_reply_that_ends_too_soon_has_lost_words() -> None:
    reply = Reply("key", now_us(), expected_words=3)
    reply.fold(" w0.000000 w1.000000", now_us(), None)
    reply.end("finished", now_us())
    assert reply.lost == 1
    assert not reply.is_flawless


def test_text_that_the_vendor_never_said_is_foreign() -> None:
    reply = Reply("key", now_us(), expected_words=1)
    reply.fold(" w0.000000 and more", now_us(), None)
    reply.end("finished", now_us())
    assert reply.foreign == len(" and more")


def test_a_word_in_two_pieces_is_one_word() -> None:
    reply = Reply("key", now_us(), expected_words=2)
    for piece in (" w0.00", "0000 w1", ".000000"):
        reply.fold(piece, now_us(), None)
    reply.end("finished", now_us())
    assert reply.is_flawless


def test_an_event_after_a_gap_is_not_taken() -> None:
    reply = Reply("key", now_us(), expected_words=2)
    assert reply.accept(1)
    assert not reply.accept(3)
    assert not reply.accept(1)
    assert (reply.gaps, reply.last_seq) == (1, 1)


def test_a_stamp_tells_its_age_even_after_it_wrapped() -> None:
    for sent_us in (0, 1_234_567, 36**6 - 1, 36**6 + 5):
        assert age_us(stamp(sent_us).decode(), sent_us + 250) == 250


# --- Frames -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 125, 126, 65535, 65536])
@pytest.mark.parametrize("masked", [False, True])
def test_a_frame_of_any_size_survives_being_split_anywhere(size: int, masked: bool) -> None:
    data = frame(b"x" * size, masked=masked) + frame(b"after", masked=masked)
    for cut in {1, 2, 3, 5, 9, len(data) // 2}:
        reader = FrameReader()
        messages = [*reader.feed(data[:cut]), *reader.feed(data[cut:])]
        assert messages == [(TEXT, b"x" * size), (TEXT, b"after")]


# --- The vendor -------------------------------------------------------------------------------------------------------


def test_the_vendor_says_as_many_words_as_its_models_name_asks_for(vendor: Running) -> None:
    stream = call(vendor, "mock-8x0", stream_options={"include_usage": True})
    assert next_number("".join(deltas(stream))) == 8
    assert b'"usage":{"prompt_tokens":3,"completion_tokens":8,"total_tokens":11}' in stream
    assert stream.endswith(b"data: [DONE]\n\n")


def test_the_vendor_keeps_its_pace(vendor: Running) -> None:
    began_us = now_us()
    call(vendor, "mock-11x20")
    assert 490_000 < now_us() - began_us < 900_000


def test_the_vendor_goes_on_where_a_prefilled_message_ends(vendor: Running) -> None:
    begun = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": " w0.000000 w1.000000"}]
    text = "".join(deltas(call(vendor, "mock-5x0", messages=begun)))
    assert text.startswith(" w2.")
    assert next_number(text) == 5


def test_the_vendor_answers_in_one_piece_when_no_stream_is_asked_for(vendor: Running) -> None:
    answer = orjson.loads(call(vendor, "mock-8x0", stream=False))
    assert next_number(answer["choices"][0]["message"]["content"]) == 8
    assert answer["usage"]["completion_tokens"] == 8


@pytest.mark.parametrize("status", [401, 404, 429, 500, 529])
def test_the_vendor_refuses_on_demand(vendor: Running, status: int) -> None:
    with pytest.raises(RestError, match=str(status)):
        call(vendor, f"mock-{status}")


def test_the_vendor_fails_twice_then_answers(vendor: Running) -> None:
    Rest(vendor.port).post("/control/reset")
    for _ in range(2):
        with pytest.raises(RestError, match="500"):
            call(vendor, "mock-8x0-flaky:2")
    assert next_number("".join(deltas(call(vendor, "mock-8x0-flaky:2")))) == 8


def test_a_fault_can_be_ordered_for_the_next_call_of_any_model(vendor: Running) -> None:
    Rest(vendor.port).post("/control/fault", {"model": "mock-529", "times": 1})
    with pytest.raises(RestError, match="529"):
        call(vendor, "mock-8x0")
    assert next_number("".join(deltas(call(vendor, "mock-8x0")))) == 8


def test_the_vendor_counts_what_each_key_was_given(vendor: Running) -> None:
    Rest(vendor.port).post("/control/reset")
    call(vendor, "mock-8x0", key="sk-one")
    call(vendor, "mock-5x0", key="sk-two")
    counted = Rest(vendor.port).get("/control/counters")
    assert counted["keys"]["sk-one"]["tokens"] == 8
    assert counted["keys"]["sk-two"]["tokens"] == 5
    assert counted["total"]["calls"] == 2
    assert counted["total"]["prompt_tokens"] == 6


async def test_the_vendor_notes_who_goes_away_in_the_middle(vendor: Running) -> None:
    Rest(vendor.port).post("/control/reset")
    body = orjson.dumps({"model": "mock-endless", "stream": True, "messages": []})
    reader, writer = await asyncio.open_connection("127.0.0.1", vendor.port)
    head = f"POST /v1/chat/completions HTTP/1.1\r\nAuthorization: Bearer sk\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await reader.readuntil(b" w5.")
    writer.close()
    async with asyncio.timeout(10):
        while (counted := Rest(vendor.port).get("/control/counters"))["open"]:
            await asyncio.sleep(0.02)
    assert counted["total"]["closed_early"] == 1
    assert counted["closures"][0]["tokens"] >= 6


def test_a_bad_key_is_refused_at_the_list_of_models_too(vendor: Running) -> None:
    with pytest.raises(RestError, match="401"):
        Rest(vendor.port, "sk-bad").get("/v1/models")
    assert [card["id"] for card in Rest(vendor.port, "sk-good").get("/v1/models")["data"]] == [MODEL, "mock-8x0"]
