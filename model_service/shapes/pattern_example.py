"""A short text that a regular expression matches. Plain Python.

Good enough to lead out of a string, and no more: whoever uses it has the text judged by what the expression really is.
"""

import re

# The standard library's own reader of expressions has no public name; without it this would be a second one.
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as reader  # type: ignore[attr-defined]
from typing import Any, Final

LONGEST: Final = 400
_OF_CLASS: Final = {
    ops.CATEGORY_DIGIT: "0",
    ops.CATEGORY_WORD: "a",
    ops.CATEGORY_SPACE: " ",
    ops.CATEGORY_NOT_DIGIT: "a",
    ops.CATEGORY_NOT_WORD: "-",
    ops.CATEGORY_NOT_SPACE: "a",
}


def find_example(pattern: str) -> str | None:
    """None for what Python's `re` does not read, or what has no short example."""
    try:
        text = _of_all(reader.parse(pattern))
    except (re.error, OverflowError, RecursionError, _NoExample):
        return None
    return text if len(text) <= LONGEST else None


class _NoExample(Exception):
    pass


def _of_all(items: Any) -> str:  # Any: the reader's trees have no types
    return "".join(_of_one(op, said) for op, said in items)


def _of_one(op: Any, said: Any) -> str:
    if op is ops.LITERAL:
        return chr(said)
    if op is ops.ANY:
        return "a"
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
        return _of_all(said[2]) * min(int(said[0]), LONGEST + 1)
    if op is ops.SUBPATTERN:
        return _of_all(said[3])
    if op is ops.ATOMIC_GROUP:
        return _of_all(said)
    if op is ops.BRANCH:
        return min((_of_all(branch) for branch in said[1]), key=len)
    if op is ops.IN:
        return _of_set(said)
    if op is ops.NOT_LITERAL:
        return "a" if said != ord("a") else "b"
    if op is ops.AT:
        return ""
    raise _NoExample


def _of_set(said: Any) -> str:
    if said[0][0] is ops.NEGATE:
        wanted = re.compile(f"[{''.join(_written(op, value) for op, value in said)}]")
        found = next((letter for letter in "a0-_ .A,\n" if wanted.match(letter)), None)
        if found is None:
            raise _NoExample
        return found
    op, value = said[0]
    if op is ops.RANGE:
        return chr(value[0])
    return _OF_CLASS[value] if op is ops.CATEGORY else chr(value)


def _written(op: Any, value: Any) -> str:
    """A part of a set, as an expression has it."""
    if op is ops.NEGATE:
        return "^"
    if op is ops.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    if op is ops.CATEGORY:
        names = {ops.CATEGORY_DIGIT: "d", ops.CATEGORY_WORD: "w", ops.CATEGORY_SPACE: "s"}
        negated = {ops.CATEGORY_NOT_DIGIT: "D", ops.CATEGORY_NOT_WORD: "W", ops.CATEGORY_NOT_SPACE: "S"}
        return "\\" + {**names, **negated}[value]
    return re.escape(chr(value))
