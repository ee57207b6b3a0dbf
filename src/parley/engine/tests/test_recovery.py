"""Runners die; replies do not. A dead runner is one whose engine is gone while its rows say `running`."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.utils import timezone

from parley.conversations.parts import text_of
from parley.engine import ledger
from parley.engine.events import Delta, Started, ToolResult, dump_event
from parley.engine.lease import release_all_leases
from parley.engine.models import Event, Generation
from parley.engine.recovery import sweep
from parley.engine.start import Asked
from parley.engine.stop import ask_to_stop
from parley.engine.tests.stage import generation, hear, make_bot, running_engine, say
from parley.engine.values import Entry, Page, Turn
from parley.providers.wire.mock import words_of
from parley.usage.models import UsageRecord
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)

MODEL = "mock-lorem?tokens=20"


async def orphan(
    person: Person, *events: Started | Delta | ToolResult, prefill: bool = False, attempt: int = 1
) -> Asked:
    """A reply whose runner died after these events."""
    bot_id = await ledger.write(make_bot, person.member, MODEL, prefill=prefill)
    asked = await say(person.member, "Hello", bot_id=bot_id)  # no engine runs, so it stays queued
    await Generation.objects.filter(id=asked.generation_id).aupdate(
        status=Generation.Status.RUNNING,
        owner="a dead process",
        fence=attempt,
        attempt=attempt,
        lease_until=timezone.now() - timedelta(seconds=1),
    )
    for seq, event in enumerate(events, start=1):
        await Event.objects.acreate(generation_id=asked.generation_id, seq=seq, at=0, body=dump_event(event))
    return asked


async def test_a_reply_of_which_nothing_was_shown_starts_again(owner: Person) -> None:
    asked = await orphan(owner, Started("m", 1))
    async with running_engine():
        assert await ledger.write(sweep) == 1
        heard = await hear(asked.generation_id)
    row = await generation(asked.generation_id)
    assert (row.status, row.attempt, row.fence) == (Generation.Status.COMPLETED, 2, 2)
    assert text_of(row.message.parts) == heard.text == words_of(20)
    assert heard.seqs == list(range(1, len(heard.seqs) + 1))


async def test_a_model_that_can_continue_goes_on_in_place(owner: Person) -> None:
    shown = words_of(7)
    asked = await orphan(owner, Started("m", 1), Delta(shown), prefill=True)
    async with running_engine():
        await ledger.write(sweep)
        heard = await hear(asked.generation_id, after=2)
    assert "notice" in heard.kinds
    assert shown + heard.text == words_of(20) == text_of((await generation(asked.generation_id)).message.parts)


async def test_a_model_that_cannot_continue_ends_as_interrupted_and_keeps_what_was_shown(owner: Person) -> None:
    asked = await orphan(owner, Started("m", 1), Delta("As far as this"))
    async with running_engine():
        await ledger.write(sweep)
        heard = await hear(asked.generation_id)
    row = await generation(asked.generation_id)
    assert (row.status, row.message.status, heard.kinds[-1]) == ("interrupted", "interrupted", "interrupted")
    assert text_of(row.message.parts) == "As far as this"


async def test_after_a_tool_has_acted_nothing_starts_again(owner: Person) -> None:
    asked = await orphan(owner, Started("m", 1), ToolResult("1", "sent the mail"), prefill=True)
    async with running_engine():
        await ledger.write(sweep)
        await hear(asked.generation_id)
    assert (await generation(asked.generation_id)).status == Generation.Status.INTERRUPTED


async def test_a_reply_that_killed_three_runners_is_not_tried_on_a_fourth(owner: Person) -> None:
    asked = await orphan(owner, Started("m", 3), attempt=3)
    async with running_engine():
        await ledger.write(sweep)
        await hear(asked.generation_id)
    assert (await generation(asked.generation_id)).status == Generation.Status.INTERRUPTED


async def test_a_reply_that_was_to_stop_ends_as_stopped(owner: Person) -> None:
    asked = await orphan(owner, Started("m", 1), Delta("half"))
    await ledger.write(ask_to_stop, [asked.generation_id])
    async with running_engine():
        await ledger.write(sweep)
        await hear(asked.generation_id)
    assert (await generation(asked.generation_id)).status == Generation.Status.STOPPED


async def test_what_was_asked_where_nobody_serves_is_answered_by_the_next_who_does(owner: Person) -> None:
    bot_id = await ledger.write(make_bot, owner.member, MODEL)
    asked = await say(owner.member, "Hello", bot_id=bot_id)
    await Generation.objects.filter(id=asked.generation_id).aupdate(lease_until=timezone.now() - timedelta(seconds=1))
    async with running_engine():
        await ledger.write(sweep)
        heard = await hear(asked.generation_id)
    assert heard.text == words_of(20)


async def test_of_two_sweeps_one_wins(owner: Person) -> None:
    await orphan(owner, Started("m", 1))
    async with running_engine():
        assert await ledger.write(sweep) + await ledger.write(sweep) == 1


async def test_a_runner_that_comes_back_from_the_dead_writes_nothing(owner: Person) -> None:
    asked = await orphan(owner, Started("m", 1), Delta("shown"))
    async with running_engine():
        await ledger.write(sweep)
        await hear(asked.generation_id)
    before = [row async for row in Event.objects.filter(generation_id=asked.generation_id).values_list("seq", "body")]
    row = await generation(asked.generation_id)
    dead = Turn(
        generation_id=row.id,
        fence=1,
        attempt=1,
        conversation_id=asked.conversation_id,
        parent_id=asked.message_id,
        answer_id=asked.answer_id,
        bot_version_id=row.message.bot_version_id,
        user_id=owner.member.user_id,
        workspace_id=owner.member.workspace_id,
    )
    late = Page(dead, [Entry(99, 0, dump_event(Delta("from the grave")))], None)
    verdicts = await ledger.write(ledger.commit_pages, [late])
    after = [row async for row in Event.objects.filter(generation_id=asked.generation_id).values_list("seq", "body")]
    assert not verdicts[row.id].accepted
    assert after == before


async def test_a_process_that_shuts_down_hands_over(owner: Person, settings: object) -> None:
    settings.SHUTDOWN_GRACE_S = 0  # type: ignore[attr-defined]
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=300&delay_ms=10", prefill=True)
    async with running_engine():
        asked = await say(owner.member, "Hello", bot_id=bot_id)
        shown = await hear(asked.generation_id, until=6)
    assert (await generation(asked.generation_id)).status == Generation.Status.RUNNING
    await ledger.write(release_all_leases)
    async with running_engine():
        await ledger.write(sweep)
        rest = await hear(asked.generation_id, after=shown.seqs[-1])
    assert shown.text + rest.text == words_of(300)


async def test_what_a_dead_runner_had_received_is_counted(owner: Person) -> None:
    asked = await orphan(owner, Started("m", 1), Delta(words_of(7)), prefill=True)
    async with running_engine():
        await ledger.write(sweep)
        await hear(asked.generation_id, after=2)
    records = [record async for record in UsageRecord.objects.filter(generation_id=asked.generation_id).order_by("id")]
    assert [record.estimated for record in records] == [True, False]
    assert records[0].output_tokens == -(-len(words_of(7)) // 4)


async def test_an_attempt_that_died_before_its_first_commit_is_counted_too(owner: Person) -> None:
    """The vendor may have spoken to it. And the words of the attempt before are not counted twice."""
    asked = await orphan(owner, Started("m", 1), Delta(words_of(7)), prefill=True, attempt=2)
    async with running_engine():
        await ledger.write(sweep)
        await hear(asked.generation_id, after=2)
    records = [record async for record in UsageRecord.objects.filter(generation_id=asked.generation_id).order_by("id")]
    assert [(record.estimated, record.output_tokens) for record in records][:-1] == [(True, 0)]
    assert not records[-1].estimated


async def test_a_sweep_leaves_alone_what_its_own_runner_still_writes(owner: Person) -> None:
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=60&delay_ms=5")
    async with running_engine():
        asked = await say(owner.member, "Hello", bot_id=bot_id)
        await hear(asked.generation_id, until=3)
        long_ago = timezone.now() - timedelta(seconds=30)  # as if the heartbeat had failed
        await Generation.objects.filter(id=asked.generation_id).aupdate(lease_until=long_ago)
        assert await ledger.write(sweep) == 0
        heard = await hear(asked.generation_id)
    assert heard.text == words_of(60)


async def test_a_turn_that_a_bug_leaves_without_an_ending_is_ended_by_a_sweep(
    owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def break_down(turn: Turn, tape: object) -> None:
        raise RuntimeError("a bug")

    bot_id = await ledger.write(make_bot, owner.member, MODEL)
    async with running_engine():
        with monkeypatch.context() as broken:
            broken.setattr("parley.engine.runner.run_turn", break_down)
            asked = await say(owner.member, "Hello", bot_id=bot_id)
            while not await Generation.objects.filter(id=asked.generation_id, owner="").aexists():
                await asyncio.sleep(0.01)
        await ledger.write(sweep)
        heard = await hear(asked.generation_id)
    assert heard.text == words_of(20)


async def test_an_answer_whose_pages_cannot_be_stored_is_not_written_for_ever(
    owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its runner gives it up and lives on; a sweep tries it again, and ends it when it has been tried enough."""
    commit = ledger.commit_pages
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=5")

    def commit_unless_poisoned(pages: Sequence[Page]) -> ledger.Verdicts:
        if any(not page.ending or page.ending.outcome != "interrupted" for page in pages):
            raise ValueError("cannot be stored")
        return commit(pages)

    monkeypatch.setattr(ledger, "commit_pages", commit_unless_poisoned)
    async with running_engine():
        asked = await say(owner.member, "Hello", bot_id=bot_id)
        for _ in range(100):
            await asyncio.sleep(0.05)
            await ledger.write(sweep)
            if (await generation(asked.generation_id)).status == Generation.Status.INTERRUPTED:
                break
    row = await generation(asked.generation_id)
    assert (row.status, row.attempt) == (Generation.Status.INTERRUPTED, 4)
