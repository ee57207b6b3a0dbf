"""HTTP as ASGI: files first, bodies within the limit, plain doors in a pool of threads, async doors on the loop."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from contextvars import copy_context
from functools import cache
from typing import IO

from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.base import BaseHandler
from django.http import HttpResponseBase
from django.urls import Resolver404, resolve, set_script_prefix

from parley.api.asgi import Application, Receive, Scope, Send
from parley.api.body_limit import BodyLimit
from parley.api.early import KnownFirst
from parley.api.frontend import with_files
from parley.api.watched import ROUTE, Watched

THREADS = 8
# Doors that may wait for a bucket, a reader of PDFs or a vendor, and how many of the threads they may hold: nobody who
# lists or opens stands behind them.
AT_LENGTH = tuple(f"/api/v1/{room}" for room in ("files", "imports", "exports", "archives", "pictures", "endpoints"))
AT_LENGTH_THREADS = 4


def http_application() -> Application:
    """Django must be set up."""
    uploads = {"/api/v1/files": settings.FILE_LIMIT_BYTES, "/api/v1/imports": settings.IMPORT_LIMIT_BYTES}
    # Images come inside these, and texts by the thousand.
    long_questions = dict.fromkeys(
        ("/v1/chat/completions", "/v1/responses", "/v1/embeddings"), settings.FILE_LIMIT_BYTES
    )
    doors = BodyLimit(with_files(Django()), limit_bytes=settings.BODY_LIMIT_BYTES, by_path=uploads | long_questions)
    return Watched(KnownFirst(doors, paths=set(uploads)))


class Django(ASGIHandler):
    """Django's own handler for async views, and a shorter way for the others.

    The stock way costs a plain view a new thread, with a new database connection in it, and about twelve changes of thread,
    two for each middleware: 4 ms of the 8 ms that a small answer took. Here, the whole chain runs in one of `THREADS`
    threads, which keeps its connection, and the loop waits once.
    """

    def __init__(self) -> None:
        super().__init__()
        self._plain = BaseHandler()
        self._plain.load_middleware(is_async=False)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="door")
        self._at_length = asyncio.Semaphore(AT_LENGTH_THREADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[ROUTE], is_async = _matched(scope["path"])
        if is_async:
            return await super().__call__(scope, receive, send)
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return None
        loop = asyncio.get_running_loop()
        async with self._at_length if scope["path"].startswith(AT_LENGTH) else nullcontext():
            # The context goes along: what is bound to the request stands on the lines of its thread, too.
            response = await loop.run_in_executor(self._pool, copy_context().run, self._answer, scope, body)
        try:
            return await self.send_response(response, send)
        finally:
            if response.streaming:
                await loop.run_in_executor(self._pool, response.close)

    def _answer(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        set_script_prefix(scope.get("root_path", "") or "/")
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(scope, body)
        response = refusal or self._plain.get_response(request)  # type: ignore[arg-type] # there is one of the two
        if not response.streaming:
            response.close()  # tells Django that the request has finished, in the thread that holds the connection
        return response


def _matched(path: str) -> tuple[str, bool]:
    """The template of the route that answers, for the log, and whether its view runs on the loop."""
    try:
        match = resolve(path)
    except Resolver404:
        return "(none)", False
    return _template(match.route), asyncio.iscoroutinefunction(match.func)


@cache
def _template(route: str) -> str:
    """`api/v1/keys/<uuid:key_id>` as `/api/v1/keys/{key_id}`; the pages of the front end are one."""
    return "(page)" if route.startswith("^") else "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)
