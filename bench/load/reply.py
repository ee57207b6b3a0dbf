"""One reply as a browser sees it, folded and judged word by word."""

from array import array
from dataclasses import dataclass, field
from zlib import crc32

from bench.tokens import WORD, age_us


@dataclass(slots=True)
class Reply:
    """What came of one post. Times are microseconds of the monotonic clock.

    `lost` counts words that never came, `misplaced` those that came twice or out of order, `foreign` characters that the
    vendor never said, `gaps` jumps in seq (healed by following again), `resets` texts that the server took back.
    """

    key: str
    posted_us: int
    expected_words: int
    asked_by: str = ""
    conversation: str = ""
    answer: str = ""
    generation: str = ""
    acked_us: int = 0
    first_us: int = 0
    first_sent_us: int = 0
    ended_us: int = 0
    last_seq: int = 0
    words: int = 0
    digest: int = 0
    lost: int = 0
    misplaced: int = 0
    foreign: int = 0
    gaps: int = 0
    resets: int = 0
    outcome: str = ""
    asked_again: bool = False
    text: list[str] = field(default_factory=list)
    _next: int = 0
    _rest: str = ""

    def accept(self, seq: int) -> bool:
        """Whether the event with this seq is the next one."""
        if seq == self.last_seq + 1:
            self.last_seq = seq
            self.asked_again = False
            return True
        if seq > self.last_seq:
            self.gaps += not self.asked_again
        return False

    def fold(self, delta: str, at_us: int, delays_us: "array[int] | None") -> None:
        """Append a delta; note each word's delay where a window is open."""
        self.text.append(delta)
        text = self._rest + delta if self._rest else delta
        place = 0
        while word := WORD.match(text, place):
            place = word.end()
            number, sent = word.groups()
            self._count(int(number))
            self.digest = crc32(sent.encode(), self.digest)
            delay_us = age_us(sent, at_us)
            if not self.first_us:
                self.first_us, self.first_sent_us = at_us, at_us - delay_us
            if delays_us is not None:
                delays_us.append(delay_us)
        self._rest = text[place:]

    def _count(self, number: int) -> None:
        self.words += 1
        if number < self._next:
            self.misplaced += 1
            return
        self.lost += number - self._next
        self._next = number + 1

    def start_again(self) -> None:
        """The server took back what it had shown."""
        self.resets += 1
        self.text.clear()
        self.words = self.digest = self._next = 0
        self._rest = ""

    def end(self, outcome: str, at_us: int) -> None:
        """The last event came: what was not said until now never will be."""
        self.outcome = outcome
        self.ended_us = at_us
        self.lost += max(0, self.expected_words - self._next)
        self.foreign = len(self._rest)

    @property
    def is_flawless(self) -> bool:
        """Finished, and each word once and in order."""
        return self.outcome == "finished" and not (self.lost or self.misplaced or self.foreign)
