"""A person goes, with all that is theirs, from every place where Parley keeps things; and a list of what went."""

from parley.accounts.actions import delete_user, switch_user
from parley.accounts.models import User
from parley.conversations.actions import remove_conversation
from parley.conversations.models import Conversation
from parley.core.errors import NotFound
from parley.files.models import File
from parley.files.store import ARCHIVES, EXPORTS, IMPORTS, names_below, remove, upload_name

AT_ONCE = 100


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
    uploads = [upload_name(id_) for id_ in File.objects.filter(owner=user).values_list("id", flat=True)]
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
