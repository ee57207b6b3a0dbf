"""A browser without a screen: outbox with keys, one socket that mends itself with full jitter, answers followed by number.

The same habits as `frontend/src/realtime/`; what a person would see goes into the transcript.
"""

import asyncio
import contextlib
import random
import ssl
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from uuid import UUID

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, InvalidMessage, WebSocketException

from tests.chaos.transcript import Fold, Frame, Post, Transcript

RESEND_S = 15.0
PING_S, ANSWER_S = 20.0, 20.0
CONNECT_S = 15.0
GOOD_S = 10.0
LONGEST_WAIT_S = 30.0
TRY_AGAIN = {"busy", "too_many"}
GONE = (OSError, WebSocketException, InvalidHandshake, InvalidMessage, TimeoutError, EOFError)


@dataclass(frozen=True)
class Door:
    """Where a browser knocks."""

    url: str
    key: str
    tls: ssl.SSLContext | None = None

    @property
    def http(self) -> str:
        """The same door for plain requests."""
        return self.url.replace("ws", "http", 1).removesuffix("/ws")


class Browser:
    """One tab of one person. `browse` runs until `close`; everything else may be called at any time on its loop."""

    def __init__(self, name: str, door: Callable[[], Door], transcript: Transcript, dice: random.Random) -> None:
        self.name = name
        self.dice = dice
        self.transcript = transcript
        self.folds: dict[str, Fold] = {}
        self.facts: list[Frame] = []
        self.outbox: dict[str, Post] = {}
        self.longest_wait_s = LONGEST_WAIT_S
        self.connections = 0
        self.last_close = 0
        self.follows_all = False  # a second tab that shows every conversation: it follows what others ask
        self._door = door
        self._socket: ClientConnection | None = None
        self._is_closed = False
        self._news = asyncio.Condition()
        self._due: dict[str, float] = {}  # when a post goes out again
        self._follow_due: dict[str, float] = {}
        self._heard_at = self._pinged_at = 0.0

    # --- What a person does -------------------------------------------------------------------------------------------

    def post(self, text: str, *, bot: str | None = None, conversation: str | None = None, parent: str = "") -> Post:
        """Say something. `{key}` in the text becomes the post's key, by which the vendor's bills are told apart."""
        key = str(UUID(int=self.dice.getrandbits(128), version=4))
        parts = [{"type": "text", "text": text.replace("{key}", key)}]
        command: Frame = {"type": "message.post", "ref": key, "key": key, "parts": parts}
        command |= {"bot": bot} if bot else {}
        command |= {"conversation": conversation} if conversation else {}
        command |= {"parent": parent} if parent else {}
        post = Post(key, command, time.monotonic())
        self.transcript.posts[key] = self.outbox[key] = post
        self._send_post(post)
        return post

    def stop(self, generation: str) -> None:
        self._send({"type": "generation.stop", "ref": f"stop:{generation}", "generation": generation})

    def follow(self, generation: str) -> None:
        """Open an answer: read it from its first event."""
        if generation not in self.folds:
            self.folds[generation] = Fold()
            self._ask(generation)

    def reload(self) -> None:
        """Everything but the outbox is forgotten, and what was open is opened again from the start."""
        self.transcript.reloads += 1
        self._keep_folds()
        open_ = list(self.folds)
        self.folds = {generation: Fold() for generation in open_}
        self.cut()

    def cut(self) -> None:
        """The network is gone, without a word to either side."""
        if self._socket:
            self._socket.transport.abort()

    def close(self) -> None:
        """The tab is closed."""
        self._is_closed = True
        self.cut()
        self._keep_folds()

    # --- What a test waits for ----------------------------------------------------------------------------------------

    async def acked(self, post: Post, *, within_s: float = 60.0) -> Post:
        await self.until(lambda: bool(post.ack or post.refusal), within_s=within_s, what=f"an answer to {post.key}")
        assert post.ack, post.refusal
        return post

    async def ended(self, generation: str, *, within_s: float = 60.0) -> Fold:
        """The answer as this browser shows it at its end."""

        def has_ended() -> bool:
            return generation in self.folds and self.folds[generation].end is not None

        await self.until(has_ended, within_s=within_s, what=f"the end of {generation}")
        return self.folds[generation]

    async def until(self, is_so: Callable[[], bool], *, within_s: float, what: str) -> None:
        """Wait for something that this browser will hear."""
        try:
            async with asyncio.timeout(within_s), self._news:
                await self._news.wait_for(is_so)
        except TimeoutError:
            raise AssertionError(f"{self.name} waited {within_s:g} s in vain for {what}") from None

    async def ask(self, text: str, *, within_s: float = 60.0, **where: str) -> tuple[Post, Fold]:
        """Post, and read the answer to its end."""
        post = await self.acked(self.post(text, **where), within_s=within_s)
        return post, await self.ended(post.generation, within_s=within_s)

    # --- The connection -----------------------------------------------------------------------------------------------

    async def browse(self) -> None:
        attempt = 0
        while not self._is_closed:
            began = time.monotonic()
            try:
                await self._be_connected()
            except GONE as error:
                self.last_close = getattr(getattr(error, "rcvd", None), "code", 0) or 1006
            self._socket = None
            if time.monotonic() - began > GOOD_S:
                attempt = 0
            if not self._is_closed:
                self.transcript.reconnects += 1
                await asyncio.sleep(self.dice.random() * min(self.longest_wait_s, 2**attempt))
                attempt = min(attempt + 1, 10)

    async def _be_connected(self) -> None:
        door = self._door()
        headers = {"Authorization": f"Bearer {door.key}"}
        async with connect(
            door.url,
            additional_headers=headers,
            ssl=door.tls,
            compression=None,
            ping_interval=None,
            open_timeout=CONNECT_S,
            close_timeout=0.5,
            max_size=None,
        ) as socket:
            self._socket = socket
            self.connections += 1
            self._heard_at = time.monotonic()
            self._pinged_at = 0.0
            self._connected()
            clockwork = asyncio.create_task(self._clockwork(socket))
            try:
                async for text in socket:
                    self._heard_at = time.monotonic()
                    await self._hear(orjson.loads(text))
            finally:
                clockwork.cancel()

    async def _clockwork(self, socket: ClientConnection) -> None:
        """Send again what is due; notice a dead connection."""
        last_sign = time.monotonic()
        while True:
            await asyncio.sleep(0.25)
            now = time.monotonic()
            for key, due in list(self._due.items()):
                if due <= now and key in self.outbox:
                    self._send_post(self.outbox[key])
            for generation, due in list(self._follow_due.items()):
                if due <= now:
                    del self._follow_due[generation]
                    self._ask(generation)
            is_unanswered = self._pinged_at > self._heard_at
            if is_unanswered and now - self._pinged_at >= ANSWER_S:
                socket.transport.abort()
            elif not is_unanswered and now - max(last_sign, self._pinged_at) >= PING_S:
                self._pinged_at = now
                self._send({"type": "ping", "ref": "ping"})

    def _connected(self) -> None:
        for generation, fold in self.folds.items():
            if fold.end is None:
                self._ask(generation)
        for post in self.outbox.values():
            self._send_post(post)

    async def _hear(self, frame: Frame) -> None:
        match frame["type"]:
            case "event":
                self._heard_event(frame)
            case "ack":
                self._acknowledged(frame)
            case "fact":
                self.facts.append(frame)
                if self.follows_all and frame["name"] == "message.added":
                    self.follow(frame["generation"])
            case "error":
                self._refused(frame)
        async with self._news:
            self._news.notify_all()

    def _heard_event(self, frame: Frame) -> None:
        self.transcript.heard(frame)
        fold = self.folds.get(frame["generation"])
        if fold is None:
            return
        if fold.take(frame["seq"], frame["event"]):
            fold.is_asking = False
        elif frame["seq"] > fold.seq and not fold.is_asking:
            self._ask(frame["generation"])

    def _acknowledged(self, frame: Frame) -> None:
        post = self.outbox.pop(frame.get("key") or "", None)
        if post is None:
            ref = str(frame.get("ref") or "")
            if ref.startswith("stop:"):
                self.transcript.stops.setdefault(frame["generation"], time.time())
            elif frame.get("generation") in self.folds:
                self.folds[frame["generation"]].is_asking = False
            return
        post.ack, post.acked_at = frame, time.monotonic()
        self._due.pop(post.key, None)
        if frame["generation"] not in self.folds:
            self.folds[frame["generation"]] = Fold()
            if post.sendings > 1:
                self._ask(frame["generation"])

    def _refused(self, frame: Frame) -> None:
        self.transcript.errors.append(frame)
        ref = str(frame.get("ref") or "")
        if ref.startswith("follow:"):
            self._follow_due[ref[7:]] = time.monotonic() + float(frame.get("retry_after") or 2.0)
            return
        post = self.outbox.get(ref)
        if post and frame["code"] in TRY_AGAIN:
            wait_s = float(frame.get("retry_after") or 2.0) * (1 + self.dice.random() / 2)
            self._due[ref] = time.monotonic() + wait_s
        elif post:
            post.refusal = frame
            del self.outbox[ref]

    def _send_post(self, post: Post) -> None:
        if self._send(post.command):
            post.sendings += 1
            self._due[post.key] = time.monotonic() + RESEND_S * (1 + self.dice.random() / 2)

    def _ask(self, generation: str) -> None:
        fold = self.folds[generation]
        frame = {"type": "generation.follow", "ref": f"follow:{generation}", "generation": generation}
        fold.is_asking = self._send(frame | {"after": fold.seq})

    def _send(self, frame: Frame) -> bool:
        socket = self._socket
        if socket is None or socket.transport.is_closing():
            return False
        task = asyncio.ensure_future(_sent(socket, orjson.dumps(frame).decode()))
        _SENDING.add(task)
        task.add_done_callback(_SENDING.discard)
        return True

    def _keep_folds(self) -> None:
        for generation, fold in self.folds.items():
            if fold.end:
                self.transcript.folds[self.name, generation] = fold


_SENDING: set[asyncio.Task[None]] = set()


async def _sent(socket: ClientConnection, text: str) -> None:
    with contextlib.suppress(*GONE):
        await socket.send(text)


@contextlib.asynccontextmanager
async def browsers(
    count: int, door: Callable[[], Door], transcript: Transcript, dice: random.Random
) -> AsyncIterator[list[Browser]]:
    """So many tabs, open until the block ends."""
    tabs = [Browser(f"browser {n}", door, transcript, random.Random(dice.random())) for n in range(count)]
    tasks = [asyncio.create_task(tab.browse()) for tab in tabs]
    try:
        yield tabs
    finally:
        for tab in tabs:
            tab.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
