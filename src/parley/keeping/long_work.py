"""Long work that a person asked for: claimed by a lease, told of by progress, begun anew when its worker has died.

Celery is a doorbell: the row is the truth, and `ring_again` rings for rows that nobody answered.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from celery import current_app
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from parley.core.errors import ParleyError
from parley.keeping.models import Export, Import, LongWork

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)  # between two reports of progress; the longest step is to send a large archive to S3
RING_AFTER = timedelta(seconds=30)
MOST_ATTEMPTS = 3
TASKS: dict[type[LongWork], str] = {Export: "keeping.write_export", Import: "keeping.work_on_import"}
GAVE_UP = (
    "This was begun several times and broke off each time. Try again, or ask who runs this Parley to look into its log."
)

Work = TypeVar("Work", bound=LongWork)


class NoLongerOurs(Exception):
    """It was deleted, or another worker took it over; whatever is under way here ends without a word."""


def ring(work: LongWork) -> None:
    """After COMMIT. Where the broker is away, `ring_again` does it later."""
    task = TASKS[type(work)]

    def send() -> None:
        try:
            current_app.send_task(task, args=[str(work.id)])
        except OperationalError as error:
            logger.warning("%s waits: the broker does not answer (%s)", task, error)

    transaction.on_commit(send, robust=True)


def ring_again() -> int:
    """For what waits unheard, and for what its worker has left. Returns how many bells rang."""
    count = 0
    now = timezone.now()
    for model in TASKS:
        unheard = Q(status=LongWork.Status.WAITING, created_at__lt=now - RING_AFTER)
        left = Q(status=LongWork.Status.WORKING, lease_until__lt=now)
        for work in model._default_manager.filter(unheard | left)[:100]:
            ring(work)
            count += 1
    return count


@contextmanager
def claimed(model: type[Work], work_id: UUID) -> Iterator[Work | None]:
    """The work, if it is to be done now, else None. What goes wrong inside is told on the row: ours in its own words."""
    now = timezone.now()
    open_ = Q(status=LongWork.Status.WAITING) | Q(status=LongWork.Status.WORKING, lease_until__lt=now)
    rows = model._default_manager.filter(open_, id=work_id)
    if not rows.update(status=LongWork.Status.WORKING, lease_until=now + LEASE, attempt=F("attempt") + 1):
        yield None
        return
    work = model._default_manager.get(id=work_id)
    if work.attempt > MOST_ATTEMPTS:
        end(work, LongWork.Status.FAILED, error=GAVE_UP)
        yield None
        return
    try:
        yield work
    except NoLongerOurs:
        logger.info("%s ended elsewhere", work)
    except ParleyError as error:
        end(work, LongWork.Status.FAILED, error=error.message)
    except Exception:  # whatever it was, its person must not wait for ever
        logger.exception("%s failed", work)
        end(work, LongWork.Status.FAILED, error="Something went wrong. Try again, or ask who runs this Parley.")


def report(work: LongWork, *, done: int, total: int) -> None:
    """Tell how far it is, and go on holding it. Raises `NoLongerOurs`."""
    _write(work, done=done, total=total, lease_until=timezone.now() + LEASE)


def end(work: LongWork, status: LongWork.Status, *, error: str = "", **fields: object) -> None:
    """Ready, found or failed. One that is not ours any more stays as it is."""
    try:
        _write(work, status=status, error=error, lease_until=None, ended_at=timezone.now(), **fields)
    except NoLongerOurs:
        logger.info("%s ended elsewhere", work)


def _write(work: LongWork, **fields: object) -> None:
    rows = type(work)._default_manager.filter(id=work.id, attempt=work.attempt, status=LongWork.Status.WORKING)
    if not rows.update(**fields):
        raise NoLongerOurs
    for name, value in fields.items():
        setattr(work, name, value)
