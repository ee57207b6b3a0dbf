"""What a reader makes of one conversation of a foreign file, before anything of it is stored."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

from parley.conversations.limits import IMAGE
from parley.conversations.parts import ImagePart, Part, TextPart

Source = Literal["parley", "chatgpt", "open_webui"]
NoteCode = Literal[
    "images_left_out",
    "files_left_out",
    "audio_left_out",
    "instructions_left_out",
    "unknown_content",
    "unknown_role",
    "unreachable",
    "unanswered",
    "no_times",
    "unreadable",
]
"""What was not understood, or not kept. The front end says it in the reader's language (`import.note.*`)."""

DETAIL_CHARS = 80
MOST_NOTES = 30  # of different kinds, for one conversation
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
STRANGE = re.compile("[\x00\ud800-\udfff]")


class Notes:
    """Counts what could not be kept of one conversation."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[NoteCode, str]] = Counter()

    def add(self, code: NoteCode, detail: object = "", count: int = 1) -> None:
        key = (code, clean(str(detail))[:DETAIL_CHARS])
        if key not in self._counts and len(self._counts) >= MOST_NOTES:
            key = (code, "")
        self._counts[key] += count

    def listed(self) -> list[dict[str, object]]:
        return [{"code": code, "detail": detail, "count": count} for (code, detail), count in self._counts.items()]


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `id` and `parent` are the source's own; `bot_version_id` only from a Parley."""

    id: str
    parent: str | None
    role: Literal["user", "assistant"]
    parts: list[Part]
    at: datetime | None
    status: Literal["completed", "stopped", "failed", "interrupted"] = "completed"
    bot_version_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One conversation. `messages`: parents stand before their children. `owner_id`: whose it was, from a Parley."""

    source: Source
    source_id: str
    title: str
    messages: list[Said]
    created_at: datetime | None = None
    updated_at: datetime | None = None
    leaf: str | None = None
    pinned: bool = False
    archived: bool = False
    folder: str | None = None
    tags: list[str] = field(default_factory=list)
    owner_id: UUID | None = None
    bot_id: UUID | None = None
    notes: Notes = field(default_factory=Notes)


class NotOurs(Exception):
    """A thing in the file that is no conversation of this form. The words say why, for the report."""


def clean(text: str) -> str:
    """Without what no database stores: NUL, and halves of characters."""
    return STRANGE.sub("", text)


def moment(value: object) -> datetime | None:
    """A time as exports write it: seconds since 1970, or milli-, micro-, nanoseconds, or ISO 8601. None for nonsense."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value)
            found = found if found.tzinfo else found.replace(tzinfo=UTC)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            seconds = float(value)
            while seconds > 1e11:
                seconds /= 1000
            found = datetime.fromtimestamp(seconds, UTC)
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return found if EARLIEST <= found <= datetime.now(UTC) + timedelta(days=1) else None


def text_parts(text: str) -> list[Part]:
    text = clean(text)
    return [TextPart(text=text)] if text.strip() else []


def picture(url: object, notes: Notes, *, most_bytes: int) -> list[Part]:
    """An image that is inside the file; one that is elsewhere, or too large for a message, is left out and counted."""
    if isinstance(url, str) and len(url) <= most_bytes and IMAGE.match(url):
        return [ImagePart(url=url)]
    notes.add("images_left_out")
    return []


def mended(found: Found) -> Found:
    """With an empty, interrupted answer below each message of a person that has none: so every branch can be gone on from."""
    answered = {said.parent for said in found.messages if said.role == "assistant"}
    by_id = {said.id: said for said in found.messages}
    messages: list[Said] = []
    instead: dict[str, str] = {}  # a person's message that stood below another one's: what it stands below now
    for said in found.messages:
        above = by_id.get(said.parent or "")
        if said.role == "user" and above and above.role == "user":
            messages += _empty_answers([above.id], instead)
            said = replace(said, parent=instead[above.id])
        messages.append(said)
    open_ends = [said.id for said in found.messages if said.role == "user" and said.id not in answered]
    messages += _empty_answers(open_ends, instead)
    if instead:
        found.notes.add("unanswered", count=len(instead))
    leaf = instead.get(found.leaf or "", found.leaf)
    return replace(
        found,
        title=clean(found.title),
        folder=clean(found.folder or "") or None,
        tags=[clean(tag) for tag in found.tags],
        messages=messages,
        leaf=_end_of_branch(messages, leaf),
    )


def _empty_answers(above: Iterable[str], instead: dict[str, str]) -> list[Said]:
    made = []
    for id_ in above:
        if id_ not in instead:
            instead[id_] = f"{id_}/unanswered"
            made.append(Said(instead[id_], id_, "assistant", [], None, status="interrupted"))
    return made


def _end_of_branch(messages: list[Said], leaf: str | None) -> str | None:
    """Below `leaf`, whatever was said last; without one, the end of the last branch."""
    if not messages:
        return None
    newest_below = {said.parent: said.id for said in messages}
    at = leaf if any(said.id == leaf for said in messages) else messages[-1].id
    while at in newest_below:
        at = newest_below[at]
    return at
