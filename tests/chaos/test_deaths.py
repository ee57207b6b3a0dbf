"""F-03, F-04 on one process: killed at any moment and at every named point, started again, it has lost nothing."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.chaos.auditor import audit
from tests.chaos.browser import browsers
from tests.chaos.conftest import BOTH, ENDLESS, PLAIN, PREFILLED, QUICK, ROUNDS, standing
from tests.chaos.killer import Killer
from tests.chaos.people import talk_through
from tests.chaos.stack import ManyProcesses, OneProcess, Stack
from tests.chaos.transcript import Transcript
from tests.chaos.vendor import Vendor

LEAST_POINTS = 20
# Passed only when a process ends in good order, or lives long, which a sweep of kills does not wait for.
AT_LEISURE = {"handover.cancelled", "handover.released", "lease.renewed"}
SHORT = 6  # points of a sweep in `make test`


@pytest.fixture
def mortal(vendor: Vendor, tmp_path: Path) -> Iterator[OneProcess]:
    stack = OneProcess(tmp_path, vendor, {"PARLEY_SHUTDOWN_GRACE_S": "1"})
    with standing(stack, PREFILLED, PLAIN, QUICK, ENDLESS):
        yield stack


@pytest.mark.thorough
async def test_no_kill_at_any_moment_loses_anything(mortal: OneProcess, dice: random.Random, seed: int) -> None:
    def kill() -> None:
        if mortal.live.is_running:
            mortal.live.kill()

    transcript = await talk_through(mortal, dice, [kill] * 3 * ROUNDS, each_s=(2.0, 5.0))
    audit(mortal, transcript, seed=seed).check()
    assert len(transcript.acked) >= ROUNDS


async def test_no_kill_at_a_named_point_loses_anything(mortal: OneProcess, dice: random.Random, seed: int) -> None:
    """As SQLite tests itself: count the points that a scenario passes, then die once at each of them."""
    points = await passed_points(mortal, dice)
    assert len(points) >= LEAST_POINTS, sorted(points)
    chosen = dice.sample(sorted(points), SHORT) if ROUNDS == 1 else sorted(points) * max(1, ROUNDS // 5)
    missed: list[str] = []

    def die_at(point: str) -> Callable[[], None]:
        def die() -> None:
            mortal.killer.arm(point, 1 if point.startswith("sweep.") else dice.randint(1, 5))
            if point.startswith("sweep."):
                mortal.live.kill()  # somebody has to die first, or there is nothing to take over
            mortal.front.cut(lambda: point == "socket.known")  # somebody has to come back
            if not wait_for_death(mortal.killer):
                missed.append(point)

        return die

    transcript = await talk_through(mortal, dice, [die_at(point) for point in chosen], each_s=(0.2, 1.0))
    audit(mortal, transcript, seed=seed).check()
    print(f"died at {len(chosen) - len(missed)} of {len(chosen)} points; not at {sorted(set(missed)) or 'none'}")
    assert len(missed) <= len(chosen) // 5


@pytest.fixture
def keeps_dying(request: pytest.FixtureRequest, vendor: Vendor, tmp_path: Path) -> Iterator[Stack]:
    build: type[ManyProcesses | OneProcess] = ManyProcesses if request.param == "PostgreSQL" else OneProcess
    with standing(build(tmp_path, vendor), PLAIN) as stack:
        yield stack


@pytest.mark.parametrize("keeps_dying", BOTH, indirect=True)
@pytest.mark.thorough
async def test_an_answer_that_kills_its_process_each_time_is_ended_and_the_next_ones_are_written(
    keeps_dying: Stack, dice: random.Random, seed: int
) -> None:
    """F-20: poison. Three attempts, then it is interrupted. In a fleet each attempt waits for the lease of the one before."""
    transcript, mortal = Transcript(), keeps_dying
    within_s = 12.0 if mortal.database == "SQLite" else 45.0
    async with mortal.kept_alive(), browsers(2, mortal.door, transcript, dice) as (tab, other):
        tab.longest_wait_s = other.longest_wait_s = 0.5
        mortal.killer.arm("vendor.asked")
        poison = await tab.acked(tab.post("Poison, {key}", bot=mortal.bot_of(PLAIN)))
        for _ in range(2):
            assert await asyncio.to_thread(wait_for_death, mortal.killer, within_s)
            mortal.killer.arm("vendor.asked")
        assert await asyncio.to_thread(wait_for_death, mortal.killer, within_s)
        fold = await tab.ended(poison.generation)
        assert fold.end == {"type": "interrupted"}
        _, fold = await other.ask("And this? {key}", bot=mortal.bot_of(PLAIN))
        assert fold.end
        assert fold.end["type"] == "finished"
    audit(mortal, transcript, seed=seed).check()


async def passed_points(stack: OneProcess, dice: random.Random) -> Counter[str]:
    """The points that the scenario passes, one kill included, so that a sweep has something to take over."""
    stack.killer.forget()
    transcript = await talk_through(stack, dice, [stack.live.kill], each_s=(1.5, 2.0))
    audit(stack, transcript).check()
    return Counter({point: times for (_, point), times in stack.killer.passed().items() if point not in AT_LEISURE})


def wait_for_death(killer: Killer, within_s: float = 12.0) -> bool:
    """Whether a process acted at the armed point in time; else the order is taken back."""
    until = time.monotonic() + within_s
    while not killer.has_acted and time.monotonic() < until:
        time.sleep(0.02)
    return not killer.disarm()
