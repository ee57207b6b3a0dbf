"""F-07 on PostgreSQL: its tables can grow no more, or it dies because it can write nothing; or only Parley's own disk is full."""

import asyncio
import random
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.chaos.auditor import audit
from tests.chaos.browser import browsers
from tests.chaos.conftest import PREFILLED, QUICK, SLOW, standing
from tests.chaos.disk import Disk
from tests.chaos.killer import Killer
from tests.chaos.rest import Answer, Rest
from tests.chaos.stack import OnPostgres
from tests.chaos.test_database import TABS, read_on
from tests.chaos.transcript import Transcript
from tests.chaos.vendor import Vendor
from tests.servers import Postgres, lent_to_postgres

pytestmark = pytest.mark.thorough

FULL_S, HEALED_S = 5.0, 5.0
LONG = 12_000  # bytes, twice as many letters: no page that has room for so many is left on a full disk
SMALL_WAL = {"min_wal_size": "32MB", "max_wal_size": "48MB"}


@dataclass
class Crowded:
    """A Parley whose PostgreSQL lies on a small disk."""

    stack: OnPostgres
    disk: Disk

    def fill(self) -> None:
        self.disk.fill(self.stack.postgres.pid)

    def free(self) -> None:
        """And start PostgreSQL again if it is gone, as whoever keeps it does."""
        self.disk.free(self.stack.postgres.pid)
        if not self.stack.postgres.is_running:
            self.stack.postgres.start()

    async def statuses(self, bot: str, seconds: float) -> list[Answer]:
        """What a program hears that says something long every half second."""
        heard, until = [], time.monotonic() + seconds
        async with Rest(self.stack.door()) as rest:
            while time.monotonic() < until:
                asked = await rest.call("POST", "conversations", {"bot": bot})
                if asked.status == 201:
                    body = {"key": str(uuid4()), "parts": [{"type": "text", "text": secrets.token_hex(LONG)}]}
                    asked = await rest.call("POST", f"conversations/{asked.body['id']}/messages", body)
                heard.append(asked)
                await asyncio.sleep(0.5)
        return heard


@pytest.fixture
def tables(vendor: Vendor, tmp_path: Path) -> Iterator[Crowded]:
    """Only the tables lie on the small disk, not the write-ahead log."""
    with ExitStack() as at_the_end:
        postgres = Postgres(tmp_path / "postgres")
        at_the_end.callback(postgres.end)
        disk = Disk(postgres.data / "pg_tblspc", "96m")
        at_the_end.callback(disk.end)
        disk.check_mounted()
        lent_to_postgres(disk.folder)
        with psycopg.connect(postgres.url_of("postgres"), autocommit=True) as connection:
            # A place outside the data folder would have to be reached through pytest's folders, which are root's alone.
            connection.execute("SET allow_in_place_tablespaces = on")
            connection.execute("CREATE TABLESPACE small LOCATION ''")
            connection.execute("ALTER DATABASE parley SET TABLESPACE small")
        with standing(OnPostgres(tmp_path / "one", vendor, postgres)) as stack:
            yield Crowded(stack, disk)


@pytest.fixture
def everything(vendor: Vendor, tmp_path: Path) -> Iterator[Crowded]:
    """All of it, the write-ahead log included."""
    disk = Disk(tmp_path / "disk", "256m")
    try:
        disk.check_mounted()
        postgres = Postgres(disk.folder, options=SMALL_WAL)
        with standing(OnPostgres(tmp_path / "one", vendor, postgres)) as stack:
            yield Crowded(stack, disk)
            print(stack.postgres.log[-3000:])
    finally:
        disk.end()


@pytest.fixture
def files(vendor: Vendor, tmp_path: Path) -> Iterator[Crowded]:
    """Only Parley's own folder lies there, with its files and its log."""
    disk = Disk(tmp_path / "disk", "32m")
    try:
        disk.check_mounted()
        postgres = Postgres(tmp_path / "postgres")
        with standing(OnPostgres(disk.folder, vendor, postgres, killer=Killer(tmp_path / "points"))) as stack:
            yield Crowded(stack, disk)
    finally:
        disk.end()


async def test_tables_that_can_grow_no_more_take_nothing_half_and_grow_again(
    tables: Crowded, dice: random.Random, seed: int
) -> None:
    """PostgreSQL lives on and refuses (`disk_full`)."""
    await fill_and_free(tables, dice, seed)
    assert "No space left on device" in tables.stack.postgres.log
    assert "PANIC" not in tables.stack.postgres.log


async def test_a_postgresql_that_dies_of_a_full_disk_loses_nothing(
    everything: Crowded, dice: random.Random, seed: int
) -> None:
    """It ends itself when it cannot write its log, and comes up again when there is room."""
    postgres = everything.stack.postgres

    def write_log() -> None:
        with suppress(psycopg.Error):  # until there is no room for the next piece of it
            while True:
                with psycopg.connect(postgres.url, autocommit=True) as connection:
                    connection.execute("SELECT pg_switch_wal(), pg_logical_emit_message(true, 'chaos', 'x')")

    await fill_and_free(everything, dice, seed, write_log)
    assert "PANIC" in postgres.log


async def test_a_full_disk_of_parleys_own_refuses_uploads_and_holds_up_no_answer(
    files: Crowded, dice: random.Random, seed: int
) -> None:
    stack, transcript = files.stack, Transcript()
    async with browsers(1, stack.door, transcript, dice) as (tab,):
        files.fill()
        refused = await upload(stack)
        _, fold = await tab.ask("Go on, {key}", bot=stack.bot_of(QUICK))
        files.free()
        taken = await upload(stack)
    audit(stack, transcript, seed=seed).check()
    assert (refused.status, refused.body["code"]) == (507, "no_room")
    assert fold.end == {"type": "finished", "reason": "stop"}, fold.end
    assert taken.status == 201
    kept = [path for path in (stack.live.folder / "files").rglob("*") if path.is_file()]
    assert len(kept) == 1, kept


async def upload(stack: OnPostgres) -> Answer:
    async with Rest(stack.door()) as rest:
        return await rest.call("POST", "files?name=a.bin", "x" * 100_000)


async def fill_and_free(
    crowded: Crowded, dice: random.Random, seed: int, and_then: Callable[[], None] = lambda: None
) -> None:
    """People read on while the disk is full, and to the end when there is room again."""
    stack, transcript, enough = crowded.stack, Transcript(), asyncio.Event()
    bots, quick = [stack.bot_of(SLOW), stack.bot_of(PREFILLED)], stack.bot_of(QUICK)
    pid = stack.live.pid
    async with browsers(TABS, stack.door, transcript, dice) as tabs:
        reading = [asyncio.create_task(read_on(tab, bots, enough)) for tab in tabs]
        await asyncio.sleep(1)
        crowded.fill()
        await asyncio.to_thread(and_then)
        heard = await crowded.statuses(quick, FULL_S)
        await asyncio.to_thread(crowded.free)
        began = time.monotonic()
        healed = await crowded.statuses(quick, HEALED_S)
        enough.set()
        await asyncio.gather(*reading)
    print(f"while full {said(heard)}; after it {said(healed)}; {time.monotonic() - began:.1f} s to the end")
    audit(stack, transcript, seed=seed).check()
    assert 503 in {answer.status for answer in heard}
    assert {answer.status for answer in heard} <= {202, 503}
    assert healed[-1].status == 202
    assert stack.live.pid == pid


def said(answers: list[Answer]) -> list[tuple[int, str]]:
    return [(answer.status, answer.body.get("code", "")) for answer in answers]
