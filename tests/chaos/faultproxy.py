"""A TCP proxy that breaks connections to order: in front of Parley for browsers, of a vendor, of PostgreSQL, Redis or S3.

It lives in a thread with a loop of its own, so that a test that waits for something else does not stall it.
"""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

Mode = Literal["pass", "delay", "drop_after", "reset", "blackhole", "half_close", "slow"]
T = TypeVar("T")

CHUNK = 65536
LINGER_OFF = struct.pack("ii", 1, 0)  # close with a reset


@dataclass(frozen=True)
class Behaviour:
    """`amount`: seconds for `delay`, bytes of the answer for `drop_after`, bytes a second for `slow`."""

    mode: Mode = "pass"
    amount: float = 0.0


class _Pair:
    """One connection through the proxy: what the client says goes up, what the server says goes down."""

    def __init__(self, proxy: "FaultProxy", reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.proxy = proxy
        self.reader, self.writer = reader, writer
        self.came_down = 0
        self.is_dead = False  # it lies in a black hole, out of which nothing comes

    async def run(self) -> None:
        up: asyncio.StreamWriter | None = None
        try:
            if self.proxy.behaviour.mode == "reset":
                return
            if self.proxy.behaviour.mode == "blackhole":
                await self._swallow()
                return
            server, up = await asyncio.open_connection("127.0.0.1", self.proxy.target)
            both = (self._pump(self.reader, up, down=False), self._pump(server, self.writer, down=True))
            pumps = [*map(asyncio.ensure_future, both)]
            try:
                await asyncio.gather(*pumps)
            finally:
                for pump in pumps:
                    pump.cancel()
            for ended in (self.writer, up):  # both sides have said their last: nothing unsent may be thrown away
                ended.close()
                await ended.wait_closed()
        except OSError:
            pass  # broken to order, or the server is not there: both sides hear a reset
        finally:
            for writer in (self.writer, up):
                if writer:
                    reset(writer)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, down: bool) -> None:
        """Until the source ends; raises `ConnectionResetError` when the proxy breaks the connection."""
        while chunk := await source.read(CHUNK):
            behaviour = self.proxy.behaviour
            if self.is_dead or behaviour.mode == "blackhole":
                await self._swallow()
            if behaviour.mode == "reset":
                raise ConnectionResetError
            if behaviour.mode == "delay":
                await asyncio.sleep(behaviour.amount)
            if behaviour.mode == "half_close" and down:
                sink.write_eof()
                return
            if down:
                self.came_down += len(chunk)
                if behaviour.mode == "drop_after" and self.came_down > behaviour.amount:
                    sink.write(chunk[: max(0, int(len(chunk) - (self.came_down - behaviour.amount)))])
                    await sink.drain()
                    raise ConnectionResetError
            await self._hand_on(chunk, sink, behaviour)
        if sink.can_write_eof():
            sink.write_eof()

    async def _hand_on(self, chunk: bytes, sink: asyncio.StreamWriter, behaviour: Behaviour) -> None:
        if behaviour.mode != "slow":
            sink.write(chunk)
            await sink.drain()
            return
        step = max(1, int(behaviour.amount / 10))
        for start in range(0, len(chunk), step):
            sink.write(chunk[start : start + step])
            await sink.drain()
            await asyncio.sleep(0.1)

    async def _swallow(self) -> None:
        """No FIN and no reset, for ever, also when the hole has closed for others: so a dead route behaves."""
        self.is_dead = True
        await asyncio.Event().wait()


class FaultProxy:
    """Listens on `port` of the loopback and passes on to `target`, as `behave` says. A change holds for what comes next."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.behaviour = Behaviour()
        self.accepted = 0
        self._pairs: dict[asyncio.Task[None], _Pair] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="faultproxy", daemon=True)
        self._thread.start()
        self._server = self._on_loop(asyncio.start_server(self._accept, "127.0.0.1", 0, backlog=4096)).result(10)
        self.port: int = self._server.sockets[0].getsockname()[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def behave(self, mode: Mode, amount: float = 0.0) -> None:
        """From now on, also on the connections that are open."""
        self.behaviour = Behaviour(mode, amount)

    def cut(self, choose: Callable[[], bool] = lambda: True) -> int:
        """Reset the open connections, or those that `choose` says. Returns how many."""

        async def cut() -> int:
            chosen = [task for task in self._pairs if choose()]
            for task in chosen:
                task.cancel()
            return len(chosen)

        return self._on_loop(cut()).result(10)

    def came_down_on(self, port: int) -> int:
        """Bytes that the server has said on the connection of the client at this port."""
        (pair,) = (one for one in self._pairs.values() if one.writer.get_extra_info("peername")[1] == port)
        return pair.came_down

    @property
    def open(self) -> int:
        return len(self._pairs)

    def end(self) -> None:
        self._server.close()
        self.cut()
        self._on_loop(asyncio.sleep(0.05)).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _on_loop(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        task = asyncio.current_task()
        assert task
        self._pairs[task] = pair = _Pair(self, reader, writer)
        try:
            await pair.run()
        except asyncio.CancelledError:
            return  # cut
        finally:
            del self._pairs[task]


def reset(writer: asyncio.StreamWriter) -> None:
    """Close with a TCP reset when anything is unsent or unread, so that nobody takes it for an end in good order."""
    sock: socket.socket | None = writer.get_extra_info("socket")
    if sock is not None and not writer.is_closing():
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_OFF)
    writer.transport.abort()
