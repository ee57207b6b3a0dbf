"""Bots for a person, or not found. Every member of a workspace sees its bots; their makers and admins change them."""

from uuid import UUID

from parley.accounts.access import Member
from parley.accounts.models import Role
from parley.bots.models import Bot, BotVersion
from parley.bots.personas import Persona, persona_for
from parley.core.errors import Conflict, NotAllowed, NotFound

NO_BOT = "There is no such bot. It may have been archived. Choose another one."


def bot_for(member: Member, bot_id: UUID) -> Bot:
    """A bot to look at. Raises `NotFound`, for an archived one too."""
    bot = Bot.objects.filter(id=bot_id, workspace_id=member.workspace_id, archived_at=None).first()
    if bot is None:
        raise NotFound(NO_BOT)
    return bot


def bot_to_edit(member: Member, bot_id: UUID) -> Bot:
    """A bot to change. Raises `NotFound` and `NotAllowed`."""
    bot = bot_for(member, bot_id)
    if not may_edit(member, bot):
        raise NotAllowed("Only the maker of a bot, an owner or an admin may change it. Make a bot of your own instead.")
    return bot


def may_edit(member: Member, bot: Bot) -> bool:
    return member.is_admin or (bot.made_by_id == member.user_id and member.role != Role.GUEST)


def newest_version_of(bot: Bot) -> BotVersion:
    return BotVersion.objects.prefetch_related("collections").get(bot=bot, number=bot.version_number)


def usable_persona(member: Member, bot_id: UUID) -> Persona:
    """A bot that may get a message from this person now. No query when warm.

    Raises `NotFound` for an unknown bot and for one of another workspace, `Conflict` for one that cannot answer.
    """
    persona = persona_for(bot_id)
    if persona.workspace_id != member.workspace_id:
        raise NotFound(NO_BOT)
    if persona.is_archived:
        raise Conflict(f"The bot '{persona.name}' was archived. Choose another one.")
    if persona.model_card_id is None:
        raise Conflict(f"The model of the bot '{persona.name}' is gone. Choose another bot, or give this one a model.")
    return persona
