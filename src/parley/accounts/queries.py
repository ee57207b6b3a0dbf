"""Reads of accounts, each in a fixed number of queries."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from parley.accounts.member import Member
from parley.accounts.models import ApiKey, Membership, Role, User, Workspace


@dataclass(frozen=True, slots=True)
class SignIn:
    """One place where a person is signed in. `id` stands for the session key, which no answer may show."""

    id: UUID
    session_key: str
    user_agent: str
    created_at: datetime


def find_first_workspace() -> Workspace | None:
    """The workspace that newcomers join; none before the instance is founded."""
    return Workspace.objects.order_by("id").first()


def find_awaited_owner() -> User | None:
    """An owner who has never come in, and has no password to do so: they need a link."""
    owners = User.objects.filter(memberships__role=Role.OWNER, last_login=None, is_active=True)
    return next((owner for owner in owners.order_by("id") if not owner.has_usable_password()), None)


def is_sign_up_open() -> bool:
    workspace = find_first_workspace()
    return workspace is not None and workspace.sign_up_open


def default_locale() -> str:
    """What is spoken to who chose no language; empty: what their browser asks for."""
    workspace = find_first_workspace()
    return workspace.locale if workspace else ""


def workspace_of(member: Member) -> Workspace:
    return Workspace.objects.get(id=member.workspace_id)


def list_keys(member: Member) -> Iterable[ApiKey]:
    """One's own keys in this workspace, newest first."""
    return ApiKey.objects.filter(user_id=member.user_id, workspace_id=member.workspace_id).order_by("-id")


def list_sign_ins(member: Member) -> list[SignIn]:
    """Where the member is signed in now, newest first."""
    rows = list(UserSession.objects.filter(user_id=member.user_id).order_by("-created_at"))
    now = timezone.now()
    alive = Session.objects.filter(session_key__in=[row.session_key for row in rows], expire_date__gt=now)
    keys = set(alive.values_list("session_key", flat=True))
    return [
        SignIn(sign_in_id(row.session_key), row.session_key, row.user_agent, row.created_at)
        for row in rows
        if row.session_key in keys
    ]


def sign_in_id(session_key: str) -> UUID:
    """An id that names the session and does not open it."""
    return UUID(bytes=hashlib.sha256(session_key.encode()).digest()[:16])


def is_last_owner(membership: Membership) -> bool:
    """Without this one, nobody could manage the workspace."""
    if membership.role != Role.OWNER:
        return False
    owners = Membership.objects.filter(workspace_id=membership.workspace_id, role=Role.OWNER, user__is_active=True)
    return not owners.exclude(id=membership.id).exists()
