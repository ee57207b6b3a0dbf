"""F-03 to F-06 on the fleet: its web hosts, workers, Redis and PostgreSQL die, one after another, under many streams."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.chaos.auditor import audit
from tests.chaos.browser import Browser, browsers
from tests.chaos.conftest import PREFILLED, ROUNDS, SLOW
from tests.chaos.stack import ManyProcesses
from tests.chaos.transcript import Transcript

pytestmark = pytest.mark.thorough

STREAMS = 20 if ROUNDS < 5 else 50
PATIENCE_S = 90.0


@dataclass
class Crowd:
    """Streams side by side, each asking again as soon as it has its answer, until they have had enough."""

    tabs: list[Browser]
    bots: list[str]
    has_enough: bool = False
    silences_s: list[float] = field(default_factory=list)
    firsts_s: list[float] = field(default_factory=list)

    async def read(self, tab: Browser) -> None:
        tab.longest_wait_s = 1.0
        while not self.has_enough:
            _, fold = await tab.ask("Go on, {key}", bot=tab.dice.choice(self.bots), within_s=PATIENCE_S)
            self.silences_s.append(fold.longest_silence_s)
            self.firsts_s.append(fold.first_s)

    async def during(self, trouble: Callable[[], None], *, warm_s: float = 1.5, cool_s: float = 3.0) -> float:
        """Read while there is trouble, then to the end. Returns the longest silence that any reader saw."""
        reading = [asyncio.create_task(self.read(tab)) for tab in self.tabs]
        await asyncio.sleep(warm_s)
        await asyncio.to_thread(trouble)
        await asyncio.sleep(cool_s)
        self.has_enough = True
        await asyncio.gather(*reading)
        print(f"the longest wait for a first event was {max(self.firsts_s):.2f} s")
        return max(self.silences_s)


async def trouble_on(
    fleet: ManyProcesses,
    dice: random.Random,
    trouble: Callable[[], None],
    *,
    models: tuple[str, ...] = (SLOW, PREFILLED),
) -> tuple[Transcript, float]:
    transcript = Transcript()
    async with fleet.kept_alive(), browsers(STREAMS, fleet.door, transcript, dice) as tabs:
        silence_s = await Crowd(tabs, [fleet.bot_of(model) for model in models]).during(trouble)
    return transcript, silence_s


async def test_the_fleet_answers_without_any_trouble(fleet: ManyProcesses, dice: random.Random, seed: int) -> None:
    transcript, silence_s = await trouble_on(fleet, dice, lambda: None)
    audit(fleet, transcript, seed=seed).check()
    print(f"the longest silence in an answer was {silence_s:.2f} s")
    assert silence_s < 5


async def test_a_reply_worker_that_is_killed_is_replaced_by_the_other(
    fleet: ManyProcesses, dice: random.Random, seed: int
) -> None:
    """F-04."""
    transcript, silence_s = await trouble_on(fleet, dice, lambda: fleet.kill("worker"), models=(PREFILLED,))
    audit(fleet, transcript, seed=seed).check()
    print(f"takeover: the longest silence was {silence_s:.2f} s")
    assert silence_s < 20


async def test_a_web_host_that_is_killed_costs_nobody_a_word(
    fleet: ManyProcesses, dice: random.Random, seed: int
) -> None:
    """F-03."""
    transcript, silence_s = await trouble_on(fleet, dice, lambda: fleet.kill("web"))
    audit(fleet, transcript, seed=seed).check()
    print(f"web host: the longest silence was {silence_s:.2f} s")
    assert silence_s < 10


async def test_a_redis_that_is_killed_and_comes_back_empty_loses_nothing(
    fleet: ManyProcesses, dice: random.Random, seed: int
) -> None:
    """F-05."""
    transcript, silence_s = await trouble_on(fleet, dice, fleet.redis.restart)
    audit(fleet, transcript, seed=seed).check()
    print(f"Redis: the longest silence was {silence_s:.2f} s")
    assert silence_s < 5


async def test_a_redis_that_is_slow_costs_latency_and_nothing_else(
    fleet: ManyProcesses, dice: random.Random, seed: int
) -> None:
    """F-21, F-05: every word to and from it is held back, then it lies in a black hole."""

    def be_slow() -> None:
        for mode, amount in (("delay", 1.0), ("blackhole", 0.0)):
            fleet.hints.behave(mode, amount)  # type: ignore[arg-type] # both are modes
            time.sleep(4)
        fleet.hints.behave("pass")
        fleet.hints.cut()  # what lies in the hole stays there; a new connection lives

    transcript, silence_s = await trouble_on(fleet, dice, be_slow)
    audit(fleet, transcript, seed=seed).check()
    print(f"slow Redis: the longest silence was {silence_s:.2f} s")
    assert silence_s < 5


async def test_a_postgresql_that_is_killed_and_comes_back_loses_nothing(
    fleet: ManyProcesses, dice: random.Random, seed: int
) -> None:
    """F-06."""
    transcript, silence_s = await trouble_on(fleet, dice, fleet.postgres.restart)
    audit(fleet, transcript, seed=seed).check()
    print(f"PostgreSQL: the longest silence was {silence_s:.2f} s")
    assert silence_s < 15
