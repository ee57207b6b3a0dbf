"""The auditor can fail: each lie, told to it alone, is found."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import orjson
import pytest

from tests.chaos.auditor import audit
from tests.chaos.transcript import Fold, Frame, Post, Transcript
from tests.chaos.vendor import Bill

GENERATION, KEY = str(uuid4()), str(uuid4())
EVENTS: list[Frame] = [
    {"type": "started", "model": "m", "attempt": 1},
    {"type": "delta", "text": "Hello "},
    {"type": "delta", "text": "world"},
    {"type": "finished", "reason": "stop"},
]


@dataclass
class Told:
    """A database, a vendor and a browser that agree with each other, until a test makes one of them lie."""

    database: str = "PostgreSQL"
    status: str = "completed"
    text: str = "Hello world"
    events: list[dict[str, Any]] = field(default_factory=lambda: [dict(event) for event in EVENTS])
    usage: list[tuple[int, int, bool]] = field(default_factory=lambda: [(3, 2, False)])
    receipts: list[str] = field(default_factory=lambda: [KEY])
    bill: list[Bill] = field(default_factory=lambda: [Bill(f"Say {KEY}", "m", 3, 0.0, 2, True, "ended", 1.0)])
    transcript: Transcript = field(default_factory=Transcript)

    def __post_init__(self) -> None:
        post = Post(KEY, {}, 0.0, ack={"generation": GENERATION, "conversation": "c", "message": "m"})
        self.transcript.posts[KEY] = post
        self.transcript.shown[GENERATION] = dict(enumerate(EVENTS, start=1))
        self.transcript.folds["browser", GENERATION] = Fold(seq=4, text="Hello world", end=EVENTS[-1])

    @property
    def vendor(self) -> "Told":
        return self

    def bills(self) -> list[Bill]:
        return self.bill

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        if "engine_event" in sql:
            return [(GENERATION, seq, orjson.dumps(event)) for seq, event in enumerate(self.events, start=1)]
        if "usage_" in sql:
            return [(GENERATION, *row) for row in self.usage]
        if "receipt" in sql:
            return [(key,) for key in self.receipts]
        parts = orjson.dumps([{"type": "text", "text": self.text}])
        return [(GENERATION, self.status, len(self.events), 1, parts, self.status)]


def violations(told: Told) -> list[str]:
    return audit(told, told.transcript).violations  # type: ignore[arg-type] # it has what an audit asks of a stack


def test_the_auditor_is_content_with_what_agrees() -> None:
    assert violations(Told()) == []


LIES: dict[str, Callable[[Told], object]] = {
    "N1": lambda told: told.transcript.posts[KEY].ack.update(generation=str(uuid4())),  # type: ignore[union-attr]
    "N2": lambda told: told.receipts.append(KEY),
    "N3": lambda told: setattr(told, "status", "running"),
    "N4": lambda told: told.transcript.shown[GENERATION].update({2: {"type": "delta", "text": "Hullo "}}),
    "N5": lambda told: setattr(told.transcript.folds["browser", GENERATION], "text", "Hello Hello world"),
    "N9": lambda told: told.usage.clear(),
}


@pytest.mark.parametrize("invariant", LIES)
def test_the_auditor_finds_what_was_lost_doubled_or_made_up(invariant: str) -> None:
    told = Told()
    LIES[invariant](told)
    assert [found[:2] for found in violations(told)][:1] == [invariant]


def test_the_auditor_finds_a_vendor_that_was_left_too_late() -> None:
    told = Told(status="stopped")
    told.events[-1] = told.transcript.shown[GENERATION][4] = {"type": "stopped"}
    told.transcript.stops[GENERATION] = 10.0
    told.bill = [Bill(f"Say {KEY}", "m", 3, 0.0, 2, True, "left", 12.5)]
    assert [found[:2] for found in violations(told)] == ["N6"]


def test_the_auditor_finds_a_count_that_the_vendor_never_told() -> None:
    told = Told(usage=[(3, 20, False)])
    assert [found[:2] for found in violations(told)] == ["N9"]


def test_a_failure_without_a_cause_is_found() -> None:
    told = Told(status="failed")
    told.events[-1] = told.transcript.shown[GENERATION][4] = {"type": "failed", "code": "", "message": ""}
    assert [found[:2] for found in violations(told)] == ["N7"]
