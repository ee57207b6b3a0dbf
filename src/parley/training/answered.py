"""Which model wrote an answer, also where its bot names a rule."""

from uuid import UUID

from parley.conversations.models import Message
from parley.engine.queries import generations_of_messages
from parley.providers.router.queries import card_chosen_for


def card_that_answered(answer: Message) -> UUID | None:
    """None where the model or the bot is gone. At most four queries."""
    card = answer.bot_version.model_card if answer.bot_version else None
    if card is None or not card.is_rule:
        return card.id if card else None
    generation = generations_of_messages([answer.id]).get(answer.id)
    return card_chosen_for(card.endpoint.workspace_id, generation.id) if generation else None
