"""Kill the process in mid-reply and at every commit, start it again, and look for anything that was lost.

A few rounds in `make test`, a hundred in `make chaos`. A failure names its seed: `CHAOS_SEED=… CHAOS_ROUNDS=1`.
"""

import asyncio
import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from bench.processes import Running
from tests.chaos.killer import Killer
from tests.live import Live, start_vendor

ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "3"))
SEED = int(os.environ.get("CHAOS_SEED", "0")) or random.randrange(1, 2**32)
CLIENTS = 8
# A life takes about ten seconds on a quiet machine.
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(120 + 60 * ROUNDS)]
PREFILLED, PLAIN = "mock-60x60", "mock-61x60"  # the first one can go on with its own words
ENDED_S = 45.0
POINTS = ("ask.written", "ask.committed", "pages.written", "pages.committed", "turn.ended", "sweep.claimed")
ENDS = ("finished", "stopped", "failed", "interrupted")


@dataclass
class Transcript:
    """All that clients saw and were promised, over all lives of the process."""

    acks: dict[str, dict[str, str]] = field(default_factory=dict)  # by key
    posts: dict[str, dict[str, Any]] = field(default_factory=dict)  # by key: what was sent, acknowledged or not
    shown: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)  # by generation, by seq

    def heard(self, frame: dict[str, Any]) -> None:
        events = self.shown.setdefault(frame["generation"], {})
        before = events.setdefault(frame["seq"], frame["event"])
        assert before == frame["event"], f"number {frame['seq']} was told twice, differently"

    def text(self, generation: str) -> str:
        text = ""
        for _, event in sorted(self.shown.get(generation, {}).items()):
            text = "" if event["type"] == "reset" else text + (event["text"] if event["type"] == "delta" else "")
        return text


@pytest.fixture(scope="module")
def vendor() -> Iterator[Running]:
    running = start_vendor(PREFILLED, PLAIN)
    yield running
    running.end()


@pytest.fixture
def live(tmp_path: Path, vendor: Running) -> Iterator[Live]:
    # One browser catches up with hundreds of replies in the end, which no person does in a minute.
    live = Live(tmp_path, vendor, Killer(tmp_path / "points").env | {"PARLEY_SOCKET_COMMANDS_PER_MINUTE": "100000"})
    yield live
    live.end()


async def browse(live: Live, key: str, bots: list[str], transcript: Transcript, dice: random.Random) -> None:
    """Post and read until the process dies."""
    try:
        headers = {"Authorization": f"Bearer {key}"}
        async with connect(f"ws://127.0.0.1:{live.port}/ws", additional_headers=headers) as socket:
            while True:
                command: dict[str, Any] = {
                    "type": "message.post",
                    "key": str(uuid4()),
                    "bot": dice.choice(bots),
                    "parts": [{"type": "text", "text": "Go on"}],
                }
                transcript.posts[command["key"]] = command
                await socket.send(orjson.dumps(command), text=True)
                while True:
                    frame = orjson.loads(await socket.recv())
                    if frame["type"] == "ack":
                        transcript.acks[frame["key"]] = frame
                    elif frame["type"] == "event":
                        transcript.heard(frame)
                        if frame["event"]["type"] in ENDS:
                            break
    except (ConnectionClosed, OSError):
        return


async def live_and_die(live: Live, key: str, bots: list[str], transcript: Transcript, dice: random.Random) -> None:
    """One life: clients come, and the process is killed at a random moment, or has been told where to die."""
    clients = [
        asyncio.create_task(browse(live, key, bots, transcript, random.Random(dice.random()))) for _ in range(CLIENTS)
    ]
    until = time.monotonic() + dice.uniform(0.2, 2.5)
    while live.is_running and time.monotonic() < until:
        await asyncio.sleep(0.01)
    if live.is_running:
        live.kill()
    else:
        live.wait()
    await asyncio.gather(*clients)


