"""What a crowd saw, and the numbers that come of it."""

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.load.reply import Reply


@dataclass(slots=True)
class Seen:
    """The replies of a run, and one delay for each word that came in the window: from the vendor's stamp to the client."""

    delays_us: "array[int]" = field(default_factory=lambda: array("L"))
    errors: Counter[str] = field(default_factory=Counter)
    replies: list[Reply] = field(default_factory=list)
    unfinished: int = 0
    opened_us: int = 0
    shut_us: int = 0

    @property
    def window_s(self) -> float:
        """How long the window was open."""
        return (self.shut_us - self.opened_us) / 1_000_000

    @property
    def tokens_per_s(self) -> float:
        """Words that came in the window, a second."""
        return len(self.delays_us) / self.window_s

    @property
    def replies_per_s(self) -> float:
        """Replies that ended in the window, a second."""
        ended = sum(self.opened_us <= reply.ended_us <= self.shut_us for reply in self.replies)
        return ended / self.window_s

    @property
    def asked_in_window(self) -> list[Reply]:
        """Replies that were asked for in the window and said something."""
        return [reply for reply in self.replies if reply.first_us and self.opened_us <= reply.posted_us <= self.shut_us]

    @property
    def first_us(self) -> list[int]:
        """Added time to the first token: from the post to the first word. The vendor's models speak at once, so all of it is
        the server's."""
        return [reply.first_us - reply.posted_us for reply in self.asked_in_window]

    @property
    def to_vendor_us(self) -> list[int]:
        """The first part of it: from the post to the vendor's first word."""
        return [max(0, reply.first_sent_us - reply.posted_us) for reply in self.asked_in_window]

    @property
    def ack_us(self) -> list[int]:
        """From the post to the acknowledgement."""
        return [reply.acked_us - reply.posted_us for reply in self.asked_in_window]

    def flaws(self) -> dict[str, int]:
        """Everything that must be nought."""
        return {
            "errors": self.errors.total(),
            "unfinished": self.unfinished,
            "lost": sum(reply.lost for reply in self.replies),
            "misplaced": sum(reply.misplaced for reply in self.replies),
            "foreign": sum(reply.foreign for reply in self.replies),
        }

    @property
    def digests(self) -> Counter[int]:
        """Of the replies that finished; the vendor has the same."""
        return Counter(reply.digest for reply in self.replies if reply.outcome == "finished")


def percentile_ms(values_us: Sequence[int], percent: float) -> float:
    """A percentile (nearest rank) of microseconds, in milliseconds; NaN when there is no value."""
    if not values_us:
        return float("nan")
    ordered = sorted(values_us)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] / 1000
