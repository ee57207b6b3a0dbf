"""What processes count together over a real Redis, which is killed and comes back empty."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis import Redis as Client

from parley.core import redis_tally
from parley.core.redis_tally import RedisTally
from parley.core.tally import Counted, Limit
from tests.servers import Redis

THREE = Limit(at_once=3)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    with Redis(tmp_path) as redis:
        yield redis


@asynccontextmanager
async def process(url: str, *, prefix: str = "ours:") -> AsyncIterator[RedisTally]:
    tally = RedisTally(url, prefix=prefix)
    task = asyncio.create_task(tally.run())
    await asyncio.sleep(0)
    try:
        yield tally
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def granted(tally: RedisTally, limit: Limit = THREE, *, name: str = "a") -> bool:
    counted = await tally.take(name, limit)
    return counted is None or counted.is_granted


async def until_granted(tally: RedisTally, limit: Limit = THREE) -> None:
    async with asyncio.timeout(10):
        while not await granted(tally, limit):
            await asyncio.sleep(0.01)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_limit_holds_for_all_processes_together(redis: Redis) -> None:
    async with process(redis.url) as one, process(redis.url) as two:
        assert [await granted(one), await granted(two), await granted(one)] == [True] * 3
        assert await two.take("a", THREE) == Counted(False, 3, 0)
        assert await one.take("a", THREE) == Counted(False, 3, 0)
        assert await granted(two, name="b")
        one.give_back("a")
        await until_granted(two)
        assert not await granted(one)


async def test_of_many_who_ask_at_the_same_time_as_many_are_granted_as_may(redis: Redis) -> None:
    async with process(redis.url) as one, process(redis.url) as two, process(redis.url) as three:
        limit = Limit(at_once=40)
        asked = await asyncio.gather(*(granted(tally, limit) for _ in range(100) for tally in (one, two, three)))
    assert sum(asked) == 40


async def test_who_asks_at_the_same_time_shares_an_exchange(redis: Redis) -> None:
    async with process(redis.url) as one:
        assert all(await asyncio.gather(*(granted(one, Limit(at_once=500)) for _ in range(200))))
        assert one.exchanges == 1
        for _ in range(200):
            one.give_back("a")
        await until(lambda: not one._lines)
        assert one.exchanges == 2


async def test_what_one_process_spends_counts_for_all(redis: Redis) -> None:
    limit = Limit(a_minute=100)
    async with process(redis.url) as one, process(redis.url) as two:
        assert await granted(one, limit)
        one.give_back("a", spent=99)
        await until(lambda: not one._lines)
        assert await two.take("a", limit) == Counted(True, 1, 99)
        two.give_back("a", spent=1)
        await until(lambda: not two._lines)
        assert await one.take("a", limit) == Counted(False, 0, 100)
        with Client.from_url(redis.url) as client:  # a minute later
            name = "ours:tally:{a}:spent"
            seconds = {int(second) - 61: spent for second, spent in client.hgetall(name).items()}
            client.delete(name)
            client.hset(name, mapping=seconds)
        assert await two.take("a", limit) == Counted(True, 1, 0)


async def test_what_a_dead_process_used_is_soon_free(redis: Redis) -> None:
    async with process(redis.url) as dead, process(redis.url) as other:
        assert [await granted(dead) for _ in range(3)] == [True] * 3
        assert not await granted(other)
        with Client.from_url(redis.url) as client:
            name = "ours:tally:{a}:in_use"
            assert 0 < client.pttl(name) <= redis_tally.KEPT_S * 1000
            client.hset(name, dead._own, "3 1000")  # its word held until 1970
        assert await other.take("a", THREE) == Counted(True, 1, 0)


async def test_who_looks_is_told_what_all_use_and_uses_nothing(redis: Redis) -> None:
    async with process(redis.url) as one, process(redis.url) as two:
        assert await one.look("a") == 0
        assert [await granted(one), await granted(two)] == [True, True]
        assert list(await asyncio.gather(one.look("a"), granted(one), two.look("a"))) == [3, True, 3]
        redis.kill()
        assert await one.look("a") is None


async def test_a_process_that_ends_in_good_order_leaves_nothing_in_use(redis: Redis) -> None:
    async with process(redis.url) as one:
        assert await granted(one)
        one.give_back("a")
    with Client.from_url(redis.url) as client:
        assert client.keys() == []


async def test_while_redis_is_away_nobody_waits_and_afterwards_it_knows_again(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_tally, "SAID_AGAIN_S", 0.05)
    monkeypatch.setattr(redis_tally, "PAUSE_S", 0.05)
    async with process(redis.url) as one, process(redis.url) as two:
        assert await granted(one)
        redis.kill()
        assert await one.take("a", THREE) is None
        assert await one.take("a", THREE) is None
        await asyncio.to_thread(redis.start)  # empty
        async with asyncio.timeout(10):
            while (counted := await two.take("a", THREE)) is None or counted.is_granted:
                two.give_back("a")
                await asyncio.sleep(0.01)
        assert counted == Counted(False, 3, 0)


async def test_who_left_before_an_answer_uses_nothing(redis: Redis) -> None:
    async with process(redis.url) as one, process(redis.url) as two:
        for turns in range(6):  # before it is asked, while it is asked, when the answer is there
            leaving = asyncio.create_task(one.take("a", Limit(at_once=1)))
            for _ in range(turns):
                await asyncio.sleep(0)
            leaving.cancel()
            await asyncio.gather(leaving, return_exceptions=True)
            if not leaving.cancelled():
                one.give_back("a")
            await until(lambda: not one._lines)
            assert await granted(two, Limit(at_once=1))
            two.give_back("a")
            await until(lambda: not two._lines)


async def test_two_instances_on_one_redis_do_not_count_for_each_other(redis: Redis) -> None:
    async with process(redis.url) as ours, process(redis.url, prefix="theirs:") as theirs:
        assert [await granted(ours) for _ in range(3)] == [True] * 3
        assert await granted(theirs)
