"""Writes of this room. A post is one transaction: a receipt, a message, an empty answer, the branch shown.

Posts may run inside the caller's transaction and then save two statements by having no savepoint of their own: what
refuses the post must refuse the caller's work too.
"""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Final, Literal
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from parley.accounts.access import Member
from parley.bots.access import check_admitted, usable_persona
from parley.bots.personas import Persona, persona_of_version
from parley.bots.queries import default_bot
from parley.conversations import signals
from parley.conversations.access import NO_MESSAGE, conversation_for, message_for
from parley.conversations.attachments import attach, files_only_in, with_files
from parley.conversations.limits import check_parts
from parley.conversations.models import Conversation, Message, Receipt
from parley.conversations.parts import Part, text_of
from parley.conversations.place import Place, place_for
from parley.conversations.queries import newest_leaf
from parley.conversations.receipts import Posted, Promised, claim, digest_of
from parley.conversations.titles import excerpt_title
from parley.core.announce import announce
from parley.core.errors import Conflict, Invalid, NotFound
from parley.core.faultpoint import faultpoint
from parley.core.ids import uuid7
from parley.core.statements import Insert, Update

INSERT_CONVERSATION = Insert(Conversation)
INSERT_MESSAGES = Insert(Message)
END_ANSWER = Update(Message, where=("id", "status"))
SHOW = Update(Conversation, where=("id",))
SHOW_BY_BOT = Update(Conversation, where=("id",))

Ended = Literal["completed", "stopped", "failed", "interrupted"]


class Leaf(StrEnum):
    """Stands for the message whose branch is shown, whichever it is when the post arrives."""

    SHOWN = "leaf"


LEAF: Final = Leaf.SHOWN


def post_message(
    member: Member,
    parts: Sequence[Part],
    *,
    key: UUID,
    conversation_id: UUID | None = None,
    parent_id: UUID | Leaf | None = LEAF,
    bot_id: UUID | None = None,
) -> Posted:
    """Say something under `parent_id` (None: a new root), in a new conversation when none is named.

    Three statements in a new conversation, four in one that exists. Raises `Invalid`, `TooLarge`, `NotFound`,
    `KeyReused`, and `Conflict` when the parent is still being written.
    """
    check_parts(parts)
    digest = digest_of("post", parts, conversation_id, parent_id, bot_id)
    if conversation_id is None:
        if isinstance(parent_id, UUID):
            raise NotFound(NO_MESSAGE)
        return _post_in_new(member, parts, key=key, digest=digest, bot_id=bot_id)
    return _post_in(member, conversation_id, parts, key=key, digest=digest, parent_id=parent_id, bot_id=bot_id)


def _post_in_new(member: Member, parts: Sequence[Part], *, key: UUID, digest: str, bot_id: UUID | None) -> Posted:
    with transaction.atomic(savepoint=False):
        promised = Promised(uuid7(), uuid7(), uuid7())  # of one process, so each is greater
        if first := claim(member.user_id, key, digest, promised):
            return first
        persona = _persona(member, bot_id)
        parts = with_files(member, parts)
        conversation = _found(member, promised.conversation_id, persona, _title(parts), leaf_id=promised.answer_id)
        _add(conversation, promised, persona, said=_said(member, promised, parts, parent_id=None))
        attach(conversation.id, parts)
    return _posted(promised, persona, new_conversation=True)


def _post_in(
    member: Member,
    conversation_id: UUID,
    parts: Sequence[Part],
    *,
    key: UUID,
    digest: str,
    parent_id: UUID | Leaf | None,
    bot_id: UUID | None,
) -> Posted:
    with transaction.atomic(savepoint=False):
        place = place_for(member, conversation_id, parent_id=parent_id if isinstance(parent_id, UUID) else None)
        promised = _promise(place.id, above=place.parent_id)
        if first := claim(member.user_id, key, digest, promised):
            return first
        persona = _persona(member, bot_id, place)
        parts = with_files(member, parts)
        under = None if parent_id is None else place.parent_id
        if under is not None:
            _check_parent(place)
        _add(place, promised, persona, said=_said(member, promised, parts, parent_id=under))
        attach(place.id, parts)
        _show(place, promised.answer_id, persona, title="" if place.title else _title(parts))
    return _posted(promised, persona)


