"""The tally of a fleet, in Redis: see `core.tally`. Imported only where `PARLEY_REDIS_URL` is set.

Redis holds, for each name, how many each process uses (in a hash, each with the moment until which it counts) and what was
spent in each second of the last minute. Nothing of it has to last: each process says again every few seconds how many it
uses, so a Redis that comes back empty knows it all again, and what a dead process used is free before another takes its
work over. One exchange with Redis serves all who ask for the same name at the same time.
"""

import asyncio
import logging
from typing import Final
from uuid import uuid4

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from parley.core.tally import Counted, Limit

logger = logging.getLogger(__name__)

SAID_AGAIN_S: Final = 3.0
KEPT_S: Final = 9.0  # less than a lease (`engine.lease`), so that who takes over finds the place of the dead free
ANSWER_S: Final = 0.5
PAUSE_S: Final = 1.0  # in which a Redis that did not answer is not asked
WINDOW_S: Final = 60

# KEYS: who uses how many, what was spent in which second. ARGV: who asks, how many it uses, how many more it wants, what it
# has spent since it asked last, the two limits (-1: none), how long its word holds. Returns: how many are granted, how many
# are then in use, what was spent in the last minute.
_COUNT: Final = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local mine, wanted, kept = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[7])
local others = 0
local said = redis.call('HGETALL', KEYS[1])
for i = 1, #said, 2 do
  local count, till = string.match(said[i + 1], '^(%d+) (%d+)$')
  if not till or tonumber(till) < now * 1000 then
    redis.call('HDEL', KEYS[1], said[i])
  elseif said[i] ~= ARGV[1] then
    others = others + tonumber(count)
  end
end
local second = math.floor(now)
if tonumber(ARGV[4]) > 0 then
  redis.call('HINCRBY', KEYS[2], second, ARGV[4])
  redis.call('EXPIRE', KEYS[2], WINDOW)
end
local spent = 0
local seconds = redis.call('HGETALL', KEYS[2])
for i = 1, #seconds, 2 do
  if tonumber(seconds[i]) <= second - WINDOW then
    redis.call('HDEL', KEYS[2], seconds[i])
  else
    spent = spent + tonumber(seconds[i + 1])
  end
end
local granted = wanted
if tonumber(ARGV[5]) >= 0 then granted = math.max(0, math.min(wanted, tonumber(ARGV[5]) - others - mine)) end
if tonumber(ARGV[6]) >= 0 and spent >= tonumber(ARGV[6]) then granted = 0 end
if mine + granted > 0 then
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%d %d', mine + granted, now * 1000 + kept))
  redis.call('PEXPIRE', KEYS[1], kept)
else
  redis.call('HDEL', KEYS[1], ARGV[1])
end
return {granted, others + mine + granted, spent}
""".replace("WINDOW", str(WINDOW_S))


class _Line:
    """What this process uses of one name, and who waits: for one more, or to know. `is_new`: Redis does not know the newest."""

    __slots__ = ("in_use", "is_new", "limit", "looking", "spent", "telling", "waiting")

    def __init__(self) -> None:
        self.in_use = self.spent = 0
        self.is_new = False
        self.limit = Limit()
        self.waiting: list[asyncio.Future[Counted | None]] = []
        self.looking: list[asyncio.Future[int | None]] = []
        self.telling: asyncio.Task[None] | None = None


class RedisTally:
    """See `core.tally.Tally`. Made on its loop; `run` keeps it alive."""

    def __init__(self, url: str, *, prefix: str) -> None:
        self._loop = asyncio.get_running_loop()
        self._client = Redis.from_url(
            url,
            socket_connect_timeout=ANSWER_S,
            socket_timeout=ANSWER_S,
            retry=Retry(NoBackoff(), 0),
            max_connections=64,  # one for each name that is asked for at the same time
        )
        self._script = self._client.register_script(_COUNT)
        self._prefix = f"{prefix}tally:"
        self._own = uuid4().hex
        self._lines: dict[str, _Line] = {}
        self._away_until = 0.0
        self.exchanges = 0

    async def take(self, name: str, limit: Limit) -> Counted | None:
        line = self._lines.setdefault(name, _Line())
        line.limit = limit
        answer: asyncio.Future[Counted | None] = self._loop.create_future()
        line.waiting.append(answer)
        self._ring(name, line)
        try:
            return await answer
        except asyncio.CancelledError:
            if (
                answer.done()
                and not answer.cancelled()
                and ((counted := answer.result()) is None or counted.is_granted)
            ):
                self.give_back(name)  # granted to one who had just left
            raise

    async def look(self, name: str) -> int | None:
        line = self._lines.setdefault(name, _Line())
        answer: asyncio.Future[int | None] = self._loop.create_future()
        line.looking.append(answer)
        self._ring(name, line)
        return await answer

    def give_back(self, name: str, *, spent: int = 0) -> None:
        line = self._lines[name]
        line.in_use -= 1
        line.spent += spent
        line.is_new = True
        self._ring(name, line)

    async def run(self) -> None:
        """Say again what is in use, for as long as the process lives; and at its end that nothing is."""
        try:
            while True:
                await asyncio.sleep(SAID_AGAIN_S)
                for name, line in list(self._lines.items()):
                    line.is_new = True
                    self._ring(name, line)
        finally:
            await asyncio.gather(*(line.telling for line in list(self._lines.values()) if line.telling))
            await self._client.aclose()

    def _ring(self, name: str, line: _Line) -> None:
        if line.telling is None:
            line.telling = self._loop.create_task(self._tell(name, line))

    async def _tell(self, name: str, line: _Line) -> None:
        """Ask for all who wait, and say what is used, until nobody waits and all is said."""
        try:
            while line.waiting or line.looking or line.is_new:
                asking = [answer for answer in line.waiting if not answer.done()]
                looking, line.looking = line.looking, []
                line.waiting.clear()
                line.is_new = False
                found = await self._count(name, line, len(asking))
                self._answer(line, asking, found)
                for look in looking:
                    if not look.done():
                        look.set_result(found[1] if found else None)
        finally:
            line.telling = None
            if not (line.in_use or line.waiting or line.looking):
                self._lines.pop(name, None)

    def _answer(
        self, line: _Line, asking: list[asyncio.Future[Counted | None]], found: tuple[int, int, int] | None
    ) -> None:
        left, in_use, spent = found or (len(asking), 0, 0)
        for answer in asking:
            if answer.done():  # left in the meantime
                continue
            is_granted = left > 0
            left -= is_granted
            line.in_use += is_granted
            answer.set_result(Counted(is_granted, in_use, spent) if found else None)
        line.is_new |= left > 0  # Redis counts one that nobody took

    async def _count(self, name: str, line: _Line, wanted: int) -> tuple[int, int, int] | None:
        """One exchange with Redis. None while it is away: what was spent is then known to this process alone."""
        spent, line.spent = line.spent, 0
        if self._loop.time() < self._away_until:
            return None
        at_once, a_minute = (-1 if most is None else most for most in (line.limit.at_once, line.limit.a_minute))
        keys = [f"{self._prefix}{{{name}}}:in_use", f"{self._prefix}{{{name}}}:spent"]
        said: list[str | int] = [self._own, line.in_use, wanted, spent, at_once, a_minute, int(KEPT_S * 1000)]
        try:
            self.exchanges += 1
            granted, in_use, spent = await self._script(keys=keys, args=said)
        except (RedisError, OSError) as error:
            logger.warning("Redis does not count: each process keeps the limits of endpoints by itself. %s", error)
            self._away_until = self._loop.time() + PAUSE_S
            return None
        return granted, in_use, spent
