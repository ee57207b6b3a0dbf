"""The doors of people: for owners and admins, whoever is in the workspace and who is invited; for the invited, their way in."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.contrib.auth import login
from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from ninja.utils import check_csrf
from pydantic import Field

from parley.accounts import invitations, people
from parley.accounts.models import Invitation, Role
from parley.api.bodies import Body
from parley.api.pages import FOREIGN
from parley.api.who import member_of
from parley.core.errors import Conflict, NotAllowed
from parley.keeping import erasure

router = Router(tags=["people"])
Limit = Annotated[int, Query(ge=1, le=100)]


class PersonOut(Schema):
    id: UUID
    email: str
    name: str
    role: Role
    active: bool
    joined_at: datetime
    last_sign_in_at: datetime | None = Field(description="null: never came")
    is_me: bool
    may_manage: bool


class Counts(Schema):
    """People of each role; `off` are those among them who are switched off."""

    owner: int
    admin: int
    member: int
    guest: int
    off: int


class PeoplePage(Schema):
    items: list[PersonOut]
    next: str | None
    counts: Counts


class PersonChanges(Body):
    role: Role | None = None
    active: bool | None = Field(None, description="false: cannot sign in, and keys and sessions stop at once")


class Belongings(Schema):
    """What goes when a person is removed; bots stay with the workspace."""

    conversations: int
    files: int
    file_bytes: int
    archives: int
    keys: int
    bots: int


class LinkOut(Schema):
    token: str = Field(description="the link is `/sign-in/TOKEN`; good once, for a day, and not shown again")


class InvitationIn(Body):
    role: Role = Role.MEMBER
    days: int = Field(7, ge=1, le=invitations.MOST_DAYS)
    most_uses: int = Field(1, ge=1, le=invitations.MOST_USES)
    note: str = ""


class InvitationOut(Schema):
    id: UUID
    role: Role
    note: str
    most_uses: int
    uses: int
    made_by: str | None
    created_at: datetime
    expires_at: datetime


class NewInvitationOut(InvitationOut):
    token: str = Field(description="the link is `/join/TOKEN`; not shown again")


class Invitations(Schema):
    items: list[InvitationOut]
    next: None = None


class WelcomeOut(Schema):
    workspace: str
    role: Role
    expires_at: datetime


class JoinIn(Body):
    email: str
    name: str = ""
    password: str


def from_our_page(request: HttpRequest) -> bool:
    """Nobody is signed in at this door, but only our own page may knock: else another could sign its visitor in."""
    if check_csrf(request):
        raise NotAllowed(FOREIGN)
    return True


@router.get("people", response=PeoplePage)
def list_people(
    request: HttpRequest,
    q: str = "",
    role: Role | None = None,
    active: bool | None = None,
    limit: Limit = 50,
    cursor: str | None = None,
) -> PeoplePage:
    """Everybody in the workspace by address; owners and admins may ask. `q`: a part of a name or an address."""
    member = member_of(request)
    lines, following = people.list_people(member, words=q, role=role, active=active, limit=limit, cursor=cursor)
    return PeoplePage(
        items=[_person(line) for line in lines], next=following, counts=Counts(**people.count_people(member))
    )


@router.patch("people/{uuid:user_id}", response=PersonOut)
def change_person(request: HttpRequest, user_id: UUID, body: PersonChanges) -> PersonOut:
    """Another role, or switched off and on. Owners for everybody; admins for members and guests."""
    return _person(people.change_person(member_of(request), user_id, role=body.role, active=body.active))


@router.get("people/{uuid:user_id}/belongings", response=Belongings)
def get_belongings(request: HttpRequest, user_id: UUID) -> Belongings:
    """What would go with this person."""
    return Belongings(**erasure.belongings(member_of(request), user_id))


@router.delete("people/{uuid:user_id}", response={204: None})
def remove_person(request: HttpRequest, user_id: UUID) -> Status[None]:
    """For ever, with conversations, files, archives and keys. What they used stays in the reports, without their name."""
    erasure.remove_person(member_of(request), user_id)
    return Status(204, None)


@router.post("people/{uuid:user_id}/sign-in-link", response={201: LinkOut})
def link_for_person(request: HttpRequest, user_id: UUID) -> Status[LinkOut]:
    """A one-time link that signs this person in, to pass on to them."""
    return Status(201, LinkOut(token=people.link_for_person(member_of(request), user_id)))


@router.post("people/{uuid:user_id}/sign-out", response={204: None})
def sign_out_person(request: HttpRequest, user_id: UUID) -> Status[None]:
    """Everywhere, at once."""
    people.sign_out_person(member_of(request), user_id)
    return Status(204, None)


@router.get("invitations", response=Invitations)
def list_invitations(request: HttpRequest) -> Invitations:
    """Those that still let somebody in, newest first."""
    rows = invitations.list_invitations(member_of(request))
    return Invitations(items=[_invitation(row) for row in rows])


@router.post("invitations", response={201: NewInvitationOut})
def invite(request: HttpRequest, body: InvitationIn) -> Status[NewInvitationOut]:
    """A link by which people make accounts of their own. `token` is shown this once."""
    made = invitations.invite(
        member_of(request), role=body.role, days=body.days, most_uses=body.most_uses, note=body.note
    )
    return Status(201, NewInvitationOut(token=made.token, **_invitation(made.row).dict()))


@router.delete("invitations/{uuid:invitation_id}", response={204: None})
def revoke_invitation(request: HttpRequest, invitation_id: UUID) -> Status[None]:
    """Nobody joins by it any more."""
    invitations.revoke_invitation(member_of(request), invitation_id)
    return Status(204, None)


@router.get("joining/{token}", auth=None, response=WelcomeOut)
def get_welcome(request: HttpRequest, token: str) -> WelcomeOut:
    """What an invitation is for, for whoever has it."""
    found = invitations.welcome(token)
    return WelcomeOut(workspace=found.workspace, role=found.role, expires_at=found.expires_at)


@router.post("joining/{token}", auth=from_our_page, response={204: None})
def join(request: HttpRequest, token: str, body: JoinIn) -> Status[None]:
    """Make an account by an invitation, and be signed in."""
    invitations.welcome(token)  # what is wrong with the link comes first
    if request.user.is_authenticated:
        raise Conflict("You are signed in already. Sign out first to make another account.")
    login(request, invitations.join(token, email=body.email, name=body.name, password=body.password))
    return Status(204, None)


def _person(line: people.PersonLine) -> PersonOut:
    return PersonOut(
        id=line.id,
        email=line.email,
        name=line.name,
        role=line.role,
        active=line.is_active,
        joined_at=line.joined_at,
        last_sign_in_at=line.last_sign_in_at,
        is_me=line.is_me,
        may_manage=line.may_manage,
    )


def _invitation(row: Invitation) -> InvitationOut:
    return InvitationOut(
        id=row.id,
        role=Role(row.role),
        note=row.note,
        most_uses=row.most_uses,
        uses=row.uses,
        made_by=row.made_by.shown_name if row.made_by else None,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
