"""Each HTTP request as it is seen from outside: an id, a line in the log, a number for Prometheus, a span where traces are on.

Told are the method, the route's template, the status and the time; never a path with its ids and tokens, a query or a body.
"""

import logging
import re
import time
from typing import Any, Final
from uuid import uuid4

from prometheus_client import Counter, Histogram

from parley.api.asgi import Application, Message, Receive, Scope, Send
from parley.core import traces
from parley.core.log import binding
from parley.core.metrics import registry

logger = logging.getLogger("parley.access")

ROUTE: Final = "parley.route"  # in the scope: the template of the view that answers; set by `api.http`
FILES: Final = "(files)"  # whatever is answered without a view: files, bodies that are too large
GONE: Final = 499  # the caller left before an answer; nginx counts it so, too
METHODS: Final = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
# A request id from the edge or a caller is taken over when it is one, and nothing that could forge a line.
REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._-]{8,64}")
# Asked every few seconds by machines: lines only for those who debug.
NOT_NEWS: Final = ("/healthz/", "/metrics", FILES)

_requests = Counter(
    "parley_http_requests",
    "HTTP requests, by the template of their route.",
    ("method", "route", "status"),
    registry=registry,
)
_seconds = Histogram(
    "parley_http_seconds",
    "From a request to the first byte of its answer.",
    ("route",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=registry,
)


class _Seen:
    """What is seen of one request."""

    __slots__ = ("answered_s", "begun", "status")

    def __init__(self) -> None:
        self.begun = time.perf_counter()
        self.status = GONE
        self.answered_s: float | None = None

    def answered(self, status: int) -> None:
        self.status, self.answered_s = status, time.perf_counter() - self.begun


class Watched:
    """The outermost ASGI application of HTTP."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._application(scope, receive, send)
        seen, request_id = _Seen(), _request_id(scope)

        async def watched_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.answered(message["status"])
                headers = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
                message = {**message, "headers": headers}
            await send(message)

        with binding(request=request_id):
            try:
                await self._traced(scope, receive, watched_send, seen)
            except Exception:
                seen.status = 500
                raise
            finally:
                _note(scope, seen)

    async def _traced(self, scope: Scope, receive: Receive, send: Send, seen: _Seen) -> None:
        if not traces.are_traced():
            await self._application(scope, receive, send)
            return
        parent = _header(scope, b"traceparent")[: traces.LONGEST_TRACEPARENT]
        with traces.span(scope["method"], parent=parent.decode("latin-1"), kind=traces.SpanKind.SERVER) as span:
            await self._application(scope, receive, send)
            span.update_name(f"{scope['method']} {_route(scope)}")
            span.set_attributes({"http.route": _route(scope), "http.response.status_code": seen.status})


def _note(scope: Scope, seen: _Seen) -> None:
    route, method = _route(scope), scope["method"] if scope["method"] in METHODS else "other"
    _requests.labels(method, route, str(seen.status)).inc()
    if seen.answered_s is not None:
        _seconds.labels(route).observe(seen.answered_s)
    level = logging.DEBUG if route.startswith(NOT_NEWS) else logging.INFO
    if logger.isEnabledFor(level):
        took_ms = round((time.perf_counter() - seen.begun) * 1000, 1)
        fields: dict[str, Any] = {"method": method, "route": route, "status": seen.status, "ms": took_ms}
        logger.log(level, "request", extra={"fields": fields})


def _route(scope: Scope) -> str:
    route: str = scope.get(ROUTE, FILES)
    return route


def _request_id(scope: Scope) -> str:
    given = _header(scope, b"x-request-id")
    return given.decode() if REQUEST_ID.fullmatch(given) else uuid4().hex


def _header(scope: Scope, name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"")
