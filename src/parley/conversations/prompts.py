"""The library of prompts: one's own, and those that others in the workspace have shared.

It stands in this room and not in `bots`: a prompt is what a person says, in any conversation and to whichever bot.
"""

import re
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from parley.accounts.access import Member
from parley.conversations.access import prompt_for
from parley.conversations.models import Prompt
from parley.core.errors import Conflict, Invalid

MAX_PROMPTS = 500
MAX_CHARACTERS = 20_000
NAME = re.compile(r"[\w-]{1,40}")


@dataclass(frozen=True, slots=True)
class PromptLine:
    """A prompt as its readers see it. `author`: who shared it; empty for one's own."""

    id: UUID
    name: str
    text: str
    shared: bool
    author: str
    may_edit: bool
    version: int


def list_prompts(member: Member) -> list[PromptLine]:
    """One's own first, then those that others share, each by name. One query."""
    seen = Q(owner_id=member.user_id) | Q(shared=True)
    rows = Prompt.objects.filter(seen, workspace_id=member.workspace_id).select_related("owner")
    return sorted((line_of(member, row) for row in rows), key=lambda line: (not line.may_edit, line.name.lower()))


def line_of(member: Member, prompt: Prompt) -> PromptLine:
    is_own = prompt.owner_id == member.user_id
    author = "" if is_own else prompt.owner.shown_name
    return PromptLine(prompt.id, prompt.name, prompt.text, prompt.shared, author, is_own, prompt.version)


def make_prompt(member: Member, *, name: str, text: str, shared: bool = False) -> Prompt:
    """Raises `Invalid`, also when one of this name is there."""
    if Prompt.objects.filter(owner_id=member.user_id, workspace_id=member.workspace_id).count() >= MAX_PROMPTS:
        raise Invalid(f"You have {MAX_PROMPTS} prompts already. Delete some first.")
    prompt = Prompt(
        workspace_id=member.workspace_id,
        owner_id=member.user_id,
        name=_checked_name(name),
        text=_checked_text(text),
        shared=shared,
    )
    _save(prompt)
    return prompt


def change_prompt(
    member: Member,
    prompt_id: UUID,
    *,
    version: int,
    name: str | None = None,
    text: str | None = None,
    shared: bool | None = None,
) -> Prompt:
    """None stays as it is. Raises `NotFound`, `Invalid`, and `Conflict` when it was changed since `version` was read."""
    prompt = prompt_for(member, prompt_id)
    if prompt.version != version:
        raise Conflict("This prompt was changed elsewhere since you opened it. Reload, then change it again.")
    if name is not None:
        prompt.name = _checked_name(name)
    if text is not None:
        prompt.text = _checked_text(text)
    if shared is not None:
        prompt.shared = shared
    prompt.version = version + 1
    _save(prompt)
    return prompt


def delete_prompt(member: Member, prompt_id: UUID) -> None:
    prompt_for(member, prompt_id).delete()


def _save(prompt: Prompt) -> None:
    try:
        with transaction.atomic():
            prompt.save()
    except IntegrityError:
        raise Invalid(f"You have a prompt called /{prompt.name} already. Choose another name.") from None


def _checked_name(name: str) -> str:
    """As it is typed behind the slash."""
    name = name.strip().removeprefix("/").lower()
    if not NAME.fullmatch(name):
        raise Invalid("A prompt's name has at most 40 letters, digits, - or _, and no spaces. Change it.")
    return name


def _checked_text(text: str) -> str:
    if not text.strip():
        raise Invalid("The prompt is empty. Write what it shall say.")
    if len(text) > MAX_CHARACTERS:
        raise Invalid(f"The prompt has {len(text):,} characters; at most {MAX_CHARACTERS:,} are kept. Shorten it.")
    return text
