"""Reads of this room."""

from uuid import UUID

from parley.bots.models import Bot
from parley.bots.personas import KEPT_S
from parley.core.errors import NotFound
from parley.core.remember import Remembered
from parley.providers.models import Endpoint


def default_bot(workspace_id: UUID) -> UUID:
    """The bot of a conversation for which nobody chose one. No query when warm. Raises `NotFound` when there is none.

    It is the bot of the first model of the endpoint that was connected last: who has just connected a vendor wants to
    talk to it. Without any, it is the guide.
    """
    return _default(workspace_id)


def forget_default_bots() -> None:
    """A model came, went, or was switched."""
    _default.forget()


def _read_default(workspace_id: UUID) -> UUID:
    bots = Bot.objects.filter(
        workspace_id=workspace_id,
        archived_at=None,
        default_for__enabled=True,
        default_for__endpoint__enabled=True,
    )
    real = bots.exclude(default_for__endpoint__source=Endpoint.Source.BUILT_IN)
    newest_first = ("-default_for__endpoint__created_at", "default_for__created_at", "id")
    found = real.order_by(*newest_first).first() or bots.order_by(*newest_first).first()
    if found is None:
        raise NotFound("No model is connected yet. An owner can connect one under Settings, Models.")
    return found.id


_default = Remembered(_read_default, seconds=KEPT_S)
