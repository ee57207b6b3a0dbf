"""What changes users, workspaces, keys, links and sessions. Each checks, writes in one transaction, then announces."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from parley.accounts import signals
from parley.accounts.access import digest_of, session_store
from parley.accounts.member import Member
from parley.accounts.models import ApiKey, Invitation, Membership, Role, SignInLink, User, Workspace
from parley.accounts.names import valid_name
from parley.accounts.queries import find_first_workspace, is_last_owner, list_sign_ins
from parley.accounts.workspace import check_may
from parley.core.announce import announce
from parley.core.errors import Conflict, Invalid, NotFound
from parley.core.turns import take_turns

FIRST_OWNER = "owner@localhost"
LINK_LIFE = timedelta(hours=24)
LINK_KEPT = timedelta(days=7)  # a used link still gets its own answer for a while: "used", not "unknown"
KEY_NOTED_EVERY = timedelta(hours=1)
MOST_KEYS = 50


@dataclass(frozen=True, slots=True)
class NewKey:
    """`plain` is shown once, and kept by nobody but its owner."""

    row: ApiKey
    plain: str


# --- The instance and its people --------------------------------------------------------------------------------------


def found_instance(email: str = FIRST_OWNER, password: str | None = None) -> User | None:
    """Make the first workspace and its owner, who may also use Django's admin; None when there is one already."""
    email = _valid_email(email)
    with transaction.atomic():
        take_turns("found the instance")  # a second process that starts now waits, then finds the first's
        if find_first_workspace():
            return None
        workspace = Workspace.objects.create(name="Parley")
        user = _save_user(email, password, is_staff=True, is_superuser=True)
        announce(signals.workspace_founded, workspace_id=workspace.id, user_id=user.id)
        _join(user, workspace, Role.OWNER)
    return user


def create_user(
    email: str,
    *,
    password: str | None = None,
    role: Role = Role.MEMBER,
    name: str = "",
    workspace: Workspace | None = None,
) -> User:
    """Add a person to the workspace, or (None) to the first. Without a password they sign in by link, and may then set one.

    Raises `Conflict` when the address is taken, `Invalid` when it, the name or the password is no good.
    """
    email, name = _valid_email(email), valid_name(name, may_be_empty=True)
    with transaction.atomic():
        workspace = workspace or find_first_workspace()
        if workspace is None:
            raise NotFound("This Parley has no workspace yet. Start it once with `parley up`.")
        if User.objects.filter(email__iexact=email).exists():
            raise Conflict(f"{email} is a user already.")
        user = _save_user(email, password, name=name)
        _join(user, workspace, role)
    return user


def change_profile(member: Member, *, name: str) -> None:
    User.objects.filter(id=member.user_id).update(name=valid_name(name, may_be_empty=True))
    announce(signals.profile_changed, user_id=member.user_id)


def change_role(membership_id: UUID, role: Role) -> None:
    """Raises `Conflict` for the last owner of a workspace. Whether the caller may do this is the caller's to check."""
    with transaction.atomic():
        membership = _locked(membership_id)
        if role != Role.OWNER:
            _check_owner_remains(membership)
            # Who is no owner any more has no business in Django's admin, where everything may be changed.
            User.objects.filter(id=membership.user_id).update(is_staff=False, is_superuser=False)
        Membership.objects.filter(id=membership_id).update(role=role)
        announce(signals.member_changed, user_id=membership.user_id, workspace_id=membership.workspace_id)


def remove_member(membership_id: UUID) -> None:
    """They lose the workspace, with their keys and sessions. Raises `Conflict` for the last owner."""
    with transaction.atomic():
        membership = _locked(membership_id)
        _check_owner_remains(membership)
        for key in ApiKey.objects.filter(user_id=membership.user_id, workspace_id=membership.workspace_id):
            revoke_any_key(key.id)
        membership.delete()
        end_sessions(membership.user_id)
        announce(signals.member_left, user_id=membership.user_id, workspace_id=membership.workspace_id)


def switch_user(user_id: UUID, *, active: bool) -> None:
    """A person who is switched off cannot sign in, and their sessions and keys stop working at once."""
    with transaction.atomic():
        memberships = [_locked(row.id) for row in Membership.objects.filter(user_id=user_id)]
        if not active:
            for membership in memberships:
                _check_owner_remains(membership)
            end_sessions(user_id)
        User.objects.filter(id=user_id).update(is_active=active)
        announce(signals.member_changed, user_id=user_id, workspace_id=None)


def delete_user(user_id: UUID) -> dict[str, int]:
    """For ever, with all rows that are theirs. Returns how many of which table went. Whether the caller may is its to check.

    Raises `Conflict` for the last owner of a workspace.
    """
    with transaction.atomic():
        for membership in [_locked(row.id) for row in Membership.objects.filter(user_id=user_id)]:
            _check_owner_remains(membership)
        end_sessions(user_id)
        LogEntry.objects.filter(content_type__model="user", object_id=str(user_id)).delete()
        announce(signals.member_changed, user_id=user_id, workspace_id=None)
        counts: dict[str, int] = User.objects.get(id=user_id).delete()[1]
    return counts


# --- Keys -------------------------------------------------------------------------------------------------------------


