"""Frames that are written at once: the same words in the same order, whether a reader keeps up or not."""

import asyncio
from typing import Any
from unittest.mock import Mock

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Opcode
from websockets.protocol import OPEN, Protocol, Side

from parley.accounts.access import Member
from parley.accounts.models import Role
from parley.core.ids import uuid7
from parley.engine.hub import Hub
from parley.engine.values import Ending, Entry, Page, Turn
from parley.realtime.protocol import WebSocketProtocol, _frame
from parley.realtime.socket import Socket


@given(st.text(max_size=200) | st.text(alphabet="aß漢", min_size=100, max_size=130))
def test_a_pushed_frame_is_what_a_browser_reads(text: str) -> None:
    assert read_frame(_frame(text)) == text


@pytest.mark.parametrize("size", [125, 126, 127, 65_535, 65_536, 200_000])
def test_a_frame_of_any_length_is_read_whole(size: int) -> None:
    assert read_frame(_frame("x" * size)) == "x" * size


def read_frame(raw: bytes) -> str:
    browser = Protocol(Side.CLIENT, state=OPEN)
    browser.receive_data(raw)
    (frame,) = browser.events_received()
    assert frame.opcode is Opcode.TEXT  # type: ignore[union-attr]
    assert frame.fin  # type: ignore[union-attr]
    return bytes(frame.data).decode()  # type: ignore[union-attr]


@pytest.mark.parametrize("state", ["close_sent", "disconnected", "slow", "closing", "handshaking"])
def test_nothing_is_pushed_to_who_is_gone_or_slow(state: str) -> None:
    protocol = WebSocketProtocol.__new__(WebSocketProtocol)
    protocol.handshake_complete = state != "handshaking"
    protocol.close_sent, protocol.disconnected = state == "close_sent", state == "disconnected"
    protocol.writable = Mock(is_set=lambda: state != "slow")
    protocol.transport = Mock(is_closing=lambda: state == "closing")
    assert protocol._push(["a word"]) is False
    protocol.transport.write.assert_not_called()


class Line:
    """The other end of a socket, which at times does not keep up."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.pushed = self.waited = 0
        self.keeps_up = True

    def push(self, texts: list[str], /) -> bool:
        if self.keeps_up:
            self.pushed += len(texts)
            self.heard += map(orjson.loads, texts)
        return self.keeps_up

    async def send(self, message: dict[str, Any]) -> None:
        await asyncio.sleep(0.001)
        self.waited += 1
        self.heard.append(orjson.loads(message["text"]))


def page(turn: Turn, *numbers: int, ends: bool = False) -> Page:
    entries = [Entry(number, 0, orjson.dumps({"type": "delta", "text": f"w{number} "}).decode()) for number in numbers]
    return Page(turn, entries, Ending("completed", []) if ends else None)


def a_turn() -> Turn:
    one, two, three, four, five, six, seven = (uuid7() for _ in range(7))
    return Turn(one, 1, 1, two, three, four, five, six, seven)


async def test_a_reader_who_keeps_up_needs_no_sender_and_one_who_does_not_misses_nothing() -> None:
    hub, line, turn = Hub(), Line(), a_turn()
    member = Member(uuid7(), uuid7(), Role.OWNER, "owner@example.org", "Owner")
    socket = Socket(member, hub, line.send, line.push)
    hub.open(turn.generation_id, last_seq=0)
    socket._read(turn.generation_id, after=0)
    hub.publish(page(turn, 1, 2))
    assert [frame["seq"] for frame in line.heard] == [1, 2], "written before publish came back"
    assert socket._sender is None
    line.keeps_up = False
    hub.publish(page(turn, 3))
    hub.publish(page(turn, 4))
    line.keeps_up = True
    hub.publish(page(turn, 5))
    assert line.pushed == 2, "what came later does not overtake what a sender still has to tell"
    async with asyncio.timeout(10):
        while socket._is_sending:
            await asyncio.sleep(0.001)
    assert [frame["seq"] for frame in line.heard] == [1, 2, 3, 4, 5]
    hub.publish(page(turn, 6, ends=True))
    assert (line.pushed, line.waited) == (3, 3)
    assert socket._follower.is_idle, "who has heard the end follows no more"
