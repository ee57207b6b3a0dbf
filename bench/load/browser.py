"""A simulated browser: posts messages and folds the events that come back."""

from array import array
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import orjson

from bench.load.reply import Reply
from bench.load.socket import ClientSocket, connect
from bench.tokens import now_us

ENDS = {"finished", "stopped", "failed", "interrupted"}


@dataclass(frozen=True, slots=True)
class Target:
    """Who is under test: where its socket is, the keys of its users, and the bot to talk to."""

    socket_url: str
    keys: list[str]
    bot: str | None = None


class Browser:
    """One socket and its replies under way. `delays_us` is shared by the crowd and is None while no window is open."""

    def __init__(self, target: Target, key: str, words: int) -> None:
        self.target = target
        self.key = key
        self.words = words
        self.socket: ClientSocket | None = None
        self.delays_us: array[int] | None = None
        self.errors: Counter[str] = Counter()
        self.on_end: Callable[[Browser, Reply], None] = lambda browser, reply: None
        self.on_refusal: Callable[[Browser, Reply, float], None] = lambda browser, reply, wait_s: None
        self._posted: dict[str, Reply] = {}
        self._live: dict[str, Reply] = {}

    async def connect(self) -> None:
        """Open the socket. Raises HandshakeRefused."""
        self.socket = await connect(self.target.socket_url, self.key, self.receive)

    def post(self, conversation: str | None) -> Reply:
        """Ask something, in a conversation or in a new one."""
        reply = Reply(key=str(uuid4()), posted_us=now_us(), expected_words=self.words, asked_by=self.key)
        command: dict[str, object] = {
            "type": "message.post",
            "ref": reply.key,
            "key": reply.key,
            "parts": [{"type": "text", "text": "What is the answer to this question, in about as many words?"}],
        }
        if conversation:
            command["conversation"] = conversation
        elif self.target.bot:
            command["bot"] = self.target.bot
        self._posted[reply.key] = reply
        self._send(command)
        return reply

    def _send(self, command: dict[str, object]) -> None:
        if self.socket and self.socket.is_open:
            self.socket.send(orjson.dumps(command))
        else:
            code = self.socket.close_code if self.socket else None
            self.errors[f"socket closed ({code})"] += 1

    def receive(self, message: bytes, at_us: int) -> None:
        """Route one message of the server."""
        frame = orjson.loads(message)
        kind = frame["type"]
        if kind == "event":
            self._take_event(frame, at_us)
        elif kind == "ack":
            self._take_ack(frame, at_us)
        elif kind == "error":
            self._take_error(frame)

    def _take_ack(self, frame: dict[str, str], at_us: int) -> None:
        reply = self._posted.pop(frame.get("key") or frame["ref"], None)
        if reply is None:  # of a follow
            return
        reply.acked_us = at_us
        reply.conversation, reply.answer = frame["conversation"], frame["answer"]
        reply.generation = frame["generation"]
        self._live[reply.generation] = reply

    def _take_error(self, frame: dict[str, str]) -> None:
        self.errors[frame["code"]] += 1
        reply = self._posted.pop(frame.get("ref") or "", None)
        if reply:
            self.on_refusal(self, reply, float(frame.get("retry_after") or 1.0))

    def _take_event(self, frame: dict[str, object], at_us: int) -> None:
        generation = str(frame["generation"])
        reply = self._live.get(generation)
        if reply is None:  # another browser of the same user asked
            return
        if not reply.accept(int(str(frame["seq"]))):
            self._heal(reply)
            return
        event = frame["event"]
        assert isinstance(event, dict)
        kind = event["type"]
        if kind == "delta":
            reply.fold(event["text"], at_us, self.delays_us)
        elif kind == "reset":
            reply.start_again()
        elif kind in ENDS:
            del self._live[generation]
            reply.end(kind, at_us)
            if kind != "finished":
                self.errors[str(event.get("code", kind))] += 1
            self.on_end(self, reply)

    def _heal(self, reply: Reply) -> None:
        """After a gap, ask for what is missing, once, as the front end does."""
        if reply.gaps and not reply.asked_again:
            reply.asked_again = True
            self._send({"type": "generation.follow", "generation": reply.generation, "after": reply.last_seq})

    @property
    def is_connected(self) -> bool:
        """Whether its socket is open."""
        return self.socket is not None and self.socket.is_open

    @property
    def unfinished(self) -> list[Reply]:
        """Replies whose end has not come."""
        return [*self._posted.values(), *self._live.values()]

    def close(self) -> None:
        """Close the socket."""
        if self.socket:
            self.socket.close()
