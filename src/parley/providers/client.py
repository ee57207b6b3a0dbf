"""Ask a model: the one way from the rooms above to a vendor. Retry, caps and breaker; dialects stand in `wire/`."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Final

from parley.core.errors import EndpointError, EndpointOverloaded, EndpointStumbled, EndpointUnreachable
from parley.core.faultpoint import faultpoint
from parley.providers.breaker import breaker_of
from parley.providers.load import load_of
from parley.providers.measures import measured
from parley.providers.meters import Try
from parley.providers.sessions import close_sessions, new_session, shared_session
from parley.providers.values import (
    ChatMessage,
    Finish,
    ModelRequest,
    Parameters,
    ReasoningDelta,
    Route,
    Text,
    TextDelta,
    Usage,
    WireEvent,
)
from parley.providers.wire import wire_named
from parley.providers.wire.base import ListedModel

__all__ = ["check_model", "close_sessions", "list_models", "stream"]

RETRIES: Final = 3
BACKOFF_S: Final = 0.5
BACKOFF_LIMIT_S: Final = 8.0
WAIT_LIMIT_S: Final = 30.0  # a vendor that asks for more is not waited for: the person is told instead
TEXT_LIMIT: Final = 256 * 1024  # letters of text, and as many of reasoning

_RETRIED = (EndpointOverloaded, EndpointStumbled, EndpointUnreachable)


async def stream(
    route: Route, request: ModelRequest, *, retries: int = RETRIES, heard: Callable[[], None] | None = None
) -> AsyncGenerator[WireEvent, None]:
    """What the model says, as it says it; ends with one Finish, or raises an `EndpointError`.

    Asks again, at most `retries` times, as long as nothing was said and the fault may pass: 0 for who has another model to
    ask. An answer without end is cut with Finish("length"). Closing the generator, or cancelling the task that reads it,
    closes the vendor's connection at once: wrap it in `contextlib.aclosing` wherever the loop over it may be left early.
    `heard` is called once, with the first word.
    """
    wire, breaker, load = wire_named(route.wire), breaker_of(route.endpoint_id), load_of(route.endpoint_id)
    for attempt in range(retries + 1):
        is_probe = breaker.check()
        begun = False
        text_left = thought_left = TEXT_LIMIT
        call = Try(route, request.model, number=attempt + 1)
        try:
            # One loop, not a generator for each concern: every hop would cost each token half a microsecond.
            faultpoint("vendor.asked")
            async with load.taken(route) as taken, aclosing(wire.stream(shared_session(), route, request)) as events:
                async for event in events:
                    if not begun and not (isinstance(event, Usage) and event.so_far):
                        begun = True
                        breaker.succeeded()
                        call.begun(heard)
                        measured(route.endpoint_id, request.model, time.monotonic() - taken.since)
                        faultpoint("vendor.answered")
                    yield event
                    if isinstance(event, TextDelta):
                        text_left -= len(event.text)
                    elif isinstance(event, ReasoningDelta):
                        thought_left -= len(event.text)
                    elif isinstance(event, Usage):
                        taken.tokens = event.input_tokens + event.output_tokens
                    if text_left <= 0 or thought_left <= 0:
                        yield Finish("length")
                        break
            faultpoint("vendor.ended")
            call.ended()
            return
        except EndpointError as error:
            breaker.failed(error)
            call.failed(error)
            wait_s = None if begun else delay_s(error, attempt, retries)
            if wait_s is None:
                raise
        finally:
            call.close()
            if is_probe:
                breaker.probe_ended()
        await asyncio.sleep(wait_s)


async def list_models(route: Route) -> list[ListedModel]:
    """What the endpoint offers, asked live; tells the endpoint's health too. In a session of its own, for any loop."""
    breaker = breaker_of(route.endpoint_id)
    async with new_session() as session:
        try:
            listed = await wire_named(route.wire).list_models(session, route)
        except EndpointError as error:
            breaker.failed(error)
            raise
    breaker.succeeded()
    return listed


async def check_model(route: Route, model: str) -> None:
    """Let the model say one word: proves address, key and name where a vendor lists no models. Raises an `EndpointError`."""
    request = ModelRequest(model, (ChatMessage("user", (Text("Say hi."),)),), Parameters(max_tokens=16))
    async with new_session() as session, aclosing(wire_named(route.wire).stream(session, route, request)) as events:
        async for event in events:
            if not (isinstance(event, Usage) and event.so_far):
                return


def delay_s(error: EndpointError, attempt: int, retries: int) -> float | None:
    """Seconds until the next try, or None for none.

    With full jitter, so that streams that failed together do not return together.
    """
    if attempt >= retries or not isinstance(error, _RETRIED):
        return None
    if error.retry_after_s is None:
        return random.uniform(0, min(BACKOFF_LIMIT_S, BACKOFF_S * 2**attempt))  # noqa: S311 - no secret
    if error.retry_after_s > WAIT_LIMIT_S:
        return None
    return error.retry_after_s + random.uniform(0, BACKOFF_S)  # noqa: S311 - no secret
