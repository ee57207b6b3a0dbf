"""A hub of the tests' own: as much of the Hugging Face hub as a download meets, and what may go wrong with it.

Needs nothing but Python, so that Parley's browser tests start it, too.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha1, sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

COMMIT = "c0ffee" + "0" * 34
LARGE_BYTES = 20_000  # from here on a file lies in large storage: it is redirected to, and has a SHA-256


@dataclass
class Hub:
    """`models`: name → folder. `sent` counts bytes of files by path; `ranges` holds each Range that was asked for.

    gated: names, and which tokens may read them. cut: paths that break off, once for each number: after so many bytes.
    spoiled: paths sent with a wrong byte, so many times. pace: bytes a second of a large file. down: answers 503.
    """

    models: dict[str, Path] = field(default_factory=dict)
    gated: dict[str, set[str]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    extra: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    cut: dict[str, list[int]] = field(default_factory=dict)
    spoiled: dict[str, int] = field(default_factory=dict)
    pace: float = 0.0
    down: bool = False
    ignores_ranges: bool = False
    sent: dict[str, int] = field(default_factory=dict)
    ranges: list[str] = field(default_factory=list)
    tokens_at_storage: list[str] = field(default_factory=list)
    url: str = ""
    storage: str = ""

    @property
    def sent_bytes(self) -> int:
        return sum(self.sent.values())


@contextmanager
def hub_of(hub: Hub, port: int = 0) -> Iterator[Hub]:
    """Serve it, and its large storage on another port, as the hub has it on another host."""

    class Handler(_Handler):
        pass

    Handler.hub = hub
    servers = [ThreadingHTTPServer(("127.0.0.1", wanted), Handler) for wanted in (port, 0)]
    hub.url, hub.storage = (f"http://127.0.0.1:{server.server_port}" for server in servers)
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield hub
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


class _Handler(BaseHTTPRequestHandler):
    hub: ClassVar[Hub]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if self.hub.down:
            self._refuse(503)
        elif path.startswith("/api/models/"):
            self._tell(path.removeprefix("/api/models/"))
        elif path.startswith("/storage/"):
            self.hub.tokens_at_storage.append(self.headers.get("Authorization", ""))
            self._send(path.removeprefix("/storage/"))
        else:
            self._resolve(path.removeprefix("/"))

    def _tell(self, path: str) -> None:
        name, _, revision = path.partition("/revision/")
        if not self._may_see(name):
            return
        if revision not in ("", "main", COMMIT):
            self._refuse(404, "RevisionNotFound")
            return
        root = self.hub.models[name]
        listed = [_listed(file, root) for file in sorted(root.rglob("*")) if file.is_file()]
        self._json({"id": name, "sha": COMMIT, "siblings": listed + self.hub.extra.get(name, [])})

    def _resolve(self, path: str) -> None:
        name, _, rest = path.partition("/resolve/")
        commit, _, file = rest.partition("/")
        if not self._may_see(name):
            return
        if name in self.hub.gated and self._token() not in self.hub.gated[name]:
            self._refuse(403 if self._token() else 401, "GatedRepo")
        elif commit != COMMIT:
            self._refuse(404, "RevisionNotFound")
        elif not (self.hub.models[name] / file).is_file():
            self._refuse(404, "EntryNotFound")
        elif (self.hub.models[name] / file).stat().st_size < LARGE_BYTES:
            self._send(f"{name}/{file}")
        else:
            self.send_response(302)
            self.send_header("Location", f"{self.hub.storage}/storage/{name}/{file}")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _may_see(self, name: str) -> bool:
        if self._token() and self._token() not in self.hub.tokens:
            self.send_response(401)
            self.send_header("X-Error-Message", "Invalid credentials in Authorization header")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return False
        if name not in self.hub.models:
            self._refuse(404 if self._token() else 401, "RepoNotFound")
            return False
        return True

    def _send(self, path: str) -> None:
        name, file = next((name, path[len(name) + 1 :]) for name in self.hub.models if path.startswith(f"{name}/"))
        data = (self.hub.models[name] / file).read_bytes()
        asked = self.headers.get("Range", "")
        begin = 0
        if asked and not self.hub.ignores_ranges:
            self.hub.ranges.append(asked)
            begin = int(asked.removeprefix("bytes=").partition("-")[0])
        if self.hub.spoiled.get(file, 0) > 0:
            self.hub.spoiled[file] -= 1
            data = bytes([data[0] ^ 1]) + data[1:]
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(data) - begin))
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        self._write(file, data[begin:])

    def _write(self, file: str, data: bytes) -> None:
        cuts = self.hub.cut.get(file) or []
        cut = cuts.pop(0) if cuts else None
        bit = max(1, int(self.hub.pace / 20)) if self.hub.pace and len(data) >= LARGE_BYTES else len(data)
        for begin in range(0, len(data), max(1, bit)):
            piece = data[begin : begin + bit][: None if cut is None else max(0, cut - begin)]
            try:
                self.wfile.write(piece)
                self.wfile.flush()
            except OSError:  # who asked has gone
                return
            self.hub.sent[file] = self.hub.sent.get(file, 0) + len(piece)
            if cut is not None and begin + bit >= cut:
                self.close_connection = True
                self.connection.close()
                return
            if bit < len(data):
                time.sleep(0.05)

    def _token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def _refuse(self, status: int, code: str = "") -> None:
        self.send_response(status)
        if code:
            self.send_header("X-Error-Code", code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _json(self, said: object) -> None:
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _listed(file: Path, root: Path) -> dict[str, object]:
    data = file.read_bytes()
    listed: dict[str, object] = {"rfilename": file.relative_to(root).as_posix(), "size": len(data)}
    if len(data) < LARGE_BYTES:
        return listed | {"blobId": sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()}
    return listed | {
        "blobId": "0" * 40,
        "lfs": {"size": len(data), "sha256": sha256(data).hexdigest(), "pointerSize": 134},
    }
