"""A stage for turns: a running engine, a bot on the mock wire, and a reader that follows to the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from parley.accounts.access import Member
from parley.bots.models import Bot, BotVersion
from parley.conversations.parts import TextPart
from parley.core.ids import uuid7
from parley.engine import ledger
from parley.engine.draft import draft_of
from parley.engine.events import Event, load_event
from parley.engine.follow import Follower
from parley.engine.lease import installed_runner
from parley.engine.models import Generation
from parley.engine.runner import Runner
from parley.engine.service import Engine
from parley.engine.start import Asked, ask
from parley.providers.models import Endpoint, ModelCard


@asynccontextmanager
async def running_engine() -> AsyncIterator[Runner]:
    engine = Engine()
    await engine.start()
    runner = installed_runner()
    assert isinstance(runner, Runner)
    try:
        yield runner
    finally:
        await engine.stop()


def make_bot(member: Member, model: str, *, prefill: bool = False) -> UUID:
    """A bot on the mock wire, whose model's name is its script."""
    endpoint = Endpoint.objects.create(workspace_id=member.workspace_id, name=f"mock {uuid7()}", wire="mock")
    card = ModelCard.objects.create(endpoint=endpoint, name=model, prefill=prefill)
    bot = Bot.objects.create(workspace_id=member.workspace_id)
    BotVersion.objects.create(bot=bot, number=1, name=model, model_card=card)
    return bot.id


async def say(member: Member, text: str, *, bot_id: UUID | None = None, conversation_id: UUID | None = None) -> Asked:
    return await ledger.write(
        ask, member, [TextPart(text=text)], key=uuid7(), bot_id=bot_id, conversation_id=conversation_id
    )


@dataclass(frozen=True)
class Heard:
    """What a reader heard of one tape."""

    seqs: list[int]
    events: list[Event]

    @property
    def text(self) -> str:
        return draft_of(self.events).text

    @property
    def kinds(self) -> list[str]:
        return [event.type for event in self.events]


async def hear(generation_id: UUID, *, after: int = 0, until: int | None = None, timeout_s: float = 10.0) -> Heard:
    """Follow to the end, or until `until` events were heard."""
    runner = installed_runner()
    assert isinstance(runner, Runner)
    bell = asyncio.Event()
    follower = Follower(runner.hub, bell.set)
    follower.follow(generation_id, after=after)
    heard = Heard([], [])
    try:
        async with asyncio.timeout(timeout_s):
            while not follower.is_idle:
                await bell.wait()
                bell.clear()
                async for _, entries in follower.news():
                    heard.seqs.extend(entry.seq for entry in entries)
                    heard.events.extend(load_event(entry.body) for entry in entries)
                    if until is not None and len(heard.seqs) >= until:
                        return heard
    finally:
        follower.close()
    return heard


async def generation(generation_id: UUID) -> Generation:
    return await Generation.objects.select_related("message").aget(id=generation_id)
