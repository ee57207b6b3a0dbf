"""Health and numbers through the door: as anyone, as this machine, through an edge."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError

from parley.core.health import Health, health
from parley.core.process import NO_DATABASE, SHAPE, DatabaseProbe
from tests.people import Browser, Person, body_of


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    health.is_draining = False
    health.remove("broken")
    health.remove("lame")
    health.remove("stuck")


def ready() -> tuple[int, dict[str, Any]]:
    answer = Browser().get("/healthz/ready")
    return answer.status_code, body_of(answer)


def test_health_is_told_to_anyone(transactional_db: None) -> None:
    assert body_of(Browser().get("/healthz/live")) == {"status": "ok"}
    status, said = ready()
    assert (status, said["status"], said["reasons"]) == (200, "ok", [])
    assert {"name": "database", "state": "ok", "remedy": ""} in said["checks"]


def test_who_is_not_ready_says_why_and_what_to_do(transactional_db: None) -> None:
    health.add("broken", lambda: "The disk is full. Make room.")
    status, said = ready()

    assert status == 503
    assert said["reasons"] == ["The disk is full. Make room."]
    assert {"name": "broken", "state": "failing", "remedy": "The disk is full. Make room."} in said["checks"]


def test_what_can_be_done_without_keeps_nobody_from_work(transactional_db: None) -> None:
    health.add("lame", lambda: "Redis does not answer.", is_needed=False)
    status, said = ready()

    assert (status, said["reasons"]) == (200, [])
    assert {"name": "lame", "state": "degraded", "remedy": "Redis does not answer."} in said["checks"]


def test_a_probe_that_fails_tells_strangers_nothing_of_its_inside(transactional_db: None) -> None:
    def fail() -> str:
        raise ValueError("postgresql://parley:secret@db/")

    health.add("broken", fail)

    assert "secret" not in Browser().get("/healthz/ready").content.decode()


def test_a_process_that_is_to_stop_is_alive_and_not_ready(transactional_db: None) -> None:
    health.drain()

    assert ready()[0] == 503
    assert Browser().get("/healthz/live").status_code == 200


def test_a_process_that_hangs_is_not_alive() -> None:
    health.add_vital("stuck", lambda: "The loop has not run for a minute.")

    assert Browser().get("/healthz/live").status_code == 503


def test_a_probe_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.core.health.PATIENCE_S", 0.05)
    asked, forever = [], threading.Event()
    patient = Health()
    patient.add("hangs", lambda: asked.append(1) or str(forever.wait(5)))  # type: ignore[func-returns-value]
    patient.add("well", lambda: "")

    first = {check.name: check.is_well for check in patient.look()}
    patient.add("again", lambda: "")  # so that what was seen is not kept
    patient.look()
    forever.set()

    assert first == {"serving": True, "hangs": False, "well": True}
    assert asked == [1]


def test_the_database_is_looked_at(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    probe = DatabaseProbe()
    monkeypatch.setattr("parley.core.process.MigrationExecutor.migration_plan", lambda *_: ["a migration"])
    assert probe() == SHAPE
    monkeypatch.undo()
    assert probe() == ""

    class Away:
        def cursor(self) -> object:
            raise OperationalError("connection refused: db.internal:5432")

        def close(self) -> None:
            """As a connection does that never was."""

    monkeypatch.setattr("parley.core.process.connection", Away())
    assert probe() == NO_DATABASE


# --- Numbers ----------------------------------------------------------------------------------------------------------


def test_numbers_are_told_to_this_machine(transactional_db: None) -> None:
    answer = Browser().get("/metrics")

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    assert b"process_resident_memory_bytes" in answer.content


@pytest.mark.parametrize(
    "came_by",
    [
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_VIA": "1.1 edge"},
        {"REMOTE_ADDR": "10.0.0.7"},
        {"REMOTE_ADDR": ""},
    ],
)
def test_numbers_are_told_to_nobody_else(db: None, owner: Person, came_by: Any) -> None:
    assert Browser().get("/metrics", **came_by).status_code == 404
    assert owner.browser.get("/metrics", **came_by).status_code == 404
