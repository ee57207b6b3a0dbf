"""Parts of a message, and the one codec through which they are stored."""

from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    model_serializer,
)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TextPart(_Part):
    type: Literal["text"] = "text"
    text: str


class ReasoningPart(_Part):
    """What the model thought aloud; never sent back to it."""

    type: Literal["reasoning"] = "reasoning"
    text: str


class ImagePart(_Part):
    """An image that travels inside the message, as a `data:` URL."""

    type: Literal["image"] = "image"
    url: str


class FilePart(_Part):
    """A file that was uploaded before. Whoever posts it says which; the rest is read from the file itself."""

    type: Literal["file"] = "file"
    file: UUID
    name: str = ""
    media_type: str = ""
    size_bytes: int = 0
    kind: Literal["image", "text", "pdf", "other"] = "other"


class ToolCallPart(_Part):
    type: Literal["tool_call"] = "tool_call"
    id: str
    name: str
    arguments: str = Field(description="JSON as the model wrote it, whole or not")
    opaque: str = Field("", description="for the model's vendor: the sealed thoughts that led to the call")

    @model_serializer(mode="wrap")
    def _without_nothing(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        """Most calls have no thoughts, and are stored as they always were."""
        stored: dict[str, object] = handler(self)
        if not self.opaque:
            stored.pop("opaque", None)
        return stored


class ToolResultPart(_Part):
    type: Literal["tool_result"] = "tool_result"
    id: str
    text: str
    is_error: bool = False


class CitationPart(_Part):
    """A passage the answer leans on; `number` is how the text refers to it: [1]."""

    type: Literal["citation"] = "citation"
    number: int
    title: str
    path: str
    text: str


Part = Annotated[
    TextPart | ReasoningPart | ImagePart | FilePart | ToolCallPart | ToolResultPart | CitationPart,
    Field(discriminator="type"),
]
_codec = TypeAdapter(list[Part])


def dump_parts(parts: list[Part]) -> str:
    """Parts as stored. The only writer of this form: a sealed form would begin here."""
    return _codec.dump_json(parts).decode()


def load_parts(stored: str) -> list[Part]:
    """What a later version may have added to a part is passed over: in an upgrade both versions read the same rows."""
    return _codec.validate_json(stored, extra="ignore")


def parts_as_json(stored: str) -> bytes:
    """What `load_parts` would read, as JSON for a door: without reading it, which would cost most of opening a page."""
    return stored.encode()


def text_of(parts: list[Part]) -> str:
    """The words a person reads, without reasoning, tools and citations."""
    return "".join(part.text for part in parts if part.type == "text")


if TYPE_CHECKING:  # Django's fields take type arguments in their stubs only
    _TextField = models.TextField[list[Part], list[Part]]
else:
    _TextField = models.TextField


class PartsField(_TextField):
    """A list of parts in Python, one JSON text in the table."""

    if TYPE_CHECKING:  # what the mypy plugin of django-stubs reads
        _pyi_private_set_type: list[Part]  # type: ignore[assignment]
        _pyi_private_get_type: list[Part]  # type: ignore[assignment]

    def from_db_value(
        self, value: str | None, expression: object, connection: BaseDatabaseWrapper
    ) -> list[Part] | None:
        return None if value is None else load_parts(value)

    def get_prep_value(self, value: object) -> str | None:
        return value if value is None or isinstance(value, str) else dump_parts(value)  # type: ignore[arg-type]
