"""F-06, F-07 on SQLite: somebody else holds the lock, or the disk is full. Nothing half is stored, and all goes on by itself."""

import asyncio
import random
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.auditor import audit
from tests.chaos.browser import Browser, browsers
from tests.chaos.conftest import PREFILLED, QUICK, SLOW, standing
from tests.chaos.disk import Disk
from tests.chaos.killer import Killer
from tests.chaos.rest import Rest
from tests.chaos.stack import OneProcess
from tests.chaos.transcript import Transcript
from tests.chaos.vendor import Vendor

pytestmark = pytest.mark.thorough

TABS = 6
LOCKED_S = 12.0  # longer than SQLite's own patience of 10 s
FULL_S = 4.0


def words(text: str) -> list[dict[str, str]]:
    return [{"type": "text", "text": text}]


async def read_on(tab: Browser, bots: list[str], until: asyncio.Event) -> None:
    tab.longest_wait_s = 1.0
    while not until.is_set():
        await tab.ask("Go on, {key}", bot=tab.dice.choice(bots), within_s=90)


async def statuses_of_posts(stack: OneProcess, bot: str, seconds: float) -> list[tuple[int, str, float]]:
    """What a program hears that posts every half second: status, code, and how long it waited."""
    heard, until = [], time.monotonic() + seconds
    async with Rest(stack.door()) as rest:
        while time.monotonic() < until:
            began = time.monotonic()
            answer = await rest.call("POST", "conversations", {"bot": bot})
            code = answer.body.get("code", "") if isinstance(answer.body, dict) else str(answer.body)
            heard.append((answer.status, code, time.monotonic() - began))
            await asyncio.sleep(0.5)
    return heard


async def test_a_database_that_another_program_locks_stops_the_words_and_loses_none(
    shared: OneProcess, dice: random.Random, seed: int
) -> None:
    """F-06. Streams pause; whoever posts is told to come back; then everything goes on."""
    transcript, enough = Transcript(), asyncio.Event()
    bots = [shared.bot_of(SLOW), shared.bot_of(PREFILLED)]

    def hold() -> None:
        with sqlite3.connect(shared.live.folder / "parley.sqlite3", timeout=20, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(LOCKED_S)
            other.execute("COMMIT")

    async with browsers(TABS, shared.door, transcript, dice) as tabs:
        reading = [asyncio.create_task(read_on(tab, bots, enough)) for tab in tabs]
        await asyncio.sleep(1)
        _, heard = await asyncio.gather(
            asyncio.to_thread(hold), statuses_of_posts(shared, shared.bot_of(QUICK), LOCKED_S + 3)
        )
        enough.set()
        await asyncio.gather(*reading)
    audit(shared, transcript, seed=seed).check()
    print(f"posts meanwhile: {heard}")
    assert {status for status, _, _ in heard} <= {201, 503}
    assert heard[-1][0] == 201


@pytest.fixture
def crowded(vendor: Vendor, tmp_path: Path) -> Iterator[tuple[OneProcess, Disk]]:
    disk = Disk(tmp_path / "disk")
    try:
        with standing(OneProcess(disk.folder, vendor, killer=Killer(tmp_path / "points"))) as stack:
            yield stack, disk
            print(stack.live.log[-6000:])  # it lies on a disk that is about to go
    finally:
        disk.end()


async def test_a_full_disk_takes_nothing_half_and_heals_without_a_restart(
    crowded: tuple[OneProcess, Disk], dice: random.Random, seed: int
) -> None:
    """F-07."""
    stack, disk = crowded
    transcript, enough = Transcript(), asyncio.Event()
    bots, quick = [stack.bot_of(SLOW), stack.bot_of(PREFILLED)], stack.bot_of(QUICK)
    pid = stack.live.pid
    async with browsers(TABS, stack.door, transcript, dice) as tabs:
        reading = [asyncio.create_task(read_on(tab, bots, enough)) for tab in tabs]
        await asyncio.sleep(1)
        print(f"{disk.used_bytes / 2**20:.0f} MiB are used")
        disk.fill(pid)
        heard = await statuses_of_posts(stack, quick, FULL_S)
        disk.free(pid)
        began = time.monotonic()
        healed = await statuses_of_posts(stack, quick, 3)
        enough.set()
        await asyncio.gather(*reading)
        print(f"{disk.kind}: posts meanwhile {heard}; after it {healed}; {time.monotonic() - began:.1f} s to the end")
    audit(stack, transcript, seed=seed).check()
    assert 503 in {status for status, _, _ in heard}
    assert {status for status, _, _ in heard} <= {201, 503}
    assert healed[-1][0] == 201
    assert stack.live.pid == pid
