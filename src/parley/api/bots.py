"""Doors of bots: look at them, make them, edit them, archive them."""

from datetime import datetime
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from ninja import Router, Schema, Status
from pydantic import Field

from parley.accounts.access import Member
from parley.api.bodies import Body
from parley.api.files import sent_file
from parley.api.who import member_of
from parley.bots import actions
from parley.bots.access import bot_to_edit, may_edit, picture_for, shape_for
from parley.bots.audience import Audience, Who, audience_of
from parley.bots.drafts import Changes, Draft
from parley.bots.models import BotVersion
from parley.bots.parameters import Parameters, parameters_of
from parley.bots.queries import list_archived_bots, list_bots, list_versions, newest_version_for
from parley.providers.models import ModelCard
from parley.providers.shapes import Shape

router = Router(tags=["bots"])


class AudienceBody(Body):
    """`roles` and `people` (e-mail addresses) matter only where `who` is "chosen"."""

    who: Who
    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    def audience(self) -> Audience:
        return Audience(self.who, self.roles, self.people)


class DraftBot(Body):
    name: str
    model_card_id: UUID | None = Field(None, alias="model")
    avatar: str = Field("", description="an emoji, or one or two letters")
    colour: str = Field("", description="behind the avatar, by name")
    picture_id: UUID | None = Field(
        None, alias="picture", description="in place of the avatar: a file of yours, an image"
    )
    description: str = Field("", description="what it is for, in a line or two")
    system_prompt: str = ""
    greeting: str = ""
    starters: tuple[str, ...] = ()
    parameters: Parameters = Parameters()
    collection_ids: tuple[UUID, ...] = Field((), alias="collections")

    def draft(self) -> Draft:
        return Draft(**{field: getattr(self, field) for field in DraftBot.model_fields})


class NewBot(DraftBot):
    audience: AudienceBody = AudienceBody(who="everyone")


class BotChanges(Body):
    """Only what is named changes."""

    version: int = Field(description="that you read; another one in the meantime answers 409")
    name: str = ""
    model_card_id: UUID | None = Field(None, alias="model")
    avatar: str = ""
    colour: str = ""
    picture_id: UUID | None = Field(None, alias="picture")
    description: str = Field("", description="what it is for, in a line or two")
    system_prompt: str = ""
    greeting: str = ""
    starters: tuple[str, ...] = ()
    parameters: Parameters = Parameters()
    collection_ids: tuple[UUID, ...] = Field((), alias="collections")
    audience: AudienceBody | None = None


class ModelRef(Schema):
    id: UUID
    name: str
    label: str


class BotOut(Schema):
    id: UUID
    name: str
    avatar: str
    colour: str
    picture: UUID | None
    description: str
    greeting: str
    starters: list[str]
    model: ModelRef | None = Field(description="null: its model is gone, so it cannot answer")
    version: int
    shape: str | None = Field(description="the kind that its answers have: json, regex or choices; null: none")
    audience: Who
    is_mine: bool = Field(description="you made it")
    is_default: bool = Field(description="made by Parley for its model")
    may_edit: bool


class DeletedBot(BotOut):
    deleted_at: datetime


class BotDetail(BotOut):
    """The fields from `system_prompt` on are null for who may not edit the bot."""

    system_prompt: str | None = None
    parameters: Parameters | None = None
    collections: list[UUID] | None = None
    roles: list[str] | None = None
    people: list[str] | None = None


class BotRef(Schema):
    id: UUID
    version: int


class ShapeOut(Schema):
    shape: Shape | None


class VersionOut(Schema):
    number: int
    name: str
    avatar: str
    colour: str
    picture: UUID | None
    description: str
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


class DeletedBotPage(Schema):
    items: list[DeletedBot]
    next: str | None = None


class VersionPage(Schema):
    items: list[VersionOut]
    next: str | None = None


@router.get("bots", response=BotPage)
def get_bots(request: HttpRequest) -> BotPage:
    """All bots that you can talk to: people's own first, then one for each model."""
    member = member_of(request)
    return BotPage(items=[_bot(member, version) for version in list_bots(member)])


@router.get("bots/deleted", response=DeletedBotPage)
def get_deleted_bots(request: HttpRequest) -> DeletedBotPage:
    """Deleted bots that you may restore, the last one deleted first; at most 100. They are kept: what they said names them."""
    member = member_of(request)
    return DeletedBotPage(items=[_deleted(member, version) for version in list_archived_bots(member)])


@router.post("bots", response={201: BotDetail})
def create_bot(request: HttpRequest, body: NewBot) -> Status[BotDetail]:
    member = member_of(request)
    return Status(201, _detail(member, actions.create_bot(member, body.draft(), body.audience.audience()).id))


