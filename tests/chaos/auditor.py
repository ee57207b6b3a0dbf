"""Looks for anything lost: compares the database, what browsers saw, and the vendor's own count (N1 to N7 and N9).

N8 and N10 have tests of their own: there is nothing to be seen of them after the fact.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson

from tests.chaos.stack import Stack
from tests.chaos.transcript import ENDS, Post, Transcript
from tests.chaos.vendor import Bill

KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
CLOSED_S = 2.0
RETRIES = 4  # calls of one attempt: one and three retries
STATUS_OF = {"finished": "completed", "stopped": "stopped", "failed": "failed", "interrupted": "interrupted"}


@dataclass
class Stored:
    """One generation as the database has it."""

    status: str
    last_seq: int
    attempt: int
    text: str
    message_status: str
    events: dict[int, Any] = field(default_factory=dict)
    usage: list[tuple[int, int, bool]] = field(default_factory=list)  # tokens in, tokens out, estimated


@dataclass
class Audit:
    """What came of one look. `violations` must be empty; the rest is for the line that is printed."""

    violations: list[str]
    line: str

    def check(self) -> None:
        print(self.line)
        assert not self.violations, "\n".join(self.violations[:20])


def audit(stack: Stack, transcript: Transcript, *, seed: int = 0) -> Audit:
    """Call it when all is quiet: every outbox empty, every answer ended."""
    return _Auditor(stack, transcript).look(seed)


class _Auditor:
    def __init__(self, stack: Stack, transcript: Transcript) -> None:
        self.stack = stack
        self.transcript = transcript
        self.found = list(transcript.contradictions)
        self.by_key = {post.key: post for post in transcript.acked}
        self.stored = self._read()
        self.bills = self._bills()
        self.asked = self._by_question()
        self.ledger: Counter[str] = Counter()

    def look(self, seed: int) -> Audit:
        self._sound_database()
        for post in self.by_key.values():
            stored = self.stored.get(post.generation)
            if stored is None:
                self._say(1, post.generation, "was acknowledged and is not there")
                continue
            self._durable_once(post)
            self._one_end(post.generation, stored)
            self._shown_is_stored(post.generation, stored)
            self._stopped(post, stored)
            self._honest(post.generation, stored)
        for question, posts in self.asked.items():
            self._money(question, posts)
        self._folds()
        return Audit(self.found, self._line(seed))

    def _say(self, number: int, generation: str, what: str) -> None:
        self.found.append(f"N{number}: {generation} {what}")

    # --- What is compared ---------------------------------------------------------------------------------------------

    def _read(self) -> dict[str, Stored]:
        rows = self.stack.rows(
            "SELECT g.id, g.status, g.last_seq, g.attempt, m.parts, m.status "
            "FROM engine_generation g JOIN conversations_message m ON m.id = g.message_id"
        )
        stored = {_id(row[0]): Stored(row[1], row[2], row[3], _text(row[4]), row[5]) for row in rows}
        for generation, seq, body in self.stack.rows("SELECT generation_id, seq, body FROM engine_event"):
            if of := stored.get(_id(generation)):
                of.events[seq] = orjson.loads(body)
        for generation, tokens_in, tokens_out, estimated in self.stack.rows(
            "SELECT generation_id, input_tokens, output_tokens, estimated FROM usage_usagerecord "
            "WHERE purpose = 'answer' AND generation_id IS NOT NULL"
        ):
            if of := stored.get(_id(generation)):
                of.usage.append((tokens_in, tokens_out, bool(estimated)))
        self.receipts = Counter(_id(row[0]) for row in self.stack.rows('SELECT "key" FROM conversations_receipt'))
        return stored

    def _bills(self) -> dict[str, list[Bill]]:
        bills: dict[str, list[Bill]] = {}
        for bill in self.stack.vendor.bills():
            if found := KEY.search(bill.question):
                bills.setdefault(found[0], []).append(bill)
        return bills

    # --- The invariants -----------------------------------------------------------------------------------------------

    def _sound_database(self) -> None:
        if self.stack.database == "SQLite" and self.stack.rows("PRAGMA integrity_check") != [("ok",)]:
            self.found.append("N1: SQLite finds its file damaged")

    def _durable_once(self, post: Post) -> None:
        if self.receipts[post.key] != 1:
            self._say(2, post.generation, f"has {self.receipts[post.key]} receipts")

    def _one_end(self, generation: str, stored: Stored) -> None:
        if stored.status in ("queued", "running"):
            self._say(3, generation, f"is still {stored.status}")
            return
        ends = [seq for seq, event in stored.events.items() if event["type"] in ENDS]
        if ends != [stored.last_seq]:
            self._say(3, generation, f"ends at {ends}, and its last number is {stored.last_seq}")
        elif STATUS_OF[stored.events[stored.last_seq]["type"]] != stored.status:
            self._say(3, generation, f"is {stored.status} and ends with {stored.events[stored.last_seq]['type']}")
        if stored.message_status != stored.status:
            self._say(3, generation, f"is {stored.status}, its message {stored.message_status}")

    def _shown_is_stored(self, generation: str, stored: Stored) -> None:
        for seq, event in self.transcript.shown.get(generation, {}).items():
            if stored.events.get(seq) != event:
                self._say(4, generation, f"showed number {seq}, which is not stored so")
                return
        if sorted(stored.events) != list(range(1, stored.last_seq + 1)):
            self._say(5, generation, "has a hole in its numbers")
        if fold_text(stored.events) != stored.text:
            self._say(5, generation, "is stored otherwise than its tape tells it")

    def _folds(self) -> None:
        for (browser, generation), fold in self.transcript.folds.items():
            stored = self.stored.get(generation)
            if stored and (fold.seq != stored.last_seq or _hash(fold.text) != _hash(stored.text)):
                self._say(5, generation, f"reads otherwise in {browser} than it is stored")

    def _stopped(self, post: Post, stored: Stored) -> None:
        asked = self.transcript.stops.get(post.generation)
        if asked is None or stored.status != "stopped" or len(self.asked[post.question or post.key]) > 1:
            return  # of two answers to one question nobody knows whose call it was
        for bill in self.bills.get(post.question or post.key, ()):
            late_s = bill.ended - asked if bill.end != "open" else float("inf")
            if late_s > CLOSED_S:
                self._say(6, post.generation, f"was stopped, and its vendor was left {late_s:.1f} s later")

    def _honest(self, generation: str, stored: Stored) -> None:
        end = stored.events.get(stored.last_seq) or {}
        if end.get("type") == "failed" and not (end.get("code") and end.get("message")):
            self._say(7, generation, "failed without a cause")

    def _by_question(self) -> dict[str, list[Post]]:
        """A regenerated answer asks the same question, so the vendor's bills cannot tell the two apart."""
        groups: dict[str, list[Post]] = {}
        for post in self.by_key.values():
            if post.generation in self.stored:
                groups.setdefault(post.question or post.key, []).append(post)
        return groups

    def _money(self, question: str, posts: list[Post]) -> None:
        """Exact rows are bills that were told; every other bill with tokens has an estimate, which says so."""
        answers = [self.stored[post.generation] for post in posts]
        usage = [row for answer in answers for row in answer.usage]
        called, name = self.bills.get(question, []), posts[0].generation
        bills = [bill for bill in called if bill.tokens]
        told = Counter((bill.prompt_tokens, bill.tokens) for bill in called if bill.is_told)
        exact = Counter((row[0], row[1]) for row in usage if not row[2])
        attempts = sum(answer.attempt for answer in answers)
        if len(called) > RETRIES * attempts:
            self._say(2, name, f"was asked {len(called)} times in {attempts} attempts")
        if exact - told:
            self._say(9, name, f"has {dict(exact - told)} in the ledger, which the vendor never told")
        if len(bills) > len(usage):
            missing = f"{len(bills)} calls with {[bill.tokens for bill in bills]} tokens, the ledger {usage}"
            self._say(9, name, f"is short in the ledger: the vendor has {missing}")
        self.ledger["calls"] += len(bills)
        self.ledger["exact"] += exact.total()
        self.ledger["estimated"] += sum(row[2] for row in usage)
        self.ledger["sold"] += sum(bill.tokens for bill in bills)
        self.ledger["bought"] += sum(row[1] for row in usage)

    def _failures(self) -> list[Any]:
        mine = [self.stored[name] for name in self.transcript.generations & self.stored.keys()]
        lasts = [stored.events.get(stored.last_seq) for stored in mine]
        return [event for event in lasts if event and event["type"] == "failed"]

    def _line(self, seed: int) -> str:
        codes = Counter(frame["code"] for frame in self._failures())
        mine = [self.stored[post.generation] for post in self.by_key.values() if post.generation in self.stored]
        ends = ", ".join(f"{count} {status}" for status, count in Counter(one.status for one in mine).most_common())
        ends += f"; failed by {dict(codes)}" if codes else ""
        ledger = self.ledger
        return (
            f"audit on {self.stack.database}: {len(self.transcript.posts)} posts, {len(mine)} answers ({ends}), "
            f"{sum(len(one.events) for one in mine)} events, {len(self.transcript.folds)} readings; "
            f"{self.transcript.reconnects} reconnects, {self.transcript.reloads} reloads; "
            f"{ledger['calls']} calls of {ledger['sold']} tokens, the ledger has "
            f"{ledger['bought']} ({ledger['exact']} rows exact, {ledger['estimated']} estimated); "
            f"{len(self.found)} violations; CHAOS_SEED={seed}"
        )


def fold_text(events: dict[int, Any]) -> str:
    """What a tape adds up to."""
    pieces: list[str] = []
    for _, event in sorted(events.items()):
        if event["type"] == "reset":
            pieces.clear()
        elif event["type"] == "delta":
            pieces.append(event["text"])
    return "".join(pieces)


def _id(value: object) -> str:
    """SQLite keeps a UUID as hex, PostgreSQL as itself."""
    return str(value if isinstance(value, UUID) else UUID(str(value)))


def _text(parts: object) -> str:
    listed: Sequence[dict[str, str]] = orjson.loads(parts) if isinstance(parts, str | bytes) else parts  # type: ignore[assignment]
    return "".join(part["text"] for part in listed if part["type"] == "text")


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
