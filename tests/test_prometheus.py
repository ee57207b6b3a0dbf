"""The examples for Prometheus and the page about them know the metrics that there are, and no other."""

import re
import shutil
import subprocess

import pytest

import parley.api.watched
import parley.engine.meters
import parley.realtime.meters  # noqa: F401 - to import is to register
from parley.core.metrics import registry, shared_registry
from parley.core.process import UP
from tests.house import ROOT

RULES = ROOT / "deploy" / "prometheus" / "parley.rules.yml"
OF_A_SAMPLE = re.compile(r"_(bucket|count|sum)$")


def metrics() -> set[str]:
    """As Prometheus names them: a counter ends in `_total`."""
    found = {UP}
    for family in [*registry.collect(), *shared_registry.collect()]:
        if family.name.startswith("parley_"):
            found.add(f"{family.name}_total" if family.type == "counter" else family.name)
    return found


def test_the_rules_name_only_metrics_that_exist(db: None) -> None:
    named = {OF_A_SAMPLE.sub("", name) for name in re.findall(r"\bparley_[a-z_]+", RULES.read_text())}

    assert named - metrics() == set()


def test_the_page_explains_every_metric_and_no_other(db: None) -> None:
    page = (ROOT / "docs" / "watching.md").read_text()

    # Without followers: only a process with an engine has them.
    assert set(re.findall(r"^\| `(parley_\w+)` \|", page, re.M)) == metrics() | {"parley_followers"}


@pytest.mark.parametrize("recorded", re.findall(r"record: (\S+)", RULES.read_text()))
def test_what_is_recorded_says_how(recorded: str) -> None:
    assert recorded.count(":") == 2


def test_promtool_agrees_where_it_is_installed() -> None:
    promtool = shutil.which("promtool")
    commands = [
        ["check", "config", "prometheus.yml"],
        ["check", "rules", RULES.name],
        ["test", "rules", "parley.test.yml"],
    ]
    for command in commands if promtool else []:
        subprocess.run([str(promtool), *command], cwd=RULES.parent, check=True, capture_output=True)
