"""Two processes, one that writes and one that reads, with hints between them that may be lost."""

import asyncio
from collections.abc import Callable

import orjson
import pytest

from parley.core.hints import Hear
from parley.core.ids import uuid7
from parley.engine import relay as relays
from parley.engine.follow import Follower
from parley.engine.hub import Hub
from parley.engine.queries import Replay, numbers_of
from parley.engine.relay import Relay
from parley.engine.values import Entry

GENERATION = uuid7()


class Air:
    """Carries hints between processes at once, unless it is told to lose them."""

    def __init__(self) -> None:
        self.is_up = True
        self.told: list[tuple[str, bytes]] = []
        self.ears: dict[str, list[Hear]] = {}

    def on(self, channel: str, hear: Hear) -> None:
        self.ears.setdefault(channel, []).append(hear)

    def on_return(self, act: Callable[[], None]) -> None:
        self.act = act

    def tell(self, channel: str, body: bytes) -> None:
        self.told.append((channel, body))
        if self.is_up:
            for hear in self.ears.get(channel, ()):
                hear(body)


class Tables:
    """What SQL holds of the one tape."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.entries: list[Entry] = []
        self.is_over = False
        self.replays = 0
        monkeypatch.setattr("parley.engine.ledger.read", self._read)

    async def _read(self, function: Callable[..., object], *args: object) -> object:
        if function is numbers_of:
            return {GENERATION: (len(self.entries), self.is_over)}
        _, after = args
        assert isinstance(after, int)
        self.replays += 1
        return Replay(self.entries[after:], is_over=self.is_over)


@pytest.fixture
def air() -> Air:
    return Air()


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Tables:
    monkeypatch.setattr("parley.engine.relay.LOOK_S", 0.05)
    return Tables(monkeypatch)


class Writing:
    """The process that writes the tape."""

    def __init__(self, air: Air, tables: Tables, *, claims: bool = True) -> None:
        self.hub = Hub()
        self.relay = Relay(self.hub, air, "writer", writes=True)
        self._tables = tables
        if claims:
            self.claim()

    def claim(self) -> None:
        self.hub.open(GENERATION, last_seq=0)

    def write(self, *bodies: str, is_last: bool = False) -> None:
        """Commit and publish."""
        first = len(self._tables.entries) + 1
        entries = [Entry(seq, 0, body) for seq, body in enumerate(bodies, first)]
        self._tables.entries.extend(entries)
        self._tables.is_over = is_last
        self.hub._show(GENERATION, self.hub._live[GENERATION], entries, is_complete=is_last)
        self.relay.published(GENERATION, entries, is_complete=is_last)


class Reading:
    """A reader in another process."""

    def __init__(self, air: Air) -> None:
        self.hub = Hub()
        self.relay = Relay(self.hub, air, "reader", writes=False)
        self.bell = asyncio.Event()
        self.follower = Follower(self.hub, self.bell.set)
        self.heard: list[str] = []

    async def read(self, until: int) -> list[str]:
        async with asyncio.timeout(5):
            while len(self.heard) < until:
                await self.bell.wait()
                self.bell.clear()
                async for _, entries in self.follower.news():
                    self.heard.extend(entry.body for entry in entries)
        return self.heard


async def tick() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_frames_come_without_sql_once_a_reader_has_asked(air: Air, tables: Tables) -> None:
    writing, reading = Writing(air, tables), Reading(air)
    reading.follower.follow(GENERATION, after=0)
    await tick()
    writing.write("a")
    await tick()
    assert await reading.read(1) == ["a"]
    stored = tables.replays
    writing.write("b", "c")
    writing.write("d")
    assert await reading.read(4) == list("abcd")
    assert tables.replays == stored
    frames = [orjson.loads(body) for channel, body in air.told if channel == "frames:reader"]
    assert [len(batch) for batch in frames] == [1, 2]  # one hint for all pages of a batch


async def test_who_rang_hears_from_the_first_word_without_sql(air: Air, tables: Tables) -> None:
    writing, reading = Writing(air, tables), Reading(air)
    reading.hub.expect(GENERATION)
    reading.follower.follow(GENERATION, after=0)
    writing.relay.add_reader(GENERATION, "reader")
    writing.write("a")
    await tick()
    assert (await reading.read(1), tables.replays) == (["a"], 0)


async def test_who_asks_before_the_generation_is_claimed_is_remembered(air: Air, tables: Tables) -> None:
    writing, reading = Writing(air, tables, claims=False), Reading(air)
    reading.follower.follow(GENERATION, after=0)
    await tick()
    writing.claim()
    writing.write("a")
    await tick()
    assert await reading.read(1) == ["a"]
    assert writing.relay._readers[GENERATION].keys() == {"reader"}


async def test_a_gap_is_read_from_sql_at_once(air: Air, tables: Tables) -> None:
    writing, reading = Writing(air, tables), Reading(air)
    reading.follower.follow(GENERATION, after=0)
    await tick()
    writing.write("a")
    await reading.read(1)
    air.is_up = False
    writing.write("lost")
    await tick()
    air.is_up = True
    writing.write("c")
    assert await reading.read(3) == ["a", "lost", "c"]


async def test_silence_is_mended_by_a_look_into_sql_and_by_asking_again(air: Air, tables: Tables) -> None:
    writing, reading = Writing(air, tables), Reading(air)
    air.is_up = False
    reading.follower.follow(GENERATION, after=0)
    await tick()
    task = asyncio.create_task(reading.relay.run())
    writing.write("a", "b")
    assert await reading.read(2) == ["a", "b"]
    air.is_up = True
    async with asyncio.timeout(5):
        while not writing.relay._readers:
            await asyncio.sleep(0.01)
    stored = tables.replays
    writing.write("c")
    assert await reading.read(3) == ["a", "b", "c"]
    assert tables.replays == stored
    task.cancel()


async def test_a_silent_tape_costs_its_readers_no_sql(air: Air, tables: Tables) -> None:
    Writing(air, tables)
    reading = Reading(air)
    reading.follower.follow(GENERATION, after=0)
    task = asyncio.create_task(reading.relay.run())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await reading.read(1)
    assert tables.replays <= 2  # ten looks of the process, one statement each, are not counted here
    task.cancel()


async def test_an_end_that_was_lost_is_learned_from_sql(air: Air, tables: Tables) -> None:
    writing, reading = Writing(air, tables), Reading(air)
    reading.follower.follow(GENERATION, after=0)
    await tick()
    writing.write("a")
    await reading.read(1)
    air.is_up = False
    writing.write("end", is_last=True)
    task = asyncio.create_task(reading.relay.run())
    assert await reading.read(2) == ["a", "end"]
    assert reading.follower.is_idle
    task.cancel()


async def test_a_process_that_does_not_ask_again_is_sent_nothing_any_more(
    air: Air, tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing, reading = Writing(air, tables), Reading(air)
    reading.follower.follow(GENERATION, after=0)
    await tick()
    assert writing.relay._readers[GENERATION].keys() == {"reader"}
    writing.relay._forget_readers(asyncio.get_running_loop().time() + relays.BELIEVED_S + 1)
    assert not writing.relay._readers


async def test_frames_for_nobody_are_dropped(air: Air, tables: Tables) -> None:
    writing, reading = Writing(air, tables), Reading(air)
    reading.hub.expect(GENERATION)
    writing.relay.add_reader(GENERATION, "reader")
    writing.write("a")
    await tick()
    reading.hub.forget_unread()
    assert reading.hub.read(GENERATION, 0) is None
    writing.write("b")
    await tick()
    assert reading.hub.read(GENERATION, 0) is None


async def test_a_process_does_not_send_to_itself(air: Air, tables: Tables) -> None:
    writing = Writing(air, tables)
    writing.relay.add_reader(GENERATION, "writer")
    writing.write("a")
    await tick()
    assert air.told == []
