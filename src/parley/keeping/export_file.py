"""The archive of an account: a ZIP of plain JSON and of the files as they are. `parley.json` says what is in it.

    parley.json                   the form and its version, when it was made
    profile.json                  who the person is here
    conversations/<id>.json       each whole, by docs/archive.schema.json
    bots.json                     bots that the person made, with all their versions; a picture is a file of files.json,
                                  and the collections that it reads stand there by name
    files.json, files/<id>/<name> what the person uploaded

What is secret is not in it: passwords, keys, sign-in links.
"""

import zipfile
from collections.abc import Callable, Iterator
from typing import IO
from uuid import UUID

import orjson
from django.utils import timezone

from parley.accounts.access import Member
from parley.accounts.models import User, Workspace
from parley.bots.models import BotVersion
from parley.files.models import File
from parley.files.store import NoBytes, read, upload_name
from parley.keeping.archive_queries import form_of, readable

FORMAT, VERSION = "parley.account", 1
TELL_EACH = 10
PACKED_ALREADY = ("image/", "video/", "audio/", "application/zip", "application/pdf")

Tell = Callable[[int, int], None]  # steps that are done, of how many


def write_archive(member: Member, into: IO[bytes], tell: Tell) -> None:
    """`into` stands at its end afterwards. Conversations and files that vanish meanwhile are passed over."""
    conversations = list(_conversation_ids(member))
    files = list(File.objects.filter(owner_id=member.user_id, workspace_id=member.workspace_id).order_by("id"))
    total = len(conversations) + len(files)
    done = 0
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "parley.json", {"format": FORMAT, "version": VERSION, "made_at": timezone.now()})
        _put(archive, "profile.json", _profile(member))
        _put(archive, "bots.json", _bots(member))
        _put(archive, "files.json", [_about(file) for file in files])
        for id_ in conversations:
            done += 1
            _put_conversation(archive, id_)
            if done % TELL_EACH == 0:
                tell(done, total)
        for file in files:
            done += 1
            _put_file(archive, file)
            tell(done, total)
    tell(total, total)


def _conversation_ids(member: Member) -> Iterator[UUID]:
    rows = readable().filter(owner_id=member.user_id, workspace_id=member.workspace_id, temporary=False)
    yield from rows.order_by("id").values_list("id", flat=True)


def _put_conversation(archive: zipfile.ZipFile, conversation_id: UUID) -> None:
    conversation = readable().filter(id=conversation_id).first()
    if conversation:
        archive.writestr(f"conversations/{conversation_id}.json", form_of(conversation).model_dump_json(indent=1))


def _put_file(archive: zipfile.ZipFile, file: File) -> None:
    """In pieces: it may be large. What is packed already is not packed again."""
    entry = zipfile.ZipInfo(f"files/{file.id}/{file.name}", file.created_at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_STORED if file.media_type.startswith(PACKED_ALREADY) else zipfile.ZIP_DEFLATED
    chunks = read(upload_name(file.id))
    try:
        first = next(chunks, b"")
    except NoBytes:
        return
    with archive.open(entry, "w", force_zip64=file.size_bytes > 2**31) as target:
        target.write(first)
        for chunk in chunks:
            target.write(chunk)


def _put(archive: zipfile.ZipFile, name: str, content: object) -> None:
    archive.writestr(name, orjson.dumps(content, option=orjson.OPT_UTC_Z | orjson.OPT_INDENT_2))


def _profile(member: Member) -> dict[str, object]:
    user, workspace = User.objects.get(id=member.user_id), Workspace.objects.get(id=member.workspace_id)
    return {
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "created_at": user.created_at,
        "workspace": {"id": workspace.id, "name": workspace.name, "role": str(member.role)},
    }


def _bots(member: Member) -> list[dict[str, object]]:
    """One entry a version, oldest first."""
    versions = BotVersion.objects.filter(
        bot__made_by_id=member.user_id,
        bot__workspace_id=member.workspace_id,
        bot__default_for=None,
        bot__playground_of=None,
        bot__is_preview=False,
    )
    versions = versions.select_related("model_card").prefetch_related("collections")
    return [
        {
            "bot": version.bot_id,
            "version": version.number,
            "name": version.name,
            "avatar": version.avatar,
            "colour": version.colour,
            "picture": version.picture_id,
            "description": version.description,
            "system_prompt": version.system_prompt,
            "greeting": version.greeting,
            "starters": version.starters,
            "model": version.model_card.name if version.model_card else None,
            "parameters": version.parameters,
            "collections": sorted(collection.name for collection in version.collections.all()),
            "created_at": version.created_at,
        }
        for version in versions.order_by("bot_id", "number")
    ]


def _about(file: File) -> dict[str, object]:
    return {
        "id": file.id,
        "name": file.name,
        "media_type": file.media_type,
        "size_bytes": file.size_bytes,
        "sha256": file.digest,
        "created_at": file.created_at,
    }
