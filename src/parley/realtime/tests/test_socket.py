"""The socket as a browser meets it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from parley.conversations.models import Message
from parley.engine import ledger
from parley.engine.models import Generation
from parley.engine.tests.stage import make_bot, running_engine
from parley.providers.wire.mock import vendor, words_of
from parley.realtime.tests.line import line_of, open_door, text_of
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest_asyncio.fixture(autouse=True)
async def _serving(db: None) -> AsyncIterator[None]:
    async with running_engine(), open_door():
        yield


def post(text: str, bot: UUID | None = None, **fields: Any) -> dict[str, Any]:
    bot_field = {"bot": str(bot)} if bot else {}
    return {
        "type": "message.post",
        "key": str(uuid4()),
        "parts": [{"type": "text", "text": text}],
        **bot_field,
        **fields,
    }


async def test_posting_follows_the_reply_without_a_second_request(owner: Person) -> None:
    bot = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=20&delay_ms=1")
    async with line_of(owner) as line:
        command = post("Hello", bot, ref="r1")
        await line.send(command)
        ack = await line.frame("ack")
        events = await line.events()
    assert (ack["ref"], ack["key"]) == ("r1", command["key"])
    assert await Message.objects.filter(id=ack["message"]).aexists()
    assert text_of(events) == words_of(20)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert {event["generation"] for event in events} == {ack["generation"]}


async def test_leaving_does_not_stop_and_coming_back_reads_on(owner: Person) -> None:
    bot = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=60&delay_ms=5")
    async with line_of(owner) as line:
        await line.send(post("Hello", bot))
        ack = await line.frame("ack")
        heard = await line.events(until=4)
    async with line_of(owner) as line:
        await line.send({"type": "generation.follow", "generation": ack["generation"], "after": heard[-1]["seq"]})
        rest = await line.events()
    assert text_of(heard) + text_of(rest) == words_of(60)


async def test_a_retry_with_the_same_key_gets_the_first_answer(owner: Person) -> None:
    vendor.reset()
    bot = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=5")
    async with line_of(owner) as line:
        command = post("Hello", bot)
        await line.send(command)
        first = await line.frame("ack")
        await line.events()
        await line.send(command)
        second = await line.frame("ack")
        again = await line.events()
        await line.send({**command, "parts": [{"type": "text", "text": "Something else"}]})
        refusal = await line.frame("error")
    assert first == second
    assert text_of(again) == words_of(5)
    assert refusal["code"] == "key_reused"
    assert len(vendor.requests) == 1


async def test_a_second_device_hears_the_same_and_may_stop(owner: Person) -> None:
    bot = await ledger.write(make_bot, owner.member, "mock-endless?delay_ms=5")
    async with line_of(owner) as phone, line_of(owner) as laptop:
        await laptop.send(post("Hello", bot))
        fact = await phone.frame("fact")
        while fact["name"] != "message.added":
            fact = await phone.frame("fact")
        await phone.send({"type": "generation.follow", "generation": fact["generation"], "after": 0})
        await phone.events(until=5)
        await phone.send({"type": "generation.stop", "generation": fact["generation"]})
        heard_by_phone, heard_by_laptop = await phone.events(), await laptop.events()
    assert heard_by_phone[-1]["event"] == heard_by_laptop[-1]["event"] == {"type": "stopped"}


@pytest.mark.parametrize("command", ["generation.follow", "generation.stop"])
async def test_others_cannot_follow_or_stop_a_reply(
    owner: Person, mate: Person, stranger: Person, command: str
) -> None:
    bot = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=100&delay_ms=5")
    async with line_of(owner) as line:
        await line.send(post("Hello", bot))
        ack = await line.frame("ack")
        for other in (mate, stranger):
            async with line_of(other) as theirs:
                await theirs.send({"type": command, "generation": ack["generation"], "ref": "x"})
                refusal = await theirs.frame()
                assert (refusal["type"], refusal["code"], refusal["ref"]) == ("error", "not_found", "x")
                assert await theirs.nothing()
        events = await line.events()
    assert text_of(events) == words_of(100)


async def test_others_cannot_post_into_a_conversation(owner: Person, mate: Person, stranger: Person) -> None:
    bot = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=3")
    async with line_of(owner) as line:
        await line.send(post("Hello", bot))
        ack = await line.frame("ack")
        await line.events()
    for other in (mate, stranger):
        async with line_of(other) as theirs:
            await theirs.send(post("Me too", conversation=ack["conversation"]))
            assert (await theirs.frame("error"))["code"] == "not_found"
    assert await Message.objects.acount() == 2


DEEP = '{"a":' * 10_000 + "1" + "}" * 10_000


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("", "invalid"),
        ("not json", "invalid"),
        ("[]", "invalid"),
        ("null", "invalid"),
        (DEEP, "invalid"),
        ('{"type":"message.post"}', "invalid"),
        ('{"type":"unheard.of"}', "invalid"),
        ('{"type":"generation.follow","generation":"no id"}', "invalid"),
        (f'{{"type":"generation.follow","generation":"{uuid4()}","after":-1}}', "invalid"),
        (f'{{"type":"generation.follow","generation":"{uuid4()}"}}', "not_found"),
        (f'{{"type":"generation.stop","generation":"{uuid4()}"}}', "not_found"),
    ],
)
async def test_what_cannot_be_understood_is_answered_and_harms_nothing(owner: Person, said: str, code: str) -> None:
    async with line_of(owner) as line:
        await line.send(said)
        assert (await line.frame("error"))["code"] == code
        await line.send({"type": "ping", "ref": "still here"})
        assert await line.frame() == {"type": "pong", "ref": "still here"}


async def test_messages_that_say_nothing_or_too_much_are_given_back(owner: Person) -> None:
    async with line_of(owner) as line:
        for text, code in (("", "invalid"), ("  \n ", "invalid"), ("x" * 2**20, "too_large")):
            await line.send(post(text))
            refusal = await line.frame("error")
            assert refusal["code"] == code
            assert len(refusal["message"]) > 20
        await line.send_bytes(b"\x00\x01")
        assert (await line.frame("error"))["code"] == "invalid"
    assert not await Message.objects.aexists()


async def test_a_flood_of_commands_closes_the_socket(owner: Person, settings: Any) -> None:
    settings.SOCKET_COMMANDS_PER_MINUTE = 5
    async with line_of(owner) as line:
        for _ in range(6):
            await line.send({"type": "ping"})
        while (message := await line.message())["type"] != "websocket.close":
            pass
    assert message["code"] == 4429


async def test_signing_out_closes_the_sockets_of_that_sign_in(owner: Person) -> None:
    async with line_of(owner, origin="http://localhost:8000") as line:
        await asyncio.to_thread(owner.browser.logout)
        closing = await line.message()
    assert (closing["type"], closing["code"]) == ("websocket.close", 4401)


async def test_a_stalled_reader_delays_nobody_and_costs_little(owner: Person) -> None:
    """It reads on by number when it wakes up: its events wait on the tape, not in memory."""
    bot = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=3000")
    async with line_of(owner) as stalled, line_of(owner) as line:
        await stalled.send(post("Hello", bot))
        ack = await stalled.frame("ack")
        await line.send({"type": "generation.follow", "generation": ack["generation"], "after": 0})
        assert text_of(await line.events()) == words_of(3000)
        assert text_of(await stalled.events()) == words_of(3000)
    assert await Generation.objects.filter(id=ack["generation"], status="completed").aexists()


async def test_a_page_of_a_next_version_may_say_more_than_this_one_knows(owner: Person) -> None:
    async with line_of(owner) as line:
        await line.send({"type": "ping", "ref": "r1", "mood": "curious"})
        assert (await line.frame("pong"))["ref"] == "r1"
