"""What an idle socket weighs."""

import asyncio
import time

import uvloop

from bench.figure import Figure
from bench.load.browser import Browser, Target
from bench.processes import Running
from bench.stage import SHORT, Stage

WARM, WEIGHED, AT_ONCE = 100, 2000, 50
SETTLE_S = 3.0


def sockets(stage: Stage) -> list[Figure]:
    """Growth of resident memory by 2,000 sockets that only listen, of 1,000 people, after 100 others have warmed it up."""
    parley = stage.parley_at_rest
    weighed = 500 if stage.quick else WEIGHED
    runs, refused = [], 0
    for _ in range(stage.repeats):
        parley.end()
        running = parley.start()
        kib, missing = uvloop.run(weigh(parley.target(SHORT), running, weighed))
        runs.append(kib)
        refused += missing
    relay = stage.relay(SHORT)
    floor, _ = uvloop.run(weigh(Target(f"ws://127.0.0.1:{relay.port}/ws", ["sk-nobody"]), relay, weighed))
    notes: dict[str, object] = {"sockets": weighed, "refused": refused}
    label = "memory per idle socket"
    return [Figure("sockets", label, "KiB", tuple(runs), limit=60, floor=(floor,), notes=notes)]


async def weigh(target: Target, running: Running, count: int) -> tuple[float, int]:
    """KiB per socket, and how many were closed or refused."""
    warm = await connect(target, WARM)
    await asyncio.sleep(SETTLE_S)
    before = running.rss_bytes()
    browsers = await connect(target, count)
    await asyncio.sleep(SETTLE_S)
    grown = running.rss_bytes() - before
    missing = sum(not browser.is_connected for browser in browsers)
    for browser in (*warm, *browsers):
        browser.close()
    await asyncio.sleep(0.5)
    return grown / max(1, count - missing) / 1024, missing


async def connect(target: Target, count: int) -> list[Browser]:
    """Open so many sockets, fifty at a time."""
    browsers = [Browser(target, target.keys[i % len(target.keys)], 0) for i in range(count)]
    for first in range(0, count, AT_ONCE):
        await asyncio.gather(*(browser.connect() for browser in browsers[first : first + AT_ONCE]))
    return browsers


def accept_rate(stage: Stage) -> list[Figure]:
    """Sockets that sign in and are accepted, a second, fifty at a time."""
    count = 500 if stage.quick else 1000

    async def measure(target: Target) -> float:
        began_s = time.monotonic()
        browsers = await connect(target, count)
        took_s = time.monotonic() - began_s
        for browser in browsers:
            browser.close()
        return count / took_s

    runs = tuple(uvloop.run(measure(stage.parley.target(SHORT))) for _ in range(stage.repeats))
    relay = stage.relay(SHORT)
    floor = uvloop.run(measure(Target(f"ws://127.0.0.1:{relay.port}/ws", ["sk-nobody"])))
    label = "sockets accepted a second"
    return [Figure("accept_rate", label, "/s", runs, more_is_better=True, floor=(floor,))]
