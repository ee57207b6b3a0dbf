"""Many replies at once: 150 words each, 30 a second."""

import sys

from bench.drive import FULL_PACE, REPLY_S, Drive, drive_parley, drive_relay
from bench.figure import Figure
from bench.load.crowd import Plan
from bench.load.seen import percentile_ms
from bench.rows.stored import unlike_stored
from bench.stage import LONG, Stage

MOST_DELAY_MS = 250.0
LEVELS = range(100, 1001, 100)
TRIES = 2


def steady(stage: Stage, users: int) -> Plan:
    """Users who started evenly over one reply's length, so that at any moment all parts of a reply are being said."""
    return Plan(users, LONG, stagger_s=REPLY_S, warm_s=2.0, window_s=5.0 if stage.quick else 15.0)


def hundred(stage: Stage) -> list[Figure]:
    """100 streams: the first token, and what a token costs."""
    drives = [drive_parley(stage, steady(stage, 100)) for _ in range(stage.repeats)]
    floor = drive_relay(stage, steady(stage, 100))
    notes: dict[str, object] = {"parley": [drive.notes() for drive in drives], "relay": floor.notes()}
    first = Figure(
        "first_token_100",
        "added time to first token, 100 streams, p95",
        "ms",
        tuple(percentile_ms(drive.seen.first_us, 95) for drive in drives),
        limit=60,
        floor=(percentile_ms(floor.seen.first_us, 95),),
        notes=notes,
    )
    cpu = Figure(
        "cpu",
        "server CPU per 1,000 tokens, 100 streams",
        "s",
        tuple(drive.cpu_s_per_1000_tokens for drive in drives),
        limit=0.10,
        floor=(floor.cpu_s_per_1000_tokens,),
    )
    return [first, cpu]


def three_hundred(stage: Stage) -> list[Figure]:
    """300 streams: nothing lost, nothing doubled, and hardly later."""
    drives, unlike = [], 0
    for _ in range(stage.repeats):
        drives.append(drive_parley(stage, steady(stage, 300)))
        unlike += unlike_stored(stage.parley, drives[-1].seen.replies)
    floor = drive_relay(stage, steady(stage, 300))
    notes: dict[str, object] = {
        "parley": [drive.notes() for drive in drives],
        "relay": floor.notes(),
        "unlike_stored": unlike,
    }
    flaws = Figure(
        "flaws_300",
        "300 streams: errors, lost, doubled or unlike the stored text",
        "in all",
        (float(sum(sum(drive.flaws.values()) for drive in drives) + unlike),),
        limit=0,
        floor=(float(sum(floor.flaws.values())),),
    )
    delay = Figure(
        "delay_300",
        "300 streams: added delay per token, p95",
        "ms",
        tuple(drive.delay_p95_ms for drive in drives),
        limit=60,
        floor=(floor.delay_p95_ms,),
        notes=notes,
    )
    return [flaws, delay]


def most(stage: Stage) -> list[Figure]:
    """The most streams that are flawless, at full pace, and with a p95 of added delay below 250 ms."""
    tried: list[dict[str, object]] = []
    best = 0
    for users in LEVELS:
        if not any(is_carried(drive_parley(stage, steady(stage, users)), tried) for _ in range(TRIES)):
            break
        best = users
    label = "most streams with p95 of added delay below 250 ms"
    return [Figure("most", label, "streams", (float(best),), limit=400, more_is_better=True, notes={"tried": tried})]


def is_carried(drive: Drive, tried: list[dict[str, object]]) -> bool:
    """Whether a level was reached; notes how it went."""
    tried.append(drive.notes())
    print(f"    {drive.plan.users} streams: p95 {drive.delay_p95_ms:.1f} ms, pace {drive.pace:.2f}", file=sys.stderr)
    return drive.is_flawless and drive.pace >= FULL_PACE and drive.delay_p95_ms < MOST_DELAY_MS


def burst(stage: Stage) -> list[Figure]:
    """100 and 300 users who all ask within one instant, once."""
    return [figure for users in (100, 300) for figure in burst_of(stage, users)]


def burst_of(stage: Stage, users: int) -> list[Figure]:
    """The first tokens after such an instant, and the delay of all that follow."""
    plan = Plan(users, LONG, asks=1)
    drives = [drive_parley(stage, plan) for _ in range(stage.repeats)]
    floor = drive_relay(stage, plan)
    notes: dict[str, object] = {"parley": [drive.notes() for drive in drives], "relay": floor.notes()}
    first = Figure(
        f"burst_{users}_first",
        f"{users} ask in one instant: added time to first token, p95",
        "ms",
        tuple(percentile_ms(drive.seen.first_us, 95) for drive in drives),
        floor=(percentile_ms(floor.seen.first_us, 95),),
        notes=notes,
    )
    delay = Figure(
        f"burst_{users}_delay",
        f"{users} ask in one instant: added delay per token, p95",
        "ms",
        tuple(drive.delay_p95_ms for drive in drives),
        floor=(floor.delay_p95_ms,),
    )
    return [first, delay]
