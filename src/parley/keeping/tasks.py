"""Thin Celery entries of this room, safe to run twice. `parley.celery` holds their schedule."""

from uuid import UUID

from celery import shared_task
from django.conf import settings

from parley.keeping import archives, exports, imports, long_work, retention, usage_report

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


@shared_task(name="keeping.write_export", expires=600)
def write_export(export_id: str) -> None:
    exports.write_export(UUID(export_id))


@shared_task(name="keeping.work_on_import", expires=600)
def work_on_import(import_id: str) -> None:
    imports.work_on(UUID(import_id))


@shared_task(name="keeping.ring_for_long_work", expires=60)
def ring_for_long_work() -> None:
    """A doorbell may be lost, and a worker may die: ring again for exports and imports that nobody works on."""
    long_work.ring_again()
