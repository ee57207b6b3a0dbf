"""The form of an archive: one JSON object for one conversation, with all that is known of it (docs/archive.schema.json).

Version 1. A later version may add fields, and reads this one; a field never changes its meaning.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from parley.conversations.parts import Part
from parley.core.errors import Invalid

FORMAT: Literal["parley.conversation"] = "parley.conversation"
VERSION: Literal[1] = 1


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")  # a field of a later version harms nobody


class ArchivedPerson(_Model):
    id: UUID
    email: str
    name: str


class ArchivedWorkspace(_Model):
    id: UUID
    name: str


class ArchivedBot(_Model):
    """Who wrote an answer, as it was then: names stay readable when the bot is gone."""

    id: UUID
    version_id: UUID
    version: int
    name: str
    model: str | None
    endpoint: str | None


class ArchivedGeneration(_Model):
    id: UUID
    status: str
    attempts: int
    error_code: str
    error_message: str
    created_at: datetime
    ended_at: datetime | None


class ArchivedUsage(_Model):
    """Of one vendor call. For reading: a restore adds nothing to the ledger of usage."""

    model: str
    purpose: str
    input_tokens: int
    output_tokens: int
    estimated: bool
    at: datetime


class ArchivedMessage(_Model):
    """`parent` is the message above; messages with one parent are siblings: edits and regenerations."""

    id: UUID
    parent: UUID | None
    role: Literal["user", "assistant"]
    status: Literal["writing", "completed", "stopped", "failed", "interrupted"]
    user: UUID | None
    bot: ArchivedBot | None
    parts: list[Part]
    created_at: datetime
    generation: ArchivedGeneration | None = None
    usage: list[ArchivedUsage] = Field(default_factory=list)


class ArchivedConversation(_Model):
    """`leaf`: the message whose branch was shown. `in_archive`: put out of the list by its owner."""

    id: UUID
    title: str
    title_source: Literal["excerpt", "kept", "model", "person"]
    bot: UUID | None
    leaf: UUID | None
    version: int
    pinned: bool = False
    in_archive: bool = False
    folder: str | None = None
    tags: list[str] = Field(default_factory=list)
    created_at: datetime
    updated_at: datetime


class ArchiveForm(_Model):
    """`messages`: the whole tree, oldest first."""

    format: Literal["parley.conversation"]
    version: Literal[1]
    archived_at: datetime
    workspace: ArchivedWorkspace
    owner: ArchivedPerson
    conversation: ArchivedConversation
    messages: list[ArchivedMessage]


def read_archive(raw: bytes) -> ArchiveForm:
    """Raises `Invalid`, which names the first thing that is wrong."""
    try:
        return ArchiveForm.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "the whole"
        raise Invalid(
            f"This is no archive of a conversation that this Parley reads ({where}: {first['msg']})."
        ) from None