def edit_message(
    member: Member, message_id: UUID, parts: Sequence[Part], *, key: UUID, bot_id: UUID | None = None
) -> Posted:
    """Say it differently: a sibling of one's own message, with its own answer. Both branches stay. Four statements."""
    check_parts(parts)
    with transaction.atomic(savepoint=False):
        original = message_for(member, message_id, for_writing=True)
        promised = _promise(original.conversation_id, above=original.parent_id)
        if first := claim(member.user_id, key, digest_of("edit", parts, message_id, bot_id), promised):
            return first
        if original.role != Message.Author.USER:
            raise Invalid("Only your own messages can be edited. Regenerate an answer instead.")
        persona = _persona(member, bot_id, original.conversation)
        parts = with_files(member, parts)
        said = _said(member, promised, parts, parent_id=original.parent_id)
        _add(original.conversation, promised, persona, said=said)
        attach(original.conversation_id, parts)
        _show(original.conversation, promised.answer_id, persona)
    return _posted(promised, persona)


def regenerate(member: Member, answer_id: UUID, *, key: UUID, bot_id: UUID | None = None) -> Posted:
    """Ask again: a sibling of an ended answer, by the bot named or the conversation's. Four statements."""
    with transaction.atomic(savepoint=False):
        answer = message_for(member, answer_id, for_writing=True)
        promised = _sibling_of(answer)
        if first := claim(member.user_id, key, digest_of("regenerate", [], answer_id, bot_id), promised):
            return first
        _check_ended(answer)
        persona = _persona(member, bot_id, answer.conversation)
        _add(answer.conversation, promised, persona)
        _show(answer.conversation, promised.answer_id, persona)
    return _posted(promised, persona)


def continue_answer(member: Member, answer_id: UUID, *, key: UUID) -> Posted:
    """Go on where an answer was cut off: a sibling, by the same version, that is to start from the kept text."""
    with transaction.atomic(savepoint=False):
        answer = message_for(member, answer_id, for_writing=True)
        promised = _sibling_of(answer)
        if first := claim(member.user_id, key, digest_of("continue", [], answer_id), promised):
            return first
        _check_ended(answer)
        _check_cut_off(answer)
        persona = _persona_that_wrote(member, answer)
        _add(answer.conversation, promised, persona)
        _show(answer.conversation, promised.answer_id)
    return _posted(promised, persona, continued_id=answer.id)


def end_answer(answer_id: UUID, *, parts: Sequence[Part], status: Ended) -> int:
    """Give an answer its parts, for ever. Returns 1, or 0 when it had ended before or is gone. One statement."""
    ended = END_ANSWER({"id": answer_id, "status": Message.Status.WRITING}, parts=list(parts), status=status)
    faultpoint("answer.ended")
    if ended:
        announce(signals.message_ended, message_id=answer_id, status=status)
    return ended


def create_conversation(member: Member, *, bot_id: UUID | None = None, title: str = "") -> Conversation:
    """An empty one, for a program that wants its id first; the browser's first post makes its own."""
    persona = usable_persona(member, bot_id or default_bot(member.workspace_id))
    named = bool(title.strip())
    with transaction.atomic():
        return _found(member, uuid7(), persona, _checked_title(title) if named else "", by_person=named)


def rename(member: Member, conversation_id: UUID, title: str, *, version: int) -> Conversation:
    """Raises `Conflict` when the conversation was renamed since `version` was read."""
    title = _checked_title(title)
    conversation = conversation_for(member, conversation_id)
    with transaction.atomic():
        renamed = Conversation.objects.filter(id=conversation.id, version=version).update(
            title=title, title_source=Conversation.TitleSource.PERSON, version=version + 1
        )
        if renamed != 1:
            raise Conflict("This conversation was renamed elsewhere since you opened it. Reload, then rename it again.")
        conversation.title, conversation.version = title, version + 1
        _announce_renamed(conversation)
    return conversation


def set_title(conversation_id: UUID, title: str) -> bool:
    """A model's title: only in place of an excerpt, never over a person's. False when it came too late.

    `version` stays, so that a person who is typing a name at this moment is not refused.
    """
    with transaction.atomic():
        set_ = Conversation.objects.filter(id=conversation_id, title_source=Conversation.TitleSource.EXCERPT).update(
            title=_checked_title(title), title_source=Conversation.TitleSource.MODEL
        )
        if set_:
            _announce_renamed(Conversation.objects.get(id=conversation_id))
    return bool(set_)


