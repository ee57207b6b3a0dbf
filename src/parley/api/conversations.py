"""Doors of conversations: list, make, open, rename, choose a branch, clear, delete, search. Posts stand in `generations.py`."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

import orjson
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from parley.accounts.access import Member
from parley.api.bodies import Body
from parley.api.generations import ErrorOut
from parley.api.who import member_of
from parley.bots.queries import Face
from parley.conversations import actions, keeping
from parley.conversations.access import conversation_for
from parley.conversations.keeping import MAX_TAGS, Keeping
from parley.conversations.lists import Order, line_of, list_conversations
from parley.conversations.models import Conversation
from parley.conversations.parts import Part, parts_as_json
from parley.conversations.queries import MessageRow, Opened, open_conversation
from parley.conversations.search import Found, search_messages
from parley.core.errors import Invalid
from parley.core.replica import from_replica
from parley.engine.queries import GenerationInfo, generations_of

router = Router(tags=["conversations"])
Limit = Annotated[int, Query(ge=1, le=100)]


class NewConversation(Body):
    bot: UUID | None = Field(None, description="who answers; left out: the workspace's first choice")
    title: str = ""
    temporary: bool = Field(False, description="in no list, found by no search, gone after a day")


class ConversationChanges(Body):
    title: str | None = Field(None, description="with the `version` that you read")
    version: int | None = None
    leaf: UUID | None = Field(None, description="a message; the branch through it is shown")
    pinned: bool | None = None
    archived: bool | None = None
    temporary: bool | None = Field(None, description="false: it stays after all")
    folder: UUID | None = Field(None, description="null: in none")
    tags: list[str] | None = Field(None, max_length=MAX_TAGS, description="all of them")


class ConversationLine(Schema):
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
    tags: list[str]


class ConversationOut(ConversationLine):
    leaf: UUID | None


class BotFace(Schema):
    id: UUID
    name: str
    avatar: str
    colour: str
    picture: UUID | None
    version: int
    shape: str | None = Field(description="the kind that its answers have; null: none")
    is_rule: bool = Field(description="a rule chose the model: ask /generations/{id}/decision why")


class MessageGeneration(Schema):
    id: UUID
    status: str
    last_seq: int
    error: ErrorOut | None


class MessageOut(Schema):
    id: UUID
    parent: UUID | None
    role: str
    parts: list[Part]
    status: str
    bot: BotFace | None
    model: str | None
    generation: MessageGeneration | None = Field(description="of an answer that did not complete, or not yet")
    created_at: datetime


class OpenedConversation(ConversationOut):
    messages: list[MessageOut] = Field(description="the whole tree, oldest first")


class ConversationPage(Schema):
    items: list[ConversationLine]
    next: str | None


class ConversationRef(Schema):
    id: UUID
    title: str


class SearchHit(Schema):
    conversation: ConversationRef
    message: UUID
    role: str
    snippet: str = Field(description="plain text with U+0002 before and U+0003 behind each hit")
    created_at: datetime


class SearchPage(Schema):
    items: list[SearchHit]
    next: str | None


@router.get("conversations", response=ConversationPage)
def get_conversations(
    request: HttpRequest,
    limit: Limit = 50,
    cursor: str | None = None,
    order: Order = "newest",
    archived: bool = False,
    pinned: bool | None = None,
    folder: UUID | None = None,
    tag: str = "",
) -> HttpResponse:
    """Your conversations, newest first unless you ask for the oldest; those that are archived only when asked for."""
    lines, next_ = from_replica(
        list_conversations,
        member_of(request),
        limit=limit,
        cursor=cursor,
        order=order,
        archived=archived,
        pinned=pinned,
        folder_id=folder,
        tag=tag,
    )
    return _answer({"items": lines, "next": next_})


@router.post("conversations", response={201: ConversationOut})
def create_conversation(request: HttpRequest, body: NewConversation) -> Status[ConversationOut]:
    """An empty conversation. A first post over the socket makes its own."""
    member = member_of(request)
    if body.temporary:
        return Status(201, _out(keeping.create_temporary(member, bot_id=body.bot)))
    return Status(201, _out(actions.create_conversation(member, bot_id=body.bot, title=body.title)))


@router.get("conversations/{uuid:conversation_id}", response=OpenedConversation)
def get_conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """A conversation with all its messages."""
    opened, generations = from_replica(_read, member_of(request), conversation_id)
    messages = [
        _message(row, opened.faces.get(row.bot_version_id) if row.bot_version_id else None, generations.get(row.id))
        for row in opened.messages
    ]
    return _answer({**_out(opened.conversation).model_dump(), "messages": messages})


@router.patch("conversations/{uuid:conversation_id}", response=ConversationOut)
def change_conversation(request: HttpRequest, conversation_id: UUID, body: ConversationChanges) -> ConversationOut:
    """Rename it, show another branch, pin, archive, move or tag it, all at once if you like, all or nothing."""
    member = member_of(request)
    with transaction.atomic():  # one part that is refused takes back the others
        _change(member, conversation_id, body)
    return _out(conversation_for(member, conversation_id))


def _change(member: Member, conversation_id: UUID, body: ConversationChanges) -> None:
    if body.title is not None:
        if body.version is None:
            raise Invalid("Send the `version` of the conversation that you read together with its new title.")
        actions.rename(member, conversation_id, body.title, version=body.version)
    if body.leaf is not None:
        actions.choose_leaf(member, conversation_id, body.leaf)
    moves = "folder" in body.model_fields_set
    if moves or any(value is not None for value in (body.pinned, body.archived, body.tags)):
        keeping.keep(member, conversation_id, Keeping(body.pinned, body.archived, body.tags, moves, body.folder))
    if body.temporary is False:
        keeping.keep_after_all(member, conversation_id)


@router.delete("conversations/{uuid:conversation_id}", response={204: None})
def delete_conversation(request: HttpRequest, conversation_id: UUID) -> Status[None]:
    """For ever. A reply that is being written in it is stopped."""
    actions.delete_conversation(member_of(request), conversation_id)
    return Status(204, None)


@router.post("conversations/{uuid:conversation_id}/clear", response={204: None})
def clear_conversation(request: HttpRequest, conversation_id: UUID) -> Status[None]:
    """All its messages, for ever; the conversation stays, and begins anew."""
    actions.clear_conversation(member_of(request), conversation_id)
    return Status(204, None)


@router.get("search", response=SearchPage)
def search(request: HttpRequest, q: str, limit: Limit = 20, cursor: str | None = None) -> HttpResponse:
    """Your messages that hold all these words, best first."""
    found, next_ = search_messages(member_of(request), q, limit=limit, cursor=cursor)
    return _answer({"items": [_hit(one) for one in found], "next": next_})


def _read(member: Member, conversation_id: UUID) -> tuple[Opened, dict[UUID, GenerationInfo]]:
    return open_conversation(member, conversation_id), generations_of(conversation_id)


def _answer(body: object) -> HttpResponse:
    """Rows as they came, past pydantic, which would take four times as long as reading them did."""
    return HttpResponse(orjson.dumps(body, option=orjson.OPT_UTC_Z), content_type="application/json")


def _out(conversation: Conversation) -> ConversationOut:
    return ConversationOut(**asdict(line_of(conversation)), leaf=conversation.leaf_id)


def _message(row: MessageRow, face: Face | None, generation: GenerationInfo | None) -> dict[str, object]:
    return {
        "id": row.id,
        "parent": row.parent_id,
        "role": row.role,
        "parts": orjson.Fragment(parts_as_json(row.stored_parts)),
        "status": row.status,
        "bot": face and _bot(face),
        "model": face.model if face else None,
        "generation": generation and _generation(generation),
        "created_at": row.created_at,
    }


def _bot(face: Face) -> dict[str, object]:
    return {
        "id": face.bot_id,
        "name": face.name,
        "avatar": face.avatar,
        "colour": face.colour,
        "picture": face.picture,
        "version": face.version,
        "shape": face.shape,
        "is_rule": face.is_rule,
    }


def _generation(info: GenerationInfo) -> dict[str, object]:
    error = {"code": info.error_code, "message": info.error_message, "retryable": info.error_retryable}
    return {
        "id": info.id,
        "status": info.status,
        "last_seq": info.last_seq,
        "error": error if info.error_code else None,
    }


def _hit(found: Found) -> dict[str, object]:
    return {
        "conversation": {"id": found.conversation_id, "title": found.title},
        "message": found.message_id,
        "role": found.role,
        "snippet": found.snippet,
        "created_at": found.created_at,
    }
