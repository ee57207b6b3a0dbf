"""How fast lists and long conversations open."""

import sys
import time

from bench.drive import drive
from bench.figure import Figure
from bench.load.crowd import Plan
from bench.load.seen import percentile_ms
from bench.rest import Rest
from bench.stage import PAGE, SHORT, Stage

CONVERSATIONS, TURNS, READS = 1000, 250, 200
WRITERS = 10


def reading(stage: Stage) -> list[Figure]:
    """One person's newest 50 of 1,000 conversations, and one conversation of 500 messages, over a connection that is open."""
    owner = [stage.parley_at_rest.owner_key]
    fill(stage, owner, Plan(WRITERS, SHORT, asks=CONVERSATIONS // WRITERS, fresh=True))
    fill(stage, owner, Plan(1, PAGE, asks=TURNS))
    rest = stage.parley.rest()
    newest = rest.get("/api/v1/conversations?limit=50")["items"]
    longest = f"/api/v1/conversations/{newest[0]['id']}"
    found = {"listed": len(newest), "messages": len(rest.get(longest)["messages"])}
    assert found == {"listed": 50, "messages": 2 * TURNS}, found
    listing = Figure(
        "list",
        "list 50 of 1,000 conversations, p50",
        "ms",
        tuple(p50_ms(rest, "/api/v1/conversations?limit=50") for _ in range(stage.repeats)),
        limit=5,
    )
    opening = Figure(
        "open",
        "open one conversation of 500 messages, p50",
        "ms",
        tuple(p50_ms(rest, longest) for _ in range(stage.repeats)),
        limit=20,
        notes={"bytes": len(rest.get_raw(longest))},
    )
    return [listing, opening]


def fill(stage: Stage, keys: list[str], plan: Plan) -> None:
    """Have real messages asked and answered."""
    parley = stage.parley
    assert parley.running
    done = drive(stage, parley.running, parley.target(plan.model, keys), plan)
    print(f"    {len(done.seen.replies)} replies written", file=sys.stderr)
    assert done.is_flawless, done.notes()


def p50_ms(rest: Rest, path: str) -> float:
    """The median of many reads, one after another."""
    took_us = []
    for _ in range(READS):
        began_ns = time.monotonic_ns()
        rest.get_raw(path)
        took_us.append((time.monotonic_ns() - began_ns) // 1000)
    return percentile_ms(took_us, 50)
