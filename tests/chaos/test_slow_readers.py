"""F-18: readers that stop reading cost the server little, and others nothing."""

import asyncio
import random
import socket

import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.chaos.auditor import audit
from tests.chaos.browser import Door, browsers
from tests.chaos.conftest import ROUNDS, SLOW, on_both
from tests.chaos.stack import Stack
from tests.chaos.transcript import Transcript

pytestmark = pytest.mark.thorough

STALLED = min(1000, 100 * ROUNDS)
TAPES = 4  # that each of them follows; a tape ends at 256 KiB
FLOOD = "mock-1x0-endless"
GROWTH_BYTES = 300 * 2**20
OTHERS_S = 2.0


async def stall(door: Door, generations: list[str]) -> ClientConnection:
    """Follow, with the smallest buffer there is, and never read."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.setblocking(False)
    host, _, port = door.http.rpartition("//")[2].partition(":")
    await asyncio.get_running_loop().sock_connect(sock, (host, int(port)))
    headers = {"Authorization": f"Bearer {door.key}"}
    connection = await connect(
        door.url, sock=sock, additional_headers=headers, ssl=door.tls, compression=None, ping_interval=None
    )
    connection.transport.pause_reading()
    for generation in generations:
        follow = {"type": "generation.follow", "ref": "", "generation": generation, "after": 0}
        await connection.send(orjson.dumps(follow).decode())
    return connection


@on_both
async def test_readers_that_stop_reading_cost_little_and_slow_nobody_down(
    shared: Stack, dice: random.Random, seed: int
) -> None:
    transcript = Transcript()
    door = shared.straight_door()  # no proxy in between: its buffers are generous
    async with browsers(TAPES + 5, lambda: door, transcript, dice) as tabs:
        others = tabs[TAPES:]
        await asyncio.gather(*(tab.ask("Warm up, {key}", bot=shared.bot_of(SLOW)) for tab in others))
        before = shared.memory_bytes()
        floods = [tab.post("Never end, {key}", bot=shared.bot_of(FLOOD)) for tab in tabs[:TAPES]]
        await asyncio.gather(*(tab.acked(post) for tab, post in zip(tabs, floods, strict=False)))
        generations = [post.generation for post in floods]
        stalled = [await stall(door, generations) for _ in range(STALLED)]
        folds = []
        for _ in range(2):
            folds += await asyncio.gather(*(tab.ask("Go on, {key}", bot=shared.bot_of(SLOW)) for tab in others))
        for tab, generation in zip(tabs, generations, strict=False):
            await tab.ended(generation, within_s=90)
        growth = shared.memory_bytes() - before
        slowest_s = max(fold.longest_silence_s for _, fold in folds)
        print(f"{STALLED} stalled readers: {growth / 2**20:.0f} MiB more, others waited {slowest_s:.2f} s at most")
        for connection in stalled:
            connection.transport.abort()
    audit(shared, transcript, seed=seed).check()
    assert growth < GROWTH_BYTES
    assert slowest_s < OTHERS_S
