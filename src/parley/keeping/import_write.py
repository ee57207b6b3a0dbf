"""Store one conversation that came from elsewhere: what is missing of it, and nothing twice.

The ids are made of the time and of the names that the source gave (`uuid7_of`): the same file makes the same ids again. So a
second import finds what the first has stored, and messages lie in the months in which they were written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from parley.accounts.access import Member
from parley.bots.models import Bot, BotVersion
from parley.conversations.models import Conversation, Folder, Message, Tag
from parley.conversations.partitions import make_partitions_for
from parley.conversations.parts import text_of
from parley.conversations.titles import excerpt_title
from parley.core.ids import LAST_MILLISECOND, made_at_s, uuid7_of
from parley.keeping.archives import add_messages
from parley.keeping.import_form import Found, Said

MOST_TAGS, TAG_CHARS, TITLE_CHARS, FOLDER_CHARS = 20, 40, 200, 100
WITHOUT_TIME = datetime(2020, 1, 1, tzinfo=UTC)  # a fixed one, or a second import would find other ids
AHEAD_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Placed:
    """A conversation with the ids that its rows have, or will have. `ids`: by the source's own."""

    found: Found
    id: UUID
    ids: dict[str, UUID]


@dataclass(frozen=True, slots=True)
class Stored:
    conversation_id: UUID
    added: int
    was_here: bool


def place(member: Member, found: Found) -> Placed:
    """Its own ids where it comes back into the account that it was taken from; else new ones, the same each time."""
    return _own_place(member, found) or _new_place(member, found)


def is_known(placed: Placed) -> bool:
    """Whether nothing of it is missing. One query."""
    ids = list(placed.ids.values())
    return bool(ids) and Message.objects.filter(id__in=ids, conversation_id=placed.id).count() == len(ids)


def store(member: Member, placed: Placed) -> Stored:
    """Add what is missing, overwrite nothing. One transaction, after the months that it needs were made."""
    make_partitions_for(placed.ids.values())
    with transaction.atomic():
        conversation = Conversation.objects.filter(id=placed.id, owner_id=member.user_id).first()
        was_here = conversation is not None
        conversation = conversation or _create(member, placed)
        ids = list(placed.ids.values())
        here = set(Message.objects.filter(id__in=ids, conversation_id=conversation.id).values_list("id", flat=True))
        rows = [row for row in _rows(member, placed) if row.id not in here]
        add_messages(rows)
        if conversation.leaf_id is None and placed.found.leaf:
            Conversation.objects.filter(id=conversation.id).update(leaf_id=placed.ids[placed.found.leaf])
    return Stored(conversation.id, len(rows), was_here)


def _own_place(member: Member, found: Found) -> Placed | None:
    """A file may be forged, so its ids are taken only where they could have been ours and are nobody else's."""
    if found.source != "parley" or found.owner_id != member.user_id:
        return None
    id_ = UUID(found.source_id)
    ids = {said.id: UUID(said.id) for said in found.messages}
    above = {said.id: ids[said.parent] if said.parent else id_ for said in found.messages}
    latest_s = timezone.now().timestamp() + AHEAD_S
    if not _may_be_ours(id_, latest_s) or not all(_may_be_ours(one, latest_s) for one in ids.values()):
        return None
    if not all(one > id_ and one > above[name] for name, one in ids.items()):
        return None
    if Conversation.objects.filter(id=id_).exclude(owner_id=member.user_id).exists():
        return None
    if Conversation.objects.filter(id=id_).exclude(workspace_id=member.workspace_id).exists():
        return None
    if Message.objects.filter(id__in=list(ids.values())).exclude(conversation_id=id_).exists():
        return None
    return Placed(found, id_, ids)


def _may_be_ours(id_: UUID, latest_s: float) -> bool:
    return id_.version == 7 and made_at_s(id_) < latest_s


