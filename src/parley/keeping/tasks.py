"""Thin Celery entries of this room, safe to run twice. `parley.celery` holds their schedule."""

from celery import shared_task
from django.conf import settings

from parley.keeping import archives, retention, usage_report

MOST_ARCHIVES = 2000  # in one task; the next comes within the hour


@shared_task(name="keeping.clean", expires=3600)
def clean() -> None:
    retention.clean()


@shared_task(name="keeping.clean_store", expires=3600)
def clean_store() -> None:
    retention.clean(retention.DAILY)


@shared_task(name="keeping.archive_changed", expires=3600)
def archive_changed() -> None:
    if settings.ARCHIVES:
        archives.archive_changed(MOST_ARCHIVES)


@shared_task(name="keeping.report_usage", expires=3600)
def report_usage() -> None:
    usage_report.report_usage()
