"""Write conversations into the store, one JSON object each, and bring them back. All of it may run twice.

The object comes first, then the row that speaks of it: an object without its row is written again, and a row never lies.
"""

import io
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from parley.accounts.access import Member
from parley.accounts.models import User, Workspace
from parley.bots.models import Bot, BotVersion
from parley.conversations.access import conversation_for
from parley.conversations.models import Conversation, Folder, Message, Tag
from parley.core.errors import Conflict, Invalid, NotFound
from parley.files.store import ARCHIVES, NoBytes, put, read
from parley.keeping.archive_form import ArchivedMessage, ArchiveForm, read_archive
from parley.keeping.archive_queries import conversations_due, form_of, readable
from parley.keeping.models import Archive

AT_ONCE = 100
CREATED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Returned:
    """What a restore did: `added` messages were missing, `kept` were there and were left as they are."""

    conversation_id: UUID
    added: int
    kept: int


def archive_name(owner_id: UUID, conversation_id: UUID) -> str:
    return f"{ARCHIVES}/{owner_id}/{conversation_id}.json"


def archive_conversation(member: Member, conversation_id: UUID) -> Archive:
    """One's own, now. Raises `NotFound`, and `Invalid` for a temporary one."""
    if conversation_for(member, conversation_id).temporary:
        raise Invalid("A temporary conversation is not kept anywhere. Keep it first, then archive it.")
    return archive(readable().get(id=conversation_id))


def archive(conversation: Conversation) -> Archive:
    """`conversation` is one of `readable`."""
    form = form_of(conversation)
    raw = form.model_dump_json().encode()
    put(archive_name(conversation.owner_id, conversation.id), io.BytesIO(raw))
    written, _ = Archive.objects.update_or_create(
        conversation_id=conversation.id,
        defaults={
            "workspace_id": conversation.workspace_id,
            "owner_id": conversation.owner_id,
            "title": conversation.title,
            "leaf_id": conversation.leaf_id,
            "seen_at": conversation.updated_at,
            "is_whole": all(message.status != "writing" for message in form.messages),
            "messages": len(form.messages),
            "size_bytes": len(raw),
            "archived_at": form.archived_at,
            "conversation_gone_at": None,
        },
    )
    return written


def archive_changed(most: int | None = None) -> int:
    """Every conversation that changed since its archive, in batches. Returns how many were written.

    One that vanished meanwhile is passed over.
    """
    written = 0
    while batch := list(conversations_due(AT_ONCE)):
        for conversation in batch:
            archive(conversation)
            written += 1
            if most is not None and written >= most:
                return written
    return written


def restore_own_archive(member: Member, conversation_id: UUID) -> Returned:
    """Bring back one's own conversation from the store. Raises `NotFound`, `Invalid`, `Conflict`."""
    return restore_form(_stored(member.user_id, conversation_id), owner_id=member.user_id)


def restore_archive(raw: bytes) -> Returned:
    """Bring a conversation back into the account it belongs to. Raises `NotFound`, `Invalid`, `Conflict`."""
    form = read_archive(raw)
    return restore_form(form, owner_id=form.owner.id)


def restore_form(form: ArchiveForm, *, owner_id: UUID) -> Returned:
    """Add what is missing, and overwrite nothing: a second time adds nothing. Ids, times and the tree stay as they were.

    An answer that was being written comes back as interrupted. A bot that is gone stays gone: the archive keeps its name.
    """
    if form.owner.id != owner_id:
        raise NotFound("This archive belongs to another account.")
    with transaction.atomic():
        conversation = _conversation(form)
        there = set(Message.objects.filter(id__in=[m.id for m in form.messages]).values_list("id", "conversation_id"))
        if any(conversation_id != conversation.id for _, conversation_id in there):
            raise Conflict("A message of this archive is part of another conversation. Nothing was restored.")
        known = {id_ for id_, _ in there}
        missing = [message for message in form.messages if message.id not in known]
        _add(conversation, missing, known)
        Archive.objects.filter(conversation_id=conversation.id).update(conversation_gone_at=None)
    return Returned(conversation.id, added=len(missing), kept=len(known))


def _stored(owner_id: UUID, conversation_id: UUID) -> ArchiveForm:
    try:
        return read_archive(b"".join(read(archive_name(owner_id, conversation_id))))
    except NoBytes:
        raise NotFound("There is no archive of this conversation.") from None


def _conversation(form: ArchiveForm) -> Conversation:
    """The one that is there, or a new one with the old id."""
    old = form.conversation
    existing = Conversation.objects.filter(id=old.id).first()
    if existing:
        if existing.owner_id != form.owner.id:
            raise Conflict("There is a conversation with this id in another account. Nothing was restored.")
        return existing
    if not User.objects.filter(id=form.owner.id, memberships__workspace_id=form.workspace.id).exists():
        raise NotFound(
            f"There is no account {form.owner.id} ({form.owner.email}) in the workspace that this archive belongs to."
        )
    conversation = Conversation.objects.create(
        id=old.id,
        workspace=Workspace.objects.get(id=form.workspace.id),
        owner_id=form.owner.id,
        bot=Bot.objects.filter(id=old.bot, workspace_id=form.workspace.id).first() if old.bot else None,
        title=old.title,
        title_source=old.title_source,
        leaf_id=old.leaf,
        version=old.version,
        pinned=old.pinned,
        archived=old.in_archive,
        folder=_folder(form),
        updated_at=old.updated_at,
    )
    Tag.objects.bulk_create(Tag(conversation=conversation, owner_id=form.owner.id, name=name) for name in old.tags)
    Conversation.objects.filter(id=old.id).update(created_at=old.created_at)  # `auto_now_add` knows better
    return conversation


def _folder(form: ArchiveForm) -> Folder | None:
    """The owner's folder of this name, made anew if need be."""
    if form.conversation.folder is None:
        return None
    return Folder.objects.get_or_create(
        owner_id=form.owner.id, workspace_id=form.workspace.id, name=form.conversation.folder
    )[0]


def _add(conversation: Conversation, missing: list[ArchivedMessage], known: set[UUID]) -> None:
    """Oldest first, so that whoever is pointed at is there; a parent that is nowhere makes its child a root."""
    versions = {message.bot.version_id for message in missing if message.bot}
    versions_here = set(BotVersion.objects.filter(id__in=versions).values_list("id", flat=True))
    people = set(User.objects.filter(id__in=[m.user for m in missing if m.user]).values_list("id", flat=True))
    coming = known | {message.id for message in missing}
    rows = [
        Message(
            id=message.id,
            conversation=conversation,
            parent_id=message.parent if message.parent in coming else None,
            role=message.role,
            user_id=message.user if message.user in people else None,
            bot_version_id=message.bot.version_id if message.bot and message.bot.version_id in versions_here else None,
            parts=message.parts,
            status="interrupted" if message.status == "writing" else message.status,
            created_at=message.created_at,
        )
        for message in sorted(missing, key=lambda message: message.id)
    ]
    add_messages(rows)


def add_messages(rows: list[Message]) -> None:
    """Each with its own `created_at`. Inside a transaction; parents stand before their children."""
    created_at = {row.id: row.created_at for row in rows}
    Message.objects.bulk_create(rows, batch_size=CREATED_AT_ONCE)
    for row in rows:
        row.created_at = created_at[row.id]  # `auto_now_add` has put now in its place
    Message.objects.bulk_update(rows, ["created_at"], batch_size=CREATED_AT_ONCE)
