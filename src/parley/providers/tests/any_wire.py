"""Asking any wire, by the dialect of its vendor."""

from parley.core.errors import (
    EndpointError,
)
from parley.providers.sessions import shared_session
from parley.providers.tests.emulated import Dialect, Seen, vendor_of
from parley.providers.tests.vendor_server import Script, vendor
from parley.providers.values import (
    ChatMessage,
    Image,
    ModelRequest,
    Route,
    Text,
    TextDelta,
    ToolSpec,
    Usage,
    WireEvent,
)
from parley.providers.wire import wire_named

Kind = type[Dialect]
CAT = Image("data:image/png;base64,iVBORw0KGgo=")
LOOK = ToolSpec("look", "Looks.", {"type": "object", "properties": {"what": {"type": "string"}}})
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}


def asking(dialect: Kind, *messages: ChatMessage, **fields: object) -> ModelRequest:
    said = messages or (ChatMessage("user", (Text("hello"),)),)
    return ModelRequest(dialect.MODEL, said, **fields)  # type: ignore[arg-type]


async def read(route: Route, request: ModelRequest) -> tuple[list[WireEvent], EndpointError | None]:
    """What came, and the fault that ended it, if any. Early counts are left out."""
    events: list[WireEvent] = []
    try:
        async for event in wire_named(route.wire).stream(shared_session(), route, request):
            if not (isinstance(event, Usage) and event.so_far):
                events.append(event)
    except EndpointError as error:
        return events, error
    return events, None


async def answered(dialect: Kind, script: Script, **fields: object) -> tuple[list[WireEvent], EndpointError | None]:
    async with vendor(script) as server:
        return await read(dialect().route(server.base_url, **fields), asking(dialect))


def text_of(events: list[WireEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


async def seen_of(dialect: Kind, request: ModelRequest) -> Seen:
    """What the vendor understood of a request."""
    async with vendor(vendor_of(dialect, dialect().opening(), dialect().text("ok"), dialect().done())) as server:
        _, fault = await read(dialect().route(server.base_url), request)
        assert fault is None
        return dialect().seen(server.calls[-1])
