"""Doors of what a person takes along: ask for an archive of the account, see how far it is, download it."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from ninja import Router, Schema, Status

from parley.api.files import first_read, sent
from parley.api.who import member_of
from parley.keeping import exports
from parley.keeping.models import Export

router = Router(tags=["exports"])


class ExportOut(Schema):
    """`status`: waiting, working, ready or failed; `done` of `total` conversations and files are in it."""

    id: UUID
    status: str
    done: int
    total: int
    error: str
    size_bytes: int
    created_at: datetime
    expires_at: datetime | None


class Exports(Schema):
    items: list[ExportOut]
    next: None = None


@router.get("exports", response=Exports)
def list_exports(request: HttpRequest) -> Exports:
    """Archives of your account, newest first."""
    return Exports(items=[_out(work) for work in exports.list_exports(member_of(request))])


@router.post("exports", response={201: ExportOut})
def ask_for_export(request: HttpRequest) -> Status[ExportOut]:
    """An archive of all that is yours is made now; ask for it again, here or elsewhere, until it is ready."""
    return Status(201, _out(exports.ask_for_export(member_of(request))))


@router.get("exports/{uuid:export_id}", response={200: bytes})
def download_export(request: HttpRequest, export_id: UUID) -> HttpResponseBase:
    """The archive, a ZIP."""
    work = exports.ready_export(member_of(request), export_id)
    chunks = first_read(
        exports.export_name(work.owner_id, work.id), "The bytes of this archive are lost. Make another one."
    )
    response = StreamingHttpResponse(sent(chunks), content_type="application/zip")
    response["Content-Length"] = str(work.size_bytes)
    response["Content-Disposition"] = f'attachment; filename="parley-{work.created_at:%Y-%m-%d}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@router.delete("exports/{uuid:export_id}", response={204: None})
def delete_export(request: HttpRequest, export_id: UUID) -> Status[None]:
    """Before its time, or before it is ready."""
    exports.delete_export(member_of(request), export_id)
    return Status(204, None)


def _out(work: Export) -> ExportOut:
    return ExportOut(
        id=work.id,
        status=work.status,
        done=work.done,
        total=work.total,
        error=work.error,
        size_bytes=work.size_bytes,
        created_at=work.created_at,
        expires_at=exports.expires_at(work),
    )
