"""One JSON document a line, from bytes as they come."""

from typing import Final

LINE_LIMIT_BYTES: Final = 1024 * 1024


class LineDecoder:
    """See `reading.Decoder`: gives each line that is not blank, cut anywhere."""

    __slots__ = ("_fragments", "_pending_bytes", "overflowed")

    def __init__(self) -> None:
        self.overflowed = False
        self._fragments: list[bytes] = []
        self._pending_bytes = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        if self.overflowed:
            return []
        head, newline, rest = chunk.rpartition(b"\n")
        if not newline:
            self._keep(chunk)
            return []
        self._fragments.append(head)
        whole = b"".join(self._fragments)
        self._fragments, self._pending_bytes = [], 0
        lines: list[bytes] = []
        for line in whole.split(b"\n"):
            if len(line) > LINE_LIMIT_BYTES:
                self.overflowed = True
                return lines
            if stripped := line.strip(b"\xef\xbb\xbf \t\r\0"):
                lines.append(stripped)
        self._keep(rest)
        return lines

    def end(self) -> list[bytes]:
        """The line that the end of the stream left open, if any."""
        last = b"".join(self._fragments).strip(b"\xef\xbb\xbf \t\r\0")
        self._fragments = []
        return [last] if last and not self.overflowed else []

    def _keep(self, rest: bytes) -> None:
        if rest:
            self._fragments.append(rest)
            self._pending_bytes += len(rest)
            self.overflowed = self._pending_bytes > LINE_LIMIT_BYTES
