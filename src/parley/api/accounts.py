"""The doors of accounts: what anyone may know, who I am, my workspace, my keys, and where I am signed in."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router, Schema, Status
from pydantic import Field

from parley.accounts import actions, queries, workspace
from parley.accounts.access import Member, member_for_user
from parley.accounts.models import ApiKey, Role, Workspace
from parley.api.who import member_of
from parley.bots.access import check_default_bot

router = Router(tags=["accounts"])


class Config(Schema):
    """`locale`: what is spoken to who chose no language; empty: what their browser asks for."""

    name: str
    sign_up_open: bool
    locale: str


class UserOut(Schema):
    id: UUID
    email: str
    name: str


class WorkspaceOut(Schema):
    """`role`: of who asks. `default_bot`: who answers where nobody chose; null: the bot of the newest model. `may_…`: what
    others than owners and admins may do."""

    id: UUID
    name: str
    role: str
    sign_up_open: bool
    sign_up_role: Role
    locale: str
    default_bot: UUID | None
    may_make_bots: bool
    may_make_keys: bool
    may_share_links: bool
    version: int


class Limits(Schema):
    message_bytes: int
    file_bytes: int


class Me(Schema):
    user: UserOut
    workspace: WorkspaceOut
    limits: Limits


class MeIn(Schema):
    name: str


class WorkspaceIn(Schema):
    """What is left out stays as it is."""

    version: int
    name: str | None = None
    sign_up_open: bool | None = None
    sign_up_role: Literal["member", "guest"] | None = None
    locale: workspace.Locale | None = None
    default_bot: UUID | None = Field(None, description="null: the bot of the newest model.")
    may_make_bots: bool | None = None
    may_make_keys: bool | None = None
    may_share_links: bool | None = None


class KeyIn(Schema):
    name: str


class KeyOut(Schema):
    id: UUID
    name: str
    last_four: str
    created_at: datetime
    last_used_at: datetime | None


class NewKeyOut(KeyOut):
    key: str


class Keys(Schema):
    items: list[KeyOut]
    next: str | None = None


class SignInOut(Schema):
    id: UUID
    current: bool
    created_at: datetime
    user_agent: str


class SignIns(Schema):
    items: list[SignInOut]
    next: str | None = None


@router.get("/config", auth=None, response=Config)
def get_config(request: HttpRequest) -> Config:
    """What a visitor's page needs before they sign in. It also gives the page its CSRF token, as a cookie."""
    get_token(request)
    return Config(name="Parley", sign_up_open=queries.is_sign_up_open(), locale=queries.default_locale())


@router.get("/me", response=Me)
def get_me(request: HttpRequest) -> Me:
    """The person asking, their workspace, and the limits that hold for them."""
    return _me(member_of(request))


@router.patch("/me", response=Me)
def change_me(request: HttpRequest, body: MeIn) -> Me:
    """Change the name that others see; an empty one falls back on the address."""
    member = member_of(request)
    actions.change_profile(member, name=body.name)
    return _me(member_for_user(member.user_id))


@router.patch("/workspace", response=WorkspaceOut)
def change_workspace(request: HttpRequest, body: WorkspaceIn) -> WorkspaceOut:
    """Owners and admins. `version` is the one that the change is based on; 409 when there is a newer one."""
    member = member_of(request)
    changes = body.dict(exclude_none=True, exclude={"version", "default_bot"})
    if "default_bot" in body.model_fields_set:
        if body.default_bot:
            check_default_bot(member, body.default_bot)
        changes["default_bot_id"] = body.default_bot
    return _workspace(member, workspace.change_workspace(member, version=body.version, **changes))


@router.get("/keys", response=Keys)
def list_keys(request: HttpRequest) -> Keys:
    """One's own API keys, without what opens the door."""
    return Keys(items=[_key(row) for row in queries.list_keys(member_of(request))])


@router.post("/keys", response={201: NewKeyOut})
def create_key(request: HttpRequest, body: KeyIn) -> Status[NewKeyOut]:
    """Make a key. `key` is shown this once."""
    made = actions.create_key(member_of(request), name=body.name)
    return Status(201, NewKeyOut(key=made.plain, **_key(made.row).dict()))


@router.delete("/keys/{uuid:key_id}", response={204: None})
def revoke_key(request: HttpRequest, key_id: UUID) -> Status[None]:
    """It stops working at once."""
    actions.revoke_key(member_of(request), key_id)
    return Status(204, None)


@router.get("/sessions", response=SignIns)
def list_sessions(request: HttpRequest) -> SignIns:
    """Where one is signed in by browser."""
    here = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    places = queries.list_sign_ins(member_of(request))
    return SignIns(
        items=[
            SignInOut(
                id=place.id,
                current=place.session_key == here,
                created_at=place.created_at,
                user_agent=place.user_agent,
            )
            for place in places
        ]
    )


@router.delete("/sessions/{uuid:sign_in}", response={204: None})
def end_session(request: HttpRequest, sign_in: UUID) -> Status[None]:
    """Sign out there; its page and its sockets notice within seconds."""
    actions.end_session(member_of(request), sign_in)
    return Status(204, None)


def _me(member: Member) -> Me:
    return Me(
        user=UserOut(id=member.user_id, email=member.email, name=member.name),
        workspace=_workspace(member, queries.workspace_of(member)),
        limits=Limits(message_bytes=settings.MESSAGE_LIMIT_BYTES, file_bytes=settings.FILE_LIMIT_BYTES),
    )


def _workspace(member: Member, row: Workspace) -> WorkspaceOut:
    return WorkspaceOut(
        id=row.id,
        name=row.name,
        role=member.role,
        sign_up_open=row.sign_up_open,
        sign_up_role=Role(row.sign_up_role),
        locale=row.locale,
        default_bot=row.default_bot_id,
        may_make_bots=row.may_make_bots,
        may_make_keys=row.may_make_keys,
        may_share_links=row.may_share_links,
        version=row.version,
    )


def _key(row: ApiKey) -> KeyOut:
    return KeyOut(
        id=row.id, name=row.name, last_four=row.last_four, created_at=row.created_at, last_used_at=row.last_used_at
    )
