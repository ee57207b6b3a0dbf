"""What the vendor was asked and what it gave: the other side's own count, which an auditor holds against Parley's ledger."""

import time
from collections import defaultdict, deque
from dataclasses import asdict, dataclass, field

KEPT_CALLS = 1000
KEPT_DIGESTS = 200_000
KEPT_BILLS = 20_000
QUESTION_LETTERS = 80


@dataclass(slots=True)
class Count:
    """Of one key, or of all. `tokens` are those handed to the network, also of replies that were cut off."""

    calls: int = 0
    prompt_tokens: int = 0
    tokens: int = 0
    ended: int = 0
    closed_early: int = 0


@dataclass(frozen=True, slots=True)
class Closure:
    """The peer closed the connection before the reply had ended. `at` is Unix time in seconds."""

    key: str
    model: str
    tokens: int
    at: float


@dataclass(slots=True)
class Bill:
    """One call, for whoever compares the vendor's count with a ledger. Times are Unix seconds.

    `question` is the beginning of the last thing that the user said, by which an auditor knows its own calls again. `is_told`:
    the caller was told this count. `end` is `open`, `ended`, `refused` or `left`: the peer closed the connection before.
    """

    question: str
    model: str
    prompt_tokens: int
    began: float
    tokens: int = 0
    is_told: bool = False
    end: str = "open"
    ended: float = 0.0

    def close(self, end: str) -> None:
        """The call is over."""
        self.end, self.ended = end, time.time()


@dataclass(slots=True)
class Counters:
    """All that is counted between two resets. `digests` holds the CRC-32 over the stamps of each reply that ended."""

    keys: defaultdict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    closures: list[Closure] = field(default_factory=list)
    bodies: deque[object] = field(default_factory=lambda: deque(maxlen=KEPT_CALLS))
    digests: deque[int] = field(default_factory=lambda: deque(maxlen=KEPT_DIGESTS))
    bills: deque[Bill] = field(default_factory=lambda: deque(maxlen=KEPT_BILLS))
    open: int = 0
    redirects_followed: int = 0

    def closed(self, key: str, model: str, tokens: int) -> None:
        """Note that the peer went away in the middle of a reply."""
        self.keys[key].closed_early += 1
        self.closures.append(Closure(key, model, tokens, time.time()))

    def reset(self) -> None:
        """Begin again at nought. Replies that are under way go on, and stay in `open`."""
        for counted in (self.keys, self.closures, self.bodies, self.digests, self.bills):
            counted.clear()
        self.redirects_followed = 0

    def total(self) -> Count:
        """The sum over all keys."""
        total = Count()
        for count in self.keys.values():
            for name in Count.__slots__:
                setattr(total, name, getattr(total, name) + getattr(count, name))
        return total

    def report(self) -> dict[str, object]:
        """For `GET /control/counters`."""
        return {
            "total": asdict(self.total()),
            "keys": {key: asdict(count) for key, count in self.keys.items()},
            "closures": [asdict(closure) for closure in self.closures],
            "open": self.open,
            "redirects_followed": self.redirects_followed,
        }
