"""How much later the first token comes than the vendor said it."""

from bench.drive import Drive, drive_parley, drive_relay
from bench.figure import Figure
from bench.load.crowd import Plan
from bench.load.seen import percentile_ms
from bench.stage import SINGLE, Stage

ASKS = 40
LIMIT_MS = 10.0


def first_token(stage: Stage) -> list[Figure]:
    """One user, who asks again and again, each time in a new conversation."""
    plan = Plan(1, SINGLE, asks=10 if stage.quick else ASKS, fresh=True)
    drives = [drive_parley(stage, plan) for _ in range(stage.repeats)]
    floor = drive_relay(stage, plan)
    return [
        Figure(
            "first_token",
            "added time to first token, 1 user, p50",
            "ms",
            tuple(map(p50_ms, drives)),
            limit=LIMIT_MS,
            floor=(p50_ms(floor),),
            notes={"parley": drives[-1].notes(), "relay": floor.notes()},
        )
    ]


def p50_ms(drive: Drive) -> float:
    """The median time from the post to the first word."""
    return percentile_ms(drive.seen.first_us, 50)
