"""The Celery app and its schedule. A setting chooses the broker; in one process it is memory, and worker and Beat are threads."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings")

app = Celery("parley")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "take over generations that nobody writes": {"task": "parley.engine.tasks.sweep", "schedule": 5.0},
    "ring for missing titles": {"task": "parley.engine.tasks.ring_for_missing_titles", "schedule": 120.0},
    "clean old tapes": {"task": "parley.engine.tasks.clean_tapes", "schedule": 3600.0},
}
