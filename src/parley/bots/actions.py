"""Writes of this room: an edit adds a version, and a card gets its default bot."""

from dataclasses import replace
from typing import Unpack
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from parley.accounts.access import Member
from parley.accounts.models import Role
from parley.accounts.workspace import check_may
from parley.bots import signals
from parley.bots.access import bot_to_bring_back, bot_to_edit, newest_version_of
from parley.bots.audience import Audience, admissions_for
from parley.bots.drafts import (
    MAX_NAME,
    MAX_PICTURE_BYTES,
    PICTURES,
    Changes,
    Draft,
    check_draft,
    draft_of,
)
from parley.bots.guide import guide_draft
from parley.bots.models import Admission, Bot, BotVersion
from parley.core.announce import announce
from parley.core.errors import Conflict, Invalid, NotAllowed
from parley.files.access import file_for
from parley.knowledge.access import collections_for
from parley.knowledge.models import Collection
from parley.knowledge.queries import handbook_of
from parley.providers.access import model_card_for
from parley.providers.models import GUIDE_WIRE, ModelCard

EVERYONE = Audience()
EDITED_ELSEWHERE = "This bot was edited elsewhere since you opened it. Reload, then make your change again."


def create_bot(member: Member, draft: Draft, audience: Audience = EVERYONE) -> Bot:
    """Raises `NotAllowed` for a guest, `Invalid`, and `NotFound` for a model of another workspace."""
    _check_new(member, draft)
    with transaction.atomic():
        bot = Bot.objects.create(workspace_id=member.workspace_id, made_by_id=member.user_id)
        _add_version(bot, draft, number=1, made_by=member.user_id)
        _admit(bot, audience)
        announce(signals.bot_added, bot_id=bot.id, workspace_id=bot.workspace_id)
    return bot


def preview_bot(member: Member, draft: Draft) -> Bot:
    """The bot that plays what stands unsaved in this person's editor, as it stands now. Raises as `create_bot` does.

    There is one for each person, theirs alone, and in no list.
    """
    _check_new(member, draft)
    kept = {"workspace_id": member.workspace_id, "made_by_id": member.user_id, "is_preview": True}
    with transaction.atomic():
        bot, is_new = Bot.objects.get_or_create(**kept, defaults={"audience": Bot.Audience.MAKER})
        if is_new:
            _add_version(bot, draft, number=1, made_by=member.user_id)
        elif draft_of(newest_version_of(bot)) != draft:
            _claim_next_version(bot)
            _add_version(bot, draft, number=bot.version_number, made_by=member.user_id)
    return bot


def edit_bot(
    member: Member, bot_id: UUID, *, version: int, audience: Audience | None = None, **changes: Unpack[Changes]
) -> Bot:
    """Add a version, and say anew whom the bot is for. What did not change adds nothing.

    Raises `Conflict` when another version came since `version` was read, and otherwise as `create_bot` does.
    """
    bot = bot_to_edit(member, bot_id)
    before = draft_of(newest_version_of(bot))
    draft = replace(before, **changes)
    if bot.version_number != version:
        raise Conflict(EDITED_ELSEWHERE)
    if audience and bot.default_for_id:
        raise Invalid("This bot stands for its model, which is for everybody. Make a bot of your own instead.")
    _check(member, draft, before)
    if bot.default_for_id and draft.model_card_id != before.model_card_id:
        raise Invalid("This bot stands for its model. Make a bot of your own to use another model.")
    with transaction.atomic():
        if draft != before:
            _claim_next_version(bot)
            _add_version(bot, draft, number=bot.version_number, made_by=member.user_id)
        if audience:
            _admit(bot, audience)
            announce(signals.bot_shared, bot_id=bot.id, workspace_id=bot.workspace_id)
    return bot


def archive_bot(member: Member, bot_id: UUID) -> None:
    """It answers no more; what it said stays, with the version that said it. Twice is once."""
    bot = bot_to_edit(member, bot_id)
    if bot.default_for_id:
        raise Invalid("This bot stands for its model. Switch off the model under Settings, Models instead.")
    with transaction.atomic():
        if Bot.objects.filter(id=bot.id, archived_at=None).update(archived_at=timezone.now()):
            announce(signals.bot_archived, bot_id=bot.id, workspace_id=bot.workspace_id)


def bring_back_bot(member: Member, bot_id: UUID) -> bool:
    """A bot that was archived answers again, with all its versions. Returns whether it was; raises as `edit_bot` does."""
    bot = bot_to_bring_back(member, bot_id)
    with transaction.atomic():
        was_archived = Bot.objects.filter(id=bot.id).exclude(archived_at=None).update(archived_at=None) == 1
        if was_archived:
            announce(signals.bot_added, bot_id=bot.id, workspace_id=bot.workspace_id)
    return was_archived


def ensure_default_bots(workspace_id: UUID) -> int:
    """Give each model card without one its default bot. Returns how many were made. Safe to run at any time."""
    cards = ModelCard.objects.filter(
        endpoint__workspace_id=workspace_id, default_bot=None, embeds=False
    ).select_related("endpoint")
    return sum(_ensure_default_bot(card) for card in cards)


