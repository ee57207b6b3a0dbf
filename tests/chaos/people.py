"""People who talk while things break: they ask, read, stop what would never end, and go on until they have had enough."""

import asyncio
import random
from collections.abc import Callable

from tests.chaos.browser import Browser, browsers
from tests.chaos.conftest import ENDLESS, PLAIN, PREFILLED, QUICK
from tests.chaos.stack import Stack
from tests.chaos.transcript import Transcript

TABS = 6
PATIENCE_S = 90.0  # a start, leases, a reply, on a busy machine


class People:
    """All of them, over all troubles of a scenario."""

    def __init__(self, stack: Stack) -> None:
        self.bots = [stack.bot_of(model) for model in (PREFILLED, PLAIN, QUICK)]
        self.endless = stack.bot_of(ENDLESS)
        self.has_enough = False

    async def talk(self, tab: Browser) -> None:
        tab.longest_wait_s = 1.0
        while not self.has_enough:
            if tab.dice.random() < 0.15:
                await self._stop_one(tab)
            else:
                await tab.ask("Go on, {key}", bot=tab.dice.choice(self.bots), within_s=PATIENCE_S)

    async def _stop_one(self, tab: Browser) -> None:
        post = await tab.acked(tab.post("Never end, {key}", bot=self.endless), within_s=PATIENCE_S)
        await asyncio.sleep(tab.dice.uniform(0, 0.3))
        while not tab.folds[post.generation].end:  # a browser asks again when its wish was lost with a connection
            tab.stop(post.generation)
            await asyncio.sleep(0.5)


async def talk_through(
    stack: Stack, dice: random.Random, troubles: list[Callable[[], None]], *, each_s: tuple[float, float]
) -> Transcript:
    """People talk while one trouble follows another; then they hear their answers to the end."""
    transcript, people = Transcript(), People(stack)
    async with stack.kept_alive(), browsers(TABS, stack.door, transcript, dice) as tabs:
        talking = [asyncio.create_task(people.talk(tab)) for tab in tabs]
        for trouble in troubles:
            await asyncio.sleep(dice.uniform(*each_s))
            await asyncio.to_thread(trouble)
            for task in talking:
                if task.done():
                    task.result()
        people.has_enough = True
        await asyncio.gather(*talking)
    return transcript
