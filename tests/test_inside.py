"""The model service in Parley's own process: how it is asked for, and what is said where it cannot begin."""

import re
import sys
from pathlib import Path

import pytest

from parley.cli import command_line
from parley.core.env import BadSetting
from parley.fleet.model_service import NoModelService
from parley.inside import Inside, borrow_packages
from tests.house import ROOT

PINNED = re.compile(r"^([\w.-]+)==(\S+)", re.M)


def environment(home: Path, packages: str) -> str:
    """A folder laid out as an environment; its Python."""
    (home / "bin").mkdir()
    (home / "bin" / "python").touch()
    (home / "lib" / packages / "site-packages").mkdir(parents=True)
    return str(home / "bin" / "python")


def test_an_environment_that_is_not_there_is_told_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_MODELS_PYTHON", str(tmp_path / "nowhere"))

    with pytest.raises(NoModelService, match="Run: make models-setup"):
        Inside(tmp_path)


def test_an_environment_of_another_python_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoModelService, match=r"another Python than this 3\.\d+\. Run it beside Parley \(--models\)"):
        borrow_packages(environment(tmp_path, "python2.7"))


def test_an_environment_without_torch_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    python = environment(tmp_path, f"python{sys.version_info.major}.{sys.version_info.minor}")

    with pytest.raises(NoModelService, match=r"Neither .* has torch\. In a checkout, run: make models-setup"):
        borrow_packages(python)


def wanted(*words: str) -> str:
    """Where `parley up` with these words lets the model service run."""
    return str(command_line().parse_args(["up", *words]).models)


@pytest.mark.parametrize(
    ("said", "meant"), [("", "off"), ("0", "off"), ("on", "on"), ("true", "on"), ("Inside", "inside")]
)
def test_the_environment_says_where_the_model_service_runs(
    said: str, meant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_MODELS", said)

    assert wanted() == meant


def test_the_command_line_says_it_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_MODELS", "inside")

    assert wanted("--models") == "on"
    assert wanted("--models=off") == "off"


def test_a_word_that_says_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_MODELS", "outside")

    with pytest.raises(BadSetting, match="PARLEY_MODELS is 'outside'; write 'on', 'inside' or 'off'"):
        wanted()


@pytest.mark.parametrize("name", ["base", "fleet", "dev"])
def test_the_locks_agree_on_what_both_environments_have(name: str) -> None:
    """Or one process could not import from both."""
    ours, its = (dict(PINNED.findall((ROOT / "requirements" / f"{lock}.txt").read_text())) for lock in (name, "models"))

    assert {package for package in ours.keys() & its.keys() if ours[package] != its[package]} == set()
