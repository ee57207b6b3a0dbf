"""What a browser may say on the socket. One JSON object a frame, told apart by `type`; unknown fields are refused."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from parley.conversations.parts import Part
from parley.core.errors import Invalid
from parley.core.strict_json import parse_json


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")  # the page of a next version may say more (F-15)

    ref: str = Field(default="", max_length=100, description="repeated by the answer")


class PostMessage(_Command):
    """Say something. Without `conversation` in a new one; without `parent` under the message that is shown last."""

    type: Literal["message.post"]
    key: UUID = Field(description="made by the sender; the same key never posts twice")
    conversation: UUID | None = None
    bot: UUID | None = None
    parent: UUID | None = None
    parts: list[Part]
    trace: str = Field(default="", max_length=100, description="W3C traceparent; unread where there are no traces")

    @property
    def names_parent(self) -> bool:
        """`"parent": null` is a new root; no `parent` at all is the shown leaf."""
        return "parent" in self.model_fields_set


class FollowGeneration(_Command):
    """Hear a generation's events with numbers greater than `after`, past and future."""

    type: Literal["generation.follow"]
    generation: UUID
    after: int = Field(default=0, ge=0)


class UnfollowGeneration(_Command):
    type: Literal["generation.unfollow"]
    generation: UUID


class StopGeneration(_Command):
    type: Literal["generation.stop"]
    generation: UUID


class Ping(_Command):
    type: Literal["ping"]


Command = Annotated[
    PostMessage | FollowGeneration | UnfollowGeneration | StopGeneration | Ping, Field(discriminator="type")
]
codec: TypeAdapter[Command] = TypeAdapter(Command)


def parse_command(text: str) -> Command:
    """Raises `Invalid` with the first thing that is wrong and where."""
    try:
        return codec.validate_python(parse_json(text.encode()), strict=False)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"][1:])
        raise Invalid(f"{place or 'This command'}: {first['msg']}") from None


def ref_of(text: str) -> str:
    """The `ref` of a command that could not be understood, so that its sender knows which one it was."""
    try:
        said = parse_json(text.encode())
    except Invalid:
        return ""
    ref = said.get("ref") if isinstance(said, dict) else ""
    return ref if isinstance(ref, str) and len(ref) <= 100 else ""
