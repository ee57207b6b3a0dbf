"""Reading the bytes of an answer of Chat Completions."""

from parley.core.errors import (
    EndpointError,
)
from parley.providers.values import (
    Route,
    TextDelta,
    WireEvent,
)
from parley.providers.wire.openai_answer import ChatReading

ROUTE = Route("e", "openai", "https://vendor.example/v1", "sk-secret-1234567890")


def read(*chunks: bytes) -> tuple[list[WireEvent], EndpointError | None]:
    """All events of an answer that comes in these chunks, and the fault that ended it, if any."""
    reading = ChatReading(ROUTE)
    events: list[WireEvent] = []
    for chunk in [*filter(None, chunks), b""]:
        if reading.ended:
            break
        events += reading.take(chunk)
    return events + reading.close(), reading.fault


def text_of(events: list[WireEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))
