"""The press: batches, frames, and a database that goes away and comes back."""

import asyncio
from collections.abc import Sequence

import pytest
from django.db import OperationalError

from parley.conversations.parts import text_of
from parley.core.errors import Busy
from parley.engine import admission, ledger, tape
from parley.engine.models import Event, Generation
from parley.engine.tape import Press, Tape
from parley.engine.tests.stage import generation, hear, make_bot, running_engine, say
from parley.engine.values import Page
from parley.providers.wire.mock import words_of
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)


async def test_nothing_is_published_before_it_is_committed(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever a reader hears a number, another connection must already find it."""
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=30&delay_ms=2")
    async with running_engine() as runner:
        unstored: list[int] = []
        publish = runner.hub.publish

        def check(page: Page) -> None:
            stored = set(Event.objects.filter(generation_id=page.turn.generation_id).values_list("seq", flat=True))
            unstored.extend(entry.seq for entry in page.entries if entry.seq not in stored)

        def publish_checked(page: Page) -> None:
            checks.append(asyncio.ensure_future(ledger.read(check, page)))
            publish(page)

        checks: list[asyncio.Future[None]] = []
        monkeypatch.setattr(runner.hub, "publish", publish_checked)
        asked = await say(owner.member, "Hello", bot_id=bot_id)
        await hear(asked.generation_id)
        await asyncio.gather(*checks)
    assert checks
    assert unstored == []


async def test_a_database_that_goes_away_for_a_while_loses_nothing(
    owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, failures = ledger.commit_pages, iter([OperationalError("locked")] * 3)

    def commit_or_fail(pages: Sequence[Page]) -> ledger.Verdicts:
        if failure := next(failures, None):
            raise failure
        return commit(pages)

    monkeypatch.setattr("parley.engine.tape.RETRY_S", 0.05)
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=30&delay_ms=2")
    async with running_engine():
        monkeypatch.setattr(ledger, "commit_pages", commit_or_fail)
        asked = await say(owner.member, "Hello", bot_id=bot_id)
        heard = await hear(asked.generation_id)
    assert heard.text == words_of(30) == text_of((await generation(asked.generation_id)).message.parts)


async def test_a_commit_whose_answer_was_lost_is_not_doubled(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    commit, calls = ledger.commit_pages, iter(range(1000))

    def commit_then_fail(pages: Sequence[Page]) -> ledger.Verdicts:
        verdicts = commit(pages)
        if next(calls) % 2 == 0:
            raise OperationalError("the connection broke after COMMIT")
        return verdicts

    monkeypatch.setattr("parley.engine.tape.RETRY_S", 0.01)
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=30&delay_ms=2")
    async with running_engine():
        monkeypatch.setattr(ledger, "commit_pages", commit_then_fail)
        asked = await say(owner.member, "Hello", bot_id=bot_id)
        heard = await hear(asked.generation_id)
    row = await generation(asked.generation_id)
    assert heard.text == words_of(30) == text_of(row.message.parts)
    assert row.status == Generation.Status.COMPLETED


async def test_one_page_that_cannot_be_stored_takes_no_other_with_it(
    owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = ledger.commit_pages
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=30&delay_ms=2")
    async with running_engine():
        poisoned = await say(owner.member, "Hello", bot_id=bot_id)

        def commit_unless_poisoned(pages: Sequence[Page]) -> ledger.Verdicts:
            if any(page.turn.generation_id == poisoned.generation_id for page in pages):
                raise ValueError("cannot be stored")
            return commit(pages)

        monkeypatch.setattr(ledger, "commit_pages", commit_unless_poisoned)
        sound = [await say(owner.member, "Hello", bot_id=bot_id) for _ in range(5)]
        heard = await asyncio.gather(*(hear(asked.generation_id) for asked in sound))
    assert [one.text for one in heard] == [words_of(30)] * 5


async def test_neighbouring_deltas_of_a_batch_are_one_event(owner: Person) -> None:
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=2000")
    async with running_engine():
        asked = await say(owner.member, "Hello", bot_id=bot_id)
        heard = await hear(asked.generation_id)
    assert heard.text == words_of(2000)
    assert heard.kinds.count("delta") < 500


async def test_a_frame_of_many_is_taken_in_parts_which_leaves_out_nobody(
    owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts: list[int] = []
    print_ = Press._print

    async def counted(press: Press, tapes: list[Tape]) -> None:
        if all(one.last_seq > 2 for one in tapes):  # the first words of each may come in between
            parts.append(len(tapes))
        await print_(press, tapes)

    monkeypatch.setattr(tape, "FRAME_TAPES", 2)
    monkeypatch.setattr(tape, "FULL_FROM", 1)
    monkeypatch.setattr(Press, "_print", counted)
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=60&delay_ms=5")
    async with running_engine():
        asked = [await say(owner.member, f"Hello {number}", bot_id=bot_id) for number in range(6)]
        heard = await asyncio.gather(*(hear(one.generation_id) for one in asked))
    assert [one.text for one in heard] == [words_of(60)] * 6
    assert parts
    assert max(parts) <= 2


@pytest.mark.parametrize(("field", "value"), [("loop_lag_s", 9.0), ("commit_lag_s", 9.0), ("live", 10**6)])
async def test_a_process_under_strain_refuses_new_work_and_says_when_to_return(
    owner: Person, monkeypatch: pytest.MonkeyPatch, field: str, value: float
) -> None:
    bot_id = await ledger.write(make_bot, owner.member, "mock-echo")
    monkeypatch.setattr(admission.strain, field, value)
    with pytest.raises(Busy) as refusal:
        await say(owner.member, "Hello", bot_id=bot_id)
    assert refusal.value.retry_after_s
    assert not await Generation.objects.aexists()
