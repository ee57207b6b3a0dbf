"""Doors of what a person brings along: upload a file, see what is in it, choose, see what came of it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from parley.api.bodies import Body
from parley.api.files import FORMS, chunks_of
from parley.api.who import member_of
from parley.core.errors import WrongMediaType
from parley.keeping import imports
from parley.keeping.imports import MOST_CONVERSATIONS
from parley.keeping.models import Import, ImportItem

router = Router(tags=["imports"])
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[int, Query(ge=0, le=2**31 - 1)]


class ImportOut(Schema):
    """`status`: waiting, working, found (choose now), ready or failed. `source`: parley, chatgpt or open_webui."""

    id: UUID
    name: str
    size_bytes: int
    source: str
    status: str
    is_chosen: bool
    choosable: int
    done: int
    total: int
    error: str
    files: int
    bots: int
    outcomes: dict[str, int] = Field(description="how many conversations: added, completed, here, left_out, failed")
    created_at: datetime


class Imports(Schema):
    items: list[ImportOut]
    next: None = None


class NoteOut(Schema):
    """What was not understood, or not kept, and how often."""

    code: str
    detail: str
    count: int


class ImportItemOut(Schema):
    """`is_known`: all of it is here already."""

    place: int
    title: str
    said_at: datetime | None
    messages: int
    is_known: bool
    is_chosen: bool
    outcome: str
    added: int
    conversation: UUID | None
    notes: list[NoteOut]


class ImportItems(Schema):
    items: list[ImportItemOut]
    next: int | None


class Choice(Body):
    without: list[Annotated[int, Field(ge=0, le=2**31 - 1)]] = Field(
        default_factory=list, max_length=MOST_CONVERSATIONS, description="places of what is left out"
    )


@router.get("imports", response=Imports)
def list_imports(request: HttpRequest) -> Imports:
    """Yours, newest first."""
    return Imports(items=[_out(work) for work in imports.list_imports(member_of(request))])


@router.post("imports", response={201: ImportOut})
def take_import(request: HttpRequest, name: str) -> Status[ImportOut]:
    """The body is the file, as it is: an archive of Parley, or an export of ChatGPT or Open WebUI. It is looked into soon."""
    if request.content_type in FORMS:
        raise WrongMediaType("Send the file itself as the body, not a form, with its own Content-Type.")
    return Status(201, _out(imports.take_import(member_of(request), chunks_of(request), name=name)))


@router.get("imports/{uuid:import_id}", response=ImportOut)
def get_import(request: HttpRequest, import_id: UUID) -> ImportOut:
    return _out(imports.import_for(member_of(request), import_id))


@router.get("imports/{uuid:import_id}/items", response=ImportItems)
def list_items(
    request: HttpRequest, import_id: UUID, limit: Limit = 500, cursor: Cursor = 0, noted: bool = False
) -> ImportItems:
    """The conversations that were found, in the order of the file; `noted`: what was not understood of those that were stored."""
    work = imports.import_for(member_of(request), import_id)
    items, next_ = imports.list_items(work, limit=limit, cursor=cursor, noted=noted)
    return ImportItems(items=[_item(item) for item in items], next=next_)


@router.post("imports/{uuid:import_id}/start", response=ImportOut)
def start_import(request: HttpRequest, import_id: UUID, body: Choice) -> ImportOut:
    """Store what was found, but for what you leave out. What is here already is not stored twice."""
    return _out(imports.choose(member_of(request), import_id, without=body.without))


@router.delete("imports/{uuid:import_id}", response={204: None})
def delete_import(request: HttpRequest, import_id: UUID) -> Status[None]:
    """The file and the report. What was stored stays."""
    imports.delete_import(member_of(request), import_id)
    return Status(204, None)


def _out(work: Import) -> ImportOut:
    return ImportOut(
        id=work.id,
        name=work.name,
        size_bytes=work.size_bytes,
        source=work.source,
        status=work.status,
        is_chosen=work.is_chosen,
        choosable=imports.count_choosable(work),
        done=work.done,
        total=work.total,
        error=work.error,
        files=work.files,
        bots=work.bots,
        outcomes=imports.outcomes_of(work),
        created_at=work.created_at,
    )


def _item(item: ImportItem) -> ImportItemOut:
    return ImportItemOut(
        place=item.place,
        title=item.title,
        said_at=item.said_at,
        messages=item.messages,
        is_known=item.is_known,
        is_chosen=item.is_chosen,
        outcome=item.outcome,
        added=item.added,
        conversation=item.conversation_id,
        notes=[NoteOut(**note) for note in item.notes],
    )