def follow_card(model_card_id: UUID) -> None:
    """A model was renamed or came: its default bot has its name, until a person edits the bot."""
    card = ModelCard.objects.select_related("endpoint").filter(id=model_card_id).first()
    if card is None or card.embeds or _ensure_default_bot(card):
        return
    bot = Bot.objects.get(default_for=card)
    newest = newest_version_of(bot)
    draft = replace(draft_of(newest), name=_default_draft(card).name)
    if newest.made_by_id is None and draft.name != newest.name:
        with transaction.atomic():
            _claim_next_version(bot)
            _add_version(bot, draft, number=bot.version_number)


def lend_handbook(workspace_id: UUID) -> None:
    """The guide reads the handbook: when that came after the guide, the guide gets a version with it."""
    handbook = handbook_of(workspace_id)
    if handbook is None:
        return
    for bot in Bot.objects.filter(workspace_id=workspace_id, default_for__endpoint__wire=GUIDE_WIRE):
        newest = newest_version_of(bot)
        draft = draft_of(newest)
        if newest.made_by_id is None and not draft.collection_ids:
            with transaction.atomic():
                _claim_next_version(bot)
                _add_version(bot, replace(draft, collection_ids=(handbook.id,)), number=bot.version_number)


def archive_default_bot(model_card_id: UUID) -> None:
    """Its model is about to be deleted."""
    for bot in Bot.objects.filter(default_for=model_card_id):
        Bot.objects.filter(id=bot.id).update(default_for=None, archived_at=timezone.now())
        announce(signals.bot_archived, bot_id=bot.id, workspace_id=bot.workspace_id)


def _ensure_default_bot(card: ModelCard) -> bool:
    with transaction.atomic():
        bot, is_new = Bot.objects.get_or_create(default_for=card, defaults={"workspace_id": card.endpoint.workspace_id})
        if is_new:
            _add_version(bot, _default_draft(card), number=1)
            announce(signals.bot_added, bot_id=bot.id, workspace_id=bot.workspace_id)
    return is_new


def _default_draft(card: ModelCard) -> Draft:
    if card.is_guide:
        return guide_draft(card.id, handbook_of(card.endpoint.workspace_id))
    return Draft(name=str(card)[:MAX_NAME], model_card_id=card.id)


def _check_new(member: Member, draft: Draft) -> None:
    if member.role == Role.GUEST:
        raise NotAllowed("Guests cannot make bots. Ask an owner or admin of the workspace to make you a member.")
    check_may(member, "may_make_bots")
    _check(member, draft)
    if draft.model_card_id is None:
        raise Invalid("A bot needs a model. Choose one.")


def _admit(bot: Bot, audience: Audience) -> None:
    admissions = admissions_for(bot, audience)
    Bot.objects.filter(id=bot.id).update(audience=audience.who)
    bot.admissions.all().delete()
    Admission.objects.bulk_create(admissions)


def _check(member: Member, draft: Draft, before: Draft | None = None) -> None:
    """What an edit leaves as it was is not asked again: a model switched off meanwhile forbids no new name."""
    check_draft(draft)
    if draft.parameters.functions:
        raise Invalid(
            "Functions of your own are for the playground and for programs that ask by /v1: nobody answers a bot's. "
            "Give the bot built-in tools instead."
        )
    if draft.model_card_id and not (before and before.model_card_id == draft.model_card_id):
        model_card_for(member, draft.model_card_id)
    if draft.picture_id and not (before and before.picture_id == draft.picture_id):
        _check_picture(member, draft.picture_id)
    _check_collections(member, set(draft.collection_ids))


def _check_picture(member: Member, file_id: UUID) -> None:
    """One's own upload. Raises `NotFound` and `Invalid`."""
    file = file_for(member, file_id)
    if file.media_type not in PICTURES:
        raise Invalid("An avatar's picture is a PNG, JPEG, WebP or GIF. Choose another file.")
    if file.size_bytes > MAX_PICTURE_BYTES:
        raise Invalid(f"An avatar's picture has at most {MAX_PICTURE_BYTES // 1024} KiB. Make it smaller.")


def _check_collections(member: Member, ids: set[UUID]) -> None:
    if ids and collections_for(member).filter(id__in=ids).count() != len(ids):
        raise Invalid("One of these collections does not exist any more. Reload, then choose again.")


def _claim_next_version(bot: Bot) -> None:
    """Raises `Conflict` when somebody else was faster."""
    claimed = Bot.objects.filter(id=bot.id, version_number=bot.version_number)
    bot.version_number += 1
    if claimed.update(version_number=bot.version_number) != 1:
        raise Conflict(EDITED_ELSEWHERE)


def _add_version(bot: Bot, draft: Draft, *, number: int, made_by: UUID | None = None) -> None:
    version = BotVersion.objects.create(
        bot=bot,
        number=number,
        name=draft.name.strip(),
        avatar=draft.avatar,
        colour=draft.colour,
        picture_id=draft.picture_id,
        description=draft.description.strip(),
        system_prompt=draft.system_prompt,
        greeting=draft.greeting,
        starters=list(draft.starters),
        model_card_id=draft.model_card_id,
        parameters=draft.parameters.stored(),
        made_by_id=made_by,
    )
    if draft.collection_ids:
        version.collections.set(Collection.objects.filter(id__in=draft.collection_ids))
    if number > 1:
        announce(signals.bot_edited, bot_id=bot.id, workspace_id=bot.workspace_id, version_id=version.id)