def _new_place(member: Member, found: Found) -> Placed:
    name = f"{member.user_id} {member.workspace_id} {found.source} {found.source_id or _unnamed(found)}"
    times = [said.at for said in found.messages if said.at]
    begun = min([*times, found.created_at] if found.created_at else times, default=WITHOUT_TIME)
    conversation_ms = _milliseconds(begun)
    at_ms: dict[str, int] = {}
    ids: dict[str, UUID] = {}
    for said in found.messages:
        above_ms = at_ms.get(said.parent or "", conversation_ms)
        own_ms = _milliseconds(said.at) if said.at else 0
        at_ms[said.id] = max(own_ms, above_ms + 1)  # ids grow along a branch
        ids[said.id] = uuid7_of(at_ms[said.id], f"{name} {said.id}".encode(errors="replace"))
    return Placed(found, uuid7_of(conversation_ms, name.encode(errors="replace")), ids)


def _unnamed(found: Found) -> str:
    """What tells a conversation without an id from others: how it begins."""
    first = text_of(found.messages[0].parts)[:500] if found.messages else ""
    return f"{found.title} {found.created_at} {first}"


def _milliseconds(at: datetime) -> int:
    return min(int(at.timestamp() * 1000), LAST_MILLISECOND)


def _made_at(id_: UUID) -> datetime:
    return datetime.fromtimestamp(made_at_s(id_), UTC)


def _create(member: Member, placed: Placed) -> Conversation:
    found = placed.found
    sources = Conversation.TitleSource
    conversation = Conversation.objects.create(
        id=placed.id,
        workspace_id=member.workspace_id,
        owner_id=member.user_id,
        bot=_bot(member, found),
        title=title_of(found),
        title_source=sources.KEPT,
        pinned=found.pinned,
        archived=found.archived,
        folder=_folder(member, found.folder),
        updated_at=found.updated_at or max(_at(said, placed) for said in found.messages),
    )
    names = dict.fromkeys(" ".join(tag.split())[:TAG_CHARS] for tag in found.tags if tag.strip())
    Tag.objects.bulk_create(
        Tag(conversation=conversation, owner_id=member.user_id, name=name) for name in list(names)[:MOST_TAGS]
    )
    created_at = found.created_at or _made_at(placed.id)
    Conversation.objects.filter(id=conversation.id).update(created_at=created_at)  # `auto_now_add` knows better
    return conversation


def title_of(found: Found) -> str:
    """The source's; without one, the first words."""
    told = " ".join(found.title.split())
    first = next((text for said in found.messages if (text := text_of(said.parts)).strip()), "")
    return told[:TITLE_CHARS] or excerpt_title(first)


def _bot(member: Member, found: Found) -> Bot | None:
    """Only from their own archive, and only one that is still there for them."""
    if found.bot_id is None:
        return None
    return Bot.objects.filter(id=found.bot_id, workspace_id=member.workspace_id).first()


def _folder(member: Member, name: str | None) -> Folder | None:
    name = " ".join((name or "").split())[:FOLDER_CHARS]
    if not name:
        return None
    return Folder.objects.get_or_create(owner_id=member.user_id, workspace_id=member.workspace_id, name=name)[0]


def _rows(member: Member, placed: Placed) -> list[Message]:
    messages = placed.found.messages
    versions = _versions(member, (said.bot_version_id for said in messages))
    return [
        Message(
            id=placed.ids[said.id],
            conversation_id=placed.id,
            parent_id=placed.ids[said.parent] if said.parent else None,
            role=said.role,
            user_id=member.user_id if said.role == "user" else None,
            bot_version_id=said.bot_version_id if said.bot_version_id in versions else None,
            parts=said.parts,
            status=said.status,
            created_at=_at(said, placed),
        )
        for said in messages
    ]


def _versions(member: Member, wanted: Iterable[UUID | None]) -> set[UUID]:
    """Those of the person's own workspace: a forged file must not show whose bots others have."""
    ids = {id_ for id_ in wanted if id_}
    return set(
        BotVersion.objects.filter(id__in=ids, bot__workspace_id=member.workspace_id).values_list("id", flat=True)
    )


def _at(said: Said, placed: Placed) -> datetime:
    return said.at or _made_at(placed.ids[said.id])
