"""Doors of files: upload, list, download, delete. The one place that serves what people uploaded: inert, whatever it is."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import cast
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from parley.api.who import member_of
from parley.core.errors import NotFound, WrongMediaType
from parley.files import actions
from parley.files.access import file_for
from parley.files.kinds import Kind
from parley.files.models import File
from parley.files.queries import list_files as files_of
from parley.files.store import CHUNK_BYTES, NoBytes, read, upload_name

router = Router(tags=["files"])
# What a browser draws and cannot run. All else, HTML, SVG and PDF above all, is bytes to be saved.
DRAWN = {"image/png", "image/jpeg", "image/webp", "image/gif"}
INERT = "default-src 'none'; sandbox; frame-ancestors 'none'"
LOST = "The bytes of this file are lost. Ask who runs this Parley to restore them."
FORMS = {"multipart/form-data", "application/x-www-form-urlencoded"}


class FileOut(Schema):
    id: UUID
    name: str
    media_type: str
    size_bytes: int
    digest: str
    kind: Kind = Field(description="what it is, told from its bytes")
    problem: str = Field(description="why no model can read it, and what to do; empty if one can")
    created_at: datetime


class Files(Schema):
    items: list[FileOut]
    next: UUID | None


@router.get("files", response=Files)
def list_files(request: HttpRequest, cursor: UUID | None = None) -> Files:
    """Your files, newest first."""
    rows, next_ = files_of(member_of(request), cursor=cursor)
    return Files(items=[_out(row) for row in rows], next=next_)


@router.post("files", response={201: FileOut})
def upload_file(request: HttpRequest, name: str, key: UUID | None = None) -> Status[FileOut]:
    """The body is the file, as it is; `Content-Type` says what it is. What this answers to is durable.

    `key`, made by you: sent again with the same, it is the same file, and nothing is stored twice.
    """
    if request.content_type in FORMS:
        raise WrongMediaType("Send the file itself as the body, not a form, with its own Content-Type.")
    media_type = request.headers.get("Content-Type", "")
    file = actions.store_file(member_of(request), chunks_of(request), name=name, media_type=media_type, key=key)
    return Status(201, _out(file))


@router.get("files/{uuid:file_id}", response={200: bytes})
def download_file(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """The bytes. Images may be shown; everything else is to be saved."""
    return sent_file(request, file_for(member_of(request), file_id))


def sent_file(request: HttpRequest, file: File) -> HttpResponseBase:
    """The answer with a file's bytes. The door has made sure that the person may have it."""
    tag = f'"{file.digest}"'
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponseBase = HttpResponse(status=304)
    else:
        response = StreamingHttpResponse(sent(first_read(upload_name(file.id), LOST)))
        response["Content-Length"] = str(file.size_bytes)
        response["Content-Type"] = file.media_type if file.media_type in DRAWN else actions.UNKNOWN
    how = "inline" if file.media_type in DRAWN else "attachment"
    response["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(file.name, safe='')}"
    response["Content-Security-Policy"] = INERT
    response["X-Content-Type-Options"] = "nosniff"
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"  # kept, and asked for anew each time: access may end
    return response


@router.delete("files/{uuid:file_id}", response={204: None})
def delete_file(request: HttpRequest, file_id: UUID) -> Status[None]:
    """For ever."""
    actions.delete_file(member_of(request), file_id)
    return Status(204, None)


def chunks_of(request: HttpRequest) -> Iterator[bytes]:
    while chunk := request.read(CHUNK_BYTES):
        yield chunk


def first_read(name: str, lost: str) -> Iterator[bytes]:
    """Asked for its first chunk at once, so that lost bytes are an honest 404 and not an answer that breaks off."""
    chunks = read(name)
    try:
        first = next(chunks)
    except NoBytes:
        raise NotFound(lost) from None
    return _with_first(first, chunks)


def _with_first(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


async def sent(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """A plain iterator would be read to its end before the first byte is sent (Django's ASGI handler); this is not."""
    while chunk := await asyncio.to_thread(next, chunks, b""):
        yield chunk


def _out(file: File) -> FileOut:
    return FileOut(
        id=file.id,
        name=file.name,
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        digest=file.digest,
        kind=cast(Kind, file.kind),
        problem=file.problem,
        created_at=file.created_at,
    )
