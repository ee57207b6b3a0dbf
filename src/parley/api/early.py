"""Who may upload is asked before a byte of the upload is read. Django would first write all of it to a file."""

import io
import time
from collections.abc import Set

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse

from parley.api.asgi import Application, Receive, Scope, Send
from parley.api.problems import database_is_away, problem
from parley.api.refusing import refuse
from parley.api.watched import ROUTE
from parley.api.who import ways_in
from parley.core.errors import NotSignedIn, ParleyError
from parley.engine import ledger

ABOUT_THE_BODY = (b"content-type", b"content-length", b"transfer-encoding")


class KnownFirst:
    """ASGI: refuses a POST to one of `paths` from nobody. The door itself asks again, as every door does."""

    def __init__(self, application: Application, *, paths: Set[str]) -> None:
        self.application = application
        self.paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"] in self.paths:
            refusal = await _refusal(scope)
            if refusal is not None:
                scope[ROUTE] = scope["path"]
                return await refuse(refusal, receive, send)
        return await self.application(scope, receive, send)


async def _refusal(scope: Scope) -> HttpResponse | None:
    headers = [(name, value) for name, value in scope["headers"] if name not in ABOUT_THE_BODY]
    request = ASGIRequest({**scope, "headers": headers}, io.BytesIO())
    try:
        known = await sync_to_async(ledger.guarded)(_is_known, time.monotonic(), request)
    except ParleyError as error:
        return problem(error)
    except ledger.DatabaseAway:
        return problem(database_is_away())
    return None if known else problem(NotSignedIn())


def _is_known(request: ASGIRequest) -> bool:
    return any(way(request) for way in ways_in)
