"""Where in a JSON text one stands: within a string, within a number, or between. Plain Python.

The matcher knows more, and does not tell; this is what ends and numbers need.
"""

from dataclasses import dataclass
from typing import Final

_QUOTE: Final = ord('"')
_BACKSLASH: Final = ord("\\")
_DIGITS: Final = frozenset(b"0123456789")


@dataclass(slots=True)
class Place:
    """After the bytes read so far. `digits`: how many digits of the number that is being written, a point between."""

    in_string: bool = False
    is_escaped: bool = False
    digits: int = 0

    def read(self, piece: bytes) -> None:
        if self.in_string and not self.is_escaped and b'"' not in piece and b"\\" not in piece:
            return  # most of all that is written: the longer way would be a third of what a token costs here
        for byte in piece:
            if self.in_string:
                if self.is_escaped:
                    self.is_escaped = False
                elif byte == _BACKSLASH:
                    self.is_escaped = True
                elif byte == _QUOTE:
                    self.in_string = False
            elif byte in _DIGITS:
                self.digits += 1
            elif byte == _QUOTE:
                self.in_string, self.digits = True, 0
            elif byte != ord("."):
                self.digits = 0


def writes_exponent(piece: bytes, after_digit: bool) -> bool:
    """Whether a piece that begins outside of a string puts `e` behind a digit."""
    place = Place(digits=int(after_digit))
    for byte in piece:
        if byte in b"eE" and not place.in_string and place.digits:
            return True
        place.read(bytes((byte,)))
    return False
