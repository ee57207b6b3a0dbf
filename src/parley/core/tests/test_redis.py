"""Hints over a real Redis, which is killed, restarted empty, and silent."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from parley.core import hints as rooms
from parley.core.redis import RedisHints
from parley.core.remember import Remembered
from tests.servers import Redis


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    with Redis(tmp_path) as redis:
        yield redis


@asynccontextmanager
async def process(url: str, *, prefix: str = "ours:") -> AsyncIterator[tuple[RedisHints, list[bytes]]]:
    """One of several that hear `news`."""
    hints, heard = RedisHints(url, prefix=prefix), list[bytes]()
    hints.on("news", heard.append)
    task = asyncio.create_task(hints.run())
    try:
        yield hints, heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(condition: Callable[[], bool], *, timeout_s: float = 10.0) -> None:
    async with asyncio.timeout(timeout_s):
        while not condition():
            await asyncio.sleep(0.01)


async def test_what_one_process_tells_another_hears_in_order(redis: Redis) -> None:
    async with process(redis.url) as (one, _), process(redis.url) as (two, heard):
        await until(lambda: two.is_up)
        for number in range(500):
            one.tell("news", b"%d" % number)
        await until(lambda: len(heard) == 500)
    assert heard == [b"%d" % number for number in range(500)]


async def test_two_instances_on_one_redis_do_not_hear_each_other(redis: Redis) -> None:
    async with process(redis.url, prefix="theirs:") as (one, _), process(redis.url) as (two, heard):
        await until(lambda: two.is_up)
        one.tell("news", b"for them")
        two.tell("news", b"for us")
        await until(lambda: bool(heard))
    assert heard == [b"for us"]


async def test_a_redis_that_comes_back_empty_is_heard_again_and_its_absence_is_told(redis: Redis) -> None:
    returned: list[bool] = []
    async with process(redis.url) as (one, _), process(redis.url) as (two, heard):
        two.on_return(lambda: returned.append(True))
        await until(lambda: one.is_up and two.is_up)
        redis.kill()
        await until(lambda: not two.is_up)
        one.tell("news", b"lost")
        await until(lambda: one.dropped == 1)
        await asyncio.to_thread(redis.start)
        await until(lambda: two.is_up and bool(returned))
        await asyncio.sleep(1.2)  # the longest pause of who wants to send
        one.tell("news", b"found")
        await until(lambda: bool(heard))
    assert (heard, returned) == ([b"found"], [True])


async def test_a_redis_that_holds_its_connections_but_says_nothing_counts_as_away(redis: Redis) -> None:
    async with process(redis.url) as (one, _):
        await until(lambda: one.is_up)
        redis.pause()
        try:
            await until(lambda: not one.is_up)
        finally:
            redis.resume()
        await until(lambda: one.is_up)


async def test_a_process_may_start_before_its_redis(redis: Redis) -> None:
    redis.kill()
    async with process(redis.url) as (one, _):
        one.tell("news", b"lost")
        await until(lambda: one.dropped == 1)
        await asyncio.to_thread(redis.start)
        await until(lambda: one.is_up)


async def test_a_hint_that_is_not_understood_harms_no_other(redis: Redis) -> None:
    async with process(redis.url) as (one, heard):
        one.on("news", lambda body: heard.append(b"%d" % int(body)))
        await until(lambda: one.is_up)
        one.tell("news", b"not a number")
        one.tell("news", b"7")
        await until(lambda: bool(heard))
    assert heard == [b"7"]


async def test_what_is_forgotten_in_one_process_is_forgotten_in_all(redis: Redis) -> None:
    read = Remembered[str, int](lambda key: 1, seconds=60)
    async with process(redis.url) as (one, _):
        await until(lambda: one.is_up)
        read("key")
        one.tell("forget", read._name.encode())  # as another process does
        await until(lambda: not read._kept)


async def test_a_process_alone_tells_nobody() -> None:
    rooms.tell("news", b"into the air")
