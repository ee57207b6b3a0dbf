"""The Celery app and its schedule. A setting chooses the broker; in one process it is memory, and worker and Beat are threads."""

import os
from typing import Any

from celery import Celery, signals
from kombu.entity import Queue

from parley.core import jobs  # noqa: F401 - it counts tasks in every process

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings")

QUEUES = ("replies", "documents", "default")  # a worker that names none takes from all of them

app = Celery("parley", set_as_current=True)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.task_queues = [Queue(name, routing_key=name) for name in QUEUES]  # type: ignore[no-untyped-call] # kombu ships no types


@signals.celeryd_after_setup.connect(weak=False)
def _begin(instance: Any, **_: object) -> None:
    """A worker process of a fleet; the worker thread of `parley up` sends no such signal."""
    # late import: Celery sets Django up only when it has become a worker
    from parley import worker

    worker.begin(set(instance.app.amqp.queues.consume_from))
    signals.worker_shutting_down.connect(lambda **_: worker.end_soon(), weak=False)
    signals.worker_shutdown.connect(lambda **_: worker.join(), weak=False)


@signals.beat_init.connect(weak=False)
def _begin_beat(**_: object) -> None:
    # late import: as above, when it has become a Beat
    from parley.watch import watch_beat

    watch_beat()


@signals.setup_logging.connect(weak=False)
def _leave_logs(**_: object) -> None:
    """Somebody who listens keeps Celery from setting up logs of its own, which would quote what a task said."""


HOUR_S = 3600.0

app.conf.beat_schedule = {
    "take over generations that nobody writes": {"task": "engine.sweep", "schedule": 5.0},
    "ring for missing titles": {"task": "engine.ring_for_missing_titles", "schedule": 120.0},
    "clean by the rules of retention": {"task": "keeping.clean", "schedule": HOUR_S},
    "clean the store of files": {"task": "keeping.clean_store", "schedule": 24 * HOUR_S},
    "ring for exports and imports": {"task": "keeping.ring_for_long_work", "schedule": 60.0},
    "archive what changed": {"task": "keeping.archive_changed", "schedule": HOUR_S},
    "report usage": {"task": "keeping.report_usage", "schedule": HOUR_S},
    "forget what was not to stay": {"task": "conversations.forget_what_was_not_to_stay", "schedule": HOUR_S},
    "keep the months of messages": {"task": "conversations.keep_months", "schedule": 12 * HOUR_S},
    "look for Ollama": {"task": "providers.look_for_ollama", "schedule": 60.0},
    "look for models of this machine": {"task": "providers.look_for_local_models", "schedule": 60.0},
    "refresh the catalogue": {"task": "providers.refresh_catalogue", "schedule": HOUR_S},
}
