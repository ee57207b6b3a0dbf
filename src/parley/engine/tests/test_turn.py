"""One turn from the question to the stored answer."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from parley.conversations.models import Message
from parley.conversations.parts import TextPart, text_of
from parley.core.errors import OverBudget, TooMany
from parley.engine import ledger, turn
from parley.engine.assemble import assemble
from parley.engine.follow import Follower
from parley.engine.models import Event, Generation
from parley.engine.start import Asked, ask
from parley.engine.stop import stop_generation
from parley.engine.tests.stage import generation, hear, make_bot, running_engine, say
from parley.providers.wire.mock import vendor, words_of
from parley.usage.actions import set_budget
from parley.usage.models import UsageRecord
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)


async def test_what_a_reader_hears_is_what_is_stored(owner: Person) -> None:
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=40&delay_ms=1")
    async with running_engine():
        asked = await say(owner.member, "Hello", bot_id=bot_id)
        heard = await hear(asked.generation_id)
    answer = await Message.objects.aget(id=asked.answer_id)
    assert heard.text == text_of(answer.parts) == words_of(40)
    assert heard.seqs == list(range(1, len(heard.seqs) + 1))
    assert (heard.kinds[0], heard.kinds[-1]) == ("started", "finished")
    assert answer.status == Message.Status.COMPLETED


async def test_a_reader_who_comes_back_misses_and_doubles_nothing(owner: Person) -> None:
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=60&delay_ms=2")
    async with running_engine():
        asked = await say(owner.member, "Hello", bot_id=bot_id)
        first = await hear(asked.generation_id, until=5)
        rest = await hear(asked.generation_id, after=first.seqs[-1])
        again = await hear(asked.generation_id, after=first.seqs[-1])  # after the end, from memory or SQL
    assert first.seqs + rest.seqs == list(range(1, rest.seqs[-1] + 1))
    assert first.text + rest.text == words_of(60)
    assert again.seqs == rest.seqs


async def test_a_cleaned_tape_tells_the_whole_text_to_whoever_missed_its_end(owner: Person) -> None:
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=10")
    async with running_engine():
        asked = await say(owner.member, "Hello", bot_id=bot_id)
        await hear(asked.generation_id)
    await Event.objects.filter(generation_id=asked.generation_id).adelete()
    async with running_engine():
        heard = await hear(asked.generation_id, after=1)
    assert (heard.kinds, heard.text) == (["reset", "delta", "finished"], words_of(10))


@pytest.mark.parametrize("limits", [{"tokens_per_month": 0}, {"concurrent": 0}])
async def test_a_retry_gets_the_first_answer_though_the_budget_is_used_up_since(
    owner: Person, limits: dict[str, int]
) -> None:
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=3")
    key = uuid4()

    async def post(key: UUID) -> Asked:
        return await ledger.write(ask, owner.member, [TextPart(text="Hello")], key=key, bot_id=bot_id)

    async with running_engine():
        first = await post(key)
        await hear(first.generation_id)
        await ledger.write(set_budget, owner.member.workspace_id, None, **limits)
        assert await post(key) == first
        with pytest.raises((OverBudget, TooMany)):
            await post(uuid4())
    assert await Generation.objects.acount() == 1


async def test_stop_keeps_the_text_and_closes_the_vendor(owner: Person) -> None:
    vendor.reset()
    bot_id = await ledger.write(make_bot, owner.member, "mock-endless?delay_ms=5")
    async with running_engine():
        asked = await say(owner.member, "Hello", bot_id=bot_id)
        shown = await hear(asked.generation_id, until=4)
        await ledger.write(stop_generation, owner.member, asked.generation_id)
        rest = await hear(asked.generation_id, after=shown.seqs[-1])
        assert vendor.open_streams == 0
    row = await generation(asked.generation_id)
    assert (row.status, rest.kinds[-1]) == (Generation.Status.STOPPED, "stopped")
    assert text_of(row.message.parts) == shown.text + rest.text != ""
    assert vendor.closed_early == 1


async def test_stopping_twice_or_too_late_changes_nothing(owner: Person) -> None:
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=3")
    async with running_engine():
        asked = await say(owner.member, "Hello", bot_id=bot_id)
        await hear(asked.generation_id)
        await ledger.write(stop_generation, owner.member, asked.generation_id)
        await ledger.write(stop_generation, owner.member, asked.generation_id)
    assert (await generation(asked.generation_id)).status == Generation.Status.COMPLETED


@pytest.mark.parametrize(
    ("model", "code", "kept"),
    [
        ("mock-401", "endpoint_refused", 0),
        ("mock-404", "endpoint_rejected", 0),
        ("mock-cut?at=5", "endpoint_broken", 5),
    ],
)
async def test_a_failing_vendor_ends_with_cause_and_kept_text(owner: Person, model: str, code: str, kept: int) -> None:
    bot_id = await ledger.write(make_bot, owner.member, model)
    async with running_engine():
        asked = await say(owner.member, "Hello", bot_id=bot_id)
        heard = await hear(asked.generation_id)
    row = await generation(asked.generation_id)
    assert heard.kinds[-1] == "failed"
    assert (row.status, row.error_code) == (Generation.Status.FAILED, code)
    assert row.error_message
    assert text_of(row.message.parts) == words_of(kept)


async def test_the_ledger_of_tokens_says_what_the_vendor_counted(owner: Person) -> None:
    vendor.reset()
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=12")
    async with running_engine():
        asked = await say(owner.member, "one two three", bot_id=bot_id)
        await hear(asked.generation_id)
    record = await UsageRecord.objects.aget(generation_id=asked.generation_id)
    assert (record.input_tokens, record.output_tokens, record.estimated) == (3, 12, False)
    assert vendor.tokens == 12


async def test_a_call_that_is_stopped_before_its_first_word_is_counted_too(owner: Person) -> None:
    """What the vendor had said by then, and counted, was on its way."""
    bot_id = await ledger.write(make_bot, owner.member, "mock-silence")
    async with running_engine():
        asked = await say(owner.member, "one two three", bot_id=bot_id)
        await hear(asked.generation_id, until=1)
        await asyncio.sleep(0.05)
        await ledger.write(stop_generation, owner.member, asked.generation_id)
        assert (await hear(asked.generation_id)).kinds[-1] == "stopped"
    record = await UsageRecord.objects.aget(generation_id=asked.generation_id)
    assert (record.input_tokens, record.output_tokens, record.estimated) == (3, 0, True)


async def test_an_answer_waits_for_a_database_that_is_away_before_its_first_word(
    owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, tries = ledger.read, 0

    async def read_late(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        nonlocal tries
        tries += function is assemble
        if function is assemble and tries < 3:
            raise ledger.DatabaseAway
        return await read(function, *args, **kwargs)

    monkeypatch.setattr(ledger, "read", read_late)
    monkeypatch.setattr(turn, "RETRY_S", 0.01)
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=5")
    async with running_engine():
        asked = await say(owner.member, "Hello", bot_id=bot_id)
        assert (await hear(asked.generation_id)).kinds[-1] == "finished"
    assert tries == 3


async def test_many_turns_at_once_do_not_mix(owner: Person) -> None:
    bot_id = await ledger.write(make_bot, owner.member, "mock-echo?delay_ms=1")
    questions = [" ".join(f"w{n}x{word}" for word in range(30)) for n in range(30)]
    async with running_engine():
        asked = [await say(owner.member, question, bot_id=bot_id) for question in questions]
        heard = await asyncio.gather(*(hear(one.generation_id) for one in asked))
    assert [one.text for one in heard] == questions


async def test_a_bot_reads_the_whole_branch(owner: Person) -> None:
    vendor.reset()
    bot_id = await ledger.write(make_bot, owner.member, "mock-echo")
    async with running_engine():
        first = await say(owner.member, "one", bot_id=bot_id)
        await hear(first.generation_id)
        second = await say(owner.member, "two", conversation_id=first.conversation_id)
        await hear(second.generation_id)
    sent = vendor.requests[-1].messages
    assert [(message.role, message.content[0].text) for message in sent] == [  # type: ignore[union-attr]
        ("user", "one"),
        ("assistant", "one"),
        ("user", "two"),
    ]


async def test_who_asks_anew_while_the_end_is_told_is_told_again(owner: Person) -> None:
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=5")
    async with running_engine():
        asked = await say(owner.member, "Hello", bot_id=bot_id)
        told_before = await hear(asked.generation_id)
    async with running_engine() as runner:  # which has nothing of it in memory, and reads SQL
        follower = Follower(runner.hub, lambda: None)
        follower.follow(asked.generation_id, after=0)
        told: list[int] = []
        async for _, entries in follower.news():
            if not told:
                follower.follow(asked.generation_id, after=0)
            told += [entry.seq for entry in entries]
        follower.close()
    assert told == told_before.seqs * 2
