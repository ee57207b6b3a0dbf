"""Celery's tasks as Prometheus sees them. To import this is to count them, in whichever process they run."""

import time
from typing import Any

from celery import signals
from prometheus_client import Counter, Histogram

from parley.core.metrics import registry

_ended = Counter(
    "parley_tasks",
    "Celery tasks by name and by how they ended: success, failure, retry …",
    ("task", "state"),
    registry=registry,
)
_seconds = Histogram(
    "parley_task_seconds",
    "How long Celery tasks ran. `engine.write_reply` runs as long as its answer is written.",
    ("task",),
    buckets=(0.01, 0.05, 0.25, 1, 5, 15, 60, 300),
    registry=registry,
)
_begun: dict[str, float] = {}

rung_at = 0.0
"""When this process last put a task on the broker, by the monotonic clock; 0 before."""


@signals.task_prerun.connect(weak=False)
def _begin(task_id: str, **_: Any) -> None:
    _begun[task_id] = time.perf_counter()


@signals.task_postrun.connect(weak=False)
def _end(task_id: str, task: Any, state: str | None = None, **_: Any) -> None:
    begun = _begun.pop(task_id, None)
    if begun is not None:
        _seconds.labels(task.name).observe(time.perf_counter() - begun)
    _ended.labels(task.name, (state or "unknown").lower()).inc()


@signals.after_task_publish.connect(weak=False)
def _rung(**_: Any) -> None:
    global rung_at
    rung_at = time.monotonic()
