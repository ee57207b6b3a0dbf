"""The condition of the installation, for its owners and admins: checks with their remedies, versions, and what it holds.

What one process can see: its own checks, the other processes of its machine, and what the database tells of all machines.
"""

import platform
import shutil
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from parley.accounts.access import Member, check_admin
from parley.core.health import Check, health
from parley.core.process import process_name
from parley.core.window import look_into_windows
from parley.engine.models import Generation
from parley.keeping.models import CleaningRun

SCARCE_BYTES = 1_000_000_000
WAITS_TOO_LONG = timedelta(seconds=30)
READY = "/healthz/ready"


@dataclass(frozen=True, slots=True)
class Condition:
    """`processes`: of this machine, with whether each is ready. `database_bytes`: None where the server does not say.
    `cleaned_counts`: what retention took away when it last took something."""

    checks: list[Check]
    processes: dict[str, bool]
    versions: dict[str, str]
    replies_waiting: int
    replies_written: int
    database_bytes: int | None
    disk_free_bytes: int
    disk_bytes: int
    files_in: str
    cleaned_counts: dict[str, int]


def condition_for(member: Member) -> Condition:
    """At most six queries; the checks are asked beside each other, for at most two seconds."""
    check_admin(member)
    disk = shutil.disk_usage(settings.DATA_DIR)
    by_status = dict(
        Generation.objects.filter(status__in=Generation.LIVE).values_list("status").annotate(count=Count("id"))
    )
    cleaned = CleaningRun.objects.order_by("-started_at").first()
    return Condition(
        checks=[*health.look(), _check_disk(disk.free), _check_replies(), _check_store()],
        processes=_processes(),
        versions=_versions(),
        replies_waiting=by_status.get(Generation.Status.QUEUED, 0),
        replies_written=by_status.get(Generation.Status.RUNNING, 0),
        database_bytes=_database_bytes(),
        disk_free_bytes=disk.free,
        disk_bytes=disk.total,
        files_in="S3" if settings.S3_BUCKET else "folder",
        cleaned_counts=cleaned.counts if cleaned else {},
    )


def _check_disk(free: int) -> Check:
    scarce = f"Less than {SCARCE_BYTES // 10**9} GB is free where the data lies. Make room, or move the data folder."
    return Check("disk", scarce if free < SCARCE_BYTES else "", is_needed=False)


def _check_replies() -> Check:
    """A queued reply is taken within a second or two wherever a worker has room."""
    too_old = timezone.now() - WAITS_TOO_LONG
    stuck = Generation.objects.filter(status=Generation.Status.QUEUED, created_at__lt=too_old).count()
    remedy = f"{stuck} replies wait for more than 30 seconds. Look whether workers run, or start more of them."
    return Check("replies", remedy if stuck else "", is_needed=False)


def _check_store() -> Check:
    """The folder is there and may be written. A bucket is asked by the next upload; asking it here could take a minute."""
    folder = Path(settings.DATA_DIR)
    try:
        is_ours = folder.is_dir() and not folder.stat().st_mode & 0o002
    except OSError:
        is_ours = False
    remedy = f"The data folder {folder.name} cannot be used, or everybody may write to it. Look at its rights."
    return Check("storage", "" if is_ours else remedy, is_needed=False)


def _processes() -> dict[str, bool]:
    """This one answers, since it is asked; a machine that shows none (a test, a shell) has this one."""
    try:
        seen = {one.process: one.status == 200 for one in look_into_windows(settings.DATA_DIR, READY)}
    except OSError:
        seen = {}
    return {process_name(): True} | seen


def _versions() -> dict[str, str]:
    number = str(getattr(connection, "pg_version", "")) if connection.vendor == "postgresql" else _sqlite_version()
    return {
        "Parley": version("parley"),
        "Python": platform.python_version(),
        "Django": django.get_version(),
        "PostgreSQL" if connection.vendor == "postgresql" else "SQLite": number,
        "Redis": "on" if settings.REDIS_URL else "not used",
    }


def _sqlite_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()")
        return str(cursor.fetchone()[0])


def _database_bytes() -> int | None:
    sql = (
        "SELECT pg_database_size(current_database())"
        if connection.vendor == "postgresql"
        else "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found = cursor.fetchone()
    return int(found[0]) if found else None