def keep_excerpt_title(conversation_id: UUID) -> None:
    """No model will find a better title than the first words; nobody needs to be asked again."""
    sources = Conversation.TitleSource
    Conversation.objects.filter(id=conversation_id, title_source=sources.EXCERPT).update(title_source=sources.KEPT)


def choose_leaf(member: Member, conversation_id: UUID, message_id: UUID) -> UUID:
    """Show the branch through this message, down to what was written last below it. Returns the leaf."""
    conversation = conversation_for(member, conversation_id)
    if not Message.objects.filter(id=message_id, conversation=conversation).exists():
        raise NotFound(NO_MESSAGE)
    leaf_id = newest_leaf(message_id)
    with transaction.atomic():
        Conversation.objects.filter(id=conversation.id).update(leaf_id=leaf_id)
        announce(signals.leaf_chosen, **_whose(conversation), leaf_id=leaf_id)
    return leaf_id


def delete_conversation(member: Member, conversation_id: UUID) -> None:
    """With all its messages and the files that only they name, for ever. Who is still writing in it is told to stop."""
    conversation = conversation_for(member, conversation_id)
    with transaction.atomic():
        files = files_only_in(conversation)
        remove_conversation(conversation)
        for file in files:
            file.delete()


def remove_conversation(conversation: Conversation) -> None:
    """Whoever's it is; retention may. Files stay: an archive of it may name them."""
    with transaction.atomic():
        _wait_for_posts(conversation)
        live = conversation.messages.filter(status=Message.Status.WRITING).values_list("id", flat=True)
        announce(signals.conversation_deleted, **_whose(conversation), live_answer_ids=tuple(live))
        conversation.delete()


def clear_conversation(member: Member, conversation_id: UUID) -> None:
    """All its messages go, for ever, and the links to them; title, bot, folder and tags stay. Who writes in it is stopped."""
    conversation = conversation_for(member, conversation_id)
    with transaction.atomic():
        _wait_for_posts(conversation)
        live = conversation.messages.filter(status=Message.Status.WRITING).values_list("id", flat=True)
        announce(signals.conversation_cleared, **_whose(conversation), live_answer_ids=tuple(live))
        conversation.shares.all().delete()
        conversation.messages.all().delete()
        Conversation.objects.filter(id=conversation.id).update(leaf_id=None)


def _wait_for_posts(conversation: Conversation) -> None:
    """Those under way in it, so that none adds to a tree that is being felled; on SQLite transactions take turns anyway."""
    if connection.features.has_select_for_update:
        list(Conversation.objects.select_for_update().filter(id=conversation.id).values_list("id"))


def forget_old_receipts() -> int:
    """Receipts that no outbox will ask for again. Returns how many went."""
    kept = timedelta(days=settings.RECEIPTS_KEPT_DAYS)
    return Receipt.objects.filter(created_at__lt=timezone.now() - kept).delete()[0]


def _persona(member: Member, bot_id: UUID | None, conversation: Conversation | Place | None = None) -> Persona:
    """Who answers next: the bot that was named, or the conversation's, or the workspace's."""
    last = conversation.bot_id if conversation else None
    return usable_persona(member, bot_id or last or default_bot(member.workspace_id))


def _persona_that_wrote(member: Member, answer: Message) -> Persona:
    if answer.bot_version_id is None:
        return _persona(member, None, answer.conversation)
    persona = persona_of_version(answer.bot_version_id)
    check_admitted(member, persona)
    return persona


def _sibling_of(answer: Message) -> Promised:
    """Raises `Invalid` for a message that is no answer."""
    if answer.role != Message.Author.ASSISTANT or answer.parent_id is None:
        raise Invalid("Only an answer can be written again. Edit a message of your own instead.")
    return Promised(answer.conversation_id, answer.parent_id, uuid7(after=answer.parent_id))


def _promise(conversation_id: UUID, *, above: UUID | None) -> Promised:
    """Each id is greater than the one above it, whatever the clock of this host says: a tree is read by its ids."""
    message_id = uuid7(after=above or conversation_id)
    return Promised(conversation_id, message_id, uuid7(after=message_id))


def _check_ended(answer: Message) -> None:
    if answer.status == Message.Status.WRITING:
        raise Conflict("This answer is still being written. Wait until it has ended, or stop it first.")


