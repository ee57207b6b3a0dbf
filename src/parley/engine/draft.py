"""What a tape adds up to: events in, the parts of the message out. The browser's reducer does the same fold."""

from collections.abc import Iterable

from parley.conversations.parts import (
    CitationPart,
    Part,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    text_of,
)
from parley.engine.events import Citation, Delta, Event, Reasoning, Reset, ToolCalled, ToolResult


class Draft:
    """The message as far as it is written. Neighbouring deltas become one part; a reset empties it."""

    def __init__(self) -> None:
        self._parts: list[Part] = []
        self._open: type[Delta] | type[Reasoning] | None = None
        self._pieces: list[str] = []

    def add(self, event: Event) -> None:
        if isinstance(event, Delta):
            self.say(event.text)
        elif isinstance(event, Reasoning):
            if self._open is not Reasoning:
                self._close()
                self._open = Reasoning
            self._pieces.append(event.text)
        elif isinstance(event, Reset):
            self.__init__()  # type: ignore[misc]
        elif isinstance(event, ToolCalled):
            self._append(ToolCallPart(id=event.id, name=event.name, arguments=event.arguments, opaque=event.opaque))
        elif isinstance(event, ToolResult):
            self._append(ToolResultPart(id=event.id, text=event.text, is_error=event.is_error))
        elif isinstance(event, Citation):
            self._append(CitationPart(number=event.number, title=event.title, path=event.path, text=event.text))

    def say(self, text: str) -> None:
        """Add a delta's text."""
        if self._open is not Delta:
            self._close()
            self._open = Delta
        self._pieces.append(text)

    def parts(self) -> list[Part]:
        self._close()
        return list(self._parts)

    @property
    def text(self) -> str:
        return text_of(self.parts())

    @property
    def is_shown(self) -> bool:
        """Whether a person has seen words of it, or a tool has acted: then it may not start again."""
        return bool(self._pieces) or any(part.type != "citation" for part in self._parts)

    def _append(self, part: Part) -> None:
        self._close()
        self._parts.append(part)

    def _close(self) -> None:
        if self._pieces:
            kind = TextPart if self._open is Delta else ReasoningPart
            if self._parts and isinstance(
                last := self._parts[-1], kind
            ):  # an attempt went on where another one stopped
                self._pieces.insert(0, last.text)
                self._parts.pop()
            self._parts.append(kind(text="".join(self._pieces)))
        self._pieces, self._open = [], None


def draft_of(events: Iterable[Event]) -> Draft:
    draft = Draft()
    for event in events:
        draft.add(event)
    return draft
