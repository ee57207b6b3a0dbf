"""Who may open a socket: a bearer key, or a session cookie from a page of ours. Channels routes; this door looks at the proof."""

import random
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async
from channels.routing import URLRouter
from channels.sessions import CookieMiddleware
from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.urls import path

from parley.accounts.access import Member, digest_of, member_for_key, member_for_session
from parley.core.errors import NotSignedIn
from parley.core.faultpoint import faultpoint
from parley.core.log import binding
from parley.engine import ledger
from parley.engine.lease import installed_runner
from parley.realtime.directory import installed_directory
from parley.realtime.meters import handshakes
from parley.realtime.protocol import EXTENSION, Push
from parley.realtime.socket import SIGNED_OUT, TOO_MANY, TRY_LATER, Receive, Send, Socket

Scope = dict[str, Any]  # as ASGI defines it

# Beyond that, sockets are shed at once instead of all timing out (measured: 250 to 380 a second). Who is shed is told when
# to come back; a browser, which cannot read that, comes back by a jitter of its own.
HANDSHAKES_AT_ONCE = 150
RETRY_AFTER_S = (1, 15)


class Door:
    """The ASGI application behind `/ws`."""

    def __init__(self) -> None:
        self._in_progress = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        if not _is_our_page(scope):
            handshakes.labels("foreign").inc()
            await send({"type": "websocket.close", "code": 4403, "reason": "foreign origin"})
            return
        if self._in_progress >= HANDSHAKES_AT_ONCE:
            handshakes.labels("busy").inc()
            await _refuse_for_now(send)
            return
        self._in_progress += 1
        try:
            member, proof = await _member_of(scope)
            faultpoint("socket.known")
            await send({"type": "websocket.accept"})
        except NotSignedIn as refusal:
            handshakes.labels("signed_out").inc()
            await send({"type": "websocket.accept"})  # so that the browser sees the code; no frame follows
            await send({"type": "websocket.close", "code": SIGNED_OUT, "reason": refusal.message[:120]})
            return
        except ledger.DatabaseAway:
            await _refuse_for_now(send)
            return
        finally:
            self._in_progress -= 1
        await _serve(member, proof, receive, send, _push_of(scope))


async def _serve(member: Member, proof: str, receive: Receive, send: Send, push: Push | None) -> None:
    runner, directory = installed_runner(), installed_directory()
    if runner is None or directory is None:
        handshakes.labels("stopping").inc()
        await send({"type": "websocket.close", "code": TRY_LATER, "reason": "Parley is starting or stopping"})
        return
    if directory.count(member.user_id) >= settings.SOCKETS_PER_PERSON:
        handshakes.labels("too_many").inc()
        await send({"type": "websocket.close", "code": TOO_MANY, "reason": "too many connections; close some tabs"})
        return
    socket = Socket(member, runner.hub, send, push)
    directory.add(socket, proof)
    handshakes.labels("accepted").inc()
    try:
        with binding(user=member.user_id, workspace=member.workspace_id):
            await socket.serve(receive)
    finally:
        directory.remove(socket)


async def _member_of(scope: Scope) -> tuple[Member, str]:
    """Raises `NotSignedIn`. A wrong key never falls back on a cookie that came along."""
    token = _bearer_token(scope)
    if token is not None:
        return await _looked_up(member_for_key, token), f"key:{digest_of(token)}"
    session_key = scope["cookies"].get(settings.SESSION_COOKIE_NAME, "")
    if not session_key:
        raise NotSignedIn
    return await _looked_up(member_for_session, session_key), f"session:{session_key}"


async def _looked_up(look_up: Callable[[str], Member], proof: str) -> Member:
    """Beside the engine's reads, which must not wait for those who come. Raises `DatabaseAway`."""
    return await sync_to_async(ledger.guarded)(look_up, time.monotonic(), proof)


def _is_our_page(scope: Scope) -> bool:
    """A browser names the page's origin: it must be this host and port, or a listed one. Programs with a key name none."""
    host = _header(scope, b"host")
    domain, _ = split_domain_port(host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        return False
    origin = _header(scope, b"origin")
    if not origin:
        return _bearer_token(scope) is not None
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()


def _push_of(scope: Scope) -> Push | None:
    return scope.get("extensions", {}).get(EXTENSION, {}).get("push")  # type: ignore[no-any-return]


def _bearer_token(scope: Scope) -> str | None:
    kind, _, token = _header(scope, b"authorization").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


async def _refuse_for_now(send: Send) -> None:
    retry_after_s = random.randint(*RETRY_AFTER_S)  # noqa: S311 - it spreads a crowd, and keeps no secret
    headers = [(b"retry-after", str(retry_after_s).encode()), (b"content-type", b"text/plain")]
    await send({"type": "websocket.http.response.start", "status": 503, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": b"Parley is busy. Try again shortly."})


router = URLRouter([path("ws", CookieMiddleware(Door()))])
