"""A collector of traces: speaks OTLP over HTTP as the real ones do, decodes the protobuf, and remembers the spans."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

PATIENCE_S = 10.0


@dataclass(frozen=True)
class Told:
    """A span, and the part of Parley it came from."""

    part: str
    name: str
    trace: str
    id: str
    parent: str
    begun_ns: int
    ended_ns: int
    attributes: dict[str, Any]
    events: tuple[str, ...]
    status: str


class Collector:
    """Listens on a free loopback port until `end`."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.spans: list[Told] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path == "/v1/traces" and self.headers["Content-Type"] == "application/x-protobuf":
                    collector._take(body)
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                answer = ExportTraceServiceResponse().SerializeToString()
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library calls it
                """Tests need no access log."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def end(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def trace_with(self, *names: str, where: Callable[[Told], bool] = lambda _: True) -> list[Told]:
        """All spans of the first trace in which each of `names` stands; waits for them."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            for trace in {span.trace for span in self.spans if where(span)}:
                found = [span for span in self.spans if span.trace == trace]
                if set(names) <= {span.name for span in found}:
                    return sorted(found, key=lambda span: span.begun_ns)
            time.sleep(0.05)
        raise AssertionError(f"no trace with {names}: {[(span.part, span.name) for span in self.spans]}")

    def _take(self, body: bytes) -> None:
        self.bodies.append(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            about = {pair.key: pair.value.string_value for pair in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [_told(about["parley.part"], span) for span in scope.spans]


def _told(part: str, span: Any) -> Told:  # protobuf makes its classes when it runs
    return Told(
        part=part,
        name=span.name,
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        begun_ns=span.start_time_unix_nano,
        ended_ns=span.end_time_unix_nano,
        attributes={pair.key: _value(pair.value) for pair in span.attributes},
        events=tuple(event.name for event in span.events),
        status=span.status.message,
    )


def _value(value: Any) -> Any:
    return getattr(value, value.WhichOneof("value"))
