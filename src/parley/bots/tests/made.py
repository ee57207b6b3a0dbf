"""Models and bots for tests, without their rooms' actions."""

from uuid import UUID

from parley.accounts.models import Workspace
from parley.bots.models import Bot, BotVersion
from parley.providers.models import Endpoint, ModelCard


def make_card(workspace_id: UUID, name: str = "small", *, endpoint: str = "Vendor", **fields: object) -> ModelCard:
    """A model of an endpoint that speaks the mock wire."""
    where, _ = Endpoint.objects.get_or_create(
        workspace=Workspace.objects.get(id=workspace_id), name=endpoint, defaults={"wire": "mock"}
    )
    return ModelCard.objects.create(endpoint=where, name=name, **fields)


def make_bot(
    workspace_id: UUID,
    name: str = "Helper",
    *,
    card: ModelCard | None = None,
    default_for: ModelCard | None = None,
    **fields: object,
) -> Bot:
    """A bot with one version and, unless one is given, a model of its own."""
    card = card or make_card(workspace_id, f"model of {name}")
    bot = Bot.objects.create(workspace_id=workspace_id, default_for=default_for)
    BotVersion.objects.create(bot=bot, number=1, name=name, model_card=card, **fields)
    return bot
