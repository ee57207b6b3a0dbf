"""What is done beside a turn, once its ending is stored. A watcher must be quick; long work rings a Celery task."""

from django.conf import settings

from parley.engine.tasks import write_title
from parley.engine.values import Ending, Turn


def ring_for_a_title(turn: Turn, ending: Ending) -> None:
    """The first exchange gives a conversation its title."""
    if settings.TITLES and turn.is_first and ending.outcome == "completed":
        write_title.delay(str(turn.conversation_id), str(turn.user_id))
