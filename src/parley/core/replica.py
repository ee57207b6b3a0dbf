"""Reads from a replica that are as fresh as reads from the primary (docs/decisions/0026).

A read that may go there asks the primary first how far its log has come, which costs it next to nothing, and the replica
whether it is as far. If it is not, even after a moment's wait, or does not answer, the primary is read. So nobody has to
remember who wrote what, in which process, by which door: whatever was committed before the read began is seen.
"""

import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections, transaction
from django.db.models import Model

from parley.core.outage import Outage

P = ParamSpec("P")
T = TypeVar("T")

ALIAS = "replica"
PATIENCE_S = 0.010  # a replica that keeps up is some milliseconds behind
PAUSE_S = 0.002
LEFT_ALONE_S = 10.0  # after it did not answer

_reads_replica: ContextVar[bool] = ContextVar("reads_replica", default=False)
_outage = Outage()


class Router:
    """Django's router: within `from_replica` reads go to the replica, all else to the primary."""

    def db_for_read(self, model: type[Model], **hints: object) -> str:
        return read_alias()

    def db_for_write(self, model: type[Model], **hints: object) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: object) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return db == DEFAULT_DB_ALIAS


def read_alias() -> str:
    """Where to read just now: for raw SQL."""
    return ALIAS if _reads_replica.get() else DEFAULT_DB_ALIAS


def from_replica(read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `read` on the replica, if there is one that has caught up; else, or if it fails there, on the primary.

    Inside a transaction it is the primary: what was written in it stands nowhere else.
    """
    if ALIAS not in connections.settings or transaction.get_connection().in_atomic_block or not _has_caught_up():
        return read(*args, **kwargs)
    token = _reads_replica.set(True)
    try:
        return read(*args, **kwargs)
    except (OperationalError, InterfaceError) as error:  # it went away, or its rows were changed under the read
        _leave_alone(error)
    finally:
        _reads_replica.reset(token)
    return read(*args, **kwargs)


def _has_caught_up() -> bool:
    if _outage.ago_s < LEFT_ALONE_S:
        return False
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_flush_lsn()::text")
        (reached,) = cursor.fetchone()
    until = time.monotonic() + PATIENCE_S
    try:
        while not _has_replayed(reached):
            if time.monotonic() > until:
                return False
            time.sleep(PAUSE_S)
    except (OperationalError, InterfaceError) as error:
        _leave_alone(error)
        return False
    return True


def _leave_alone(error: Exception) -> None:
    _outage.note(error)
    connections[ALIAS].close()


def _has_replayed(reached: str) -> bool:
    """A server that is no replica (any more) has not: it says nothing of replaying."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT coalesce(pg_last_wal_replay_lsn() >= %s::pg_lsn, false)", [reached])
        return bool(cursor.fetchone()[0])
