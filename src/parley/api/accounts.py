"""The doors of accounts: who I am."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema

from parley.accounts.member import Member
from parley.accounts.queries import workspace_of
from parley.api.who import member_of

router = Router(tags=["accounts"])


class UserOut(Schema):
    id: UUID
    email: str
    name: str


class WorkspaceOut(Schema):
    id: UUID
    name: str
    role: str
    sign_up_open: bool
    version: int


class Limits(Schema):
    message_bytes: int


class Me(Schema):
    user: UserOut
    workspace: WorkspaceOut
    limits: Limits


@router.get("/me", response=Me)
def get_me(request: HttpRequest) -> Me:
    """The person asking, their workspace, and the limits that hold for them."""
    return _me(member_of(request))


def _me(member: Member) -> Me:
    workspace = workspace_of(member)
    return Me(
        user=UserOut(id=member.user_id, email=member.email, name=member.name),
        workspace=WorkspaceOut(
            id=workspace.id,
            name=workspace.name,
            role=member.role,
            sign_up_open=workspace.sign_up_open,
            version=workspace.version,
        ),
        limits=Limits(message_bytes=settings.MESSAGE_LIMIT_BYTES),
    )
