from django.apps import AppConfig


class EngineConfig(AppConfig):
    name = "parley.engine"
    label = "engine"

    def ready(self) -> None:
        from parley.conversations.signals import conversation_cleared, conversation_deleted
        from parley.core import hints
        from parley.engine import checks, stop  # noqa: F401 - importing registers the checks
        from parley.engine.signals import stop_asked

        hints.ears[stop.STOP] = stop.hear_stop
        hints.ears[stop.STOP_ANSWERS] = stop.hear_stop_answers
        stop_asked.connect(stop.tell_runner)
        conversation_deleted.connect(stop.stop_answers_of_deleted)
        conversation_cleared.connect(stop.stop_answers_of_deleted)
