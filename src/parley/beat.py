"""Beat in a process of its own, with the schedule in the database: what people changed there in Django's admin stays as it is.

Celery's own way writes every entry anew at each start. Here a start adds what is missing, takes away what Parley no longer
knows, and follows a new interval of ours only where the old one of ours still stands.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django_celery_beat.models import IntervalSchedule, PeriodicTask, PeriodicTasks
from django_celery_beat.schedulers import DatabaseScheduler

OURS = "Parley's own; every {every_s} s unless you change it"
MARK = OURS.partition("{")[0]


class Scheduler(DatabaseScheduler):
    def setup_schedule(self) -> None:
        """Ours before the first reading of the table; then Celery's own entries, the usual way."""
        keep_schedule(self.app.conf.beat_schedule)
        self.install_default_entries(self.schedule)


def keep_schedule(schedule: Mapping[str, Mapping[str, Any]]) -> None:
    """Bring the rows in line with `schedule`: its names, tasks, and intervals in seconds. Safe to run at every start."""
    with transaction.atomic():
        for name, entry in schedule.items():
            _keep(name, str(entry["task"]), int(entry["schedule"]))
        gone = PeriodicTask.objects.filter(description__startswith=MARK).exclude(name__in=schedule)
        gone.delete()
        PeriodicTasks.update_changed()


def _keep(name: str, task: str, every_s: int) -> None:
    row = PeriodicTask.objects.select_related("interval").filter(name=name).first()
    if row is None:
        interval = _interval(every_s)
        PeriodicTask.objects.create(name=name, task=task, interval=interval, description=OURS.format(every_s=every_s))
        return
    row.task = task
    if _is_untouched(row):
        row.interval = _interval(every_s)
    row.description = OURS.format(every_s=every_s)
    row.save()


def _is_untouched(row: PeriodicTask) -> bool:
    """Whether it still has the interval that its own description names."""
    if row.interval is None or row.interval.period != IntervalSchedule.SECONDS:
        return False
    return bool(row.description == OURS.format(every_s=row.interval.every))


def _interval(every_s: int) -> IntervalSchedule:
    found: IntervalSchedule = IntervalSchedule.objects.get_or_create(every=every_s, period=IntervalSchedule.SECONDS)[0]
    return found
