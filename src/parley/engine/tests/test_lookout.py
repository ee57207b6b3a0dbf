"""What a worker finds without any hint, and what a web process does when it finds too much."""

import asyncio
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from parley.core.errors import Busy
from parley.engine import ledger, lookout
from parley.engine.admission import QUEUE_AGE_LIMIT_S, strain
from parley.engine.lease import install_runner, queue_age_s
from parley.engine.lookout import Lookout
from parley.engine.models import Generation
from parley.engine.start import Asked
from parley.engine.stop import ask_to_stop
from parley.engine.tests.stage import generation, hear, make_bot, running_engine, say
from parley.providers.wire.mock import vendor, words_of
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)

MODEL = "mock-lorem?tokens=20"


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookout, "LOOK_S", 0.05)


async def queued(person: Person, *, age_s: float = 0.0) -> Asked:
    """A reply that nobody was rung for, or whose bell was lost."""
    bot_id = await ledger.write(make_bot, person.member, MODEL)
    asked = await say(person.member, "Hello", bot_id=bot_id)
    if age_s:
        due = timezone.now() - timedelta(seconds=age_s)
        await Generation.objects.filter(id=asked.generation_id).aupdate(lease_until=due)
    return asked


async def test_a_worker_takes_what_waited_a_second_for_a_bell(owner: Person) -> None:
    bot_id = await ledger.write(make_bot, owner.member, MODEL)
    async with running_engine() as runner:
        watch = asyncio.create_task(Lookout(runner, None).run())
        install_runner(None)  # as where it is asked nobody writes
        begun = time.monotonic()
        asked = await say(owner.member, "Hello", bot_id=bot_id)
        install_runner(runner)
        assert (await hear(asked.generation_id)).text == words_of(20)
        assert time.monotonic() - begun > 0.9  # whoever is rung for it has the first right
        watch.cancel()


async def test_a_lease_that_ran_out_is_believed_only_once_the_database_has_been_steady(
    owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookout, "PATIENCE_S", 1.0)
    asked = await queued(owner, age_s=1)
    running = {"status": Generation.Status.RUNNING, "owner": "silent", "fence": 1, "attempt": 1}
    await Generation.objects.filter(id=asked.generation_id).aupdate(**running)
    async with running_engine() as runner:
        begun = time.monotonic()
        watch = asyncio.create_task(Lookout(runner, None).run())
        assert (await hear(asked.generation_id)).text == words_of(20)
        assert time.monotonic() - begun > 1.0
        watch.cancel()


async def test_what_was_handed_over_is_taken_at_once(owner: Person) -> None:
    asked = await queued(owner, age_s=1)
    running = {"status": Generation.Status.RUNNING, "owner": "", "fence": 1, "attempt": 1}
    await Generation.objects.filter(id=asked.generation_id).aupdate(**running)
    async with running_engine() as runner:
        watch = asyncio.create_task(Lookout(runner, None).run())
        async with asyncio.timeout(lookout.PATIENCE_S / 2):
            assert (await hear(asked.generation_id)).text == words_of(20)
        watch.cancel()


async def test_a_full_worker_takes_nothing(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = await queued(owner, age_s=1)
    async with running_engine() as runner:
        monkeypatch.setattr("django.conf.settings.MAX_STREAMS", 0)
        watch = asyncio.create_task(Lookout(runner, None).run())
        await asyncio.sleep(0.5)
        assert (await generation(asked.generation_id)).status == Generation.Status.QUEUED
        watch.cancel()


async def test_a_wish_to_stop_is_seen_while_the_vendor_is_silent(owner: Person) -> None:
    bot_id = await ledger.write(make_bot, owner.member, "mock-silence?at=3")
    async with running_engine() as runner:
        watch = asyncio.create_task(Lookout(runner, None).run())
        asked = await say(owner.member, "Hello", bot_id=bot_id)
        await hear(asked.generation_id, until=2)
        closed = vendor.closed_early
        # as another process does: nobody here is told
        await Generation.objects.filter(id=asked.generation_id).aupdate(stop_requested=True)
        assert (await hear(asked.generation_id)).kinds[-1] == "stopped"
        assert vendor.closed_early == closed + 1
        watch.cancel()


async def test_new_work_is_refused_while_old_work_waits(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await ledger.read(queue_age_s) == 0
    await queued(owner, age_s=QUEUE_AGE_LIMIT_S)
    assert await ledger.read(queue_age_s) > QUEUE_AGE_LIMIT_S
    watch = asyncio.create_task(lookout.watch_queue())
    try:
        async with asyncio.timeout(5):
            while strain.queue_age_s == 0:
                await asyncio.sleep(0.01)
        with pytest.raises(Busy) as refused:
            await queued(owner)
        assert refused.value.retry_after_s
    finally:
        watch.cancel()
        strain.queue_age_s = 0.0


async def test_stop_reaches_a_reply_that_is_still_queued(owner: Person) -> None:
    asked = await queued(owner, age_s=1)
    await ledger.write(ask_to_stop, [asked.generation_id])
    async with running_engine() as runner:
        watch = asyncio.create_task(Lookout(runner, None).run())
        assert (await hear(asked.generation_id)).kinds == ["stopped"]
        watch.cancel()
