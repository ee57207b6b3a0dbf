"""Tapes go a day after their end; what they said stays, and so do tapes that are still written or just ended."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from parley.engine import ledger
from parley.engine.cleaning import clean_tapes
from parley.engine.models import Event, Generation
from parley.engine.tests.stage import hear, make_bot, running_engine, say
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)


async def tapes() -> set[UUID]:
    return {row async for row in Event.objects.values_list("generation_id", flat=True).distinct()}


async def ended_days_ago(generation_id: UUID) -> None:
    await Generation.objects.filter(id=generation_id).aupdate(ended_at=timezone.now() - timedelta(days=2))


async def test_only_tapes_that_ended_long_ago_go(owner: Person) -> None:
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=5")
    async with running_engine():
        asked, heard = [], []
        for _ in range(3):
            asked.append(await say(owner.member, "Hello", bot_id=bot_id))
            heard.append(await hear(asked[-1].generation_id))
        old, young, younger = [one.generation_id for one in asked]
        await ended_days_ago(old)
        assert await ledger.write(clean_tapes) > 0
        assert await tapes() == {young, younger}
        again = await hear(old)
        assert again.text == heard[0].text, "the message tells what its tape told"


async def test_a_tape_that_is_still_written_keeps_those_beside_it(owner: Person) -> None:
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=5")
    async with running_engine():
        asked = [await say(owner.member, "Hello", bot_id=bot_id) for _ in range(2)]
        for one in asked:
            await hear(one.generation_id)
        first, second = [one.generation_id for one in asked]
        await Generation.objects.filter(id=first).aupdate(ended_at=None, status=Generation.Status.QUEUED)
        await ended_days_ago(second)
        await ledger.write(clean_tapes)
        assert first in await tapes()


async def test_all_go_when_none_is_kept(owner: Person) -> None:
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=5")
    async with running_engine():
        asked = await say(owner.member, "Hello", bot_id=bot_id)
        await hear(asked.generation_id)
        await ended_days_ago(asked.generation_id)
        await ledger.write(clean_tapes)
        assert await tapes() == set()
        following = await say(owner.member, "And on", bot_id=bot_id)
        assert (await hear(following.generation_id)).text, "a tape that begins on an empty log is found"
