"""F-13: stop means stop, at any moment, twice, from another device, and when nobody listens."""

import asyncio
import random

import pytest

from tests.chaos.auditor import audit
from tests.chaos.browser import browsers
from tests.chaos.conftest import ENDLESS, QUICK, ROUNDS, THINKING, on_both
from tests.chaos.rest import Rest
from tests.chaos.stack import Stack
from tests.chaos.transcript import Transcript

TABS = 10


@on_both
async def test_a_stop_at_any_moment_from_any_device_is_the_end(shared: Stack, dice: random.Random, seed: int) -> None:
    """Before the first word, amid them, at the end and after it; from the tab, another one, or a program; twice."""
    transcript = Transcript()
    bots = [shared.bot_of(model) for model in (THINKING, ENDLESS, QUICK)]
    async with Rest(shared.door()) as rest, browsers(TABS, shared.door, transcript, dice) as tabs:

        async def stop_one(number: int) -> None:
            tab, other = tabs[number], tabs[number - 1]
            for _ in range(4 * ROUNDS):
                post = await tab.acked(tab.post("Say much, {key}", bot=tab.dice.choice(bots)))
                await asyncio.sleep(tab.dice.choice([0, 0.01, 0.05, 0.3, 0.7]))
                way = tab.dice.randrange(3)
                if way == 2:
                    assert (await rest.call("POST", f"generations/{post.generation}/stop")).status == 200
                else:
                    (tab if way else other).stop(post.generation)
                if tab.dice.random() < 0.3:
                    tab.stop(post.generation)
                fold = await tab.ended(post.generation, within_s=10)
                assert fold.end
                assert fold.end["type"] in ("stopped", "finished")
                await asyncio.sleep(0.05)
                assert fold.seq == max(transcript.shown[post.generation]), "something came after the end"

        await asyncio.gather(*map(stop_one, range(TABS)))
        await asyncio.sleep(2.5)  # the vendor must have been left by then
    found = audit(shared, transcript, seed=seed)
    found.check()
    assert len(transcript.stops) > TABS


@on_both
async def test_closing_every_tab_stops_nothing(shared: Stack, dice: random.Random, seed: int) -> None:
    """Disconnecting is never stopping (N6)."""
    transcript, bot = Transcript(), shared.bot_of("mock-90x30")
    async with browsers(3, shared.door, transcript, dice) as tabs:
        posts = [await tab.acked(tab.post("Go on alone, {key}", bot=bot)) for tab in tabs]
    await asyncio.sleep(4)
    async with browsers(1, shared.door, transcript, dice) as tabs:
        for post in posts:
            tabs[0].follow(post.generation)
            fold = await tabs[0].ended(post.generation)
            assert fold.end
            assert fold.end["type"] == "finished"
    audit(shared, transcript, seed=seed).check()


@on_both
@pytest.mark.parametrize("silent", ["mock-8x0-noheaders", "mock-8x30-silence:3"])
async def test_a_vendor_that_says_nothing_is_left_at_once_when_somebody_stops(
    shared: Stack, dice: random.Random, seed: int, silent: str
) -> None:
    transcript = Transcript()
    async with browsers(2, shared.door, transcript, dice) as tabs:
        post = await tabs[0].acked(tabs[0].post("Are you there? {key}", bot=shared.bot_of(silent)))
        await asyncio.sleep(0.5)
        tabs[1].stop(post.generation)
        fold = await tabs[0].ended(post.generation, within_s=3)
        assert fold.end == {"type": "stopped"}
        await asyncio.sleep(2.5)
    audit(shared, transcript, seed=seed).check()
