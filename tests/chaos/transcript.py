"""All that people saw and were promised, over all lives of the processes: one half of what the auditor compares."""

import time
from dataclasses import dataclass, field
from typing import Any

Frame = dict[str, Any]  # what came over the socket: its shape is checked where it is read

ENDS = ("finished", "stopped", "failed", "interrupted")


@dataclass
class Post:
    """One message on its way. `ack` is the server's promise; `refusal` is its last word, after which nobody tries again."""

    key: str
    command: Frame
    posted_at: float
    ack: Frame | None = None
    refusal: Frame | None = None
    acked_at: float = 0.0
    sendings: int = 0
    question: str = ""  # the key that its words carry, where it asks another one's question again

    @property
    def generation(self) -> str:
        assert self.ack, f"{self.key} was not acknowledged"
        return str(self.ack["generation"])


@dataclass
class Fold:
    """One generation as one browser folded it. `first_s`: until its first event; silences are those after it."""

    seq: int = 0
    text: str = ""
    end: Frame | None = None
    is_asking: bool = False
    last_at: float = field(default_factory=time.monotonic)
    first_s: float = 0.0
    longest_silence_s: float = 0.0
    gaps: int = 0

    def take(self, seq: int, event: Frame) -> bool:
        """False: this is not the next number."""
        if seq != self.seq + 1:
            self.gaps += seq > self.seq
            return False
        self.seq = seq
        kind = event["type"]
        now = time.monotonic()
        if seq == 1:
            self.first_s = now - self.last_at
        else:
            self.longest_silence_s = max(self.longest_silence_s, now - self.last_at)
        self.last_at = now
        if kind == "delta":
            self.text += event["text"]
        elif kind == "reset":
            self.text = ""
        elif kind in ENDS:
            self.end = event
        return True


@dataclass
class Transcript:
    """Shared by all browsers of a scenario. Whatever contradicts itself stands in `contradictions` at once."""

    posts: dict[str, Post] = field(default_factory=dict)  # by key
    shown: dict[str, dict[int, Frame]] = field(default_factory=dict)  # by generation, by seq
    folds: dict[tuple[str, str], Fold] = field(default_factory=dict)  # the finished ones, by browser and generation
    deleted: set[str] = field(default_factory=set)  # conversations that somebody deleted
    stops: dict[str, float] = field(default_factory=dict)  # by generation: Unix time of the first ack
    errors: list[Frame] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)
    reconnects: int = 0
    reloads: int = 0

    def heard(self, frame: Frame) -> None:
        """A numbered event arrived somewhere."""
        events = self.shown.setdefault(frame["generation"], {})
        before = events.setdefault(frame["seq"], frame["event"])
        if before != frame["event"]:
            self.contradictions.append(f"N5: number {frame['seq']} of {frame['generation']} was told in two ways")

    @property
    def acked(self) -> list[Post]:
        """Those that must be there."""
        posts = self.posts.values()
        return [post for post in posts if post.ack and post.ack["conversation"] not in self.deleted]

    @property
    def generations(self) -> set[str]:
        return {post.generation for post in self.acked}
