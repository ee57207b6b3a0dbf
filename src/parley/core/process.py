"""What a process shows of itself, whoever asks and on whatever way: whether it lives, whether it is ready, its numbers."""

import logging
import os
from collections.abc import Iterator
from typing import Final

import orjson
from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from parley.core.health import Check, health
from parley.core.listener import Page
from parley.core.metrics import CONTENT_TYPE, dump_numbers, page_of, registry
from parley.core.window import Seen, look_into_windows

logger = logging.getLogger(__name__)

UP: Final = "parley_process_up"
SHAPE: Final = "The database has another shape than this version needs. Run `parley check`."
NO_DATABASE: Final = "The database does not answer. Look whether it runs and whether PARLEY_DATABASE_URL is right."


def process_name() -> str:
    return f"{settings.ROLE}-{os.getpid()}"


def live_page() -> Page:
    """200 while it makes sense to wait for this process; a slow database is no reason to end it."""
    failing = [check for check in health.signs_of_life() if not check.is_well]
    body: dict[str, object] = {"status": "failing", "checks": _told(failing)} if failing else {"status": "ok"}
    return Page(orjson.dumps(body), 503 if failing else 200)


def ready_page() -> Page:
    """200 while requests would be answered, else 503 with the reasons; each check by name, with its remedy."""
    checks = health.look()
    reasons = [check.remedy for check in checks if check.state == "failing"]
    body = {"status": "not ready" if reasons else "ok", "reasons": reasons, "checks": _told(checks)}
    return Page(orjson.dumps(body), 503 if reasons else 200)


def numbers_page() -> Page:
    return Page(dump_numbers())


def metrics_page() -> Page:
    """The numbers of all processes of this machine, for Prometheus."""
    me = process_name()
    try:
        others = [seen for seen in look_into_windows(settings.DATA_DIR, "/numbers") if seen.process != me]
    except OSError as error:  # then it speaks for itself alone
        logger.warning("the other processes cannot be seen: %s", error)
        others = []
    numbers = {seen.process: seen.body for seen in others if seen.status == 200}
    return Page(page_of({me: dump_numbers(), **numbers}) + _who_answered(me, others), content_type=CONTENT_TYPE)


def _who_answered(me: str, others: list[Seen]) -> bytes:
    lines = [f"# HELP {UP} Whether the process answered (1) or hangs (0).", f"# TYPE {UP} gauge"]
    lines += [f'{UP}{{process="{me}"}} 1']
    lines += [f'{UP}{{process="{seen.process}"}} {int(seen.status == 200)}' for seen in others]
    return ("\n".join(lines) + "\n").encode()


def _told(checks: list[Check]) -> list[dict[str, str]]:
    return [{"name": check.name, "state": check.state, "remedy": check.remedy} for check in checks]


class DatabaseProbe:
    """It answers, and its tables are those of this version. Once they are, they stay so: looking takes 20 ms."""

    def __init__(self) -> None:
        self._is_up_to_date = False

    def __call__(self) -> str:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            if not self._is_up_to_date:
                executor = MigrationExecutor(connection)
                if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                    return SHAPE
                self._is_up_to_date = True
        except DatabaseError:
            return NO_DATABASE
        finally:
            connection.close()  # the thread of a probe ends with it, and a broken connection must not be kept
        return ""


class _Pools:
    """PostgreSQL's pools of this process; none of those that nobody has used yet."""

    def collect(self) -> Iterator[Metric]:
        numbers = GaugeMetricFamily(
            "parley_database_pool", "Connections of this process, by state.", labels=["database", "state"]
        )
        waits = CounterMetricFamily(
            "parley_database_pool_waits", "How often a thread had to wait for a connection.", labels=["database"]
        )
        for name in connections:
            # Django has no public way to ask for a pool without opening it.
            pool = getattr(connections[name], "_connection_pools", {}).get(name)
            if pool is None:
                continue
            stats = pool.get_stats()
            idle, size = stats.get("pool_available", 0), stats.get("pool_size", 0)
            for state, value in (("idle", idle), ("used", size - idle), ("wanted", stats.get("requests_waiting", 0))):
                numbers.add_metric([name, state], value)
            waits.add_metric([name], stats.get("requests_queued", 0))
        yield numbers
        yield waits


registry.register(_Pools())
health.add("database", DatabaseProbe())
