"""Doors for keeping conversations: folders, tags, forks, links to share. Pinning and archiving stand in `conversations.py`."""

from datetime import datetime
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from parley.api.bodies import Body
from parley.api.who import member_of
from parley.conversations import keeping, sharing
from parley.conversations.forks import fork_conversation
from parley.conversations.lists import FolderLine, list_folders, list_tags
from parley.conversations.models import Share
from parley.conversations.sharing import MAX_DAYS

router = Router(tags=["keeping"])


class FolderBody(Body):
    name: str


class FolderOut(Schema):
    id: UUID
    name: str


class FolderPage(Schema):
    items: list[FolderOut]
    next: None = None


class TagPage(Schema):
    items: list[str]
    next: None = None


class ForkBody(Body):
    message: UUID = Field(description="the last one that is copied")


class ForkOut(Schema):
    id: UUID
    title: str


class ShareBody(Body):
    days: int | None = Field(None, ge=1, le=MAX_DAYS, description="until the link ends; null: until you end it")


class ShareOut(Schema):
    id: UUID
    token: str = Field(description="the link is `/shared/TOKEN`")
    created_at: datetime
    expires_at: datetime | None


class SharePage(Schema):
    items: list[ShareOut]
    next: None = None


@router.get("folders", response=FolderPage)
def get_folders(request: HttpRequest) -> FolderPage:
    """Your folders, by name."""
    return FolderPage(items=[_folder(line) for line in list_folders(member_of(request))])


@router.post("folders", response={201: FolderOut})
def create_folder(request: HttpRequest, body: FolderBody) -> Status[FolderOut]:
    folder = keeping.create_folder(member_of(request), body.name)
    return Status(201, FolderOut(id=folder.id, name=folder.name))


@router.patch("folders/{uuid:folder_id}", response=FolderOut)
def rename_folder(request: HttpRequest, folder_id: UUID, body: FolderBody) -> FolderOut:
    folder = keeping.rename_folder(member_of(request), folder_id, body.name)
    return FolderOut(id=folder.id, name=folder.name)


@router.delete("folders/{uuid:folder_id}", response={204: None})
def delete_folder(request: HttpRequest, folder_id: UUID) -> Status[None]:
    """What is in it stays, in no folder."""
    keeping.delete_folder(member_of(request), folder_id)
    return Status(204, None)


@router.get("tags", response=TagPage)
def get_tags(request: HttpRequest) -> TagPage:
    """All tags that you have put on conversations."""
    return TagPage(items=list_tags(member_of(request)))


@router.post("conversations/{uuid:conversation_id}/fork", response={201: ForkOut})
def fork(request: HttpRequest, conversation_id: UUID, body: ForkBody) -> Status[ForkOut]:
    """A copy of the branch, up to one message, as a conversation of its own."""
    copy = fork_conversation(member_of(request), conversation_id, body.message)
    return Status(201, ForkOut(id=copy.id, title=copy.title))


@router.get("conversations/{uuid:conversation_id}/shares", response=SharePage)
def get_shares(request: HttpRequest, conversation_id: UUID) -> SharePage:
    """The links to this conversation that have not ended, newest first."""
    return SharePage(items=[_share(share) for share in sharing.shares_of(member_of(request), conversation_id)])


@router.post("conversations/{uuid:conversation_id}/shares", response={201: ShareOut})
def share(request: HttpRequest, conversation_id: UUID, body: ShareBody) -> Status[ShareOut]:
    """A link to what is shown now, for whoever has it. What is said later is not in it."""
    return Status(201, _share(sharing.share_conversation(member_of(request), conversation_id, days=body.days)))


@router.delete("shares/{uuid:share_id}", response={204: None})
def end_share(request: HttpRequest, share_id: UUID) -> Status[None]:
    """From now on the link leads nowhere."""
    sharing.end_share(member_of(request), share_id)
    return Status(204, None)


@router.get("shared/{token}", auth=None)
def get_shared(request: HttpRequest, token: str) -> HttpResponse:
    """What a link shows, for anyone who has it: `{title, created_at, messages}`."""
    share = sharing.shared(token)
    body = {"title": share.title, "created_at": share.created_at, "messages": orjson.Fragment(share.shown)}
    response = HttpResponse(orjson.dumps(body, option=orjson.OPT_UTC_Z), content_type="application/json")
    response["X-Robots-Tag"] = "noindex"
    return response


def _folder(line: FolderLine) -> FolderOut:
    return FolderOut(id=line.id, name=line.name)


def _share(share: Share) -> ShareOut:
    return ShareOut(id=share.id, token=share.token, created_at=share.created_at, expires_at=share.expires_at)
