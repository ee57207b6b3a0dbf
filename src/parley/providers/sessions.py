"""The HTTP sessions through which all wires call vendors: one for each event loop, with kept connections."""

import asyncio
import socket
from types import SimpleNamespace
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver
from django.conf import settings

from parley.providers.meters import outgoing_trace
from parley.providers.wire.guard import check_host

KEPT_OPEN_S: Final = 60.0
NAMES_KEPT_S: Final = 300

_sessions: dict[asyncio.AbstractEventLoop, aiohttp.ClientSession] = {}


def shared_session() -> aiohttp.ClientSession:
    """The session of the running loop. `close_sessions` ends it."""
    loop = asyncio.get_running_loop()
    session = _sessions.get(loop)
    if session is None or session.closed:
        for ended in [other for other in _sessions if other.is_closed()]:
            del _sessions[ended]
        session = _sessions[loop] = new_session()
    return session


async def close_sessions() -> None:
    """Close the running loop's session and its connections. For shutdown; a later call opens a new one."""
    session = _sessions.pop(asyncio.get_running_loop(), None)
    if session is not None:
        await session.close()


def new_session() -> aiohttp.ClientSession:
    """A session of one's own, for a loop that lives for one call. The caller closes it."""
    tracing = aiohttp.TraceConfig()
    tracing.on_request_start.append(_check_request)
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=0,  # admission control stands before us; a queue here would only hide it
            keepalive_timeout=KEPT_OPEN_S,
            ttl_dns_cache=NAMES_KEPT_S,
            resolver=_VettingResolver(),
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        trace_configs=[tracing],
        headers={"User-Agent": "Parley"},
    )


async def _check_request(
    session: aiohttp.ClientSession, context: SimpleNamespace, request: aiohttp.TraceRequestStartParams
) -> None:
    host = request.url.host or ""
    check_host(host)
    trace = outgoing_trace.get()
    if trace and host in settings.TRACED_VENDORS:
        request.headers["traceparent"] = trace  # W3C Trace Context: a model service of one's own goes on with the trace


class _VettingResolver(AbstractResolver):
    """Asks the system's resolver, and lets no name lead to an address that may not be called."""

    def __init__(self) -> None:
        self._resolver = DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        try:
            results = await self._resolver.resolve(host, port, family)
        except UnicodeError as error:  # a label of more than 63 letters
            raise OSError("this is no host name") from error
        for result in results:
            check_host(result["host"])
        return results

    async def close(self) -> None:
        await self._resolver.close()
