"""Reads of this room: a fixed number of statements each."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from parley.conversations.models import Message
from parley.engine.events import Delta, Event, Failed, Finished, Interrupted, Reset, Stopped, dump_event
from parley.engine.models import Event as EventRow
from parley.engine.models import Generation
from parley.engine.values import Entry

PAGE = 500  # events read at once
TOLD_BY = ("status", "last_seq", "tape_from", "tape_to")


@dataclass(frozen=True, slots=True)
class Replay:
    """What a tape holds after a number. `is_over`: nothing will come after these."""

    entries: list[Entry]
    is_over: bool


def replay(generation_id: UUID, after: int) -> Replay:
    """Read a tape by number from SQL, at most `PAGE` events.

    A tape whose rows were cleaned away tells its whole text as one delta, numbered so that a reader who stood anywhere
    before the end ends up with the same text.
    """
    generation = Generation.objects.filter(id=generation_id).only(*TOLD_BY).first()
    if generation is None:
        return Replay([], is_over=True)
    rows = events_of(generation).filter(seq__gt=after)[:PAGE]
    entries = [Entry(*row) for row in rows.values_list("seq", "at", "body")]
    is_ended = generation.status not in Generation.LIVE
    if is_ended and not entries and after < generation.last_seq:
        entries = [entry for entry in _retold(generation_id) if entry.seq > after]
    reached = entries[-1].seq if entries else after
    return Replay(entries, is_over=is_ended and reached >= generation.last_seq)


def events_of(generation: Generation) -> QuerySet[EventRow]:
    """The stored tape, in order: what lies between its ends in the log of all tapes."""
    rows = EventRow.objects.filter(generation_id=generation.id, id__gt=generation.tape_from)
    if generation.tape_to is not None:
        rows = rows.filter(id__lte=generation.tape_to)
    return rows.order_by("seq")


def _retold(generation_id: UUID) -> list[Entry]:
    """The end of a tape whose rows are gone, told from the message."""
    generation = Generation.objects.select_related("message").get(id=generation_id)
    ended = generation.ended_at or generation.created_at
    text = "".join(part.text for part in generation.message.parts if part.type == "text")
    events: list[Event] = [Reset(), Delta(text), _end_of(generation)] if text else [_end_of(generation)]
    first = generation.last_seq - len(events) + 1
    return [Entry(first + n, int(ended.timestamp() * 1000), dump_event(event)) for n, event in enumerate(events)]


def _end_of(generation: Generation) -> Event:
    match generation.status:
        case Generation.Status.STOPPED:
            return Stopped()
        case Generation.Status.FAILED:
            return Failed(generation.error_code, generation.error_message, generation.error_retryable)
        case Generation.Status.INTERRUPTED:
            return Interrupted()
        case _:
            return Finished()


def numbers_of(generation_ids: Collection[UUID]) -> dict[UUID, tuple[int, bool]]:
    """Up to which number each tape is stored, and whether that is all it will ever say: one statement for all of them."""
    newest = EventRow.objects.filter(generation_id=OuterRef("id"), id__gt=OuterRef("tape_from")).order_by("-seq")
    rows = Generation.objects.filter(id__in=generation_ids).annotate(newest=Subquery(newest.values("seq")[:1]))
    found = dict.fromkeys(generation_ids, (0, True))  # a deleted one says no more
    for generation_id, status, last_seq, number in rows.values_list("id", "status", "last_seq", "newest"):
        found[generation_id] = (max(number or 0, last_seq), status not in Generation.LIVE)
    return found


@dataclass(frozen=True, slots=True)
class GenerationInfo:
    """What a message's reader wants to know of its generation."""

    id: UUID
    status: str
    last_seq: int
    error_code: str
    error_message: str
    error_retryable: bool


def generations_of(conversation_id: UUID) -> dict[UUID, GenerationInfo]:
    """By message id, those of a conversation that still run or that did not complete: one statement."""
    messages = Message.objects.filter(conversation_id=conversation_id, id__gte=conversation_id)  # no month before it
    return _infos(Generation.objects.filter(message__in=messages).exclude(Q(status=Generation.Status.COMPLETED)))


def generations_of_messages(message_ids: Collection[UUID]) -> dict[UUID, GenerationInfo]:
    """By message id, however they ended: one statement."""
    return _infos(Generation.objects.filter(message_id__in=message_ids))


def _infos(rows: QuerySet[Generation]) -> dict[UUID, GenerationInfo]:
    fields = ("message_id", "id", "status", "last_seq", "error_code", "error_message", "error_retryable")
    return {row[0]: GenerationInfo(*row[1:]) for row in rows.values_list(*fields)}


def running_answers(workspace_id: UUID, user_id: UUID | None) -> int:
    """How many answers are being written, or wait to be, for this user or (None) the whole workspace. One query."""
    rows = Generation.objects.filter(status__in=Generation.LIVE, message__conversation__workspace_id=workspace_id)
    return rows.filter(message__conversation__owner_id=user_id).count() if user_id else rows.count()
