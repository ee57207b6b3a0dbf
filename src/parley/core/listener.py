"""A small HTTP server in a thread, for the few pages that say how a process is: it answers even while the loop does not."""

import contextlib
import logging
import os
import socket
import socketserver
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import ClassVar, Final

logger = logging.getLogger(__name__)

PATIENCE_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Page:
    body: bytes
    status: int = 200
    content_type: str = "application/json"


Pages = Mapping[str, Callable[[], Page]]


class _Handler(BaseHTTPRequestHandler):
    timeout = PATIENCE_S
    server_version = "Parley"
    sys_version = ""
    pages: ClassVar[Pages] = {}

    def do_GET(self) -> None:
        found = self.pages.get(self.path.partition("?")[0])
        self._answer(found() if found else Page(b"{}", 404))

    def do_HEAD(self) -> None:
        self.do_GET()

    def _answer(self, page: Page) -> None:
        self.send_response(page.status)
        self.send_header("Content-Type", page.content_type)
        self.send_header("Content-Length", str(len(page.body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page.body)

    def address_string(self) -> str:
        return "local"  # a UNIX socket has no address, and nobody asks for one

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library calls it
        """Scrapes and probes come every few seconds: they are no event."""


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        logger.debug("a scrape or a probe was left unanswered", exc_info=True)


class _Unix(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        logger.debug("a look through the window was left unanswered", exc_info=True)


class Listener:
    """Answers `pages` at a path of the file system, or at (host, port), until `close`."""

    def __init__(self, address: Path | tuple[str, int], pages: Pages) -> None:
        """Raises `OSError` when the address is taken."""
        handler = type("Handler", (_Handler,), {"pages": pages})
        self._server: _Tcp | _Unix
        if isinstance(address, Path):
            self._server = _Unix(str(address), handler)
        else:
            kind = type("Tcp", (_Tcp,), {"address_family": socket.AF_INET6 if ":" in address[0] else socket.AF_INET})
            self._server = kind(address, handler)
        self._path = address if isinstance(address, Path) else None
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.5}, name="listener", daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        port: int = self._server.socket.getsockname()[1]
        return port

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        if self._path:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._path)  # noqa: PTH108 - a socket, not a document


class _UnixConnection(HTTPConnection):
    def __init__(self, path: Path, timeout_s: float) -> None:
        super().__init__("localhost", timeout=timeout_s)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


class NoAnswer(Exception):
    """Something holds that socket, and says nothing."""


def fetch(path: Path, page: str, *, timeout_s: float = PATIENCE_S) -> tuple[int, bytes]:
    """(status, body) of a page behind a UNIX socket. Raises `ConnectionRefusedError` when nobody holds it, `NoAnswer`."""
    connection = _UnixConnection(path, timeout_s)
    try:
        connection.request("GET", page)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (ConnectionRefusedError, FileNotFoundError) as error:
        raise ConnectionRefusedError(str(path)) from error
    except (OSError, HTTPException) as error:
        raise NoAnswer(f"{path.name}: {type(error).__name__}") from error
    finally:
        connection.close()
