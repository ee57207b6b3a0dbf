"""The months of the message table on PostgreSQL: one partition each, by the time in the id.

What has no month of its own lies in the default partition, so that nothing ever fails because nobody made one. A month that
has rows there already keeps them there: moving them would lock out everybody who posts. On SQLite there is one table.
"""

import logging
from collections.abc import Iterable
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper

logger = logging.getLogger(__name__)

TABLE = "conversations_message"
DEFAULT = f"{TABLE}_default"
MONTHS_AHEAD = 3
MOST_MONTHS = 120
LATEST_MS = 4_102_444_800_000  # the year 2100

Month = tuple[int, int]  # year and month, from 1


def make_partitions(today: date) -> list[str]:
    """Those of this month and the next three that are not there yet. Returns the names of the new ones."""
    if connection.vendor != "postgresql":
        return []
    months = months_from((today.year, today.month), MONTHS_AHEAD + 1)
    return [name_of(month) for month in months if _made_alone(month)]


def make_partitions_for(ids: Iterable[UUID]) -> list[str]:
    """Those of the months in which these ids were made, for rows that come from elsewhere while people work.

    What is not made, because rows came first or somebody held a lock, the default partition serves. Outside a transaction.
    """
    if connection.vendor != "postgresql":
        return []
    months = sorted({_month_of(id_) for id_ in ids})[-MOST_MONTHS:]
    return [name_of(month) for month in months if _made_alone(month)]


def make_partitions_between(first: UUID, last: UUID) -> list[str]:
    """Those of every month from one id to the other, for rows that come from elsewhere into an empty table.

    At most the newest `MOST_MONTHS`: an id may name any year. Inside a transaction, or each in its own.
    """
    if connection.vendor != "postgresql":
        return []
    begins, ends = _month_of(first), _month_of(last)
    count = (ends[0] - begins[0]) * 12 + ends[1] - begins[1] + 1
    months = months_from(begins, count)[-MOST_MONTHS:]
    with connection.cursor() as cursor:
        return [name_of(month) for month in months if _make(cursor, month)]


def drop_empty_partitions(today: date) -> list[str]:
    """Months that are over and whose messages are all deleted. Returns their names."""
    if connection.vendor != "postgresql":
        return []
    dropped = []
    with connection.cursor() as cursor:
        past = [
            name for name in partition_names(cursor) if name < name_of((today.year, today.month)) and name != DEFAULT
        ]
    for name in past:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                if _drop_if_empty(cursor, name):
                    dropped.append(name)
        except OperationalError as error:
            logger.warning("partition %s stays this time: %s", name, error)
    return dropped


def create_partitions(cursor: CursorWrapper, today: date) -> None:
    """Of a new table, with its default."""
    cursor.execute(f"CREATE TABLE {DEFAULT} PARTITION OF {TABLE} DEFAULT")
    for month in months_from((today.year, today.month), MONTHS_AHEAD + 1):
        _make(cursor, month)


def partition_names(cursor: CursorWrapper) -> list[str]:
    cursor.execute(f"SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = '{TABLE}'::regclass ORDER BY 1")
    return [row[0] for row in cursor.fetchall()]


def months_from(month: Month, count: int) -> list[Month]:
    first = month[0] * 12 + month[1] - 1
    return [(n // 12, n % 12 + 1) for n in range(first, first + count)]


def name_of(month: Month) -> str:
    return f"{TABLE}_{month[0]:04}_{month[1]:02}"


def first_id_of(month: Month) -> UUID:
    """No id made before this month is as great, and none made in it is smaller."""
    begins = datetime(month[0], month[1], 1, tzinfo=UTC)
    return UUID(int=int(begins.timestamp() * 1000) << 80)


def _month_of(id_: UUID) -> Month:
    moment = datetime.fromtimestamp(min(id_.int >> 80, LATEST_MS) / 1000, UTC)
    return (moment.year, moment.month)


def _made_alone(month: Month) -> bool:
    """In a transaction of its own. False: it is there, or rows came first, or somebody held a lock: the default serves."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            return _make(cursor, month)
    except (IntegrityError, OperationalError) as error:
        logger.warning("no partition %s this time: %s", name_of(month), error)
        return False


def _make(cursor: CursorWrapper, month: Month) -> bool:
    name, bounds = name_of(month), [str(first_id_of(each)) for each in months_from(month, 2)]
    if name in partition_names(cursor):
        return False
    cursor.execute(f"SELECT 1 FROM {DEFAULT} WHERE id >= %s AND id < %s LIMIT 1", bounds)
    if cursor.fetchone():
        return False
    cursor.execute(f"CREATE TABLE {name} PARTITION OF {TABLE} FOR VALUES FROM ('{bounds[0]}') TO ('{bounds[1]}')")
    return True


def _drop_if_empty(cursor: CursorWrapper, name: str) -> bool:
    cursor.execute(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE")
    cursor.execute(f"SELECT 1 FROM {name} LIMIT 1")
    if cursor.fetchone():
        return False
    cursor.execute(f"ALTER TABLE {TABLE} DETACH PARTITION {name}")  # and with it the foreign keys that name it
    cursor.execute(f"DROP TABLE {name}")
    return True
