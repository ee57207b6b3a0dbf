"""Redis, as far as Parley uses it: publish and subscribe, in one client per process. It holds nothing of ours.

Imported only where `PARLEY_REDIS_URL` is set: one process does not install redis-py. Its defaults, five seconds for a blocked
read and a hundred connections, would cut idle subscriptions off; all limits are named here.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from parley.core.hints import Hear, ears, returns

logger = logging.getLogger(__name__)

CONNECT_S = 1.0
ANSWER_S = 2.0  # to a command, and to a ping on a subscription that is silent
SILENT_S = 2.0  # after so long without a hint the connection is tried with a ping
LONGEST_PAUSE_S = 1.0  # between two tries to connect
UNSENT_LIMIT = 4 * 1024 * 1024  # bytes that wait for a slow Redis; past it, hints are dropped: SQL has it all


class RedisHints:
    """See `core.hints.Hints`. Made on its loop; `run` keeps it alive."""

    def __init__(self, url: str, *, prefix: str) -> None:
        self._loop = asyncio.get_running_loop()
        self._client = Redis.from_url(
            url,
            socket_connect_timeout=CONNECT_S,
            socket_timeout=ANSWER_S,
            retry=Retry(NoBackoff(), 0),
            max_connections=4,
            decode_responses=False,
        )
        self._prefix = prefix
        self._ears: dict[bytes, Hear] = {}
        self._on_return: list[Callable[[], None]] = [*returns]
        self._unsent: list[tuple[str, bytes]] = []
        self._unsent_size = 0
        self._can_send = True
        self._bell = asyncio.Event()
        self.is_up = False
        self.sent = self.dropped = self.heard = 0
        for channel, hear in ears.items():
            self.on(channel, hear)

    def on(self, channel: str, hear: Hear) -> None:
        self._ears[(self._prefix + channel).encode()] = hear

    def on_return(self, act: Callable[[], None]) -> None:
        self._on_return.append(act)

    def tell(self, channel: str, body: bytes) -> None:
        self._loop.call_soon_threadsafe(self._put, channel, body)

    async def run(self) -> None:
        """Send and hear for as long as the process lives."""
        try:
            await asyncio.gather(self._send_all(), self._hear_all())
        finally:
            self.is_up = False
            await self._client.aclose()

    def _put(self, channel: str, body: bytes) -> None:
        if not self._can_send or self._unsent_size > UNSENT_LIMIT:
            self.dropped += 1
            return
        self._unsent.append((self._prefix + channel, body))
        self._unsent_size += len(body)
        self._bell.set()

    async def _send_all(self) -> None:
        """What came while the last batch was on its way leaves together."""
        pause_s = 0.0
        while True:
            await self._bell.wait()
            self._bell.clear()
            batch, self._unsent, self._unsent_size = self._unsent, [], 0
            try:
                await self._publish(batch)
            except (RedisError, OSError) as error:
                self.dropped += len(batch)
                logger.debug("%d hints were not sent: %s", len(batch), error)
                self._can_send = False
                pause_s = _longer(pause_s)
                await asyncio.sleep(pause_s)
                self._can_send = True
            else:
                self.sent += len(batch)
                pause_s = 0.0

    async def _publish(self, batch: list[tuple[str, bytes]]) -> None:
        """All at once on one connection. redis-py's pipeline would do the same, after it has copied its table of commands."""
        pool = self._client.connection_pool
        connection = await pool.get_connection()  # type: ignore[no-untyped-call] # redis-py left it untyped
        try:
            await connection.send_packed_command(connection.pack_commands([("PUBLISH", *hint) for hint in batch]))
            for _ in batch:
                await connection.read_response()
        finally:
            await pool.release(connection)

    async def _hear_all(self) -> None:
        pause_s, has_heard = 0.0, False
        while True:
            subscription = self._client.pubsub(ignore_subscribe_messages=True)
            try:
                await subscription.subscribe(*self._ears)
                await self._check(subscription)
                self.is_up, pause_s = True, 0.0
                if has_heard:
                    logger.info("Redis is back")
                    for act in self._on_return:
                        act()
                has_heard = True
                await self._hear(subscription)
            except (RedisError, OSError, TimeoutError) as error:
                if self.is_up or not has_heard:
                    logger.warning("Redis is away, SQL is looked at instead: %s", error)
                self.is_up, has_heard = False, True
            finally:
                await _closed(subscription)
            pause_s = _longer(pause_s)
            await asyncio.sleep(pause_s)

    async def _hear(self, subscription: PubSub) -> None:
        """Pass hints on until the connection breaks, or is silent even when asked."""
        while True:
            message = await subscription.get_message(timeout=SILENT_S)
            if message is None:
                await self._check(subscription)
            else:
                self._pass_on(message)

    async def _check(self, subscription: PubSub) -> None:
        """Raises `TimeoutError` when a ping is not answered. Hints that come before the answer are passed on."""
        await subscription.ping()
        until = time.monotonic() + ANSWER_S
        while (left_s := until - time.monotonic()) > 0:
            message = await subscription.get_message(ignore_subscribe_messages=False, timeout=left_s)
            if message and message["type"] == "pong":
                return
            if message:
                self._pass_on(message)
        raise TimeoutError("no answer to a ping")

    def _pass_on(self, message: dict[str, object]) -> None:
        channel, body = message["channel"], message["data"]
        hear = self._ears.get(channel) if isinstance(channel, bytes) else None
        if hear is None or not isinstance(body, bytes):
            return
        self.heard += 1
        try:
            hear(body)
        except Exception:
            logger.exception("a hint on %r was not understood", channel)  # the next one may well be


async def _closed(subscription: PubSub) -> None:
    try:
        await subscription.aclose()  # type: ignore[no-untyped-call] # redis-py left it untyped
    except (RedisError, OSError) as error:
        logger.debug("a subscription did not close: %s", error)


def _longer(pause_s: float) -> float:
    """The next pause: twice as long, and a little other than that of the processes that lost Redis with us."""
    return min(LONGEST_PAUSE_S, max(0.1, pause_s * 2)) * (0.75 + random.random() / 2)  # noqa: S311 - jitter, not a secret
