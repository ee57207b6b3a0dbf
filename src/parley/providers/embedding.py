"""Turn texts into vectors: the one way from the rooms above to a vendor's embeddings. Retry, caps and breaker as for answers."""

import asyncio
from collections.abc import Sequence
from typing import Final

from parley.core.errors import EndpointError
from parley.providers.breaker import breaker_of
from parley.providers.client import RETRIES, delay_s
from parley.providers.load import load_of
from parley.providers.meters import Try
from parley.providers.sessions import new_session, shared_session
from parley.providers.values import Embedded, EmbeddingRequest, Route
from parley.providers.wire import wire_named

AT_ONCE: Final = 32  # texts in one call: as many as the smallest usual server takes
CHARACTERS_PER_TOKEN: Final = 4


async def embed(route: Route, request: EmbeddingRequest) -> Embedded:
    """One vector for each input. Texts that are many go in several calls, one after the other. Raises an `EndpointError`.

    Tokens that the vendor does not count are estimated, by letters.
    """
    vectors: list[Sequence[float]] = []
    tokens = 0
    for first in range(0, len(request.inputs), AT_ONCE):
        some = EmbeddingRequest(request.model, request.inputs[first : first + AT_ONCE], request.dimensions)
        embedded = await _embed_some(route, some)
        vectors += embedded.vectors
        tokens += estimated_tokens(some) if embedded.input_tokens is None else embedded.input_tokens
    return Embedded(tuple(vectors), tokens)


async def check_embedding(route: Route, model: str) -> None:
    """Let the model embed one word: proves address, key and name. Raises an `EndpointError`."""
    async with new_session() as session:
        await wire_named(route.wire).embed(session, route, EmbeddingRequest(model, ("hi",)))


def estimated_tokens(request: EmbeddingRequest) -> int:
    return sum(
        max(1, len(text) // CHARACTERS_PER_TOKEN) if isinstance(text, str) else len(text) for text in request.inputs
    )


async def _embed_some(route: Route, request: EmbeddingRequest) -> Embedded:
    wire, breaker, load = wire_named(route.wire), breaker_of(route.endpoint_id), load_of(route.endpoint_id)
    attempt = 0
    while True:
        attempt += 1
        is_probe = breaker.check()
        call = Try(route, request.model, number=attempt)
        try:
            async with load.taken(route) as taken:
                embedded = await wire.embed(shared_session(), route, request)
                taken.tokens = embedded.input_tokens or estimated_tokens(request)
            breaker.succeeded()
            call.ended()
        except EndpointError as error:
            breaker.failed(error)
            call.failed(error)
            wait_s = delay_s(error, attempt - 1, RETRIES)
            if wait_s is None:
                raise
        else:
            return embedded
        finally:
            call.close()
            if is_probe:
                breaker.probe_ended()
        await asyncio.sleep(wait_s)
