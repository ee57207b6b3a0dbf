"""Doors of bots: look at them, make them, edit them, archive them."""

from datetime import datetime
from typing import cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from parley.accounts.access import Member
from parley.api.who import member_of
from parley.bots import actions
from parley.bots.access import bot_to_edit, may_edit
from parley.bots.drafts import Changes, Draft
from parley.bots.models import BotVersion
from parley.bots.parameters import Parameters
from parley.bots.queries import list_bots, list_versions, newest_version_for
from parley.providers.models import ModelCard

router = Router(tags=["bots"])


class _Body(Schema):
    model_config = ConfigDict(extra="forbid")


class NewBot(_Body):
    name: str
    model_card_id: UUID | None = Field(None, alias="model")
    avatar: str = Field("", description="an emoji, or one or two letters")
    system_prompt: str = ""
    greeting: str = ""
    starters: tuple[str, ...] = ()
    parameters: Parameters = Parameters()
    collection_ids: tuple[UUID, ...] = Field((), alias="collections")


class BotChanges(_Body):
    """Only what is named changes."""

    version: int = Field(description="that you read; another one in the meantime answers 409")
    name: str = ""
    model_card_id: UUID | None = Field(None, alias="model")
    avatar: str = ""
    system_prompt: str = ""
    greeting: str = ""
    starters: tuple[str, ...] = ()
    parameters: Parameters = Parameters()
    collection_ids: tuple[UUID, ...] = Field((), alias="collections")


class ModelRef(Schema):
    id: UUID
    name: str
    label: str


class BotOut(Schema):
    id: UUID
    name: str
    avatar: str
    greeting: str
    starters: list[str]
    model: ModelRef | None = Field(description="null: its model is gone, so it cannot answer")
    version: int
    is_default: bool = Field(description="made by Parley for its model")
    may_edit: bool


class BotDetail(BotOut):
    """`system_prompt`, `parameters` and `collections` are null for who may not edit the bot."""

    system_prompt: str | None = None
    parameters: Parameters | None = None
    collections: list[UUID] | None = None


class VersionOut(Schema):
    number: int
    name: str
    avatar: str
    system_prompt: str
    greeting: str
    starters: list[str]
    model: ModelRef | None
    parameters: Parameters
    collections: list[UUID]
    made_by: str | None = Field(description="null: Parley, or a person who left")
    created_at: datetime


class BotPage(Schema):
    items: list[BotOut]
    next: str | None = None


class VersionPage(Schema):
    items: list[VersionOut]
    next: str | None = None


@router.get("bots", response=BotPage)
def get_bots(request: HttpRequest) -> BotPage:
    """All bots that you can talk to: people's own first, then one for each model."""
    member = member_of(request)
    return BotPage(items=[_bot(member, version) for version in list_bots(member)])


@router.post("bots", response={201: BotDetail})
def create_bot(request: HttpRequest, body: NewBot) -> Status[BotDetail]:
    member = member_of(request)
    draft = Draft(**{field: getattr(body, field) for field in NewBot.model_fields})
    return Status(201, _detail(member, actions.create_bot(member, draft).id))


@router.get("bots/{uuid:bot_id}", response=BotDetail)
def get_bot(request: HttpRequest, bot_id: UUID) -> BotDetail:
    return _detail(member_of(request), bot_id)


@router.patch("bots/{uuid:bot_id}", response=BotDetail)
def edit_bot(request: HttpRequest, bot_id: UUID, body: BotChanges) -> BotDetail:
    """Add a version to a bot. Answers that are there keep the version that wrote them."""
    member = member_of(request)
    named = {field: getattr(body, field) for field in body.model_fields_set - {"version"}}
    actions.edit_bot(member, bot_id, version=body.version, **cast(Changes, named))
    return _detail(member, bot_id)


@router.delete("bots/{uuid:bot_id}", response={204: None})
def archive_bot(request: HttpRequest, bot_id: UUID) -> Status[None]:
    """It answers no more; what it said stays."""
    actions.archive_bot(member_of(request), bot_id)
    return Status(204, None)


@router.get("bots/{uuid:bot_id}/versions", response=VersionPage)
def get_versions(request: HttpRequest, bot_id: UUID) -> VersionPage:
    """What a bot was, newest first; for who may edit it."""
    versions = list_versions(bot_to_edit(member_of(request), bot_id))
    return VersionPage(items=[_version(version) for version in versions])


def _bot(member: Member, version: BotVersion) -> BotOut:
    return BotOut(
        id=version.bot_id,
        name=version.name,
        avatar=version.avatar,
        greeting=version.greeting,
        starters=version.starters,
        model=_model(version.model_card),
        version=version.number,
        is_default=version.bot.default_for_id is not None,
        may_edit=may_edit(member, version.bot),
    )


def _detail(member: Member, bot_id: UUID) -> BotDetail:
    version = newest_version_for(member, bot_id)
    shown = _bot(member, version)
    if not shown.may_edit:
        return BotDetail(**shown.model_dump())
    return BotDetail(
        **shown.model_dump(),
        system_prompt=version.system_prompt,
        parameters=Parameters.model_validate(version.parameters),
        collections=[collection.id for collection in version.collections.all()],
    )


def _model(card: ModelCard | None) -> ModelRef | None:
    return ModelRef(id=card.id, name=card.name, label=str(card)) if card else None


def _version(version: BotVersion) -> VersionOut:
    return VersionOut(
        number=version.number,
        name=version.name,
        avatar=version.avatar,
        system_prompt=version.system_prompt,
        greeting=version.greeting,
        starters=version.starters,
        model=_model(version.model_card),
        parameters=Parameters.model_validate(version.parameters),
        collections=[collection.id for collection in version.collections.all()],
        made_by=version.made_by.shown_name if version.made_by else None,
        created_at=version.created_at,
    )
