"""Bots for a person, or not found. Whom a bot is for sees it; its maker and admins change it."""

from uuid import UUID

from django.db.models import F

from parley.accounts.access import Member
from parley.accounts.models import Role
from parley.bots.audience import usable_by
from parley.bots.models import Bot, BotVersion
from parley.bots.parameters import parameters_of
from parley.bots.personas import Persona, persona_for
from parley.core.errors import Conflict, Invalid, NotAllowed, NotFound
from parley.files.models import File
from parley.providers.shapes import Shape

NO_BOT = "There is no such bot. It may have been archived, or is no longer shared with you. Choose another one."


def bot_for(member: Member, bot_id: UUID) -> Bot:
    """A bot to look at. Raises `NotFound`, for an archived one too."""
    bot = usable_by(member).filter(id=bot_id, archived_at=None, is_preview=False).first()
    if bot is None:
        raise NotFound(NO_BOT)
    return bot


def bot_to_edit(member: Member, bot_id: UUID) -> Bot:
    """A bot to change. Raises `NotFound` and `NotAllowed`."""
    bot = bot_for(member, bot_id)
    check_may_edit(member, bot)
    return bot


def bot_to_bring_back(member: Member, bot_id: UUID) -> Bot:
    """A bot to change, archived or not. Raises as `bot_to_edit` does."""
    bot = usable_by(member).filter(id=bot_id, is_preview=False, playground_of=None).first()
    if bot is None:
        raise NotFound(NO_BOT)
    check_may_edit(member, bot)
    return bot


def check_may_edit(member: Member, bot: Bot) -> None:
    if not may_edit(member, bot):
        raise NotAllowed("Only the maker of a bot, an owner or an admin may change it. Make a bot of your own instead.")


def may_edit(member: Member, bot: Bot) -> bool:
    return member.is_admin or (bot.made_by_id == member.user_id and member.role != Role.GUEST)


def check_default_bot(member: Member, bot_id: UUID) -> None:
    """Whether new conversations may begin with it. Raises `NotFound`, and `Invalid` where some could not talk to it."""
    bot = bot_for(member, bot_id)
    if bot.audience != Bot.Audience.EVERYONE:
        raise Invalid("New conversations begin with a bot that is for everybody. Share it with all, or choose another.")
    if newest_version_of(bot).model_card_id is None:
        raise Invalid("This bot has no model, so it cannot answer. Give it one, or choose another bot.")


def newest_version_of(bot: Bot) -> BotVersion:
    return BotVersion.objects.prefetch_related("collections").get(bot=bot, number=bot.version_number)


def usable_persona(member: Member, bot_id: UUID) -> Persona:
    """A bot that may get a message from this person now. No query when warm.

    Raises `NotFound` for an unknown bot and for one that is not for this person, `Conflict` for one that cannot answer.
    """
    persona = persona_for(bot_id)
    check_admitted(member, persona)
    if persona.is_archived:
        raise Conflict(f"The bot '{persona.name}' was archived. Choose another one.")
    if persona.model_card_id is None:
        raise Conflict(f"The model of the bot '{persona.name}' is gone. Choose another bot, or give this one a model.")
    return persona


def check_admitted(member: Member, persona: Persona) -> None:
    """Raises `NotFound` where the bot is not for this person. No query."""
    if persona.workspace_id != member.workspace_id or not persona.audience.admits(member):
        raise NotFound(NO_BOT)


def picture_for(member: Member, file_id: UUID) -> File:
    """The picture of a bot, as whoever may use the bot sees it; of one that was archived too. Raises `NotFound`."""
    versions = BotVersion.objects.filter(picture_id=file_id, bot__in=usable_by(member)).select_related("picture")
    version = versions.first()
    if version is None or version.picture is None:
        raise NotFound("There is no such picture. The bot may be no longer shared with you.")
    return version.picture


def shape_for(member: Member, bot_id: UUID, number: int | None = None) -> Shape | None:
    """What the answers of a version, or of the newest, look like; of an archived bot too. Raises `NotFound`."""
    which = F("bot__version_number") if number is None else number
    version = BotVersion.objects.filter(bot__in=usable_by(member), bot_id=bot_id, number=which).first()
    if version is None:
        raise NotFound(NO_BOT)
    return parameters_of(version.parameters).shape
