"""One socket: commands in, answers and events out. A slow reader costs its place on the tape, never the writer's time."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from django.conf import settings

from parley.accounts.access import Member
from parley.conversations.actions import LEAF
from parley.core.errors import Busy, Invalid, ParleyError, TooLarge
from parley.engine import ledger
from parley.engine.access import generation_for
from parley.engine.follow import Follower
from parley.engine.hub import Hub
from parley.engine.start import ask
from parley.engine.stop import stop_generation
from parley.realtime.commands import (
    Command,
    FollowGeneration,
    Ping,
    PostMessage,
    StopGeneration,
    UnfollowGeneration,
    parse_command,
    ref_of,
)
from parley.realtime.frames import Ack, Pong, ack_of, error_of, event_text, text_of
from parley.realtime.protocol import Push

logger = logging.getLogger(__name__)

UNSENT_LIMIT = 256 * 1024  # characters of answers and facts that wait for a slow socket; events wait on their tapes
FOLLOWED_LIMIT = 100  # tapes one socket may follow at once
FRAME_ROOM = 16 * 1024  # characters a command may have beside its text
TOO_MANY, SIGNED_OUT, TRY_LATER = 4429, 4401, 1013

AsgiMessage = dict[str, Any]  # as ASGI defines it: its values depend on "type"
Send = Callable[[AsgiMessage], Awaitable[None]]
Receive = Callable[[], Awaitable[AsgiMessage]]


class Socket:
    """Serves one connection of `member` until it closes. Disconnecting stops no generation (N6)."""

    def __init__(self, member: Member, hub: Hub, send: Send, push: Push | None = None) -> None:
        """`push` writes at once where the server can; `send` is ASGI's, and waits for a slow reader."""
        self.member = member
        self._send = send
        self._push = push
        self._follower = Follower(hub, self._tell)
        self._unsent: deque[str] = deque()
        self._unsent_size = 0
        self._sender: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._minute = 0
        self._commands_this_minute = 0

    async def serve(self, receive: Receive) -> None:
        """Answer commands in their order until the other side leaves."""
        try:
            while (message := await receive())["type"] == "websocket.receive":
                if self._is_too_fast():
                    self.close(TOO_MANY, "too many messages in a minute")
                    return
                await self._answer(message)
        finally:
            self._follower.close()
            if self._sender:
                self._sender.cancel()
            if self._closing:
                await self._closing

    def say(self, text: str) -> None:
        """Send a frame, or queue it. Who reads nothing for long is closed: its browser comes back and reads by number."""
        if self._push and not self._is_sending and self._push([text]):
            return
        self._unsent.append(text)
        self._unsent_size += len(text)
        if self._unsent_size > UNSENT_LIMIT:
            self.close(TRY_LATER, "this connection does not keep up")
            return
        self._wake_sender()

    def close(self, code: int, reason: str) -> None:
        if self._closing is None:
            message = {"type": "websocket.close", "code": code, "reason": reason}
            self._closing = asyncio.ensure_future(_quietly(lambda: self._send(message)))

    async def _answer(self, message: AsgiMessage) -> None:
        text = message.get("text")
        try:
            if text is None:
                raise Invalid("Send text frames with JSON; binary frames are not understood.")
            if len(text) > settings.MESSAGE_LIMIT_BYTES + FRAME_ROOM:
                raise TooLarge(f"A message may have up to {settings.MESSAGE_LIMIT_BYTES // 1024} KiB. Shorten it.")
            await self._obey(parse_command(text))
        except ParleyError as error:
            self.say(error_of(error, ref=ref_of(text or "")))
        except ledger.DatabaseAway:
            busy = Busy("Parley's database does not answer. Nothing was lost; try again in a moment.", retry_after_s=2)
            self.say(error_of(busy, ref=ref_of(text or "")))

    async def _obey(self, command: Command) -> None:
        match command:
            case PostMessage():
                await self._post(command)
            case FollowGeneration():
                await self._follow(command)
            case UnfollowGeneration():
                self._follower.unfollow(command.generation)
                self.say(text_of(Ack(ref=command.ref, generation=command.generation)))
            case StopGeneration():
                await ledger.write(stop_generation, self.member, command.generation)
                self.say(text_of(Ack(ref=command.ref, generation=command.generation)))
            case Ping():
                self.say(text_of(Pong(ref=command.ref)))

    async def _post(self, command: PostMessage) -> None:
        asked = await ledger.write(
            ask,
            self.member,
            command.parts,
            key=command.key,
            conversation_id=command.conversation,
            parent_id=command.parent if command.names_parent else LEAF,
            bot_id=command.bot,
            trace=command.trace,
        )
        self.say(ack_of(asked, ref=command.ref, key=command.key))
        self._read(asked.generation_id, after=0)

    async def _follow(self, command: FollowGeneration) -> None:
        if self._follower.count >= FOLLOWED_LIMIT:
            raise Invalid(f"One connection follows at most {FOLLOWED_LIMIT} replies. Unfollow some first.")
        await ledger.read(generation_for, self.member, command.generation)
        self.say(text_of(Ack(ref=command.ref, generation=command.generation)))
        self._read(command.generation, after=command.after)

    def _read(self, generation_id: UUID, *, after: int) -> None:
        self._follower.follow(generation_id, after=after)

    def _tell(self) -> None:
        """There is news on a tape. What cannot be pushed is for a sender: a slow reader waits, or SQL has to be read."""
        if self._push and not self._is_sending:
            while ready := self._follower.ready():
                generation_id, entries = ready
                if entries and not self._push([event_text(generation_id, entry) for entry in entries]):
                    break
                self._follower.told(generation_id, entries)
        if self._follower.has_news:
            self._wake_sender()

    @property
    def _is_sending(self) -> bool:
        return self._sender is not None and not self._sender.done()

    def _wake_sender(self) -> None:
        """An idle socket has no sender: five thousand of them cost five thousand tasks less."""
        if not self._is_sending:
            self._sender = asyncio.ensure_future(_quietly(self._send_all))

    async def _send_all(self) -> None:
        """Send what waits, and what has come on the followed tapes, until nothing is left."""
        while self._unsent or self._follower.has_news:
            await self._send_unsent()
            async for generation_id, entries in self._follower.news():
                for entry in entries:
                    await self._send({"type": "websocket.send", "text": event_text(generation_id, entry)})
                await self._send_unsent()

    async def _send_unsent(self) -> None:
        while self._unsent:
            text = self._unsent.popleft()
            self._unsent_size -= len(text)
            await self._send({"type": "websocket.send", "text": text})

    def _is_too_fast(self) -> bool:
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            self._minute, self._commands_this_minute = minute, 0
        self._commands_this_minute += 1
        return self._commands_this_minute > settings.SOCKET_COMMANDS_PER_MINUTE


async def _quietly(work: Callable[[], Awaitable[None]]) -> None:
    """Send, and let a connection that is gone be gone: `serve` hears of it by its own way."""
    try:
        await work()
    except OSError as error:  # uvicorn's ClientDisconnected is one
        logger.debug("a socket left while it was written to: %s", error)
