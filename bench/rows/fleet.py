"""Many processes on one machine, through nginx with TLS: `parley fleet` and its load share the two cores."""

import asyncio
import random
import time
from collections.abc import Sequence

import psutil
import uvloop

from bench.drive import Drive, drive_fleet, drive_relay
from bench.figure import Figure
from bench.load.browser import Browser, Target
from bench.load.crowd import Plan
from bench.load.seen import percentile_ms
from bench.load.socket import HandshakeRefused
from bench.rows.sockets import connect
from bench.rows.streams import steady
from bench.stage import SHORT, SINGLE, Stage

ASKS, WARMING = 60, 10  # a p95 of ten asks would be the slowest of them
SOCKETS = 5000
IDLE_S = 600.0
SETTLE_S = 3.0
JITTER_S = 30.0  # the browser's full jitter: 0 to 1, 2, 4 … at most 30 seconds
STUCK_S = 150.0


def fleet_first_token(stage: Stage) -> list[Figure]:
    """One user, who asks again and again, after every part has answered a few times. The very first ask is in the notes."""
    plan = Plan(1, SINGLE, asks=ASKS, fresh=True)
    warm = drive_fleet(stage, Plan(1, SINGLE, asks=WARMING, fresh=True))
    drives = [drive_fleet(stage, plan) for _ in range(stage.repeats)]
    floor = drive_relay(stage, plan)
    label = "fleet: added time to first token, 1 user, p95"
    notes: dict[str, object] = {"fleet": [drive.notes() for drive in drives], "warming": warm.notes()}
    return [Figure("fleet_first_token", label, "ms", firsts(drives), limit=30, floor=firsts([floor]), notes=notes)]


def fleet_hundred(stage: Stage) -> list[Figure]:
    """100 streams: the first token, and what a token costs all processes together."""
    drives = [drive_fleet(stage, steady(stage, 100)) for _ in range(stage.repeats)]
    floor = drive_relay(stage, steady(stage, 100))
    notes: dict[str, object] = {"fleet": [drive.notes() for drive in drives], "relay": floor.notes()}
    label = "fleet: added time to first token, 100 streams, p95"
    first = Figure("fleet_first_token_100", label, "ms", firsts(drives), limit=150, floor=firsts([floor]), notes=notes)
    spent = tuple(drive.cpu_s_per_1000_tokens for drive in drives)
    label = "fleet: CPU of all processes per 1,000 tokens, 100 streams"
    return [first, Figure("fleet_cpu", label, "s", spent, limit=0.30, floor=(floor.cpu_s_per_1000_tokens,))]


def fleet_two_hundred(stage: Stage) -> list[Figure]:
    """200 streams: nothing lost, doubled or out of order, and not much later."""
    drives = [drive_fleet(stage, steady(stage, 200)) for _ in range(stage.repeats)]
    floor = drive_relay(stage, steady(stage, 200))
    flaws = float(sum(sum(drive.flaws.values()) for drive in drives))
    notes: dict[str, object] = {"fleet": [drive.notes() for drive in drives], "relay": floor.notes()}
    delays = tuple(drive.delay_p95_ms for drive in drives)
    return [
        Figure("fleet_flaws_200", "fleet: 200 streams: errors, lost, doubled", "in all", (flaws,), limit=0),
        Figure(
            "fleet_delay_200",
            "fleet: 200 streams: added delay per token, p95",
            "ms",
            delays,
            limit=150,
            floor=(floor.delay_p95_ms,),
            notes=notes,
        ),
    ]


def firsts(drives: Sequence[Drive]) -> tuple[float, ...]:
    """The p95 of the time to the first word, of each run."""
    return tuple(percentile_ms(drive.seen.first_us, 95) for drive in drives)


def fleet_idle(stage: Stage) -> list[Figure]:
    """5,000 signed-in sockets at one web host that only listen: what one weighs, and how many are closed by themselves."""
    count, idle_s = (500, 30.0) if stage.quick else (SOCKETS, IDLE_S)
    fleet = stage.fleet
    web = fleet.parts("web-1")
    kib, closed = uvloop.run(sit(fleet.target(SHORT), web, count, idle_s))
    notes: dict[str, object] = {"sockets": count, "seconds": idle_s}
    return [
        Figure("fleet_socket", "fleet: memory of a web host per idle socket", "KiB", (kib,), limit=60, notes=notes),
        Figure("fleet_closes", f"fleet: of {count:,} idle sockets, closed by themselves", "in all", (closed,), limit=0),
    ]


async def sit(target: Target, web: Sequence[psutil.Process], count: int, idle_s: float) -> tuple[float, float]:
    """KiB for each of the half that this web host has got, and how many sockets did not last."""
    warm = await connect(target, 100)
    await asyncio.sleep(SETTLE_S)
    before = sum(process.memory_info().rss for process in web)
    browsers = await connect(target, count)
    await asyncio.sleep(SETTLE_S)
    grown = sum(process.memory_info().rss for process in web) - before
    await asyncio.sleep(idle_s)
    closed = sum(not browser.is_connected for browser in (*warm, *browsers))
    for browser in (*warm, *browsers):
        browser.close()
    return grown / (count / 2) / 1024, closed


def fleet_storm(stage: Stage) -> list[Figure]:
    """5,000 sockets that come back together: spread by the browser's jitter, and all in one instant."""
    count = 500 if stage.quick else SOCKETS
    target = stage.fleet.target(SHORT)
    spread_s, stuck = uvloop.run(storm(target, count, JITTER_S))
    at_once_s, stuck_at_once = uvloop.run(storm(target, count, 0.0))
    return [
        Figure("fleet_storm", f"fleet: {count:,} sockets come back with jitter", "s", (spread_s,), limit=60),
        Figure("fleet_storm_at_once", f"fleet: {count:,} sockets come back at once", "s", (at_once_s,), limit=120),
        Figure("fleet_stuck", "fleet: of those, never back", "in all", (float(stuck + stuck_at_once),), limit=0),
    ]


async def storm(target: Target, count: int, jitter_s: float) -> tuple[float, int]:
    """Seconds until the last one is back, and how many are not. Whoever is refused waits as a browser does."""
    browsers = [Browser(target, target.keys[i % len(target.keys)], 0) for i in range(count)]
    began_s = time.monotonic()
    await asyncio.gather(*(come_back(browser, jitter_s, began_s + STUCK_S) for browser in browsers))
    took_s = time.monotonic() - began_s
    stuck = sum(not browser.is_connected for browser in browsers)
    for browser in browsers:
        browser.close()
    await asyncio.sleep(SETTLE_S)
    return took_s, stuck


async def come_back(browser: Browser, jitter_s: float, until_s: float) -> None:
    """Try until it is let in."""
    await asyncio.sleep(random.uniform(0, jitter_s))
    wait_s = 1.0
    while time.monotonic() < until_s:
        try:
            await asyncio.wait_for(browser.connect(), 20)
        except (HandshakeRefused, OSError, TimeoutError):
            await asyncio.sleep(random.uniform(0, wait_s))
            wait_s = min(30.0, 2 * wait_s)
        else:
            return
