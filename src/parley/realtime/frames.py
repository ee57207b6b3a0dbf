"""What the server says on the socket: one JSON object a frame, told apart by `type`."""

from typing import Annotated, Literal
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from parley.core.errors import ParleyError
from parley.engine.events import Event
from parley.engine.start import Asked
from parley.engine.values import Entry


class _Frame(BaseModel):
    model_config = ConfigDict(frozen=True)


class Ack(_Frame):
    """Done, and durable: it leaves after COMMIT (N1). Its ids stand only where the command made or named them."""

    type: Literal["ack"] = "ack"
    ref: str
    key: UUID | None = None
    conversation: UUID | None = None
    message: UUID | None = None
    answer: UUID | None = None
    generation: UUID | None = None


class EventFrame(_Frame):
    """One line of a tape. `at` is Unix milliseconds."""

    type: Literal["event"] = "event"
    generation: UUID
    seq: int
    at: int
    event: Event


class Fact(_Frame):
    """Something happened to what this person may see. Other fields depend on `name`.

    `facts.missed`: some may have been lost between Parley's processes; look again at what is shown.
    """

    type: Literal["fact"] = "fact"
    name: Literal[
        "conversation.created",
        "conversation.renamed",
        "conversation.kept",
        "conversation.cleared",
        "conversation.deleted",
        "conversation.leaf_chosen",
        "draft.written",
        "message.added",
        "message.ended",
        "facts.missed",
    ]
    conversation: UUID | None = None
    title: str | None = None
    version: int | None = None
    leaf: UUID | None = None
    message: UUID | None = None
    answer: UUID | None = None
    generation: UUID | None = None
    status: str | None = None


class ErrorFrame(_Frame):
    """A command was refused. `message` names cause and remedy; wait `retry_after` seconds where it is given."""

    type: Literal["error"] = "error"
    ref: str
    code: str
    message: str
    retry_after: float | None = None


class Pong(_Frame):
    type: Literal["pong"] = "pong"
    ref: str


Frame = Annotated[Ack | EventFrame | Fact | ErrorFrame | Pong, Field(discriminator="type")]
codec: TypeAdapter[Frame] = TypeAdapter(Frame)


def text_of(frame: Ack | Fact | ErrorFrame | Pong) -> str:
    return frame.model_dump_json(exclude_none=True)


def event_text(generation: UUID, entry: Entry) -> str:
    """An `EventFrame`, put together by hand: the event is JSON already, and this runs for every frame of every reader."""
    return f'{{"type":"event","generation":"{generation}","seq":{entry.seq},"at":{entry.at},"event":{entry.body}}}'


def ack_of(asked: Asked, *, ref: str, key: UUID) -> str:
    return orjson.dumps(
        {
            "type": "ack",
            "ref": ref,
            "key": key,
            "conversation": asked.conversation_id,
            "message": asked.message_id,
            "answer": asked.answer_id,
            "generation": asked.generation_id,
        }
    ).decode()


def error_of(error: ParleyError, *, ref: str) -> str:
    return text_of(ErrorFrame(ref=ref, code=error.code, message=error.message, retry_after=error.retry_after_s))
