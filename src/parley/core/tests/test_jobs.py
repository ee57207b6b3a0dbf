"""Celery's tasks, counted."""

import time
from typing import Any

import pytest
from celery import Celery, signals

from parley.core import jobs
from parley.core.metrics import registry

app = Celery("counted", set_as_current=False)


@app.task(name="counted.well")
def well() -> None:
    """Does nothing."""


@app.task(name="counted.ill")
def ill() -> None:
    raise ValueError("no")


def counted(task: str, state: str) -> float:
    return registry.get_sample_value("parley_tasks_total", {"task": task, "state": state}) or 0.0


def test_each_task_is_counted_with_its_end_and_its_time() -> None:
    well.apply()
    ill.apply()

    assert counted("counted.well", "success") == 1
    assert counted("counted.ill", "failure") == 1
    assert registry.get_sample_value("parley_task_seconds_count", {"task": "counted.ill"}) == 1
    assert jobs._begun == {}


def test_the_last_ring_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "rung_at", 0.0)
    nothing: dict[str, Any] = {}
    signals.after_task_publish.send(sender="counted.well", body=nothing, headers=nothing)

    assert time.monotonic() - jobs.rung_at < 1
