"""The workspace, and what its owners and admins decide for all who are in it."""

from typing import Literal, TypedDict, Unpack, get_args
from uuid import UUID

from parley.accounts import signals
from parley.accounts.access import check_admin
from parley.accounts.member import Member
from parley.accounts.models import Role, Workspace
from parley.accounts.names import valid_name
from parley.core.announce import announce
from parley.core.errors import Conflict, Invalid, NotAllowed

Locale = Literal["", "en", "de", "fr", "es", "pt", "ja", "zh", "ar"]
"""Those that the front end speaks; empty: each browser's own."""

Permission = Literal["may_make_bots", "may_make_keys", "may_share_links"]
REFUSALS: dict[Permission, str] = {
    "may_make_bots": "In this workspace only owners and admins make bots. Ask one of them to make it, or to allow it.",
    "may_make_keys": "In this workspace only owners and admins make API keys. Ask one of them to allow it.",
    "may_share_links": "In this workspace only owners and admins share conversations by a link. Ask one of them to allow it.",
}
SIGN_UP_ROLES = (Role.MEMBER, Role.GUEST)


class WorkspaceChanges(TypedDict, total=False):
    """What is left out stays. `default_bot_id` is checked by whoever knows bots (`bots.actions.choose_default_bot`)."""

    name: str
    sign_up_open: bool
    sign_up_role: Role
    locale: str
    default_bot_id: UUID | None
    may_make_bots: bool
    may_make_keys: bool
    may_share_links: bool


def change_workspace(member: Member, *, version: int, **changes: Unpack[WorkspaceChanges]) -> Workspace:
    """For owners and admins. Raises `Invalid`, and `Conflict` when someone else changed it since `version`."""
    check_admin(member)
    if "name" in changes:
        changes["name"] = valid_name(changes["name"])
    if changes.get("sign_up_role", Role.MEMBER) not in SIGN_UP_ROLES:
        raise Invalid("Who registers becomes a member or a guest. Make them more once they are here.")
    if changes.get("locale", "") not in get_args(Locale):
        raise Invalid("This language is not spoken here. Choose one of the list, or none.")
    rows = Workspace.objects.filter(id=member.workspace_id, version=version)
    if not rows.update(version=version + 1, **changes):
        raise Conflict
    announce(signals.workspace_changed, workspace_id=member.workspace_id, version=version + 1)
    return Workspace.objects.get(id=member.workspace_id)


def check_may(member: Member, permission: Permission) -> None:
    """Raises `NotAllowed` where the workspace leaves this to owners and admins. One query, for others than those."""
    if not member.is_admin and not Workspace.objects.filter(id=member.workspace_id, **{permission: True}).exists():
        raise NotAllowed(REFUSALS[permission])
