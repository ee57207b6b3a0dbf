"""Readers that stop reading, at the fleet's edge: what a thousand of them cost the servers, and those who do read."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

import orjson

from bench.drive import drive_fleet
from bench.figure import Figure
from bench.load.browser import Browser, Target
from bench.rows.streams import steady
from bench.stage import FLOOD, STREAM, Stage

STALLED, OTHERS = 1000, 50
PEOPLE = 25  # whose tabs they are: one person may have 50 at a web host
TAPES = 2  # that each of them follows, and that end at 256 KiB; beside one that is still being written
SMALL_BYTES = 4096
ASK_S, FILL_S, SETTLE_S = 20.0, 300.0, 10.0


@dataclass(slots=True)
class Person:
    """One who asked: the answers under way, and what a tab has to follow to read them."""

    key: str
    floods: list[Browser] = field(default_factory=list)
    generations: list[str] = field(default_factory=list)


def fleet_stalled(stage: Stage) -> list[Figure]:
    """How much more memory all parts take together, and how much later the words of 50 others come."""
    count = 100 if stage.quick else STALLED
    fleet = stage.fleet
    assert fleet.running
    with loop_beside() as beside_us:
        floods, stream = fleet.target(FLOOD), fleet.target(STREAM)
        people = asyncio.run_coroutine_threadsafe(have_written(floods, stream), beside_us).result()
        without = [drive_fleet(stage, steady(stage, OTHERS)) for _ in range(stage.repeats)]
        before = fleet.running.pss_bytes()
        readers = asyncio.run_coroutine_threadsafe(stall(floods, people, count), beside_us).result()
        beside = [drive_fleet(stage, steady(stage, OTHERS)) for _ in range(stage.repeats)]
        grown_mib = (fleet.running.pss_bytes() - before) / 2**20
    later = 100 * (sum(drive.delay_p95_ms for drive in beside) / sum(drive.delay_p95_ms for drive in without) - 1)
    notes: dict[str, object] = {
        "readers": len(readers),
        "without": [drive.notes() for drive in without],
        "beside": [drive.notes() for drive in beside],
    }
    who = f"fleet: {count:,} readers that stop reading"
    return [
        Figure("fleet_stalled", f"{who}: growth of all parts", "MiB", (grown_mib,), limit=300, notes=notes),
        Figure("fleet_stalled_others", f"{who}: others' delay per token, p95, later by", "%", (later,), limit=20),
    ]


@contextmanager
def loop_beside() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop in a thread of its own, where sockets may stay while a crowd has one to itself."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def have_written(floods: Target, stream: Target) -> list[Person]:
    """For each person, answers that are long and have ended, and one that goes on."""
    people = [Person(key) for key in floods.keys[-PEOPLE:]]  # the crowd's people are the first ones
    for person in people:
        person.floods = [await ask(floods, person.key) for _ in range(TAPES)]
        asked = [*person.floods, await ask(stream, person.key)]
        person.generations = [browser.unfinished[0].generation for browser in asked]
    async with asyncio.timeout(FILL_S):
        while any(browser.unfinished for person in people for browser in person.floods):
            await asyncio.sleep(0.1)
    return people


async def ask(target: Target, key: str) -> Browser:
    """Have an answer written that never ends by itself; it is read by who asked for it."""
    browser = Browser(target, key, 0)
    await browser.connect()
    reply = browser.post(None)
    async with asyncio.timeout(ASK_S):
        while not reply.generation:
            await asyncio.sleep(0.01)
    return browser


async def stall(target: Target, people: list[Person], count: int) -> list[Browser]:
    """So many tabs that ask for all of it and read next to nothing."""
    readers: list[Browser] = []
    for person in people:
        tabs = [Browser(target, person.key, 0) for _ in range(count // len(people))]
        await asyncio.gather(*(follow(tab, person.generations) for tab in tabs))
        readers += tabs
    await asyncio.sleep(SETTLE_S)
    return readers


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
