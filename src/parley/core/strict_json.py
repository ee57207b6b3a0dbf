"""Read JSON that a stranger wrote: what two parsers could read differently is refused, and nothing harms us."""

import json
import re

import orjson

from parley.core.errors import Unreadable

# An escaped NUL, and not an escaped backslash followed by "u0000". PostgreSQL cannot store NUL, so no text may hold it.
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
LARGEST = 2**63 - 1
MOST_KEYS = 1000  # of one object. A stranger's 100,000 cost 0.7 s of saying that none of them is known


def parse_json(raw: bytes) -> object:
    """Raises `Unreadable` on bad UTF-8, lone surrogates, NUL, NaN, doubled keys, integers over 64 bits, depth over 1,024.

    orjson alone is strict and fast, but keeps the last of two equal keys and turns large integers into floats; the
    standard parser sees both, and runs only on what orjson has found to be sound.
    """
    try:
        value: object = orjson.loads(raw)
        json.loads(raw, object_pairs_hook=_refuse_odd_objects, parse_int=_refuse_giant)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"This is not readable JSON: {error}.") from None
    if b"\\u0000" in raw and NUL.search(raw):  # the plain look first: the pattern takes 11 ms of a long message
        raise Unreadable("Text must not hold the NUL character (U+0000). Remove it, then send again.")
    return value


def _refuse_odd_objects(pairs: list[tuple[str, object]]) -> None:
    if len(pairs) > MOST_KEYS:
        raise ValueError(f"an object has more than {MOST_KEYS} keys")
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice in one object")


def _refuse_giant(digits: str) -> None:
    if abs(int(digits)) > LARGEST:
        raise ValueError("a whole number has more than 64 bits")
