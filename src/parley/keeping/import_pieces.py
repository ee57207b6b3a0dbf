"""Cut a long JSON text into the conversations that it holds, with one of them in memory at a time.

A file of 300 MB would take some gigabytes as Python's objects, and its depth could break any parser. So the brackets are counted
here, and only what stands between a pair of them, which is small and shallow by then, is parsed.
"""

import json
import re
from collections.abc import Iterable, Iterator

import orjson

from parley.core.errors import Invalid, TooLarge

BRACKETS = re.compile(rb'["{}\[\]]')
MOST_DEPTH = 500
LISTS = ("conversations", "chats", "data", "items")  # where an object holds its list
BROKEN_END = "The file ends in the middle of a conversation. Download it again, then import it."


def conversations_in(chunks: Iterable[bytes], *, most_bytes: int) -> Iterator[object]:
    """Each element of the list that the text is, or the one object that it is. `most_bytes`: of one of them.

    Raises `Invalid` for what is no JSON, is cut off, or nests too deep, and `TooLarge`.
    """
    for number, raw in enumerate(_pieces(chunks, most_bytes), 1):
        found = _parsed(raw, number)
        lists = [inside for name in LISTS if isinstance(inside := found.get(name), list)]
        if not lists or "mapping" in found or "messages" in found:
            yield found
        else:
            yield from lists[0]


def _pieces(chunks: Iterable[bytes], most_bytes: int) -> Iterator[bytes]:
    """The objects of the outermost list, or the outermost object."""
    counter = _Brackets()
    begun = False
    for chunk in chunks:
        if not begun and chunk.strip():
            chunk = _checked_beginning(chunk)
            begun = True
        yield from counter.feed(chunk)
        if counter.held_bytes > most_bytes:
            raise TooLarge(f"One conversation of this file is larger than {most_bytes:,} bytes; no export makes such.")
    if not begun:
        raise Invalid("The file is empty. Download it again, then import it.")
    if counter.depth or counter.in_text:
        raise Invalid(BROKEN_END)


def _checked_beginning(chunk: bytes) -> bytes:
    if chunk.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Invalid("The file is written in UTF-16. Save it as UTF-8, then import it again.")
    chunk = chunk.removeprefix(b"\xef\xbb\xbf")
    if chunk.lstrip()[:1] not in (b"[", b"{"):
        raise Invalid("This is neither a ZIP archive nor a JSON file. Choose the file as the other program made it.")
    return chunk


class _Brackets:
    """Counts brackets outside of texts; gives out what stands between a pair that matters, once it is closed."""

    def __init__(self) -> None:
        self.depth = 0
        self.in_text = False
        self._held = bytearray()
        self._at = 0
        self._start = -1
        self._level = 0  # the depth around a conversation: 1 inside a list, 0 where the whole is one object
        self._has_begun = False

    @property
    def held_bytes(self) -> int:
        return len(self._held)

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        self._held += chunk
        while True:
            if self.in_text:
                if not self._leave_text():
                    break
                continue
            found = BRACKETS.search(self._held, self._at)
            if found is None:
                self._at = len(self._held)
                break
            self._at = found.end()
            if piece := self._meet(found.start()):
                yield piece
        if self._start < 0:
            del self._held[: self._at]
            self._at = 0

    def _leave_text(self) -> bool:
        """Past the quotation mark that ends it, if it has come. One behind an odd number of backslashes does not."""
        end = self._held.find(b'"', self._at)
        if end < 0:
            self._at = len(self._held)
            return False
        before = end
        while before > 0 and self._held[before - 1] == 0x5C:
            before -= 1
        self._at = end + 1
        self.in_text = (end - before) % 2 == 1
        return True

    def _meet(self, place: int) -> bytes | None:
        mark = self._held[place]
        if mark == 0x22:
            self.in_text = True
        elif mark in b"{[":
            self._open(place, is_list=mark == 0x5B)
        else:
            self.depth -= 1
            if self.depth < 0:
                raise Invalid("The file closes more brackets than it opens: it is no JSON. Download it again.")
            if self.depth == self._level and self._start >= 0:
                return self._cut()
        return None

    def _open(self, place: int, *, is_list: bool) -> None:
        if not self._has_begun:
            self._has_begun = True
            self._level = 1 if is_list else 0
        if self.depth == self._level and not is_list:
            self._start = place
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise Invalid(f"The file nests deeper than {MOST_DEPTH} levels; no export does. Choose another file.")

    def _cut(self) -> bytes:
        piece = bytes(self._held[self._start : self._at])
        del self._held[: self._at]
        self._at, self._start = 0, -1
        return piece


def _parsed(raw: bytes, number: int) -> dict[str, object]:
    """Half characters, which ChatGPT's exports may hold, only the standard parser lets pass."""
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        try:
            found = json.loads(raw)
        except UnicodeDecodeError:
            raise Invalid(f"Conversation {number} of the file is not written in UTF-8. Save it as UTF-8.") from None
        except (ValueError, RecursionError) as error:
            raise Invalid(f"Conversation {number} of the file is no JSON ({error}). Download it again.") from None
    assert isinstance(found, dict), "a piece begins with {"
    return found
