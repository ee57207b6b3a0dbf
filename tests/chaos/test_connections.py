"""F-01, F-02, F-18: what happens between browser and server costs nobody a word."""

import asyncio
import random
import time

import pytest

from tests.chaos.auditor import audit
from tests.chaos.browser import Browser, browsers
from tests.chaos.conftest import PREFILLED, ROUNDS, SLOW, on_both
from tests.chaos.stack import Stack
from tests.chaos.transcript import Transcript

TABS = 20
SEEN_S = 3.0  # a reload shows the text so far; on a quiet machine after some hundredths of a second


async def read_some(tab: Browser, bots: list[str], replies: int) -> None:
    """Ask and read, one answer after another, in a conversation that grows."""
    conversation = None
    for _ in range(replies):
        where = {"conversation": conversation} if conversation else {"bot": tab.dice.choice(bots)}
        post, _ = await tab.ask("Go on, {key}", within_s=90, **where)
        assert post.ack
        conversation = post.ack["conversation"]


@on_both
async def test_a_browser_that_reloads_at_any_word_reads_the_whole_answer(
    shared: Stack, dice: random.Random, seed: int
) -> None:
    """F-01."""
    transcript, bots = Transcript(), [shared.bot_of(SLOW), shared.bot_of(PREFILLED)]
    waits: list[float] = []

    async def reload_twice(tab: Browser) -> None:
        for _ in range(2):
            await asyncio.sleep(tab.dice.uniform(0.05, 1.4))
            began = time.monotonic()
            before = max((fold.seq for fold in tab.folds.values() if not fold.end), default=0)
            tab.longest_wait_s = 0.0  # a reload waits for nobody
            tab.reload()
            if before:
                await tab.until(
                    lambda least=before: max(fold.seq for fold in tab.folds.values()) >= least,  # type: ignore[misc]
                    within_s=20,
                    what="the text so far",
                )
                waits.append(time.monotonic() - began)

    async with browsers(TABS, shared.door, transcript, dice) as tabs:
        for _ in range(ROUNDS):
            await asyncio.gather(*(read_some(tab, bots, 1) for tab in tabs), *map(reload_twice, tabs))
    found = audit(shared, transcript, seed=seed)
    found.check()
    waits.sort()
    print(f"the text so far was back after {waits[len(waits) // 2]:.3f} s (median), {waits[-1]:.3f} s at most")
    assert waits[len(waits) // 2] < SEEN_S


@on_both
async def test_connections_that_break_all_the_time_lose_double_and_reorder_nothing(
    shared: Stack, dice: random.Random, seed: int
) -> None:
    """F-02: resets at any moment."""
    transcript, bots = Transcript(), [shared.bot_of(SLOW), shared.bot_of(PREFILLED)]

    async def break_connections() -> None:
        while True:
            await asyncio.sleep(dice.uniform(0.2, 1.0))
            for tab in tabs:
                if dice.random() < 0.3:
                    tab.longest_wait_s = 0.5
                    tab.cut()
            shared.front.cut(lambda: dice.random() < 0.2)

    async with browsers(TABS, shared.door, transcript, dice) as tabs:
        breaking = asyncio.create_task(break_connections())
        await asyncio.gather(*(read_some(tab, bots, 2 * ROUNDS) for tab in tabs))
        breaking.cancel()
    audit(shared, transcript, seed=seed).check()
    assert transcript.reconnects > TABS


@on_both
@pytest.mark.thorough
async def test_a_connection_in_a_black_hole_is_noticed_and_replaced(
    shared: Stack, dice: random.Random, seed: int
) -> None:
    """F-02: no FIN, no reset, nothing; a browser's ping finds it within 45 s."""
    transcript, bot = Transcript(), shared.bot_of("mock-echo")
    async with browsers(5, shared.door, transcript, dice) as tabs:
        await asyncio.gather(*(tab.ask("Hello, {key}", bot=bot) for tab in tabs))
        shared.front.behave("blackhole")
        posts = [tab.post("Are you there? {key}", bot=bot) for tab in tabs]
        began = time.monotonic()
        await asyncio.sleep(3)
        shared.front.behave("pass")  # new connections live; those in the hole stay dead
        for tab, post in zip(tabs, posts, strict=True):
            await tab.acked(post, within_s=75)
            await tab.ended(post.generation)
        print(f"all were back after {time.monotonic() - began:.1f} s")
    assert time.monotonic() - began < 60
    audit(shared, transcript, seed=seed).check()
