"""F-16: a clock that jumps under a running process, and hosts whose clocks differ. Order is by number, leases by the database."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from bench.tokens import WORD
from tests.chaos.auditor import audit
from tests.chaos.browser import browsers
from tests.chaos.conftest import PREFILLED, QUICK, SLOW, standing
from tests.chaos.rest import Rest
from tests.chaos.stack import OneProcess
from tests.chaos.transcript import Transcript
from tests.chaos.vendor import Vendor
from tests.many import Many, Reader, seqs_of, text_of

pytestmark = pytest.mark.thorough

JUMPS = ("+5m", "-5m", "-1h", "+1h", "+0")
TABS = 5


def faketime() -> str:
    """Debian's libfaketime."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    assert found, "this test needs Debian's faketime: apt-get install faketime"
    return str(found[0])


class Clock:
    """What the process under test takes for the time of day; its monotonic clock is left alone."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.jump("+0")

    @property
    def env(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": faketime(),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def jump(self, to: str) -> None:
        draft = self._file.with_suffix(".new")
        draft.write_text(f"{to}\n")
        draft.rename(self._file)


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path / "clock")


@pytest.fixture
def dazed(vendor: Vendor, tmp_path: Path, clock: Clock) -> Iterator[OneProcess]:
    with standing(OneProcess(tmp_path, vendor, clock.env)) as stack:
        yield stack


async def test_a_clock_that_jumps_changes_nothing(
    dazed: OneProcess, clock: Clock, dice: random.Random, seed: int
) -> None:
    """Answers under way end as they should, and a conversation that goes on after each jump keeps its order."""
    transcript, bots = Transcript(), [dazed.bot_of(SLOW), dazed.bot_of(PREFILLED)]
    quick = dazed.bot_of(QUICK)
    async with Rest(dazed.door()) as rest, browsers(TABS, dazed.door, transcript, dice) as tabs:
        first, _ = await tabs[0].ask("Number 0, {key}", bot=quick)
        assert first.ack
        conversation = first.ack["conversation"]
        said = [first.ack["message"]]
        for number, jump in enumerate(JUMPS):
            under_way = [tab.post("Go on, {key}", bot=tab.dice.choice(bots)) for tab in tabs]
            await asyncio.gather(*(tab.acked(post) for tab, post in zip(tabs, under_way, strict=True)))
            await asyncio.sleep(dice.uniform(0.1, 0.8))
            clock.jump(jump)
            next_, _ = await tabs[0].ask(f"Number {number + 1}, {{key}}", conversation=conversation)
            assert next_.ack
            said.append(next_.ack["message"])
            for tab, post in zip(tabs, under_way, strict=True):
                fold = await tab.ended(post.generation)
                assert fold.end
                assert fold.end["type"] == "finished", (jump, fold.end)
        opened = (await rest.call("GET", f"conversations/{conversation}")).body
        asked = [message["id"] for message in opened["messages"] if message["role"] == "user"]
        assert asked == said, "a conversation lost its order to the clock"
    audit(dazed, transcript, seed=seed).check()


async def test_a_process_that_dies_while_its_clock_is_wrong_is_taken_over(
    dazed: OneProcess, clock: Clock, dice: random.Random, seed: int
) -> None:
    """Its leases were given by a clock an hour ahead; the next process has the right time."""
    transcript, bot = Transcript(), dazed.bot_of(SLOW)
    async with browsers(TABS, dazed.door, transcript, dice) as tabs:
        clock.jump("+1h")
        posts = [await tab.acked(tab.post("Go on, {key}", bot=bot)) for tab in tabs]
        await asyncio.sleep(1)
        await asyncio.to_thread(dazed.live.kill)
        clock.jump("+0")
        await asyncio.to_thread(dazed.live.start)
        for tab, post in zip(tabs, posts, strict=True):
            tab.longest_wait_s = 0.5
            fold = await tab.ended(post.generation, within_s=45)
            assert fold.end
            assert fold.end["type"] in ("interrupted", "finished")
    audit(dazed, transcript, seed=seed).check()


@pytest.fixture
def many(vendor: Vendor, tmp_path: Path) -> Iterator[Many]:
    many = Many(tmp_path, vendor.running)
    yield many
    many.end()


def test_hosts_whose_clocks_differ_take_nothing_from_each_other_and_over_from_the_dead(
    many: Many, tmp_path: Path
) -> None:
    """On PostgreSQL: a web host five minutes ahead, a worker five minutes behind, another ahead. One of them dies."""
    ahead, behind = Clock(tmp_path / "ahead"), Clock(tmp_path / "behind")
    ahead.jump("+5m")
    behind.jump("-5m")
    web = many.web("ahead", env=ahead.env)
    many.workers("behind", env=behind.env)
    many.workers("early", env=ahead.env)
    many.change_model(PREFILLED, web, prefill=True)
    bot = many.bot_of(PREFILLED, web)
    with Reader(web, many.key) as left_alone, Reader(web, many.key) as orphaned:
        for reader in (left_alone, orphaned):
            key = str(uuid4())
            parts = [{"type": "text", "text": "Go on"}]
            reader.send(type="message.post", ref=key, key=key, bot=bot, parts=parts)
        asked = [reader.next("ack") for reader in (left_alone, orphaned)]
        shown = orphaned.events(until=5)
        many.writer_of(asked[1]["generation"]).kill()
        for heard in (left_alone.events(), shown + orphaned.events()):
            assert heard[-1]["event"]["type"] == "finished"
            assert [int(number) for number, _ in WORD.findall(text_of(heard))] == list(range(60))
            assert seqs_of(heard) == list(range(1, len(heard) + 1))
