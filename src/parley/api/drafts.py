"""Doors of drafts: what was typed and not sent, for the next device."""

from dataclasses import asdict
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from parley.api.bodies import Body
from parley.api.who import member_of
from parley.conversations.drafts import draft_of, write_draft

router = Router(tags=["drafts"])


class DraftBody(Body):
    text: str = Field(description="empty once it is sent")
    version: int = Field(ge=0, description="of the one that you read; 0 where there was none")


class DraftOut(Schema):
    text: str
    version: int


@router.get("conversations/{uuid:conversation_id}/draft", response=DraftOut)
def get_draft(request: HttpRequest, conversation_id: UUID) -> DraftOut:
    return DraftOut(**asdict(draft_of(member_of(request), conversation_id)))


@router.put("conversations/{uuid:conversation_id}/draft", response=DraftOut)
def put_draft(request: HttpRequest, conversation_id: UUID, body: DraftBody) -> DraftOut:
    """409 when another device has written since: read that, put both together, and write again."""
    return DraftOut(**asdict(write_draft(member_of(request), conversation_id, body.text, version=body.version)))


@router.get("draft", response=DraftOut)
def get_next_draft(request: HttpRequest) -> DraftOut:
    """Of the conversation that you begin next."""
    return DraftOut(**asdict(draft_of(member_of(request), None)))


@router.put("draft", response=DraftOut)
def put_next_draft(request: HttpRequest, body: DraftBody) -> DraftOut:
    """409 when another device has written since."""
    return DraftOut(**asdict(write_draft(member_of(request), None, body.text, version=body.version)))
