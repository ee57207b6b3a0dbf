"""When is a part ready? Each question gets what the part printed since it started, and is asked many times a second."""

import http.client
import socket
from collections.abc import Callable

Question = Callable[[str], bool]
TIMEOUT_S = 2.0


def listens(port: int) -> Question:
    """Somebody accepts connections there."""

    def is_ready(said: str) -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S).close()
        except OSError:
            return False
        return True

    return is_ready


def answers(port: int, path: str) -> Question:
    """An HTTP server says 200 to one who comes over TLS through the edge."""

    def is_ready(said: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return is_ready


def pongs(port: int, password: str) -> Question:
    """A Redis answers a ping."""

    def is_ready(said: str) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S) as connection:
                connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
                with connection.makefile("rb") as answer:
                    return [answer.readline(), answer.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
        except OSError:
            return False

    return is_ready


def has_said(words: str) -> Question:
    """It printed these words."""
    return lambda said: words in said
