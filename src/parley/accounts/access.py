"""Who is asking: the only way a door gets a person with a workspace and a role.

The three look-ups raise `NotSignedIn` when the proof is no good, and are answered from memory for some seconds.
"""

import hashlib
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from parley.accounts.member import Member
from parley.accounts.member_cache import members
from parley.accounts.models import ApiKey, Membership, Role, User
from parley.accounts.signals import key_used
from parley.core.announce import announce
from parley.core.errors import NotAllowed, NotFound, NotSignedIn

__all__ = [
    "Member",
    "check_admin",
    "digest_of",
    "member_for_key",
    "member_for_session",
    "member_for_user",
    "membership_for",
    "session_store",
]


def digest_of(secret: str) -> str:
    """What we keep of a key or link. They hold 256 random bits, so one plain SHA-256 is enough."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def member_for_user(user_id: UUID) -> Member:
    return members.get_or_look_up(f"user:{user_id}", lambda: _member_of_user(user_id))


def member_for_session(session_key: str) -> Member:
    """The member behind the session cookie's value."""
    return members.get_or_look_up(f"session:{session_key}", lambda: _member_of_session(session_key))


def member_for_key(token: str) -> Member:
    """The member behind an API key as its owner wrote it down."""
    digest = digest_of(token)
    return members.get_or_look_up(f"key:{digest}", lambda: _member_of_key(digest))


def check_admin(member: Member) -> None:
    """Owners and admins may; everybody else gets `NotAllowed`."""
    if not member.is_admin:
        raise NotAllowed


def membership_for(member: Member, user_id: UUID) -> Membership:
    """A person of the member's workspace, with their `user`, for owners and admins. Raises `NotAllowed` and `NotFound`."""
    check_admin(member)
    rows = Membership.objects.filter(workspace_id=member.workspace_id, user_id=user_id)
    membership = rows.select_related("user").first()
    if membership is None:
        raise NotFound
    return membership


def session_store(session_key: str) -> SessionBase:
    """The session as Django keeps it, whichever engine the settings name. Nothing is read yet."""
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    return store(session_key)


def _member_of_user(user_id: UUID) -> Member:
    membership = Membership.objects.filter(user_id=user_id, user__is_active=True).select_related("user").first()
    if membership is None:
        raise NotSignedIn
    return _member(membership.user, membership.workspace_id, membership.role)


def _member_of_session(session_key: str) -> Member:
    # Django's own `get_user` knows when a session is void: expired, another password since, or the user switched off.
    request = HttpRequest()
    request.session = session_store(session_key)
    user = get_user(request)
    if not isinstance(user, User):
        raise NotSignedIn("Your session has ended. Sign in again.")
    membership = Membership.objects.filter(user=user).first()
    if membership is None:
        raise NotSignedIn("You belong to no workspace any more. Ask its owner to add you.")
    return _member(user, membership.workspace_id, membership.role)


def _member_of_key(digest: str) -> Member:
    key = ApiKey.objects.filter(digest=digest, user__is_active=True).select_related("user").first()
    membership = key and Membership.objects.filter(user_id=key.user_id, workspace_id=key.workspace_id).first()
    if not key or not membership:
        raise NotSignedIn("This API key is not valid, or was revoked. Make another under Settings, API keys.")
    announce(key_used, key_id=key.id)
    return _member(key.user, membership.workspace_id, membership.role)


def _member(user: User, workspace_id: UUID, role: str) -> Member:
    return Member(user.id, workspace_id, Role(role), user.email, user.shown_name)
