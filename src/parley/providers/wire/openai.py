"""The `openai` wire: Chat Completions, as OpenAI, vLLM, llama.cpp, Ollama, OpenRouter and most others speak it.

https://platform.openai.com/docs/api-reference/chat. `openai_body` makes requests, `openai_answer` reads answers.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from typing import Final

import aiohttp
import orjson

from parley.core.errors import EndpointBroken, EndpointError, EndpointRejected, EndpointSilent
from parley.providers.values import ModelRequest, Route, WireEvent
from parley.providers.wire.base import ListedModel
from parley.providers.wire.dialects import dialect_of
from parley.providers.wire.faults import WEB_PAGE, fault_of_exception, fault_of_status, host_of, retry_after_s
from parley.providers.wire.openai_answer import Reading
from parley.providers.wire.openai_body import OPTIONAL, OPTIONAL_TOGETHER, Json, body_of
from parley.providers.wire.openai_models import listed_models
from parley.providers.wire.silence import Silence

CONNECT_TIMEOUT_S: Final = 10.0
LIST_TIMEOUT_S: Final = 15.0
# How long a vendor may take to count its tokens or to say [DONE], once the model is done.
TAIL_TIMEOUT_S: Final = 5.0
# How long the end of the body may take after [DONE]. Waiting for it keeps the connection for the next reply.
LAST_BYTES_TIMEOUT_S: Final = 0.1
ERROR_LIMIT_BYTES: Final = 64 * 1024
LIST_LIMIT_BYTES: Final = 16 * 1024 * 1024

Endpoint = tuple[str, str]


class OpenAI:
    """See `base.Wire`. Remembers for each endpoint which optional fields it took or refused."""

    def __init__(self) -> None:
        self._taken: dict[Endpoint, frozenset[str]] = {}
        self._refused: dict[Endpoint, frozenset[str]] = {}

    async def stream(
        self, session: aiohttp.ClientSession, route: Route, request: ModelRequest
    ) -> AsyncGenerator[WireEvent, None]:
        reading, silence = Reading(route), Silence(route.idle_timeout_s)
        try:
            response = await self._ask(session, route, request)
            silence.begin(response.close)
            try:
                content = response.content
                while not reading.ended:
                    chunk = await (_tail_of(content) if reading.finishing else content.readany())
                    silence.heard()
                    events = reading.take(chunk)
                    if not events:
                        await asyncio.sleep(0)  # a vendor that floods us with nothing must not hold the loop
                    for event in events:
                        yield event
                if reading.fault is None:
                    await _take_last_bytes(response)
            finally:
                silence.end()
                response.close()  # no-op once the body has ended; otherwise the vendor sees it at once
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if not reading.finishing:
                cause = TimeoutError() if silence.is_too_long else error
                reading.fault = fault_of_exception(route, cause, begun=reading.begun)
        for event in reading.close():
            yield event
        if reading.fault is not None:
            raise reading.fault

    async def list_models(self, session: aiohttp.ClientSession, route: Route) -> list[ListedModel]:
        key_check = dialect_of(route.base_url).key_check
        if key_check:
            await _get(session, route, key_check)
        body = await _get(session, route, route.base_url.rstrip("/") + "/models")
        if body.lstrip()[:1] == b"<":
            raise EndpointBroken(f"{host_of(route)}: {WEB_PAGE}")
        try:
            return listed_models(orjson.loads(body))
        except ValueError:
            raise EndpointBroken(
                f"{host_of(route)} did not answer with a list of models. Is the base URL right?"
            ) from None

    async def _ask(self, session: aiohttp.ClientSession, route: Route, request: ModelRequest) -> aiohttp.ClientResponse:
        """Post the request; on 400 or 422 once more without the fields that this endpoint may not know."""
        endpoint = route.endpoint_id, route.base_url
        refused = self._refused.get(endpoint, frozenset())
        taken = self._taken.get(endpoint, frozenset())
        body = body_of(request, dialect_of(route.base_url))
        while True:
            sent = {name: value for name, value in body.items() if name not in refused}
            response = await _post(session, route, sent)
            if response.status == 200:
                self._refused[endpoint], self._taken[endpoint] = refused, taken | (OPTIONAL & sent.keys())
                return response
            fault = await _fault(route, response)
            doubtful = [group for group in OPTIONAL_TOGETHER if group & sent.keys() - taken]
            if response.status not in (400, 422) or not doubtful:
                raise fault
            named = [group for group in doubtful if any(name in fault.message for name in group)]
            refused = refused.union(*(named or doubtful))


async def _get(session: aiohttp.ClientSession, route: Route, url: str) -> bytes:
    timeout = aiohttp.ClientTimeout(total=LIST_TIMEOUT_S, sock_connect=CONNECT_TIMEOUT_S)
    try:
        async with session.get(url, headers=_headers(route), timeout=timeout, allow_redirects=False) as response:
            if response.status != 200:
                raise await _fault(route, response)
            return await _body(response, LIST_LIMIT_BYTES)
    except TimeoutError:
        raise EndpointSilent(f"{host_of(route)} did not list its models in time. Try again.") from None
    except (aiohttp.ClientError, OSError) as error:
        raise fault_of_exception(route, error, begun=False) from error


async def _post(session: aiohttp.ClientSession, route: Route, body: Json) -> aiohttp.ClientResponse:
    timeout = aiohttp.ClientTimeout(total=route.total_timeout_s, sock_connect=CONNECT_TIMEOUT_S)
    try:
        data = orjson.dumps(body)
    except (
        orjson.JSONEncodeError
    ) as error:  # a whole number beyond 64 bits, half an emoji: /v1 passes on what it is given
        raise EndpointRejected(f"This request cannot be written as JSON: {error}.") from None
    async with asyncio.timeout(route.idle_timeout_s):  # until the headers; `Silence` watches what comes after
        return await session.post(
            route.base_url.rstrip("/") + "/chat/completions",
            data=data,
            headers=_headers(route),
            timeout=timeout,
            allow_redirects=False,  # a redirect would carry the key and the conversation to an address nobody chose
        )


def _headers(route: Route) -> Mapping[str, str]:
    dialect = dialect_of(route.base_url)
    headers = {
        "Content-Type": "application/json",
        "Accept": "text/event-stream, application/json",
        "Accept-Encoding": "identity",  # compressing single tokens costs both sides time, and holds them back
        **dialect.headers,
    }
    if route.api_key:
        headers["Authorization"] = f"Bearer {route.api_key}"
        if dialect.key_header:
            headers[dialect.key_header] = route.api_key
    return headers


async def _tail_of(content: aiohttp.StreamReader) -> bytes:
    async with asyncio.timeout(TAIL_TIMEOUT_S):
        return await content.readany()


async def _take_last_bytes(response: aiohttp.ClientResponse) -> None:
    if response.content.at_eof():
        return
    with suppress(aiohttp.ClientError, TimeoutError):
        async with asyncio.timeout(LAST_BYTES_TIMEOUT_S):
            while await response.content.readany():
                pass


async def _fault(route: Route, response: aiohttp.ClientResponse) -> EndpointError:
    try:
        body = await _body(response, ERROR_LIMIT_BYTES)
    except (aiohttp.ClientError, TimeoutError):
        body = b""  # the status says enough
    return fault_of_status(route, response.status, body, wait_s=retry_after_s(response.headers))


async def _body(response: aiohttp.ClientResponse, limit_bytes: int) -> bytes:
    """At most `limit_bytes` of the body; closes the connection when there is more."""
    chunks, size = [], 0
    while size < limit_bytes and (chunk := await response.content.readany()):
        chunks.append(chunk)
        size += len(chunk)
    response.close()
    return b"".join(chunks)[:limit_bytes]
