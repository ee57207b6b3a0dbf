"""The words of a question that are worth looking for. Plain Python: wires use it too."""

import re
import unicodedata
from dataclasses import dataclass

# A message may be 256 KiB; who asks says it in the first or the last words, and more terms only make every chunk fit.
MAX_QUESTION_CHARS = 4000
MAX_TERMS = 32
LEAST_PREFIX_CHARS = 3

STOP_WORDS = frozenset(
    """
    a about after again all also am an and any are aren as at be because been before being between both but by can
    cannot could couldn d did didn do does doesn doing don down each few for from further get had hadn has hasn have
    haven having he hello her here hers hey hi him his how i if in into is isn it its itself just let ll m me might
    more most must my myself no nor not now of off on once only or other our ours out over own please re s same
    shall she should shouldn so some such t than thank thanks that the their theirs them then there these they this
    those through to too under until up us ve very want was wasn we were weren what when where which while who whom
    whose why will with won would wouldn you your yours
    """.split()  # noqa: SIM905 - a list of strings would take 150 lines
)

_WORD = re.compile(r"[^\W_]+")
_SAID = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")  # an accent may stand behind its letter, as a sign of its own
LONGEST = 64  # characters of a word that an index knows


@dataclass(frozen=True, slots=True)
class Terms:
    """Distinct words in lower case. `last_is_prefix`: the last was perhaps not typed to its end."""

    words: tuple[str, ...]
    last_is_prefix: bool


def terms_of(question: str) -> Terms:
    """The words worth searching for; none when there are only stop words."""
    text = _middle_cut(question).lower()
    found = _WORD.findall(text)
    words = tuple(dict.fromkeys(word for word in found if word not in STOP_WORDS))
    if len(words) > MAX_TERMS:
        words = words[: MAX_TERMS // 2] + words[-MAX_TERMS // 2 :]
    return Terms(words, last_is_prefix=_ends_open(text, found, words))


def _middle_cut(text: str) -> str:
    half = MAX_QUESTION_CHARS // 2
    return text if len(text) <= MAX_QUESTION_CHARS else f"{text[:half]} {text[-half:]}"


def _ends_open(text: str, found: list[str], words: tuple[str, ...]) -> bool:
    """Whether the text breaks off in its last term: "conn", but not "connect a model?"."""
    return bool(words) and found[-1] == words[-1] and text.endswith(words[-1]) and len(words[-1]) >= LEAST_PREFIX_CHARS


def sameness(one: str, other: str) -> float:
    """How much of two short texts is the same words, stop words too: from 0 to 1 (Jaccard index)."""
    left, right = (set(_WORD.findall(_middle_cut(text).lower())) for text in (one, other))
    return len(left & right) / len(left | right) if left and right else 0.0


@dataclass(frozen=True, slots=True)
class Said:
    """A word of a text as an index knows it, in lower case and without accents; `start` and `end` tell where it stands."""

    word: str
    start: int
    end: int


def words_said(text: str) -> list[Said]:
    """All words of a text, one by one: for an index of our own making."""
    found = ((bare(match[0]), match) for match in _SAID.finditer(text))
    return [Said(word, match.start(), match.end()) for word, match in found if word]


def bare(word: str) -> str:
    """`Übung` is `ubung`, and `ﬁn` is `fin`. Nothing but letters and digits is left."""
    if word.isascii():
        return word.lower()[:LONGEST]
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in parts if sign.isalnum()).lower()[:LONGEST]
