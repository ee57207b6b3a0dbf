"""What every emulated vendor has: one thing to say at a time, and an understanding of what it was asked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from parley.providers.tests.vendor_server import Call
from parley.providers.values import Route

KEY: Final = "sk-right-1234567890"
Json = dict[str, Any]  # a foreign wire's JSON
Turn = tuple[str, str, int, tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class Seen:
    """What a vendor was asked, whatever its dialect. A turn is (role, text, images, called tools, answered tools)."""

    model: str
    system: str = ""
    turns: tuple[Turn, ...] = ()
    tools: tuple[str, ...] = ()
    max_tokens: int | None = None
    temperature: float | None = None
    stop: tuple[str, ...] = ()
    schema: Json | None = None


@dataclass(eq=False)
class Dialect:
    """One stream in the making; `MODEL` is a name that this vendor's models have."""

    WIRE = ""
    MODEL = "m"
    PREFIX = "/v1"
    PREFILLS = True
    THINKS = True
    PICTURES = True
    KEY_HEADER = "authorization"
    KEY_BEFORE = "Bearer "
    KEY_HEADERS: tuple[str, ...] = ()  # where it may stand besides
    CONTENT_TYPE = "text/event-stream"
    CUT_REASONS = True

    sent: int = 0
    said: list[str] = field(default_factory=list)

    def route(self, address: str, **fields: Any) -> Route:
        root = address.removesuffix("/v1")
        return Route(
            fields.pop("endpoint_id", root), self.WIRE, root + self.PREFIX, fields.pop("api_key", KEY), **fields
        )

    def may_enter(self, call: Call) -> bool:
        return call.headers.get(self.KEY_HEADER) == self.KEY_BEFORE + KEY

    def opening(self) -> bytes:
        return b""

    def done(self, reason: str = "stop", counts: tuple[int, int, int] | None = (3, 2, 0)) -> bytes:
        """The end. `reason` is ours; `counts` are input, output, and how many of the input were cached."""
        raise NotImplementedError

    def text(self, text: str) -> bytes:
        raise NotImplementedError

    def thought(self, text: str) -> bytes:
        raise NotImplementedError

    def call(self, name: str, arguments: Json, call_id: str = "call_1") -> bytes:
        raise NotImplementedError

    def overloaded(self) -> bytes:
        """The error that this vendor sends inside a 200."""
        raise NotImplementedError

    def refusal(self, status: int, words: str) -> Json:
        return {"error": {"message": words, "type": "some_error", "code": None}}

    def seen(self, call: Call) -> Seen:
        raise NotImplementedError

    def listing(self, path: str, names: Sequence[str]) -> Json:
        return {
            "object": "list",
            "data": [{"id": name, "object": "model", "created": 1, "owned_by": "v"} for name in names],
        }


def sse(document: Json, name: str = "") -> bytes:
    head = f"event: {name}\n" if name else ""
    return head.encode() + b"data: " + json.dumps(document).encode() + b"\n\n"


def words_of(content: object, kind: str = "text") -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "".join(
        str(part.get("text", "")) for part in parts if part.get("type", kind) in (kind, "input_text", "output_text")
    )