async def come_back(live: Live, key: str, transcript: Transcript) -> None:
    """What a browser does when the server is back: post again what was not acknowledged, read on where it stood."""
    headers = {"Authorization": f"Bearer {key}"}
    async with connect(f"ws://127.0.0.1:{live.port}/ws", additional_headers=headers) as socket:
        for post_key, command in transcript.posts.items():
            if post_key in transcript.acks:
                continue
            await socket.send(orjson.dumps(command), text=True)
            while True:
                frame = orjson.loads(await socket.recv())
                if frame["type"] == "ack":
                    transcript.acks[frame["key"]] = frame
                    break
                if frame["type"] == "event":
                    transcript.heard(frame)
                elif frame["type"] == "error":  # the server is busy taking over: a browser waits, and sends it again
                    assert frame["code"] == "busy", frame
                    await asyncio.sleep(frame["retry_after"])
                    await socket.send(orjson.dumps(command), text=True)
        for ack in transcript.acks.values():
            await read_to_the_end(socket, ack["generation"], transcript)


async def read_to_the_end(socket: Any, generation: str, transcript: Transcript) -> None:
    events = transcript.shown.get(generation, {})
    if any(event["type"] in ENDS for event in events.values()):
        return
    follow = {"type": "generation.follow", "generation": generation, "after": max(events, default=0)}
    await socket.send(orjson.dumps(follow), text=True)
    async with asyncio.timeout(ENDED_S):
        while not any(event["type"] in ENDS for event in transcript.shown.get(generation, {}).values()):
            frame = orjson.loads(await socket.recv())
            if frame["type"] == "event":
                transcript.heard(frame)


def audit(live: Live, transcript: Transcript) -> None:
    """The invariants, read from the database beside the process."""
    assert live.rows("PRAGMA integrity_check") == [("ok",)]
    messages = {row[0]: row[1:] for row in live.rows("SELECT id, parts, status FROM conversations_message")}
    generations = {
        row[0]: row[1:] for row in live.rows("SELECT id, status, last_seq, message_id FROM engine_generation")
    }
    for key, ack in transcript.acks.items():
        assert UUID(ack["message"]).hex in messages, f"N1: {key} was acknowledged and is gone"
    assert len(generations) == len(transcript.posts), "N2: one generation for each key"
    for generation, (status, last_seq, answer) in generations.items():
        name = str(UUID(generation))
        assert status in ("completed", "interrupted"), f"N3: {name} is {status}"
        stored = "".join(part["text"] for part in orjson.loads(messages[answer][0]) if part["type"] == "text")
        assert transcript.text(name) == stored, f"N4, N5: {name} was shown otherwise than it is stored"
        assert sorted(transcript.shown[name]) == list(range(1, last_seq + 1)), f"N5: a number of {name} is missing"
        assert messages[answer][1] == status


async def lives(live: Live, points: list[str], dice: random.Random) -> Transcript:
    """One life for each point; an empty one is a kill at any moment."""
    transcript = Transcript()
    key = live.found()
    live.start()
    bots = [live.bot_of(PREFILLED, key), live.bot_of(PLAIN, key)]
    live.change_model(PREFILLED, key, prefill=True)
    live.kill(signal.SIGTERM)
    for point in points:
        if point:
            Killer(live.folder / "points").arm(point, dice.randint(1, 12))
        live.start()
        await live_and_die(live, key, bots, transcript, dice)
    live.start()
    await come_back(live, key, transcript)
    return transcript


async def test_no_kill_at_any_moment_loses_anything(live: Live) -> None:
    print(f"CHAOS_SEED={SEED}")
    transcript = await lives(live, [""] * ROUNDS, random.Random(SEED))
    audit(live, transcript)
    assert len(transcript.acks) >= ROUNDS * 2


async def test_no_kill_at_a_commit_loses_anything(live: Live) -> None:
    print(f"CHAOS_SEED={SEED}")
    transcript = await lives(live, [*POINTS] * max(1, ROUNDS // 10), random.Random(SEED))
    audit(live, transcript)
