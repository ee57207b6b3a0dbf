"""Invitations: links by which people make accounts of their own. They work so often, until they expire or are revoked."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from parley.accounts.access import check_admin, digest_of
from parley.accounts.actions import create_user
from parley.accounts.member import Member
from parley.accounts.models import Invitation, Role, User
from parley.accounts.people import check_may_give
from parley.core.errors import Invalid, NotAllowed, NotFound

MOST_OPEN = 100  # a list that a person can still look through
MOST_USES = 1000
MOST_DAYS = 90
NOTE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """`token` is shown once, as the end of the link `/join/TOKEN`."""

    row: Invitation
    token: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """What whoever holds the link may know before they join."""

    workspace: str
    role: Role
    expires_at: datetime


def list_invitations(member: Member) -> list[Invitation]:
    """Those that still let somebody in, newest first, with who made them. At most `MOST_OPEN`; one query."""
    check_admin(member)
    open_ones = Invitation.objects.filter(
        workspace_id=member.workspace_id, expires_at__gt=timezone.now(), uses__lt=F("most_uses")
    )
    return list(open_ones.select_related("made_by").order_by("-id"))


def invite(member: Member, *, role: Role, days: int, most_uses: int, note: str = "") -> NewInvitation:
    """Raises `NotAllowed` for a role that the member may not give, `Invalid` for too many invitations or too long a note."""
    check_admin(member)
    check_may_give(member, role)
    if role == Role.OWNER:
        raise NotAllowed("A link makes nobody an owner. Invite them as admin, and make them owner once they are here.")
    note = " ".join(note.split())
    if len(note) > NOTE_LENGTH or not note.isprintable():
        raise Invalid(f"A note has at most {NOTE_LENGTH} characters, and none that cannot be shown.")
    if len(list_invitations(member)) >= MOST_OPEN:
        raise Invalid(f"There are {MOST_OPEN} open invitations. Revoke those that nobody needs any more.")
    token = secrets.token_urlsafe(32)
    row = Invitation.objects.create(
        workspace_id=member.workspace_id,
        made_by_id=member.user_id,
        role=role,
        note=note,
        digest=digest_of(token),
        most_uses=most_uses,
        expires_at=timezone.now() + timedelta(days=days),
    )
    return NewInvitation(row, token)


def revoke_invitation(member: Member, invitation_id: UUID) -> None:
    """Nobody joins by it any more; who has joined stays. Raises `NotFound`."""
    check_admin(member)
    if not Invitation.objects.filter(id=invitation_id, workspace_id=member.workspace_id).delete()[0]:
        raise NotFound


def welcome(token: str) -> Welcome:
    """Raises `NotFound` for a link that lets nobody in."""
    invitation = _open(token)
    return Welcome(invitation.workspace.name, Role(invitation.role), invitation.expires_at)


def join(token: str, *, email: str, name: str, password: str) -> User:
    """Make an account by the link. Raises `NotFound` for a link that lets nobody in; `Conflict` when the address is taken,
    `Invalid` when it, the name or the password is no good, and then the link can be used again."""
    invitation = _open(token)
    with transaction.atomic():
        user = create_user(
            email, password=password, role=Role(invitation.role), name=name, workspace=invitation.workspace
        )
        # Last, so that the slow hash of the password is made before the database is locked for writing.
        left = Invitation.objects.filter(id=invitation.id, uses__lt=F("most_uses"))
        if left.update(uses=F("uses") + 1) != 1:
            raise _lets_nobody_in()
    return user


def _open(token: str) -> Invitation:
    rows = Invitation.objects.filter(digest=digest_of(token), expires_at__gt=timezone.now(), uses__lt=F("most_uses"))
    found = rows.select_related("workspace").first()
    if found is None:
        raise _lets_nobody_in()
    return found


def _lets_nobody_in() -> NotFound:
    return NotFound(
        "This invitation does not work any more: it was used, has expired, or was revoked. Ask for a new one."
    )