def create_key(member: Member, *, name: str) -> NewKey:
    name = valid_name(name)
    check_may(member, "may_make_keys")
    if ApiKey.objects.filter(user_id=member.user_id).count() >= MOST_KEYS:
        raise Invalid(f"You have {MOST_KEYS} keys. Revoke one that you do not use any more.")
    plain = f"pk_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        user_id=member.user_id,
        workspace_id=member.workspace_id,
        name=name,
        digest=digest_of(plain),
        last_four=plain[-4:],
    )
    announce(signals.key_created, user_id=member.user_id, key_id=key.id)
    return NewKey(key, plain)


def revoke_key(member: Member, key_id: UUID) -> None:
    """One's own. Raises `NotFound`."""
    if not ApiKey.objects.filter(id=key_id, user_id=member.user_id, workspace_id=member.workspace_id).exists():
        raise NotFound
    revoke_any_key(key_id)


def revoke_any_key(key_id: UUID) -> None:
    """Whoever's it is; the operator may. Revoking twice is as good as once."""
    for key in ApiKey.objects.filter(id=key_id):
        key.delete()
        announce(signals.key_revoked, user_id=key.user_id, key_id=key_id)


def note_key_use(key_id: UUID) -> None:
    """When a key was last used, to the hour: a write for each request would cost more than the request."""
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - KEY_NOTED_EVERY)
    ApiKey.objects.filter(stale, id=key_id).update(last_used_at=now)


# --- One-time links ---------------------------------------------------------------------------------------------------


def issue_sign_in_link(user_id: UUID) -> str:
    """The token of `/sign-in/TOKEN`: good once, for `LINK_LIFE`. Here stays only its digest."""
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(user_id=user_id, digest=digest_of(token), expires_at=timezone.now() + LINK_LIFE)
    return token


def use_sign_in_link(token: str) -> User | None:
    """Whom the link signs in; None when it was used, is too old or never was."""
    now = timezone.now()
    links = SignInLink.objects.filter(digest=digest_of(token), user__is_active=True)
    if links.filter(used_at=None, expires_at__gt=now).update(used_at=now) != 1:
        return None
    return links.select_related("user").get().user


# --- Sessions ---------------------------------------------------------------------------------------------------------


def end_session(member: Member, sign_in: UUID) -> None:
    """Sign out one place of one's own."""
    found = [place.session_key for place in list_sign_ins(member) if place.id == sign_in]
    if not found:
        raise NotFound
    end_sign_in(member.user_id, found[0])


def end_sessions(user_id: UUID, *, keep: str | None = None) -> None:
    """Sign a person out everywhere, or everywhere but in the session `keep`."""
    with transaction.atomic():
        for row in UserSession.objects.filter(user_id=user_id).exclude(session_key=keep):
            end_sign_in(user_id, row.session_key)


def end_sign_in(user_id: UUID, session_key: str) -> None:
    with transaction.atomic():
        session_store(session_key).delete()
        UserSession.objects.filter(session_key=session_key).delete()
        announce(signals.session_ended, user_id=user_id, session_key=session_key)


def end_all_ways_in() -> None:
    """All sessions, one-time links and invitations: a restored instance knows nothing of those that ended meanwhile."""
    with transaction.atomic():
        Session.objects.all().delete()
        UserSession.objects.all().delete()
        SignInLink.objects.all().delete()
        Invitation.objects.all().delete()


def delete_expired() -> int:
    """What nobody can use any more: old links, sessions, and the notes about sessions that are gone. Returns how many."""
    now = timezone.now()
    alive = Session.objects.filter(expire_date__gte=now).values("session_key")
    gone = (
        SignInLink.objects.filter(expires_at__lt=now - LINK_KEPT),
        Invitation.objects.filter(expires_at__lt=now - LINK_KEPT),
        UserSession.objects.exclude(session_key__in=alive),
        Session.objects.filter(expire_date__lt=now),
    )
    return sum(rows.delete()[0] for rows in gone)


# --- Inside -----------------------------------------------------------------------------------------------------------


def _save_user(
    email: str, password: str | None, *, name: str = "", is_staff: bool = False, is_superuser: bool = False
) -> User:
    if password is not None:
        try:
            validate_password(password, User(email=email))
        except ValidationError as error:
            raise Invalid(" ".join(error.messages)) from None
    return User.objects.create_user(email, password, name=name, is_staff=is_staff, is_superuser=is_superuser)


def _join(user: User, workspace: Workspace, role: Role) -> None:
    Membership.objects.create(user=user, workspace=workspace, role=role)
    announce(signals.user_joined, user_id=user.id, workspace_id=workspace.id, role=role)


def _locked(membership_id: UUID) -> Membership:
    """Two owners who demote each other at once take turns at their workspace's row."""
    membership = Membership.objects.get(id=membership_id)
    Workspace.objects.select_for_update().get(id=membership.workspace_id)
    return Membership.objects.get(id=membership_id)


def _check_owner_remains(membership: Membership) -> None:
    if is_last_owner(membership):
        raise Conflict("A workspace needs an owner. Make someone else owner first.")


def _valid_email(email: str) -> str:
    try:
        validate_email(email.strip())
    except ValidationError:
        raise Invalid(f"{email!r} is no e-mail address. Write it as name@example.org.") from None
    return email.strip().lower()
