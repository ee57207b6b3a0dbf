"""Readers that stop reading, at the fleet's edge: what a thousand of them cost the servers, and those who do read."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import orjson

from bench.drive import drive_fleet
from bench.figure import Figure
from bench.load.browser import Browser, Target
from bench.rows.streams import steady
from bench.stage import FLOOD, STREAM, Stage

STALLED, OTHERS = 1000, 50
TAPES = 4  # that each of them follows to its end, which is at 256 KiB; and one that is still being written
SMALL_BYTES = 4096
AT_ONCE = 50
ASK_S, FILL_S = 10.0, 120.0
SETTLE_S = 5.0


def fleet_stalled(stage: Stage) -> list[Figure]:
    """How much more memory all parts take together, and how much later the words of 50 others come."""
    count = 100 if stage.quick else STALLED
    fleet = stage.fleet
    assert fleet.running
    drive_fleet(stage, steady(stage, OTHERS))  # what any first minute makes grow
    without = [drive_fleet(stage, steady(stage, OTHERS)) for _ in range(stage.repeats)]
    before = fleet.running.pss_bytes()
    with stalled(fleet.target(FLOOD), fleet.target(STREAM), count) as readers:
        grown_mib = (fleet.running.pss_bytes() - before) / 2**20
        beside = [drive_fleet(stage, steady(stage, OTHERS)) for _ in range(stage.repeats)]
        lasted = sum(reader.is_connected for reader in readers)
    later = 100 * (sum(drive.delay_p95_ms for drive in beside) / sum(drive.delay_p95_ms for drive in without) - 1)
    notes: dict[str, object] = {
        "readers": count,
        "still connected": lasted,
        "without": [drive.notes() for drive in without],
        "beside": [drive.notes() for drive in beside],
    }
    who = f"fleet: {count:,} readers that stop reading"
    return [
        Figure("fleet_stalled", f"{who}: growth of all parts", "MiB", (grown_mib,), limit=300, notes=notes),
        Figure("fleet_stalled_others", f"{who}: others' delay per token, p95, later by", "%", (later,), limit=20),
    ]


@contextmanager
def stalled(floods: Target, stream: Target, count: int) -> Iterator[list[Browser]]:
    """So many sockets of one person that were sent all they follow and have read next to nothing of it. They stay on a loop
    of their own, so that the crowd's is free."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield asyncio.run_coroutine_threadsafe(stall(floods, stream, count), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def stall(floods: Target, stream: Target, count: int) -> list[Browser]:
    """Ask for what they follow, connect them, and wait until the floods have ended."""
    asking = [await ask(target) for target in (*[floods] * TAPES, stream)]
    generations = [browser.unfinished[0].generation for browser in asking]
    readers = [Browser(floods, floods.keys[0], 0) for _ in range(count)]
    for first in range(0, count, AT_ONCE):
        await asyncio.gather(*(follow(reader, generations) for reader in readers[first : first + AT_ONCE]))
    async with asyncio.timeout(FILL_S):
        while any(browser.unfinished for browser in asking[:TAPES]):
            await asyncio.sleep(0.1)
    await asyncio.sleep(SETTLE_S)
    return readers


async def ask(target: Target) -> Browser:
    """Have an answer written that never ends by itself; it is read by who asked for it."""
    browser = Browser(target, target.keys[0], 0)
    await browser.connect()
    reply = browser.post(None)
    async with asyncio.timeout(ASK_S):
        while not reply.generation:
            await asyncio.sleep(0.01)
    return browser


async def follow(reader: Browser, generations: list[str]) -> None:
    """Open its socket with the smallest buffer there is, stop reading, and ask for all of it."""
    await reader.connect()
    assert reader.socket
    transport = reader.socket.transport
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BYTES)
    transport.pause_reading()
    for generation in generations:
        command = {"type": "generation.follow", "ref": "", "generation": generation, "after": 0}
        reader.socket.send(orjson.dumps(command))
