"""The built-in guide's bot: who answers on a machine without any model."""

from uuid import UUID

from parley.bots.drafts import Draft
from parley.knowledge.models import Collection

NAME = "Parley guide"
AVATAR = "🧭"
GREETING = (
    "Hello! I am Parley's guide. I am no language model and cannot think; I look into Parley's handbook and quote the "
    "passages that answer you. To talk about anything else, connect a model under Settings, Models."
)
STARTERS = (
    "What is Parley?",
    "How do I connect a model?",
    "Is anything ever lost?",
    "How do I use the API?",
)


def guide_draft(model_card_id: UUID, handbook: Collection | None) -> Draft:
    """The guide's first version; without the handbook when that is not there yet."""
    return Draft(
        name=NAME,
        model_card_id=model_card_id,
        avatar=AVATAR,
        greeting=GREETING,
        starters=STARTERS,
        collection_ids=(handbook.id,) if handbook else (),
    )
