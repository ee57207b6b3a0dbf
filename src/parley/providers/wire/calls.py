"""One call to a vendor over HTTP, as all wires make it: post, read what comes, notice silence, close at once.

A wire is a subclass that says where, with which headers and which body, and how the answer reads.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from typing import ClassVar, Final

import aiohttp
import orjson

from parley.core.errors import EndpointBroken, EndpointError, EndpointRejected, EndpointSilent
from parley.providers.values import Embedded, EmbeddingRequest, ModelRequest, Route, WireEvent
from parley.providers.wire.faults import WEB_PAGE, fault_of_exception, fault_of_status, host_of, retry_after_s
from parley.providers.wire.patience import Patience
from parley.providers.wire.reading import Reading
from parley.providers.wire.vectors import no_embeddings

CONNECT_TIMEOUT_S: Final = 10.0
LIST_TIMEOUT_S: Final = 15.0
# How long a vendor may take to count its tokens or to say [DONE], once the model is done.
TAIL_TIMEOUT_S: Final = 5.0
# How long the end of the body may take after [DONE]. Waiting for it keeps the connection for the next reply.
LAST_BYTES_TIMEOUT_S: Final = 0.1
# How long the words of a refusal may take.
ERROR_TIMEOUT_S: Final = 5.0
ERROR_LIMIT_BYTES: Final = 64 * 1024
LIST_LIMIT_BYTES: Final = 16 * 1024 * 1024
REMEMBERED: Final = 5000  # models of which we know what they refuse

Json = dict[str, object]

_HEADERS: Final = {
    "Content-Type": "application/json",
    "Accept": "text/event-stream, application/json",
    "Accept-Encoding": "identity",  # compressing single tokens costs both sides time, and holds them back
}


class HttpWire:
    """See `base.Wire`. Remembers for each model which optional fields it took or refused.

    `optional_together`: fields that help but that some servers or models refuse; then they are dropped, a group at a time.
    """

    optional_together: ClassVar[tuple[frozenset[str], ...]] = ()

    def __init__(self) -> None:
        self._taken: dict[tuple[str, str, str], frozenset[str]] = {}
        self._refused: dict[tuple[str, str, str], frozenset[str]] = {}

    # --- What a wire fills in -----------------------------------------------------------------------------------------

    def url(self, route: Route, request: ModelRequest) -> str:
        raise NotImplementedError

    def headers(self, route: Route) -> Mapping[str, str]:
        """Those that carry the key, and the dialect's own."""
        raise NotImplementedError

    def body(self, route: Route, request: ModelRequest) -> Json:
        """Raises `EndpointRejected` for what this dialect cannot say."""
        raise NotImplementedError

    def reading(self, route: Route, request: ModelRequest) -> Reading:
        raise NotImplementedError

    def fault(self, route: Route, status: int, body: bytes, wait_s: float | None) -> EndpointError:
        """The error for an answer that is not 200."""
        return fault_of_status(route, status, body, wait_s=wait_s)

    # --- What all share -----------------------------------------------------------------------------------------------

    async def stream(
        self, session: aiohttp.ClientSession, route: Route, request: ModelRequest
    ) -> AsyncGenerator[WireEvent, None]:
        reading = self.reading(route, request)
        patience = Patience(route.idle_timeout_s, route.total_timeout_s)
        try:
            response = await self._ask(session, route, request, patience)
            patience.begin(response.close)
            try:
                content = response.content
                while not reading.ended:
                    chunk = await (_tail_of(content) if reading.finishing else content.readany())
                    patience.heard()
                    events = reading.take(chunk)
                    if not events:
                        await asyncio.sleep(0)  # a vendor that floods us with nothing must not hold the loop
                    for event in events:
                        yield event
                if reading.fault is None:
                    await _take_last_bytes(response)
            finally:
                patience.end()
                response.close()  # no-op once the body has ended; otherwise the vendor sees it at once
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if not reading.finishing:
                reading.fault = fault_of_exception(route, patience.why(error), begun=reading.begun)
        for event in reading.close():
            yield event
        if reading.fault is not None:
            raise reading.fault

    async def embed(self, session: aiohttp.ClientSession, route: Route, request: EmbeddingRequest) -> Embedded:
        raise no_embeddings(route)

    async def get(self, session: aiohttp.ClientSession, route: Route, url: str) -> object:
        """The JSON at `url`. Raises an `EndpointError`, with the words for a list of models that is none."""
        body = await self._fetch(session, route, "GET", url)
        return loaded_list(route, body)

    async def post(self, session: aiohttp.ClientSession, route: Route, url: str, body: Json) -> object:
        """The JSON that a small question is answered with."""
        return loaded_list(route, await self._fetch(session, route, "POST", url, body))

    async def post_texts(self, session: aiohttp.ClientSession, route: Route, url: str, body: Json) -> object:
        """What texts to be embedded are answered with; None where that is no JSON."""
        raw = await self._fetch(session, route, "POST", url, body, timeout_s=route.idle_timeout_s)
        try:
            return orjson.loads(raw)
        except ValueError:
            return None

    async def _fetch(
        self,
        session: aiohttp.ClientSession,
        route: Route,
        method: str,
        url: str,
        body: Json | None = None,
        *,
        timeout_s: float = LIST_TIMEOUT_S,
    ) -> bytes:
        timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=CONNECT_TIMEOUT_S)
        headers = {**_HEADERS, **self.headers(route)}
        data = None if body is None else orjson.dumps(body)
        try:
            asked = session.request(method, url, data=data, headers=headers, timeout=timeout, allow_redirects=False)
            async with asked as response:
                if response.status != 200:
                    raise await self._fault(route, response)
                return await _body(response, LIST_LIMIT_BYTES)
        except TimeoutError:
            raise EndpointSilent(f"{host_of(route)} did not answer in time. Try again.") from None
        except (aiohttp.ClientError, OSError) as error:
            raise fault_of_exception(route, error, begun=False) from error

    async def _ask(
        self, session: aiohttp.ClientSession, route: Route, request: ModelRequest, patience: Patience
    ) -> aiohttp.ClientResponse:
        """Post the request; on 400 or 422 once more without the fields that this model may not know."""
        asked = route.endpoint_id, route.base_url, request.model
        refused = self._refused.get(asked, frozenset())
        taken = self._taken.get(asked, frozenset())
        body = self.body(route, request)
        while True:
            sent = {name: value for name, value in body.items() if name not in refused}
            response = await self._post(session, route, request, sent, patience)
            if response.status == 200:
                optional = frozenset[str]().union(*self.optional_together)
                _remember(self._refused, asked, refused)
                _remember(self._taken, asked, taken | (optional & sent.keys()))
                return response
            fault = await self._fault(route, response)
            doubtful = [group for group in self.optional_together if group & sent.keys() - taken]
            if response.status not in (400, 422) or not doubtful:
                raise fault
            named = [group for group in doubtful if any(name in fault.message for name in group)]
            refused = refused.union(*(named or doubtful))

    async def _post(
        self, session: aiohttp.ClientSession, route: Route, request: ModelRequest, body: Json, patience: Patience
    ) -> aiohttp.ClientResponse:
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT_S)
        try:
            data = orjson.dumps(body)
        except (
            orjson.JSONEncodeError
        ) as error:  # a whole number beyond 64 bits, half an emoji: /v1 passes on what it is given
            raise EndpointRejected(f"This request cannot be written as JSON: {error}.") from None
        async with patience.headers():
            return await session.post(
                self.url(route, request),
                data=data,
                headers={**_HEADERS, **self.headers(route)},
                timeout=timeout,
                allow_redirects=False,  # a redirect would carry the key and the conversation to an address nobody chose
            )

    async def _fault(self, route: Route, response: aiohttp.ClientResponse) -> EndpointError:
        try:
            async with asyncio.timeout(ERROR_TIMEOUT_S):
                body = await _body(response, ERROR_LIMIT_BYTES)
        except (aiohttp.ClientError, TimeoutError):
            body = b""  # the status says enough
            response.close()
        return self.fault(route, response.status, body, retry_after_s(response.headers))


