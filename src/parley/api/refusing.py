"""A refusal that leaves before its request was read to the end.

Whoever closes a connection on which bytes still come resets it, and the other side throws the answer away unread: its person
would see "connection reset" in place of what to do. So what comes is read and thrown away for a while (RFC 9112, 9.6).
"""

import asyncio
from contextlib import suppress

from django.http import HttpResponse

from parley.api.asgi import Receive, Send

LINGER_S = 10.0
LINGER_BYTES = 64 * 1024 * 1024  # whoever sends more does not listen


async def refuse(response: HttpResponse, receive: Receive, send: Send) -> None:
    """Answer at once, and close the connection when the other side has heard it."""
    headers = [(name.lower().encode(), value.encode()) for name, value in response.items()]
    headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": response.content, "more_body": True})
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER_S):
            await _throw_away(receive)
    await send({"type": "http.response.body", "body": b""})


async def _throw_away(receive: Receive) -> None:
    left = LINGER_BYTES
    while left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        if not message.get("more_body"):  # the end of the body, or nobody there any more
            return
