"""Tool calls gathered from their pieces. Vendors number them by `index`, by `id`, by both, wrongly, or not at all."""

import secrets
from typing import Final

import orjson

from parley.providers.values import ToolCall

TOOL_CALLS_TAKEN: Final = 128
ARGUMENTS_LIMIT: Final = 256 * 1024  # letters, of all calls of one answer


class ToolCalls:
    """Feed it pieces in the order in which they come; `overflowed` tells of calls without end."""

    __slots__ = ("_calls", "letters", "overflowed")

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self.letters = 0
        self.overflowed = False

    def take(self, index: object, call_id: object, name: object, arguments: object, *, opaque: str = "") -> None:
        """A piece of a call, of any types whatever. A name begins one; arguments are JSON's letters, or the object itself."""
        call = self._call_for(index, call_id, starts=bool(name))
        if type(name) is str and not call.name:
            call.name = name[:200]
        if type(arguments) is dict:
            arguments = orjson.dumps(arguments).decode()
        if type(arguments) is str:
            call.arguments.append(arguments)
            self.letters += len(arguments)
        if opaque and not call.opaque:
            call.opaque = opaque
            self.letters += len(opaque)
        self.overflowed = self.letters > ARGUMENTS_LIMIT or len(self._calls) > TOOL_CALLS_TAKEN

    def _call_for(self, index: object, call_id: object, *, starts: bool) -> "_Call":
        call_id = call_id[:200] if type(call_id) is str else ""
        number = index if type(index) is int else None
        for call in reversed(self._calls):
            same_id = call_id and call.id == call_id
            # Google's OpenAI dialect numbers every call 0 and tells them apart by id.
            same_number = number is not None and call.index == number and not (call_id and call.id and starts)
            if same_id or same_number:
                call.id = call.id or call_id
                return call
        if number is None and not call_id and not starts and self._calls:
            return self._calls[-1]
        self._calls.append(_Call(number, call_id))
        return self._calls[-1]

    def whole(self) -> list[ToolCall]:
        """Calls with a name, in the order in which they began. An id is made for those that have none."""
        return [
            ToolCall(
                _clean(call.id) or f"call_{secrets.token_hex(8)}",
                _clean(call.name),
                _clean("".join(call.arguments)) or "{}",
                _clean(call.opaque),
            )
            for call in self._calls
            if call.name
        ]


def _clean(said: str) -> str:
    return said.replace("\0", "\ufffd")  # PostgreSQL stores no NUL, and nobody misses it


class _Call:
    __slots__ = ("arguments", "id", "index", "name", "opaque")

    def __init__(self, index: int | None, call_id: str) -> None:
        self.index, self.id, self.name, self.opaque = index, call_id, "", ""
        self.arguments: list[str] = []
