"""What accounts does about its own facts, and about those of Django and allauth."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.signals import password_changed, password_set
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest
from django.utils import timezone

from parley.accounts import actions, signals
from parley.accounts.member_cache import members
from parley.accounts.models import User
from parley.core import hints

# After these, what is remembered about the person may be wrong.
CHANGES = (
    signals.member_changed,
    signals.profile_changed,
    signals.member_left,
    signals.session_ended,
    signals.key_revoked,
)


CHANNEL = "members"


def connect() -> None:
    hints.ears[CHANNEL] = forget_elsewhere_changed
    hints.returns.append(members.forget_all)  # hints may have been missed
    for signal in CHANGES:
        signal.connect(forget_member, dispatch_uid="accounts.forget_member")
    signals.key_used.connect(note_key_use, dispatch_uid="accounts.note_key_use")
    user_logged_in.connect(start_session, dispatch_uid="accounts.start_session")
    user_logged_out.connect(end_session, dispatch_uid="accounts.end_session")
    for signal in (password_changed, password_set):
        signal.connect(end_other_sessions, dispatch_uid="accounts.end_other_sessions")


def forget_member(sender: object, user_id: UUID, **fact: Any) -> None:
    """What changed about a person is felt by their next request, here at once and elsewhere with the hint."""
    members.forget(user_id)
    hints.tell(CHANNEL, user_id.bytes)


def forget_elsewhere_changed(body: bytes) -> None:
    """Another process changed this person."""
    members.forget(UUID(bytes=body))


def note_key_use(sender: object, key_id: UUID, **fact: Any) -> None:
    actions.note_key_use(key_id)


def start_session(sender: object, request: HttpRequest, user: User, **fact: Any) -> None:
    """Django would prolong a session with each write to it; ours ends a fixed time after the sign-in."""
    request.session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    if hasattr(request, "user"):  # not in the test client's short way in
        UserSession.objects.create_from_request(request)


def end_session(sender: object, request: HttpRequest, user: User | None, **fact: Any) -> None:
    if user and request.session.session_key:
        actions.end_sign_in(user.id, request.session.session_key)


def end_other_sessions(sender: object, request: HttpRequest, user: User, **fact: Any) -> None:
    """Whoever knew the old password, or held a session of it, is out."""
    actions.end_sessions(user.id, keep=request.session.session_key)