def _check_cut_off(answer: Message) -> None:
    if answer.status == Message.Status.COMPLETED:
        raise Invalid("This answer is complete, so there is nothing to continue. Regenerate it instead.")
    if not text_of(answer.parts).strip():
        raise Invalid("Nothing of this answer was written, so there is nothing to continue. Regenerate it instead.")


def _check_parent(place: Place) -> None:
    if not place.parent_role:
        raise NotFound(NO_MESSAGE)
    if place.parent_role != Message.Author.ASSISTANT:
        raise Invalid("A message must follow an answer. Edit the other message instead, or post under its answer.")
    if place.parent_status == Message.Status.WRITING:
        raise Conflict("The answer above is still being written. Wait until it has ended, or stop it first.")


def _found(
    member: Member,
    conversation_id: UUID,
    persona: Persona,
    title: str,
    *,
    leaf_id: UUID | None = None,
    by_person: bool = False,
) -> Conversation:
    sources = Conversation.TitleSource
    conversation = Conversation(
        id=conversation_id,
        workspace_id=member.workspace_id,
        owner_id=member.user_id,
        bot_id=persona.bot_id,
        title=title,
        title_source=sources.PERSON if by_person else sources.EXCERPT,
        leaf_id=leaf_id,
        updated_at=timezone.now(),
    )
    INSERT_CONVERSATION(conversation)
    announce(signals.conversation_created, **_whose(conversation), title=title)
    return conversation


def _said(member: Member, promised: Promised, parts: Sequence[Part], *, parent_id: UUID | None) -> Message:
    return Message(
        id=promised.message_id,
        conversation_id=promised.conversation_id,
        parent_id=parent_id,
        role=Message.Author.USER,
        user_id=member.user_id,
        parts=list(parts),
    )


def _add(
    conversation: Conversation | Place, promised: Promised, persona: Persona, *, said: Message | None = None
) -> None:
    """Insert the empty answer, after the message it answers if that is new too, in one statement."""
    answer = Message(
        id=promised.answer_id,
        conversation_id=promised.conversation_id,
        parent_id=promised.message_id,
        role=Message.Author.ASSISTANT,
        bot_version_id=persona.version_id,
        parts=[],
        status=Message.Status.WRITING,
    )
    INSERT_MESSAGES(*([said, answer] if said else [answer]))
    announce(
        signals.message_added, **_whose(conversation), message_id=promised.message_id, answer_id=promised.answer_id
    )


def _show(
    conversation: Conversation | Place, leaf_id: UUID, persona: Persona | None = None, *, title: str = ""
) -> None:
    """The newest message is shown and counts for the order of the list; `persona` answers next, too.

    `title` is for a conversation that has none, even if it was given one since it was read.
    """
    where = {"id": conversation.id}
    if persona:
        SHOW_BY_BOT(where, leaf_id=leaf_id, updated_at=timezone.now(), bot_id=persona.bot_id)
    else:
        SHOW(where, leaf_id=leaf_id, updated_at=timezone.now())
    if title:
        Conversation.objects.filter(id=conversation.id, title="").update(title=title)


def _posted(
    promised: Promised, persona: Persona, *, new_conversation: bool = False, continued_id: UUID | None = None
) -> Posted:
    return Posted(
        promised.conversation_id,
        promised.message_id,
        promised.answer_id,
        persona.version_id,
        new_conversation=new_conversation,
        continued_id=continued_id,
    )


def _title(parts: Sequence[Part]) -> str:
    names = ", ".join(part.name for part in parts if part.type == "file")
    return excerpt_title(text_of(list(parts)).strip() or names)


def _checked_title(title: str) -> str:
    title = " ".join(title.split())
    most = Conversation._meta.get_field("title").max_length or 0
    if not title:
        raise Invalid("A conversation needs a title. Write one.")
    if len(title) > most:
        raise Invalid(f"The title has {len(title)} characters; at most {most} are kept. Shorten it.")
    if "\0" in title:
        raise Invalid("The title holds a NUL character, so it is not text. Remove it.")
    return title


def _announce_renamed(conversation: Conversation) -> None:
    announce(
        signals.conversation_renamed,
        **_whose(conversation),
        title=conversation.title,
        version=conversation.version,
    )


def _whose(conversation: Conversation | Place) -> dict[str, UUID]:
    return {
        "conversation_id": conversation.id,
        "owner_id": conversation.owner_id,
        "workspace_id": conversation.workspace_id,
    }
