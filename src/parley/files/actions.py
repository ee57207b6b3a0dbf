"""Writes of this room: bytes first, durable; then the row that says so. Bytes without a row are swept up a day later."""

import hashlib
import re
import tempfile
from collections.abc import Iterable
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Sum

from parley.accounts.access import Member
from parley.core.announce import announce
from parley.core.errors import Invalid, TooLarge
from parley.core.ids import uuid7
from parley.files import signals
from parley.files.access import file_for, find_by_key
from parley.files.kinds import HEAD_BYTES, image_type, kind_of
from parley.files.models import File
from parley.files.pictures import without_metadata
from parley.files.store import put, upload_name
from parley.files.words import Wordless, keep_words, read_pdf

IN_MEMORY_BYTES = 4 * 1024 * 1024
NAME_LENGTH = 255
MEDIA_TYPE = re.compile(r"[a-z0-9][\w.+-]{0,62}/[a-z0-9][\w.+-]{0,62}", re.ASCII)
UNKNOWN = "application/octet-stream"


def store_file(member: Member, chunks: Iterable[bytes], *, name: str, media_type: str, key: UUID | None = None) -> File:
    """Keep a file; when this returns, no crash loses it (N8). Raises `Invalid` and `TooLarge`.

    A slow store or a slow sender holds this thread; nothing of the file is in memory beyond a few MiB, but for a picture, which
    is kept without what its camera told. The same `key` again is the same file again, whatever comes along.
    """
    name = checked_name(name)
    if key and (first := find_by_key(member, key)):
        return first
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as spool:
        size_bytes, digest = _take(chunks, spool)
        _check_room(member, size_bytes)
        file = File(
            id=uuid7(),
            workspace_id=member.workspace_id,
            owner_id=member.user_id,
            name=name,
            media_type=media_type_of(media_type),
            size_bytes=size_bytes,
            digest=digest,
            kind=kind_of(spool),
            key=key,
        )
        if file.kind == File.Kind.IMAGE:
            _keep_picture_only(file, spool)
        elif file.kind == File.Kind.PDF:
            _read_words(file, spool)
        spool.seek(0)
        put(upload_name(file.id), spool)
    return _added(member, file)


def _added(member: Member, file: File) -> File:
    try:
        with transaction.atomic():
            file.save(force_insert=True)
            announce(signals.file_stored, file_id=file.id, owner_id=member.user_id, workspace_id=member.workspace_id)
    except IntegrityError:  # the same upload came twice at once, and the other was first: these bytes are swept up
        first = find_by_key(member, file.key) if file.key else None
        if first is None:
            raise
        return first
    return file


def _keep_picture_only(file: File, content: IO[bytes]) -> None:
    """In its place, under the type that its bytes are of."""
    content.seek(0)
    whole = content.read()
    file.media_type = image_type(whole[:HEAD_BYTES])
    picture = without_metadata(whole, file.media_type)
    if picture != whole:
        content.seek(0)
        content.write(picture)
        content.truncate()
        file.size_bytes, file.digest = len(picture), hashlib.sha256(picture).hexdigest()


def _read_words(file: File, content: IO[bytes]) -> None:
    try:
        keep_words(file.id, read_pdf(content))
    except Wordless as problem:
        file.problem = str(problem)


def delete_file(member: Member, file_id: UUID) -> None:
    """For ever. Raises `NotFound`."""
    file_for(member, file_id).delete()


def checked_name(name: str) -> str:
    """The last step of a path that a browser may have sent, without what cannot be shown. Raises `Invalid`."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    shown = "".join(letter for letter in last if letter.isprintable()).strip()
    if not shown or shown in (".", ".."):
        raise Invalid("A file needs a name. Send it as ?name=report.pdf.")
    if len(shown) <= NAME_LENGTH:
        return shown
    end = PurePosixPath(shown).suffix[:20]
    return shown[: NAME_LENGTH - len(end)] + end


def media_type_of(declared: str) -> str:
    """What the sender says it is, without parameters; never trusted when the file is served."""
    bare = declared.partition(";")[0].strip().lower()
    return bare if MEDIA_TYPE.fullmatch(bare) else UNKNOWN


def _take(chunks: Iterable[bytes], spool: IO[bytes]) -> tuple[int, str]:
    limit_bytes: int = settings.FILE_LIMIT_BYTES
    size_bytes, digest = 0, hashlib.sha256()
    for chunk in chunks:
        size_bytes += len(chunk)
        if size_bytes > limit_bytes:
            raise TooLarge(f"The file is larger than the {limit_bytes:,} bytes that are accepted.")
        digest.update(chunk)
        spool.write(chunk)
    if not size_bytes:
        raise Invalid("The file is empty.")
    return size_bytes, digest.hexdigest()


def _check_room(member: Member, size_bytes: int) -> None:
    limit_bytes: int = settings.FILES_PER_PERSON_BYTES
    kept_bytes = File.objects.filter(owner_id=member.user_id).aggregate(sum=Sum("size_bytes"))["sum"] or 0
    if kept_bytes + size_bytes > limit_bytes:
        raise TooLarge(
            f"Your files would take {kept_bytes + size_bytes:,} bytes; {limit_bytes:,} are yours. Delete some first."
        )
