"""Titles from the first exchange, by the model that answered it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async

from parley.conversations.actions import rename
from parley.conversations.models import Conversation
from parley.engine import ledger, titles
from parley.engine.start import Asked
from parley.engine.tasks import ring_for_missing_titles, write_title
from parley.engine.tests.stage import hear, make_bot, running_engine, say
from parley.providers.routes import forget_models
from parley.providers.wire.mock import vendor, words_of
from parley.usage.models import UsageRecord
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = "What is a tape, and why does it have numbers?"


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The bells that were rung; nobody answers them here."""
    bells: list[tuple[str, str]] = []
    monkeypatch.setattr(write_title, "delay", lambda *ids: bells.append(ids))
    return bells


async def exchange(person: Person, model: str) -> Asked:
    bot_id: UUID = await ledger.write(make_bot, person.member, model)
    async with running_engine():
        asked = await say(person.member, QUESTION, bot_id=bot_id)
        await hear(asked.generation_id)
    return asked


async def title_after(person: Person, asked: Asked) -> Conversation:
    await sync_to_async(titles.write_title)(asked.conversation_id, person.member.user_id)
    return await Conversation.objects.aget(id=asked.conversation_id)


async def test_a_short_answer_becomes_the_title_and_is_paid_for(owner: Person) -> None:
    named = await title_after(owner, await exchange(owner, "mock-lorem?tokens=5"))
    assert named.title == words_of(5).strip()
    assert named.title_source == Conversation.TitleSource.MODEL
    record = await UsageRecord.objects.aget(purpose="title")
    assert record.output_tokens == 5


@pytest.mark.parametrize("model", ["mock-lorem?tokens=50", "mock-echo"])
async def test_a_model_that_chatters_leaves_the_first_words(owner: Person, model: str) -> None:
    named = await title_after(owner, await exchange(owner, model))
    assert named.title == QUESTION
    assert named.title_source == Conversation.TitleSource.KEPT


async def test_a_vendor_that_fails_leaves_the_first_words(owner: Person) -> None:
    asked = await exchange(owner, "mock-lorem?tokens=5")
    card = (await Conversation.objects.select_related("bot").aget(id=asked.conversation_id)).bot
    assert card is not None
    version = await card.versions.select_related("model_card").aget()
    assert version.model_card is not None
    version.model_card.name = "mock-401"
    await version.model_card.asave()
    forget_models()
    named = await title_after(owner, asked)
    assert (named.title, named.title_source) == (QUESTION, Conversation.TitleSource.KEPT)


async def test_a_persons_title_is_never_replaced(owner: Person) -> None:
    asked = await exchange(owner, "mock-lorem?tokens=5")
    await sync_to_async(rename)(owner.member, asked.conversation_id, "Mine", version=1)
    vendor.reset()
    named = await title_after(owner, asked)
    assert named.title == "Mine"
    assert vendor.requests == []


async def test_only_the_first_exchange_rings(owner: Person, rung: list[tuple[str, str]]) -> None:
    asked = await exchange(owner, "mock-lorem?tokens=5")
    async with running_engine():
        second = await say(owner.member, "And then?", conversation_id=asked.conversation_id)
        await hear(second.generation_id)
    assert rung == [(str(asked.conversation_id), str(owner.member.user_id))]


async def test_titles_can_be_turned_off(owner: Person, rung: list[tuple[str, str]], settings: Any) -> None:
    settings.TITLES = False
    await exchange(owner, "mock-lorem?tokens=5")
    assert rung == []


async def test_titles_that_are_off_are_not_rung_for_later_either(
    owner: Person, rung: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.TITLES = False
    await exchange(owner, "mock-echo")
    monkeypatch.setattr(titles, "RING_AGAIN_AFTER", timedelta(0))
    await sync_to_async(ring_for_missing_titles)()
    assert rung == []
    settings.TITLES = True
    await sync_to_async(ring_for_missing_titles)()
    assert len(rung) == 1


async def test_a_lost_ring_is_rung_again_later(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = await exchange(owner, "mock-lorem?tokens=5")
    assert await sync_to_async(titles.conversations_without_title)() == [], "too early"
    monkeypatch.setattr(titles, "RING_AGAIN_AFTER", -titles.RING_AGAIN_AFTER)
    waiting = await sync_to_async(titles.conversations_without_title)()
    assert waiting == [(asked.conversation_id, owner.member.user_id)]
    await title_after(owner, asked)
    assert await sync_to_async(titles.conversations_without_title)() == []
