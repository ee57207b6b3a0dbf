"""The limits of an endpoint where several processes call it: two counters on one Redis stand for two processes."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from parley.core.errors import EndpointAtLimit
from parley.core.redis_tally import RedisTally
from parley.core.tally import install_tally
from parley.providers.load import Load
from parley.providers.values import Route
from tests.servers import Redis


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    with Redis(tmp_path) as redis:
        yield redis
    install_tally(None)


class Process:
    """What a process has: its own count, and its own way to Redis."""

    def __init__(self, url: str) -> None:
        self.load, self.tally = Load(), RedisTally(url, prefix="ours:")

    @asynccontextmanager
    async def taken(self, route: Route, *, tokens: int = 0) -> AsyncIterator[None]:
        install_tally(self.tally)
        async with self.load.taken(route) as taken:
            taken.tokens = tokens
            yield

    async def take(self, route: Route, *, tokens: int = 0) -> None:
        async with self.taken(route, tokens=tokens):
            pass
        while self.tally._lines:
            await asyncio.sleep(0.001)


def a_route(*, max_concurrent: int | None = None, tokens_per_minute: int | None = None) -> Route:
    name = f"e {uuid4()}"
    return Route(name, "mock", "", max_concurrent=max_concurrent, tokens_per_minute=tokens_per_minute)


async def test_answers_at_once_are_limited_over_all_processes(redis: Redis) -> None:
    route, one, two = a_route(max_concurrent=2), Process(redis.url), Process(redis.url)
    async with one.taken(route), two.taken(route):
        for process in (one, two):
            with pytest.raises(EndpointAtLimit, match="writes 2 answers"):
                await process.take(route)
    await asyncio.gather(one.take(route), two.take(route))


async def test_tokens_of_a_minute_are_limited_over_all_processes(redis: Redis) -> None:
    route, one, two = a_route(tokens_per_minute=100), Process(redis.url), Process(redis.url)
    await one.take(route, tokens=60)
    await two.take(route, tokens=60)
    for process in (one, two):
        assert process.load.reason_to_wait(route) == ""  # by itself it knows of 60
        with pytest.raises(EndpointAtLimit, match="used its 100 tokens"):
            await process.take(route)


async def test_while_redis_is_away_each_process_keeps_the_limit_by_itself(redis: Redis) -> None:
    route, one, two = a_route(max_concurrent=1), Process(redis.url), Process(redis.url)
    redis.kill()
    async with one.taken(route), two.taken(route):
        with pytest.raises(EndpointAtLimit, match="writes 1 answer,"):
            await one.take(route)
    assert (one.load.running, two.load.running) == (0, 0)


async def test_an_endpoint_without_limits_asks_redis_nothing(redis: Redis) -> None:
    one = Process(redis.url)
    await one.take(a_route(), tokens=5)
    assert one.tally.exchanges == 0
