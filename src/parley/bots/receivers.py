"""What this room does when something happens below it, or in it."""

from uuid import UUID

from django.db.models.signals import pre_delete
from django.dispatch import receiver

from parley.accounts.models import User
from parley.accounts.signals import workspace_changed
from parley.bots import actions, signals
from parley.bots.personas import forget_personas
from parley.bots.queries import forget_default_bots
from parley.bots.trials import forget_trials
from parley.knowledge.signals import documents_indexed
from parley.providers.models import ModelCard
from parley.providers.signals import (
    endpoint_added,
    endpoint_changed,
    endpoint_removed,
    model_card_added,
    model_card_changed,
)


@receiver([model_card_added, model_card_changed])
def _follow_card(sender: object, model_card_id: UUID, **fact: object) -> None:
    actions.follow_card(model_card_id)
    _forget()


@receiver([endpoint_added, endpoint_changed, endpoint_removed])
@receiver([signals.bot_added, signals.bot_edited, signals.bot_shared, signals.bot_archived])
def _forget_all(sender: object, **fact: object) -> None:
    _forget()


@receiver(documents_indexed)
def _lend_handbook(sender: object, workspace_id: UUID, **fact: object) -> None:
    actions.lend_handbook(workspace_id)


@receiver(workspace_changed)
def _forget_default(sender: object, **fact: object) -> None:
    forget_default_bots()


# Not a fact but Django's own signal: once the card is gone, nothing tells which bot was its default.
@receiver(pre_delete, sender=ModelCard)
def _archive_default_bot(sender: object, instance: ModelCard, **rest: object) -> None:
    actions.archive_default_bot(instance.id)


# Once the person is gone, nothing tells whose playground it was.
@receiver(pre_delete, sender=User)
def _forget_trials(sender: object, instance: User, **rest: object) -> None:
    forget_trials(instance.id)


def _forget() -> None:
    forget_personas()
    forget_default_bots()
