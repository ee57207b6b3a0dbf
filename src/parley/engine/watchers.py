"""What is done beside a turn, once its ending is stored. A watcher must be quick; long work rings a Celery task."""

from django.conf import settings

from parley.engine.tasks import write_title
from parley.engine.values import Ending, Turn
from parley.providers.router import actions


def keep_decision(turn: Turn, ending: Ending) -> None:
    """For who asks, later, why this model."""
    if chosen := ending.chosen:
        actions.keep_decision(
            workspace_id=turn.workspace_id,
            generation_id=turn.generation_id,
            rule_id=chosen.rule_id,
            model=chosen.model,
            reasons=chosen.reasons,
            took_us=chosen.took_us,
        )


def ring_for_a_title(turn: Turn, ending: Ending) -> None:
    """The first exchange gives a conversation its title."""
    if settings.TITLES and turn.is_first and ending.outcome == "completed":
        write_title.delay(str(turn.conversation_id), str(turn.user_id))