def loaded_list(route: Route, body: bytes) -> object:
    """The document that should hold a list of models. Raises `EndpointBroken`."""
    if body.lstrip()[:1] == b"<":
        raise EndpointBroken(f"{host_of(route)}: {WEB_PAGE}")
    try:
        return orjson.loads(body)
    except ValueError:
        raise no_list(route) from None


def no_list(route: Route) -> EndpointBroken:
    return EndpointBroken(f"{host_of(route)} did not answer with a list of models. Is the base URL right?")


def address(base_url: str, path: str) -> str:
    """`path` below the endpoint's base URL."""
    return base_url.rstrip("/") + path


def _remember(
    known: dict[tuple[str, str, str], frozenset[str]], asked: tuple[str, str, str], fields: frozenset[str]
) -> None:
    if len(known) >= REMEMBERED:
        known.clear()  # learned again at the price of one refusal each
    known[asked] = fields


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


async def _body(response: aiohttp.ClientResponse, limit_bytes: int) -> bytes:
    """At most `limit_bytes` of the body; closes the connection when there is more."""
    chunks, size = [], 0
    while size < limit_bytes and (chunk := await response.content.readany()):
        chunks.append(chunk)
        size += len(chunk)
    response.close()
    return b"".join(chunks)[:limit_bytes]
