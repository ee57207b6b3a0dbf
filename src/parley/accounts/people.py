"""The people of a workspace, as its owners and admins manage them. Owners manage everybody; admins, members and guests.

Nobody locks themselves out here: switching oneself off, or removing oneself, is refused.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from parley.accounts import actions
from parley.accounts.access import check_admin, membership_for
from parley.accounts.member import Member
from parley.accounts.models import Membership, Role
from parley.core.errors import Conflict, Invalid, NotAllowed

MANAGED_BY_ADMINS = (Role.MEMBER, Role.GUEST)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """`may_manage`: whether the one who asks may change this person. `last_sign_in_at`: None for who never came."""

    id: UUID
    email: str
    name: str
    role: Role
    is_active: bool
    joined_at: datetime
    last_sign_in_at: datetime | None
    is_me: bool
    may_manage: bool


def list_people(
    member: Member,
    *,
    words: str = "",
    role: Role | None = None,
    active: bool | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> tuple[list[PersonLine], str | None]:
    """A page by address, and the cursor of the next one. `words` are looked for in names and addresses. One query."""
    check_admin(member)
    rows = _filtered(member, words.replace("\0", "").strip(), role, active)  # PostgreSQL knows no NUL
    if cursor:
        rows = rows.filter(user__email__gt=_address_of(cursor))
    page = list(rows.select_related("user").order_by("user__email")[: limit + 1])
    lines = [_line(row, member) for row in page[:limit]]
    return lines, _cursor_after(lines[-1].email) if len(page) > limit else None


def count_people(member: Member) -> dict[str, int]:
    """How many there are of each role, and how many are switched `off`. One query."""
    check_admin(member)
    counts = {role.value: 0 for role in Role} | {"off": 0}
    groups = Membership.objects.filter(workspace_id=member.workspace_id).values_list("role", "user__is_active")
    for role, is_active, people in groups.annotate(people=Count("id")):
        counts[role] += people
        counts["off"] += 0 if is_active else people
    return counts


def person_line(member: Member, user_id: UUID) -> PersonLine:
    return _line(membership_for(member, user_id), member)


def change_person(member: Member, user_id: UUID, *, role: Role | None = None, active: bool | None = None) -> PersonLine:
    """Raises `NotAllowed` for whom the member does not manage, `Conflict` for the last owner and for oneself."""
    with transaction.atomic():
        membership = managed(member, user_id)
        if role is not None and role != membership.role:
            check_may_give(member, role)
            actions.change_role(membership.id, role)
        if active is not None and active != membership.user.is_active:
            if not active:
                check_not_oneself(member, user_id)
            actions.switch_user(user_id, active=active)
    return person_line(member, user_id)


def sign_out_person(member: Member, user_id: UUID) -> None:
    """Everywhere, at once. Their API keys go on."""
    managed(member, user_id)
    actions.end_sessions(user_id)


def link_for_person(member: Member, user_id: UUID) -> str:
    """The token of a new sign-in link. Whoever has it becomes this person, hence only for those whom the member manages."""
    membership = managed(member, user_id)
    if not membership.user.is_active:
        raise Conflict("This person is switched off, and no link would let them in. Switch them on first.")
    return actions.issue_sign_in_link(user_id)


def managed(member: Member, user_id: UUID) -> Membership:
    """The person, if the member may manage them; or if it is the member."""
    membership = membership_for(member, user_id)
    if not _may_manage(member, membership):
        raise NotAllowed("Owners and admins are managed by an owner of the workspace.")
    return membership


def check_not_oneself(member: Member, user_id: UUID) -> None:
    if member.user_id == user_id:
        raise Conflict("This is you. Ask another owner to do it, so that nobody locks themselves out by mistake.")


def check_may_give(member: Member, role: Role) -> None:
    if member.role != Role.OWNER and role not in MANAGED_BY_ADMINS:
        raise NotAllowed("Only an owner can make somebody owner or admin.")


def _may_manage(member: Member, membership: Membership) -> bool:
    is_below = member.is_admin and membership.role in MANAGED_BY_ADMINS
    return member.role == Role.OWNER or is_below or membership.user_id == member.user_id


def _filtered(member: Member, words: str, role: Role | None, active: bool | None) -> QuerySet[Membership]:
    rows = Membership.objects.filter(workspace_id=member.workspace_id)
    if words:
        rows = rows.filter(Q(user__email__icontains=words) | Q(user__name__icontains=words))
    if role is not None:
        rows = rows.filter(role=role)
    if active is not None:
        rows = rows.filter(user__is_active=active)
    return rows


def _line(row: Membership, member: Member) -> PersonLine:
    return PersonLine(
        id=row.user_id,
        email=row.user.email,
        name=row.user.name,
        role=Role(row.role),
        is_active=row.user.is_active,
        joined_at=row.created_at,
        last_sign_in_at=row.user.last_login,
        is_me=row.user_id == member.user_id,
        may_manage=_may_manage(member, row),
    )


def _cursor_after(email: str) -> str:
    return base64.urlsafe_b64encode(email.encode()).decode().rstrip("=")


def _address_of(cursor: str) -> str:
    try:
        email = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        email = ""
    if not email.isprintable() or "@" not in email:
        raise Invalid("This is not a cursor of this list. Send the `next` of the page before, or none.")
    return email
