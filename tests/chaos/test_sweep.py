"""The kill sweep over the fleet: one death of each part at every named point that the fleet passes."""

import random
import time
from collections.abc import Callable

import pytest

from tests.chaos.auditor import audit
from tests.chaos.conftest import ROUNDS
from tests.chaos.people import talk_through
from tests.chaos.stack import ManyProcesses
from tests.chaos.test_deaths import AT_LEISURE, wait_for_death
from tests.servers import Postgres, Redis, wait_until

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(900)]

LEAST = {"web": 6, "worker": 14}
SHORT = 3
SETTLE_S = 1.0


async def points_of(fleet: ManyProcesses, dice: random.Random) -> dict[str, list[str]]:
    """By role, the points that people make the fleet pass when one worker dies on the way."""
    fleet.killer.forget()
    transcript = await talk_through(fleet, dice, [lambda: fleet.kill("worker"), lambda: None], each_s=(3.0, 12.0))
    audit(fleet, transcript).check()
    passed = {(role, point) for role, point in fleet.killer.passed() if point not in AT_LEISURE}
    points = {role: sorted(point for its, point in passed if its == role) for role in LEAST}
    for role, least in LEAST.items():
        assert len(points[role]) >= least, (role, points)
    return points


def some(dice: random.Random, points: list[str]) -> list[str]:
    """All of them in ten rounds."""
    return dice.sample(points, min(len(points), SHORT * ROUNDS))


def provoke(fleet: ManyProcesses, point: str) -> None:
    """Some points are passed only after something else."""
    if point.startswith("sweep."):
        fleet.kill("worker", number=random.randrange(2))
    elif point == "socket.known":
        fleet.front.cut()


@pytest.mark.parametrize("role", ["web", "worker"])
async def test_a_kill_of_a_part_at_every_point_it_passes_loses_nothing(
    fleet: ManyProcesses, dice: random.Random, seed: int, role: str
) -> None:
    """F-03, F-04."""
    points = some(dice, (await points_of(fleet, dice))[role])
    missed: list[str] = []

    def die_at(point: str) -> Callable[[], None]:
        def die() -> None:
            wait_until(
                fleet.is_steady, timeout_s=60
            )  # one death at a time: who dies all the time can take nothing over
            fleet.killer.arm(point, 1 if point.startswith("sweep.") else dice.randint(1, 5), role=role)
            provoke(fleet, point)
            if not wait_for_death(fleet.killer, within_s=25):
                missed.append(point)

        return die

    transcript = await talk_through(fleet, dice, [die_at(point) for point in points], each_s=(SETTLE_S, 2 * SETTLE_S))
    audit(fleet, transcript, seed=seed).check()
    print(f"{role} died at {len(points) - len(missed)} of {len(points)} points; not at {missed or 'none'}")
    assert len(missed) <= len(points) // 5


@pytest.mark.parametrize("server", ["redis", "postgres"])
async def test_a_kill_of_a_server_while_a_process_stands_at_any_point_loses_nothing(
    fleet: ManyProcesses, dice: random.Random, seed: int, server: str
) -> None:
    """F-05, F-06: the process halts at the point, the server is killed and started again, the process goes on."""
    points = await points_of(fleet, dice)
    both = [(role, point) for role in LEAST for point in some(dice, points[role])]
    missed: list[tuple[str, str]] = []
    victim: Redis | Postgres = getattr(fleet, server)

    def kill_at(role: str, point: str) -> Callable[[], None]:
        def kill() -> None:
            fleet.killer.arm(point, 1 if point.startswith("sweep.") else dice.randint(1, 5), "halt", role=role)
            provoke(fleet, point)
            if not wait_for_death(fleet.killer, within_s=25):
                missed.append((role, point))
                return
            victim.kill()
            if dice.random() < 0.5:
                fleet.killer.go()  # it meets a server that is gone
                time.sleep(dice.uniform(0, 1))
            victim.start()
            fleet.killer.go()  # or one that knows nothing of it any more

        return kill

    troubles = [kill_at(role, point) for role, point in both]
    transcript = await talk_through(fleet, dice, troubles, each_s=(SETTLE_S, 2 * SETTLE_S))
    audit(fleet, transcript, seed=seed).check()
    print(f"{server} died at {len(both) - len(missed)} of {len(both)} points; not at {missed or 'none'}")
    assert len(missed) <= len(both) // 5
