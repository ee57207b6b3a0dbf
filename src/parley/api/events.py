"""Server-Sent Events (WHATWG HTML, section 9.2): the same follower as the socket's, in another dress."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from django.http import StreamingHttpResponse

from parley.engine.follow import Follower
from parley.engine.hub import Hub

COMMENT_S = 15.0  # so that proxies do not take a thinking model for a dead connection


def event_stream(hub: Hub, generation_id: UUID, *, after: int) -> StreamingHttpResponse:
    """All events of a tape after a number, past and future; ends after the last one."""
    response = StreamingHttpResponse(_events(hub, generation_id, after), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def _events(hub: Hub, generation_id: UUID, after: int) -> AsyncIterator[bytes]:
    bell = asyncio.Event()
    follower = Follower(hub, bell.set)
    follower.follow(generation_id, after=after)
    try:
        while not follower.is_idle:
            try:
                await asyncio.wait_for(bell.wait(), COMMENT_S)
            except TimeoutError:
                yield b": still here\n\n"
                continue
            bell.clear()
            async for _, entries in follower.news():
                yield b"".join(f"id: {entry.seq}\ndata: {entry.body}\n\n".encode() for entry in entries)
    finally:
        follower.close()
