"""Server-Sent Events, from bytes as they come (WHATWG HTML, section 9.2.6, as far as model vendors use it).

Only `data` matters on these wires, so the other fields are skipped. Two liberties: an event that the end of the stream
cuts off is given all the same (some vendors forget the last blank line), and lines have a limit.
"""

from typing import Final

# Vendors send one token a line, but some send a whole answer or tool call as one: 256 KiB of text with every character
# escaped still fits.
LINE_LIMIT_BYTES: Final = 1024 * 1024

_BOM = b"\xef\xbb\xbf"


class SseDecoder:
    """Feed it chunks, cut anywhere; it gives the data of each event as bytes. Never raises.

    `overflowed` tells that a line or an event passed the limit. What came before it was given; nothing comes after.
    """

    __slots__ = ("_after_cr", "_at_start", "_data", "_data_bytes", "_fragments", "_pending_bytes", "overflowed")

    def __init__(self) -> None:
        self.overflowed = False
        self._fragments: list[bytes] = []  # of a line whose end has not come
        self._pending_bytes = 0
        self._data: list[bytes] = []  # of an event whose blank line has not come
        self._data_bytes = 0
        self._after_cr = False
        self._at_start = True

    def feed(self, chunk: bytes) -> list[bytes]:
        """The events that `chunk` completes, in order."""
        if self._after_cr and chunk:
            self._after_cr = False
            if chunk[0] == 0x0A:  # the second half of a CRLF that was cut in two
                chunk = chunk[1:]
        if not chunk or self.overflowed:
            return []
        lines = chunk.splitlines()  # for bytes: at LF, CR and CRLF, and at nothing else
        last = chunk[-1]
        if last == 0x0D:
            self._after_cr = True
        rest = b"" if last in (0x0A, 0x0D) else lines.pop()
        if self._fragments and lines:
            lines[0] = b"".join((*self._fragments, lines[0]))
            self._fragments, self._pending_bytes = [], 0
        events = self._read(lines)
        if rest:
            self._keep(rest)
        return events

    def end(self) -> list[bytes]:
        """The event that the end of the stream left open, if any."""
        lines = [b"".join(self._fragments), b""] if self._fragments else [b""]
        self._fragments = []
        return [] if self.overflowed else self._read(lines)

    def _read(self, lines: list[bytes]) -> list[bytes]:
        if self._at_start and lines:
            self._at_start = False
            lines[0] = lines[0].removeprefix(_BOM)
        events = []
        data = self._data
        for line in lines:
            if not line:
                if data:
                    event = data[0] if len(data) == 1 else b"\n".join(data)
                    if event:
                        events.append(event)
                    data.clear()
                    self._data_bytes = 0
            elif len(line) > LINE_LIMIT_BYTES or self._data_bytes > LINE_LIMIT_BYTES:
                self.overflowed = True
                break
            elif line.startswith(b"data:"):
                data.append(line[6:] if line[5:6] == b" " else line[5:])
                self._data_bytes += len(line)
        return events

    def _keep(self, rest: bytes) -> None:
        # Fragments are joined once, when the line ends: adding to one bytes object would make a line that comes byte by
        # byte cost the square of its length. The slack lets `_read` judge lines near the limit, wherever they were cut.
        self._fragments.append(rest)
        self._pending_bytes += len(rest)
        if self._pending_bytes > LINE_LIMIT_BYTES + 16:
            self.overflowed = True