@router.put("bots/preview", response=BotRef)
def preview_bot(request: HttpRequest, body: DraftBot) -> BotRef:
    """Your one bot that plays what stands unsaved in an editor. Post to it in a temporary conversation; it is in no list."""
    bot = actions.preview_bot(member_of(request), body.draft())
    return BotRef(id=bot.id, version=bot.version_number)


@router.get("bots/{uuid:bot_id}", response=BotDetail)
def get_bot(request: HttpRequest, bot_id: UUID) -> BotDetail:
    return _detail(member_of(request), bot_id)


@router.patch("bots/{uuid:bot_id}", response=BotDetail)
def edit_bot(request: HttpRequest, bot_id: UUID, body: BotChanges) -> BotDetail:
    """Add a version to a bot. Answers that are there keep the version that wrote them."""
    member = member_of(request)
    named = {field: getattr(body, field) for field in body.model_fields_set - {"version", "audience"}}
    audience = body.audience.audience() if body.audience else None
    actions.edit_bot(member, bot_id, version=body.version, audience=audience, **cast(Changes, named))
    return _detail(member, bot_id)


@router.delete("bots/{uuid:bot_id}", response={204: None})
def archive_bot(request: HttpRequest, bot_id: UUID) -> Status[None]:
    """It answers no more; what it said stays, and it can be restored."""
    actions.archive_bot(member_of(request), bot_id)
    return Status(204, None)


@router.post("bots/{uuid:bot_id}/restore", response=BotDetail)
def restore_bot(request: HttpRequest, bot_id: UUID) -> BotDetail:
    """A deleted bot answers again, in its old conversations too. Twice is once."""
    member = member_of(request)
    actions.bring_back_bot(member, bot_id)
    return _detail(member, bot_id)


@router.get("bots/{uuid:bot_id}/versions", response=VersionPage)
def get_versions(request: HttpRequest, bot_id: UUID) -> VersionPage:
    """What a bot was, newest first; for who may edit it."""
    versions = list_versions(bot_to_edit(member_of(request), bot_id))
    return VersionPage(items=[_version(version) for version in versions])


@router.get("bots/{uuid:bot_id}/shape", response=ShapeOut)
def get_shape(request: HttpRequest, bot_id: UUID, version: int | None = None) -> ShapeOut:
    """What the answers of this version, or of the newest, look like; for whoever may talk to the bot."""
    return ShapeOut(shape=shape_for(member_of(request), bot_id, version))


@router.get("pictures/{uuid:file_id}", response={200: bytes})
def get_picture(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """A bot's picture, for whoever may talk to the bot."""
    return sent_file(request, picture_for(member_of(request), file_id))


def _bot(member: Member, version: BotVersion) -> BotOut:
    return BotOut(
        id=version.bot_id,
        name=version.name,
        avatar=version.avatar,
        colour=version.colour,
        picture=version.picture_id,
        description=version.description,
        greeting=version.greeting,
        starters=version.starters,
        model=_model(version.model_card),
        version=version.number,
        shape=version.parameters.get("shape", {}).get("type"),
        audience=cast(Who, version.bot.audience),
        is_mine=version.bot.made_by_id == member.user_id,
        is_default=version.bot.default_for_id is not None,
        may_edit=may_edit(member, version.bot),
    )


def _deleted(member: Member, version: BotVersion) -> DeletedBot:
    return DeletedBot(**_bot(member, version).model_dump(), deleted_at=cast(datetime, version.bot.archived_at))


def _detail(member: Member, bot_id: UUID) -> BotDetail:
    version = newest_version_for(member, bot_id)
    shown = _bot(member, version)
    if not shown.may_edit:
        return BotDetail(**shown.model_dump())
    audience = audience_of(version.bot)
    return BotDetail(
        **shown.model_dump(),
        system_prompt=version.system_prompt,
        parameters=parameters_of(version.parameters),
        collections=[collection.id for collection in version.collections.all()],
        roles=list(audience.roles),
        people=list(audience.people),
    )


def _model(card: ModelCard | None) -> ModelRef | None:
    return ModelRef(id=card.id, name=card.name, label=str(card)) if card else None


def _version(version: BotVersion) -> VersionOut:
    return VersionOut(
        number=version.number,
        name=version.name,
        avatar=version.avatar,
        colour=version.colour,
        picture=version.picture_id,
        description=version.description,
        system_prompt=version.system_prompt,
        greeting=version.greeting,
        starters=version.starters,
        model=_model(version.model_card),
        parameters=parameters_of(version.parameters),
        collections=[collection.id for collection in version.collections.all()],
        made_by=version.made_by.shown_name if version.made_by else None,
        created_at=version.created_at,
    )
