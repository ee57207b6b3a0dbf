"""A conversation with all that is known of it, in a fixed number of queries; and which are due to be archived."""

from collections import defaultdict
from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from parley.accounts.access import Member
from parley.bots.models import BotVersion
from parley.conversations.models import Conversation, Message
from parley.engine.models import Generation
from parley.keeping.archive_form import (
    FORMAT,
    VERSION,
    ArchivedBot,
    ArchivedConversation,
    ArchivedGeneration,
    ArchivedMessage,
    ArchivedPerson,
    ArchivedUsage,
    ArchivedWorkspace,
    ArchiveForm,
)
from parley.keeping.models import Archive
from parley.usage.models import UsageRecord

QUIET = timedelta(minutes=10)  # a conversation that goes on now is archived when it rests


def form_of(conversation: Conversation) -> ArchiveForm:
    """Six queries, however long it is. `conversation` is one of `readable`."""
    messages = list(conversation.messages.order_by("id"))
    bots = _bots({message.bot_version_id for message in messages if message.bot_version_id})
    generations = {row.message_id: row for row in Generation.objects.filter(message__conversation=conversation)}
    usage = _usage([row.id for row in generations.values()])
    return ArchiveForm(
        format=FORMAT,
        version=VERSION,
        archived_at=timezone.now(),
        workspace=ArchivedWorkspace(id=conversation.workspace.id, name=conversation.workspace.name),
        owner=ArchivedPerson(
            id=conversation.owner.id, email=conversation.owner.email, name=conversation.owner.shown_name
        ),
        conversation=_conversation(conversation),
        messages=[_message(row, bots, generations.get(row.id), usage) for row in messages],
    )


def readable() -> QuerySet[Conversation]:
    """Conversations with what an archive says of them beside their messages."""
    return Conversation.objects.select_related("owner", "workspace", "folder")


def conversations_due(limit: int) -> QuerySet[Conversation]:
    """Those that changed since their archive, or have none, and rest; the oldest first. Temporary ones never are."""
    current = Archive.objects.filter(
        conversation_id=OuterRef("id"),
        seen_at=OuterRef("updated_at"),
        title=OuterRef("title"),
        leaf_id=OuterRef("leaf_id"),
        is_whole=True,
    )
    resting = readable().filter(updated_at__lt=timezone.now() - QUIET, temporary=False).exclude(leaf_id=None)
    return resting.filter(~Exists(current)).order_by("updated_at")[:limit]


def conversations_old(workspace_id: UUID, days: int) -> QuerySet[Conversation]:
    """Those that nobody wrote in for so long, the oldest first; none in which an answer is being written. 0 days: none."""
    rows = readable().filter(workspace_id=workspace_id)
    if not days:
        return rows.none()
    writing = Message.objects.filter(conversation_id=OuterRef("id"), status=Message.Status.WRITING)
    untouched = rows.filter(updated_at__lt=timezone.now() - timedelta(days=days))
    return untouched.filter(~Exists(writing)).order_by("updated_at")


def list_archives(member: Member, *, limit: int = 50, cursor: UUID | None = None) -> tuple[list[Archive], UUID | None]:
    """One's own, a page, and the cursor of the next one. Ids grow with time. One query."""
    rows = Archive.objects.filter(owner_id=member.user_id, workspace_id=member.workspace_id)
    if cursor:
        rows = rows.filter(conversation_id__lt=cursor)
    page = list(rows.order_by("-conversation_id")[: limit + 1])
    return page[:limit], page[limit - 1].conversation_id if len(page) > limit else None


def archives_expired(workspace_id: UUID, days: int) -> QuerySet[Archive]:
    """Of conversations that retention removed so long ago. 0 days: none."""
    rows = Archive.objects.filter(workspace_id=workspace_id)
    return rows.filter(conversation_gone_at__lt=timezone.now() - timedelta(days=days)) if days else rows.none()


def _conversation(row: Conversation) -> ArchivedConversation:
    return ArchivedConversation(
        id=row.id,
        title=row.title,
        title_source=row.title_source,
        bot=row.bot_id,
        leaf=row.leaf_id,
        version=row.version,
        pinned=row.pinned,
        in_archive=row.archived,
        folder=row.folder.name if row.folder else None,
        tags=sorted(tag.name for tag in row.tags.all()),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _message(
    row: Message,
    bots: dict[UUID, ArchivedBot],
    generation: Generation | None,
    usage: dict[UUID | None, list[ArchivedUsage]],
) -> ArchivedMessage:
    return ArchivedMessage(
        id=row.id,
        parent=row.parent_id,
        role=row.role,
        status=row.status,
        user=row.user_id,
        bot=bots.get(row.bot_version_id) if row.bot_version_id else None,
        parts=row.parts,
        created_at=row.created_at,
        generation=generation and _generation(generation),
        usage=usage.get(generation.id, []) if generation else [],
    )


def _bots(version_ids: set[UUID]) -> dict[UUID, ArchivedBot]:
    versions = BotVersion.objects.filter(id__in=version_ids).select_related("model_card__endpoint")
    return {
        version.id: ArchivedBot(
            id=version.bot_id,
            version_id=version.id,
            version=version.number,
            name=version.name,
            model=version.model_card.name if version.model_card else None,
            endpoint=version.model_card.endpoint.name if version.model_card else None,
        )
        for version in versions
    }


def _generation(row: Generation) -> ArchivedGeneration:
    return ArchivedGeneration(
        id=row.id,
        status=row.status,
        attempts=row.attempt,
        error_code=row.error_code,
        error_message=row.error_message,
        created_at=row.created_at,
        ended_at=row.ended_at,
    )


def _usage(generation_ids: list[UUID]) -> dict[UUID | None, list[ArchivedUsage]]:
    found: dict[UUID | None, list[ArchivedUsage]] = defaultdict(list)
    for row in UsageRecord.objects.filter(generation_id__in=generation_ids).order_by("id"):
        found[row.generation_id].append(
            ArchivedUsage(
                model=row.model,
                purpose=row.purpose,
                input_tokens=row.input_tokens,
                output_tokens=row.output_tokens,
                estimated=row.estimated,
                at=row.created_at,
            )
        )
    return found
