"""Files that messages name: whose they are, whether a model can read them, and when they go."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from parley.accounts.access import Member
from parley.conversations.models import Attachment, Conversation, Message
from parley.conversations.parts import FilePart, Part
from parley.core.errors import Invalid, TooLarge
from parley.files.access import files_for
from parley.files.models import File

IMAGE_LIMIT_BYTES = 5 * 1024 * 1024  # of the vendors we know, the smallest
UNREADABLE = "No model can read “{name}”. Attach an image (PNG, JPEG, WebP, GIF), a PDF or a text file."
LARGE = "The image “{name}” has {size:,} bytes; models take {limit:,}. Make it smaller, then attach it again."


def with_files(member: Member, parts: Sequence[Part]) -> list[Part]:
    """The parts as they are stored: each file as its own row tells of it. No statement where there are no files.

    Raises `NotFound`, `Invalid` for what no model can read, and `TooLarge`.
    """
    ids = [part.file for part in parts if isinstance(part, FilePart)]
    if not ids:
        return list(parts)
    files = files_for(member, ids)
    return [_told(files[part.file]) if isinstance(part, FilePart) else part for part in parts]


def attach(conversation_id: UUID, parts: Iterable[Part]) -> None:
    """Remember which files this conversation names. No statement where there are none; one otherwise."""
    ids = {part.file for part in parts if isinstance(part, FilePart)}
    if ids:
        rows = [Attachment(conversation_id=conversation_id, file_id=id_) for id_ in sorted(ids)]
        Attachment.objects.bulk_create(rows, ignore_conflicts=True)


def attach_again(messages: Iterable[Message], copy: Conversation) -> None:
    """A copy names the files of its original, those that are still there."""
    parts = [part for message in messages for part in message.parts]
    there = set(
        File.objects.filter(id__in={part.file for part in parts if isinstance(part, FilePart)}).values_list(
            "id", flat=True
        )
    )
    attach(copy.id, (part for part in parts if isinstance(part, FilePart) and part.file in there))


def files_only_in(conversation: Conversation) -> list[File]:
    """Those that no other conversation names: they go with it when its owner deletes it."""
    mine = Attachment.objects.filter(conversation=conversation).values("file_id")
    elsewhere = Attachment.objects.filter(file_id__in=mine).exclude(conversation=conversation).values("file_id")
    return list(File.objects.filter(id__in=mine).exclude(id__in=elsewhere))


def _told(file: File) -> FilePart:
    if file.problem:
        raise Invalid(f"{file.name}: {file.problem}")
    if file.kind == File.Kind.OTHER:
        raise Invalid(UNREADABLE.format(name=file.name))
    if file.kind == File.Kind.IMAGE and file.size_bytes > IMAGE_LIMIT_BYTES:
        raise TooLarge(LARGE.format(name=file.name, size=file.size_bytes, limit=IMAGE_LIMIT_BYTES))
    return FilePart(
        file=file.id, name=file.name, media_type=file.media_type, size_bytes=file.size_bytes, kind=file.kind
    )
