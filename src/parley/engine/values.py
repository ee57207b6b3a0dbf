"""Values that pass between the files of the engine."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from parley.conversations.parts import Part

Outcome = Literal["completed", "stopped", "failed", "interrupted"]
NextStep = Literal["write", "interrupt", "stop"]  # what a runner does with a generation that it begins or takes over


@dataclass(frozen=True, slots=True)
class Turn:
    """Which answer to write, for whom, and by what right: `fence` goes into every write.

    `parent_id` is the message that is answered. `bot_version_id` is None when the bot was deleted meanwhile.
    `continues_id` names a sibling answer whose text this one starts from. `trace` is the traceparent of the question.
    """

    generation_id: UUID
    fence: int
    attempt: int
    conversation_id: UUID
    parent_id: UUID
    answer_id: UUID
    bot_version_id: UUID | None
    user_id: UUID
    workspace_id: UUID
    is_first: bool = False
    continues_id: UUID | None = None
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens of one vendor call, for the usage ledger."""

    endpoint_id: str
    model: str
    input_tokens: int
    output_tokens: int
    estimated: bool
    purpose: str = "answer"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which model a rule let answer, and why. `model` is its label."""

    rule_id: UUID
    model: str
    reasons: tuple[str, ...]
    took_us: int


@dataclass(frozen=True, slots=True)
class Ending:
    """How a generation ended, and all that is stored with its last event, in the same transaction."""

    outcome: Outcome
    parts: list[Part]
    error_code: str = ""
    error_message: str = ""
    error_retryable: bool = False
    spent: Spent | None = None
    chosen: Chosen | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One numbered event, ready to be stored: `at` is Unix milliseconds, `body` the event as JSON."""

    seq: int
    at: int
    body: str


@dataclass(frozen=True, slots=True)
class Page:
    """What one commit adds to one tape."""

    turn: Turn
    entries: list[Entry]
    ending: Ending | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the database said to a page. Not `accepted`: another runner holds the generation now."""

    accepted: bool
    stop_requested: bool
