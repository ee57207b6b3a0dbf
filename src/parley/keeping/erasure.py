"""A person goes, with all that is theirs, from every place where Parley keeps things; and a list of what went."""

from uuid import UUID

from django.db.models import Sum

from parley.accounts.access import Member, membership_for
from parley.accounts.actions import delete_user, remove_member, switch_user
from parley.accounts.models import ApiKey, Membership, User
from parley.accounts.people import check_not_oneself, managed
from parley.bots.models import Bot
from parley.conversations.actions import remove_conversation
from parley.conversations.models import Conversation
from parley.core.errors import NotFound
from parley.files.models import File
from parley.files.store import ARCHIVES, EXPORTS, IMPORTS, names_below, remove, upload_name, words_name
from parley.keeping.models import Archive

AT_ONCE = 100


def belongings(member: Member, user_id: UUID) -> dict[str, int]:
    """What would go with a person: `conversations`, `files`, `file_bytes`, `archives`, `keys`; and the `bots` that would stay.

    For owners and admins; raises `NotFound`. Six queries.
    """
    membership_for(member, user_id)
    files = File.objects.filter(owner_id=user_id)
    return {
        "conversations": Conversation.objects.filter(owner_id=user_id).count(),
        "files": files.count(),
        "file_bytes": files.aggregate(sum=Sum("size_bytes"))["sum"] or 0,
        "archives": Archive.objects.filter(owner_id=user_id).count(),
        "keys": ApiKey.objects.filter(user_id=user_id).count(),
        "bots": Bot.objects.filter(made_by_id=user_id).count(),
    }


def remove_person(member: Member, user_id: UUID) -> dict[str, int]:
    """Erase a person whom the member manages; or, where they belong to another workspace too, end their membership only."""
    membership = managed(member, user_id)
    check_not_oneself(member, user_id)
    if Membership.objects.filter(user_id=user_id).exclude(id=membership.id).exists():
        remove_member(membership.id)
        return {}
    return erase_person(membership.user.email)


def erase_person(email: str) -> dict[str, int]:
    """How many of what went, by name. Raises `NotFound`, and `Conflict` for the last owner of a workspace.

    They are shut out first, so that nothing is added meanwhile; cut off anywhere, it may be run again. What they used stays in
    the reports of usage, without their name. Bots that they made stay with their workspace.
    """
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        raise NotFound(f"There is no user {email}.")
    switch_user(user.id, active=False)
    counts = {"conversations": _remove_conversations(user), "files": File.objects.filter(owner=user).count()}
    ids = list(File.objects.filter(owner=user).values_list("id", flat=True))
    pdfs = File.objects.filter(owner=user, kind=File.Kind.PDF).values_list("id", flat=True)
    uploads = [*map(upload_name, ids), *map(words_name, pdfs)]
    counts |= delete_user(user.id)
    theirs = [name for folder in (ARCHIVES, EXPORTS, IMPORTS) for name in names_below(f"{folder}/{user.id}")]
    counts["objects in the store"] = _remove_objects([*uploads, *theirs])
    return counts


def _remove_conversations(user: User) -> int:
    """One by one, so that replies which are being written in them are stopped, and open pages hear of it."""
    removed = 0
    while batch := list(Conversation.objects.filter(owner=user)[:AT_ONCE]):
        for conversation in batch:
            remove_conversation(conversation)
            removed += 1
    return removed


def _remove_objects(names: list[str]) -> int:
    """The rows' end has removed most of them already; a store that did not answer then is asked once more."""
    for name in names:
        remove(name)
    return len(names)
