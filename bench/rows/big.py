"""A year of a hundred people on PostgreSQL: how long list, open and search take among millions of messages."""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from urllib.parse import quote

from bench.figure import Figure
from bench.load.seen import percentile_ms
from bench.processes import ROOT, DidNotStart, python
from bench.stage import Parley, Stage
from tests.servers import Postgres

CONVERSATIONS, MESSAGES = 100_000, 2_000_000
PEOPLE = 100
READS = 400
OPTIONS = {"max_wal_size": "8GB", "shared_buffers": "256MB", "max_parallel_maintenance_workers": "2"}


def big(stage: Stage) -> list[Figure]:
    """Seeds for some minutes. Each read is another person's, over a connection that is open."""
    with Postgres(stage.folder / "postgres", durable=False, options=OPTIONS) as postgres:
        parley = Parley(stage.folder / "big", stage.vendor.port, people=PEOPLE, database=postgres.url)
        try:
            parley.set_up()
            parley.start()  # which makes the bots that the seed speaks by
            words = _seed(parley, quick=stage.quick)
            return _figures(parley, words)
        finally:
            parley.end()


def _seed(parley: Parley, *, quick: bool) -> list[str]:
    """Returns words to search for, the most frequent first."""
    share = 50 if quick else 1
    counts = ("--conversations", str(CONVERSATIONS // share), "--messages", str(MESSAGES // share))
    done = subprocess.run(
        python("-m", "bench.seed", *counts), env=parley.whole_env, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise DidNotStart("the database could not be seeded")
    return done.stdout.split()


def _figures(parley: Parley, words: list[str]) -> list[Figure]:
    dice = random.Random(1)
    newest = {key: parley.rest(key).get("/api/v1/conversations?limit=50")["items"] for key in parley.keys}
    questions = [*words, *(word[:3] for word in words), *(f"{a} {b}" for a, b in pairwise(words))]
    rest = parley.rest(parley.keys[0])
    hits = {one: len(rest.get(f"/api/v1/search?q={quote(one)}&limit=100")["items"]) for one in questions}
    print(f"    hits of one person on a page of 100: {hits}", file=sys.stderr)

    def opened(key: str) -> str:
        return f"/api/v1/conversations/{dice.choice(newest[key])['id']}"

    reads: dict[str, tuple[str, float, Callable[[str], str]]] = {
        "big_list": (
            "list 50 of 1,000 conversations among 100,000, p95",
            150,
            lambda _: "/api/v1/conversations?limit=50",
        ),
        "big_open": ("open one of 100,000 conversations, p95", 250, opened),
        "big_search": (
            "search 20,000 messages among 2,000,000, p95",
            400,
            lambda _: f"/api/v1/search?q={quote(dice.choice(questions))}",
        ),
    }
    return [_figure(parley, dice, name, *what) for name, what in reads.items()]


def _figure(
    parley: Parley, dice: random.Random, name: str, label: str, limit_ms: float, path: Callable[[str], str]
) -> Figure:
    took_us, slowest = [], (0, "")
    for _ in range(READS):
        key = dice.choice(parley.keys)
        asked, rest = path(key), parley.rest(key)
        rest.get_raw("/healthz/live")  # so that the connection is open
        began_ns = time.monotonic_ns()
        rest.get_raw(asked)
        took_us.append((time.monotonic_ns() - began_ns) // 1000)
        slowest = max(slowest, (took_us[-1], asked))
        rest.close()
    notes = {"p50_ms": percentile_ms(took_us, 50), "slowest_ms": slowest[0] / 1000, "slowest": slowest[1]}
    return Figure(name, label, "ms", (percentile_ms(took_us, 95),), limit=limit_ms, notes=notes)
