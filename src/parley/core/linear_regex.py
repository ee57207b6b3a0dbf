"""Regular expressions that people give us, matched in time that grows with the text and never explodes.

Python's `re` backtracks: one pattern of twenty letters can hold a process for years. Here a pattern is a set of states that
are walked side by side (Thompson, 1968), so it knows no back-references and no look-around, which nothing of ours needs.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from parley.core.errors import Invalid

LONGEST: Final = 500
MOST_STATES: Final = 500
MOST_REPEATS: Final = 300
DEEPEST: Final = 30

Test = Callable[[str], bool]
_CLASSES: Final[dict[str, Test]] = {
    "d": lambda c: "0" <= c <= "9",
    "w": lambda c: c.isalnum() or c == "_",
    "s": str.isspace,
    "D": lambda c: not "0" <= c <= "9",
    "W": lambda c: not (c.isalnum() or c == "_"),
    "S": lambda c: not c.isspace(),
}
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}


@dataclass(slots=True)
class _State:
    """`test` takes a letter on to `ways`; without one, all ways are open at once. The end has no ways."""

    test: Test | None = None
    ways: list["_State"] = field(default_factory=list)


Piece = Callable[[_State], _State]  # given what comes after, its own first state: so a piece can be repeated


class LinearRegex:
    """`fullmatch` and `search` of a pattern. Raises `Invalid` for what it does not know, naming it."""

    def __init__(self, pattern: str) -> None:
        if len(pattern) > LONGEST:
            raise Invalid(f"A regular expression has at most {LONGEST} characters.")
        self._made = self._depth = 0
        self._pattern, self._at = pattern.removeprefix("^"), 0
        self._is_anchored = pattern.startswith("^"), pattern.endswith("$") and not pattern.endswith("\\$")
        if self._is_anchored[1]:
            self._pattern = self._pattern[:-1]
        whole = self._alternatives()
        if self._at < len(self._pattern):
            raise Invalid(f"The regular expression has a ')' too many, at character {self._at + 1}.")
        self._end = _State()
        self._start = whole(self._end)

    def fullmatch(self, text: str) -> bool:
        return self._walk(text, from_anywhere=False, to_anywhere=False)

    def search(self, text: str) -> bool:
        """Whether it stands anywhere in the text; as JSON Schema's `pattern` wants it."""
        return self._walk(text, from_anywhere=not self._is_anchored[0], to_anywhere=not self._is_anchored[1])

    def _walk(self, text: str, *, from_anywhere: bool, to_anywhere: bool) -> bool:
        now = self._open([self._start])
        for letter in text:
            if to_anywhere and id(self._end) in now:
                return True
            onward = [way for state in now.values() if state.test and state.test(letter) for way in state.ways]
            if from_anywhere:
                onward.append(self._start)
            if not onward:
                return False
            now = self._open(onward)
        return id(self._end) in now

    def _open(self, states: list[_State]) -> dict[int, _State]:
        """Those, and all that stand open from them."""
        seen: dict[int, _State] = {}
        while states:
            state = states.pop()
            if id(state) not in seen:
                seen[id(state)] = state
                if state.test is None:
                    states.extend(state.ways)
        return seen

    # --- Reading the pattern ------------------------------------------------------------------------------------------

    def _state(self, test: Test | None = None, *ways: _State) -> _State:
        self._count()
        return _State(test, list(ways))

    def _count(self) -> None:
        self._made += 1
        if self._made > MOST_STATES:
            raise Invalid("The regular expression is too large. Repeat less, or ask for less.")

    def _alternatives(self) -> Piece:
        branches = [self._sequence()]
        while self._peek() == "|":
            self._at += 1
            branches.append(self._sequence())
        if len(branches) == 1:
            return branches[0]
        return lambda after: self._state(None, *(branch(after) for branch in branches))

    def _sequence(self) -> Piece:
        pieces: list[Piece] = []
        while (letter := self._peek()) and letter not in "|)":
            pieces.append(self._repeated(self._atom()))

        def chained(after: _State) -> _State:
            for piece in reversed(pieces):
                after = piece(after)
            return after

        return chained

    def _repeated(self, piece: Piece) -> Piece:
        sign = self._peek()
        if sign == "{" and (bounds := self._bounds()):
            least, most = bounds
        elif sign and sign in "*+?":
            self._at += 1
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        else:
            return piece
        if self._peek() in ("?", "+"):
            raise Invalid("Lazy and possessive repeats mean nothing here: the whole answer must match. Leave them out.")
        return self._times(piece, least, most)

    def _times(self, piece: Piece, least: int, most: int | None) -> Piece:
        def made(after: _State) -> _State:
            first = after
            if most is None:
                loop = self._state(None, after)
                loop.ways.append(piece(loop))
                first = loop
            else:
                for _ in range(most - least):
                    first = self._state(None, piece(first), after)
            for _ in range(least):
                self._count()  # of nothing, too: ((){300}){300} would take its time
                first = piece(first)
            return first

        return made

    def _bounds(self) -> tuple[int, int | None] | None:
        end = self._pattern.find("}", self._at)
        least, comma, most = self._pattern[self._at + 1 : end].partition(",")
        if end < 0 or not least.isdecimal() or (most and not most.isdecimal()):
            return None  # a brace like any other letter
        self._at = end + 1
        bounds = int(least), (int(most) if most else None) if comma else int(least)
        if max(bounds[0], bounds[1] or 0) > MOST_REPEATS or (bounds[1] is not None and bounds[1] < bounds[0]):
            raise Invalid(f"A repeat goes from few to more, at most {MOST_REPEATS} times.")
        return bounds

    def _atom(self) -> Piece:
        letter = self._next()
        if letter == "(":
            return self._group()
        if letter in "*+?":
            raise Invalid(f"The regular expression repeats nothing, at character {self._at}.")
        if letter in "^$":
            raise Invalid(f"'{letter}' may only stand at the {'beginning' if letter == '^' else 'end'}.")
        test = self._class() if letter == "[" else self._single(letter)
        return lambda after: self._state(test, after)

    def _group(self) -> Piece:
        if self._peek() == "?":
            if self._pattern[self._at : self._at + 2] != "?:":
                raise Invalid("Of groups, only (…) and (?:…) are known here: no look-around, no names, no flags.")
            self._at += 2
        self._depth += 1
        if self._depth > DEEPEST:
            raise Invalid(f"Groups may stand in one another {DEEPEST} deep.")
        inside = self._alternatives()
        if self._peek() != ")":
            raise Invalid("The regular expression lacks a ')'.")
        self._at, self._depth = self._at + 1, self._depth - 1
        return inside

    def _single(self, letter: str) -> Test:
        if letter == ".":
            return lambda c: c != "\n"
        if letter == "\\":
            return self._escape()
        return lambda c: c == letter

    def _escape(self) -> Test:
        letter = self._next()
        if letter in _CLASSES:
            return _CLASSES[letter]
        if letter.isalnum() and letter not in _ESCAPES:
            raise Invalid(f"'\\{letter}' is not known here.")
        plain = _ESCAPES.get(letter, letter)
        return lambda c: c == plain

    def _class(self) -> Test:
        is_negated = self._peek() == "^"
        self._at += is_negated
        tests: list[Test] = []
        while (letter := self._next()) != "]" or not tests:
            low = self._single(letter) if letter == "\\" else None
            if low is None and self._peek() == "-" and self._pattern[self._at + 1 : self._at + 2] not in ("]", ""):
                self._at += 1
                high = self._next()
                if high == "\\" or high < letter:
                    raise Invalid(f"'{letter}-{high}' is no range.")
                tests.append(lambda c, first=letter, last=high: first <= c <= last)  # type: ignore[misc]
            else:
                tests.append(low or (lambda c, one=letter: c == one))  # type: ignore[misc]
        return lambda c: any(test(c) for test in tests) != is_negated

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _next(self) -> str:
        letter = self._peek()
        if not letter:
            raise Invalid("The regular expression ends too early.")
        self._at += 1
        return letter
