"""Lists of one's conversations: what stands in them, in which order. Each a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import QuerySet

from parley.accounts.access import Member
from parley.conversations.cursors import cursor_after, place_of
from parley.conversations.models import Conversation, Folder, Tag

Order = Literal["newest", "oldest"]


@dataclass(frozen=True, slots=True)
class Line:
    """A conversation in a list."""

    id: UUID
    title: str
    bot: UUID | None
    updated_at: datetime
    created_at: datetime
    version: int
    folder: UUID | None
    pinned: bool
    archived: bool
    temporary: bool
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FolderLine:
    id: UUID
    name: str


FIELDS = (
    "id",
    "title",
    "bot_id",
    "updated_at",
    "created_at",
    "version",
    "folder_id",
    "pinned",
    "archived",
    "temporary",
)


def list_conversations(
    member: Member,
    *,
    limit: int = 50,
    cursor: str | None = None,
    order: Order = "newest",
    archived: bool = False,
    pinned: bool | None = None,
    folder_id: UUID | None = None,
    tag: str = "",
) -> tuple[list[Line], str | None]:
    """A page, and the cursor of the next one. Two queries, the first along one index. Raises `Invalid`."""
    rows = _mine(member).filter(archived=archived)
    if pinned is not None:
        rows = rows.filter(pinned=pinned)
    if folder_id:
        rows = rows.filter(folder_id=folder_id)
    if tag:
        rows = rows.filter(tags__name=tag)
    page = [Line(*row) for row in _in_order(rows, order, cursor).values_list(*FIELDS)[: limit + 1]]
    _put_tags(page)
    if len(page) <= limit:
        return page, None
    last = page[limit - 1]
    return page[:limit], cursor_after(last.updated_at, last.id)


def line_of(conversation: Conversation) -> Line:
    """One query, for the tags."""
    line = Line(*(getattr(conversation, name) for name in FIELDS))
    _put_tags([line])
    return line


def list_folders(member: Member) -> list[FolderLine]:
    rows = Folder.objects.filter(owner_id=member.user_id, workspace_id=member.workspace_id).order_by("name")
    return [FolderLine(*row) for row in rows.values_list("id", "name")]


def list_tags(member: Member) -> list[str]:
    rows = Tag.objects.filter(owner_id=member.user_id, conversation__workspace_id=member.workspace_id)
    return list(rows.order_by("name").values_list("name", flat=True).distinct())


def _mine(member: Member) -> QuerySet[Conversation]:
    return Conversation.objects.filter(owner_id=member.user_id, workspace_id=member.workspace_id, temporary=False)


def _in_order(rows: QuerySet[Conversation], order: Order, cursor: str | None) -> QuerySet[Conversation]:
    """Said so that the index finds the place: a plain "older, or as old with a smaller id" would read from the top."""
    place = place_of(cursor) if cursor else None
    if order == "oldest":
        if place:
            rows = rows.filter(updated_at__gte=place[0]).exclude(updated_at=place[0], id__lte=place[1])
        return rows.order_by("updated_at", "id")
    if place:
        rows = rows.filter(updated_at__lte=place[0]).exclude(updated_at=place[0], id__gte=place[1])
    return rows.order_by("-updated_at", "-id")


def _put_tags(page: Sequence[Line]) -> None:
    by_id = {line.id: line for line in page}
    tags = Tag.objects.filter(conversation_id__in=by_id).order_by("name").values_list("conversation_id", "name")
    for conversation_id, name in tags:
        by_id[conversation_id].tags.append(name)
