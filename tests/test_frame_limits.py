"""Frames that are too large, over a real connection: the server itself sees them before our code does."""

import http.client
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.live import Live


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder: Path = tmp_path_factory.mktemp("frames")
    live = Live(folder)
    live.key = live.found()
    live.start()
    yield live
    live.end()


def open_socket(live: Live) -> ClientConnection:
    return connect(f"ws://127.0.0.1:{live.port}/ws", additional_headers={"Authorization": f"Bearer {live.key}"})


def post(size: int) -> str:
    return orjson.dumps(
        {"type": "message.post", "key": str(uuid4()), "parts": [{"type": "text", "text": "x" * size}], "ref": "big"}
    ).decode()


def answer(socket: ClientConnection) -> dict[str, Any]:
    frame: dict[str, Any] = orjson.loads(socket.recv(timeout=20))
    return frame


def test_a_message_of_1_mib_is_refused_by_name_and_the_socket_goes_on(live: Live) -> None:
    with open_socket(live) as socket:
        socket.send(post(2**20))
        refusal = answer(socket)
        assert (refusal["type"], refusal["code"], refusal["ref"]) == ("error", "too_large", "big")
        assert "KiB" in refusal["message"]
        socket.send('{"type":"ping","ref":"still here"}')
        assert answer(socket)["type"] == "pong"


def send_and_read(socket: ClientConnection, text: str) -> None:
    socket.send(text)
    socket.recv(timeout=20)


def test_a_frame_of_10_mib_closes_its_socket_and_harms_nobody(live: Live) -> None:
    """With 1009, if the sender still listens: the server does not read the rest of what it will not take."""
    with open_socket(live) as bystander, open_socket(live) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            send_and_read(socket, post(10 * 2**20))
        assert closed.value.rcvd is None or closed.value.rcvd.code == 1009
        bystander.send('{"type":"ping","ref":"still here"}')
        assert answer(bystander)["type"] == "pong"
    assert live.rows("SELECT count(*) FROM conversations_message") == [(0,)]


@pytest.mark.parametrize("path", ["/api/v1/conversations", "/v1/chat/completions", "/api/v1/files?name=a.txt"])
def test_a_body_of_40_mib_is_refused_in_words_that_its_sender_can_read(live: Live, path: str) -> None:
    """It sends all of it before it listens, as most do: closed too soon, it would hear of a broken connection only."""
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=30)
    connection.request("POST", path, b"x" * (40 * 2**20), {"Authorization": f"Bearer {live.key}"})
    answer = connection.getresponse()
    assert answer.status == 413
    assert b"too_large" in answer.read()
    connection.close()


def test_nobody_who_uploads_is_told_to_sign_in_first(live: Live) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=30)
    connection.request("POST", "/api/v1/files?name=a.txt", b"x" * (10 * 2**20))
    answer = connection.getresponse()
    assert answer.status == 401
    assert b"not_signed_in" in answer.read()
    connection.close()
