"""Bots for a person, or not found. Every member of a workspace sees its bots."""

from uuid import UUID

from parley.accounts.access import Member
from parley.bots.personas import Persona, persona_for
from parley.core.errors import Conflict, NotFound

NO_BOT = "There is no such bot. Choose another one."


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
