"""Vendors of every dialect on loopback, as their own SDKs know them (`test_vendors_sdks.py`): the wires' opposite side.

A dialect says one thing (`text`, `thought`, `call`, `end` …) in its vendor's words, and understands what it was asked.
A new wire is one file here and one line in DIALECTS; the contract (`test_wire_contract.py`) then holds for it.
"""

from typing import Final

from parley.providers.tests.emulated.chat import Chat, HuggingFaceChat
from parley.providers.tests.emulated.dialect import KEY, Dialect, Seen
from parley.providers.tests.emulated.generate import Generate
from parley.providers.tests.emulated.messages import Messages
from parley.providers.tests.emulated.ollama import OllamaChat
from parley.providers.tests.emulated.responses import ResponsesApi
from parley.providers.tests.vendor_server import Call, Script

__all__ = [
    "DIALECTS",
    "KEY",
    "Chat",
    "Dialect",
    "Generate",
    "HuggingFaceChat",
    "Messages",
    "OllamaChat",
    "ResponsesApi",
    "Seen",
    "honest",
    "vendor_of",
]

DIALECTS: Final[tuple[type[Dialect], ...]] = (Chat, HuggingFaceChat, ResponsesApi, Messages, Generate, OllamaChat)


def vendor_of(dialect: type[Dialect], *pieces: bytes, whole: bool = True) -> Script:
    """A vendor that lists a model to who has the key, and answers everything with these pieces."""

    async def answer(call: Call) -> None:
        speaker = dialect()
        if speaker.WIRE != "ollama" and not speaker.may_enter(call):
            await call.json(speaker.refusal(401, "Incorrect API key provided"), 401)
        elif not call.body or call.path == "/api/show":
            await call.json(speaker.listing(call.path.partition("?")[0], [dialect.MODEL]))
        else:
            await call.chunked(*pieces, whole=whole, content_type=dialect.CONTENT_TYPE)
            call.closes = not whole

    return answer


def honest(dialect: type[Dialect]) -> list[bytes]:
    """One answer with all that this dialect can say."""
    speaker = dialect()
    pieces = [speaker.opening(), speaker.thought("hm "), speaker.text("Hel"), speaker.text("lo ä🙂"), speaker.text("!")]
    return [*filter(None, pieces), speaker.call("look", {"what": "cät"}), speaker.done("tool_calls", (9, 4, 2))]
