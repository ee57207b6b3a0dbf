"""A fleet takes the next version of the code while people read: nobody sees it."""

import asyncio
import os
import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.processes import ROOT, Running
from tests.chaos.browser import Browser, Door, browsers
from tests.chaos.transcript import Fold, Transcript
from tests.fleet import Fleet
from tests.live import start_vendor

pytestmark = [pytest.mark.timeout(600), pytest.mark.chaos, pytest.mark.thorough]

STREAMS = 50
MODEL = "mock-200x20"  # ten seconds: replies begin before, during and after the restart of each part
NEW_TABLE = '''
from django.db import migrations

class Migration(migrations.Migration):
    """Version 2 wants a table; version 1 neither knows nor minds it."""

    dependencies = [("usage", "{last}")]
    operations = [migrations.RunSQL("CREATE TABLE of_version_two (id integer PRIMARY KEY)", "DROP TABLE of_version_two")]
'''


def checkout(folder: Path, source: Path, number: int) -> Path:
    """The code of `source`, whose processes say which version they are of."""
    shutil.copytree(source / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "tests"))
    shutil.copytree(source / "deploy", folder / "deploy")
    for name in ("docs", "frontend"):
        (folder / name).symlink_to(ROOT / name)
    with (folder / "src" / "parley" / "settings.py").open("a") as settings:
        settings.write(f'\nimport sys\nsys.stderr.write("code of version {number}\\n")\n')
    return folder


def add_migration(folder: Path) -> None:
    migrations = folder / "src" / "parley" / "usage" / "migrations"
    last = max(path.stem for path in migrations.glob("0*.py"))
    (migrations / "0900_version_two.py").write_text(NEW_TABLE.format(last=last))


@pytest.fixture
def vendor() -> Iterator[Running]:
    running = start_vendor(MODEL)
    yield running
    running.end()


@pytest.fixture
def fleet(tmp_path: Path, vendor: Running) -> Iterator[Fleet]:
    """Of version 1; `tmp_path/current` is what an upgrade moves."""
    (tmp_path / "current").symlink_to(checkout(tmp_path / "one", ROOT, 1))
    env = {"PARLEY_SOCKET_COMMANDS_PER_MINUTE": "100000", "PARLEY_SOCKETS_PER_PERSON": "1000"}
    fleet = Fleet(tmp_path / "data", vendor, env, code=tmp_path / "current")
    try:
        fleet.start()
        fleet.found()
        yield fleet
    finally:
        fleet.end()


def upgrade(fleet: Fleet, folder: Path) -> float:
    """As an operator does: the new code takes the place of the old in one step, and the fleet is told. Seconds it took."""
    add_migration(checkout(folder / "two", folder / "one", 2))
    (folder / "next").symlink_to(folder / "two")
    os.replace(folder / "next", folder / "current")  # noqa: PTH105 - Path.replace would follow the link
    began_s = time.monotonic()
    fleet.roll()
    return time.monotonic() - began_s


async def read_on(browser: Browser, bot: str, rolled: asyncio.Event) -> None:
    """One answer after the other in one conversation, until the roll is over."""
    conversation = ""
    while not rolled.is_set():
        where = {"conversation": conversation} if conversation else {"bot": bot}
        post, _ = await browser.ask("Go on", within_s=90, **where)
        assert post.ack
        conversation = post.ack["conversation"]


async def read_through_an_upgrade(fleet: Fleet, folder: Path, transcript: Transcript) -> tuple[list[Browser], float]:
    door = Door(f"wss://127.0.0.1:{fleet.port}/ws", fleet.key, fleet.tls)
    bot = fleet.bot_of(MODEL)
    rolled = asyncio.Event()
    async with browsers(STREAMS, lambda: door, transcript, random.Random(7)) as tabs:
        readers = [asyncio.create_task(read_on(tab, bot, rolled)) for tab in tabs]
        await asyncio.sleep(5)
        took_s = await asyncio.to_thread(upgrade, fleet, folder)
        rolled.set()
        await asyncio.gather(*readers)
        return tabs, took_s


def test_an_upgrade_under_fifty_streams_is_seen_by_nobody(fleet: Fleet, tmp_path: Path) -> None:
    transcript = Transcript()
    tabs, took_s = asyncio.run(read_through_an_upgrade(fleet, tmp_path, transcript))
    folds = {generation: fold for tab in tabs for generation, fold in tab.folds.items()}
    stored = {str(generation): text for generation, text in fleet.rows(STORED_TEXT)}
    silence_s = max(fold.longest_silence_s for fold in folds.values())
    print(
        f"rolled in {took_s:.0f} s: {len(folds)} replies, {transcript.reconnects} reconnects, longest silence {silence_s:.1f} s"
    )

    assert [post.refusal for post in transcript.posts.values() if post.refusal] == []
    assert transcript.contradictions == []
    assert {how_it_ended(fold) for fold in folds.values()} == {"finished"}
    assert {generation: fold.text for generation, fold in folds.items()} == {
        generation: stored[generation] for generation in folds
    }
    assert all(fold.text.count(" w") == 200 for fold in folds.values())
    assert [part for part in PARLEYS if "code of version 2" not in fleet.log(part)] == []
    assert fleet.rows("SELECT count(*) FROM of_version_two") == [(0,)]


PARLEYS = {"web-1", "web-2", "replies-1", "replies-2", "jobs", "beat"}
STORED_TEXT = """
    SELECT generation.id, (SELECT string_agg(part->>'text', '') FROM json_array_elements(message.parts::json) part)
    FROM engine_generation generation JOIN conversations_message message ON message.id = generation.message_id
"""


def how_it_ended(fold: Fold) -> str:
    return str(fold.end["type"]) if fold.end else "not at all"
