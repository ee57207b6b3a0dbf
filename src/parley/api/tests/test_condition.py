"""The condition of the installation, and the costs in the report of usage."""

import re
from collections import namedtuple
from datetime import timedelta
from importlib.metadata import version
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone

from parley.keeping.usage_report import report_usage
from parley.providers.models import Endpoint, ModelCard
from parley.usage.actions import record_usage
from tests.people import Person, body_of

Disk = namedtuple("Disk", "total used free")
pytestmark = pytest.mark.django_db(transaction=True)


def test_an_owner_sees_that_all_is_well_and_what_runs(owner: Person) -> None:
    found = body_of(owner.browser.get("/api/v1/condition"))
    states = {check["name"]: check["state"] for check in found["checks"]}
    assert {name: states[name] for name in ("database", "disk", "replies", "storage")} == {
        "database": "ok",
        "disk": "ok",
        "replies": "ok",
        "storage": "ok",
    }
    assert found["versions"]["Parley"] == version("parley")
    assert found["database_bytes"] > 0
    assert found["processes"][0]["ready"] is True


def test_a_full_disk_is_told_with_what_to_do(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: Disk(10**10, 10**10, 5))
    checks = body_of(owner.browser.get("/api/v1/condition"))["checks"]
    (disk,) = [check for check in checks if check["name"] == "disk"]
    assert disk["state"] == "degraded"
    assert "Make room" in disk["remedy"]


def test_an_admin_sees_it_too_and_nobody_else(admin: Person, mate: Person) -> None:
    assert admin.browser.get("/api/v1/condition").status_code == 200
    assert mate.browser.get("/api/v1/condition").status_code == 403


def test_the_report_says_what_it_cost_and_nothing_of_strangers(owner: Person, stranger: Person) -> None:
    endpoint = Endpoint.objects.create(workspace_id=owner.member.workspace_id, name="E", wire="mock", base_url="")
    ModelCard.objects.create(endpoint=endpoint, name="priced", input_price=1.0, output_price=10.0)
    for model in ("priced", "unpriced"):
        record_usage(
            workspace_id=owner.member.workspace_id,
            user_id=owner.user.id,
            generation_id=uuid4(),
            endpoint_id=endpoint.id,
            model=model,
            input_tokens=1_000_000,
            output_tokens=100_000,
            estimated=False,
        )
    report_usage()
    since = timezone.now().date() - timedelta(days=1)
    items = body_of(owner.browser.get(f"/api/v1/usage?since={since}"))["items"]
    assert {item["model"]: item["dollars"] for item in items} == {"priced": 2.0, "unpriced": 0.0}
    assert body_of(stranger.browser.get("/api/v1/usage"))["items"] == []


def test_every_check_of_the_house_has_words_on_the_page_of_health() -> None:
    """A name that the page does not know would stand there raw."""
    page = (settings.REPOSITORY / "frontend" / "src" / "keeping" / "HealthPage.tsx").read_text(encoding="utf-8")
    told = set(re.findall(r'^  (\w+): {{? ?name: "health', page.replace("{ name", "{{ name"), re.M))
    sources = (settings.REPOSITORY / "src" / "parley").rglob("*.py")
    named = {
        name
        for path in sources
        if "tests" not in path.parts
        for name in re.findall(r'(?:health\.add|\bCheck)\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert {"serving", "database", "disk"} <= named
    assert named == told
