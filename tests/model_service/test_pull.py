"""`parley model pull` as people type it, with the service and without. Run by `make test-models`."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.processes import ROOT
from model_service.tests.hub import Hub, hub_of
from tests.model_service.stage import PYTHON, make_tiny, parley_with_models

NAME = "parley/tiny"
WEIGHTS = "model.safetensors"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny(tmp_path_factory.mktemp("made") / "tiny")


@pytest.fixture
def hub(tiny: Path) -> Iterator[Hub]:
    with hub_of(Hub({NAME: tiny, "parley/gated": tiny}, gated={"parley/gated": set()})) as hub:
        yield hub


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """A terminal's Ctrl-C is heard. Whoever runs these tests in the background may have SIGINT ignored, and that is inherited."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def began(data: Path, hub: Hub, *words: str) -> "subprocess.Popen[str]":
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PARLEY_", "DJANGO_", "MODELS_", "HF_"))
    }
    return subprocess.Popen(
        [str(Path(sys.executable).with_name("parley")), "model", *words, "--data", str(data)],
        env=kept | {"HF_ENDPOINT": hub.url, "PARLEY_MODELS_PYTHON": str(PYTHON)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(data: Path, hub: Hub, *words: str) -> tuple[int, str, str]:
    """Exit code, what it said, and what it complained of or showed of its progress."""
    process = began(data, hub, *words)
    said, complained = process.communicate(timeout=90)
    return process.returncode, said, complained


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def test_a_model_is_pulled_without_a_service_shown_and_listed(tmp_path: Path, hub: Hub) -> None:
    code, said, shown = run(tmp_path, hub, "pull", NAME)

    assert code == 0, shown
    assert f"{NAME} is here" in said
    assert "100%" in shown
    code, said, _ = run(tmp_path, hub, "list")
    assert code == 0
    assert said.startswith(NAME)
    assert "causal" in said


@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGKILL])
def test_a_pull_that_is_cut_off_goes_on_where_it_ended(tmp_path: Path, hub: Hub, blow: signal.Signals) -> None:
    hub.pace = 300_000.0
    process = began(tmp_path, hub, "pull", NAME)
    until(lambda: hub.sent.get(WEIGHTS, 0) > 300_000)
    os.killpg(process.pid, blow)
    complained = process.communicate(timeout=30)[1]
    assert process.returncode
    if blow == signal.SIGINT:
        assert "goes on where it ended" in complained
    assert not list((tmp_path / "models" / "offered").glob("models--*"))

    hub.pace = 0.0
    code, _, shown = run(tmp_path, hub, "pull", NAME)

    assert code == 0, shown
    assert hub.ranges
    size = (hub.models[NAME] / WEIGHTS).stat().st_size
    assert hub.sent[WEIGHTS] < size + 300_000, "what had come was fetched again"


def test_what_cannot_be_pulled_says_why_and_what_to_do(tmp_path: Path, hub: Hub) -> None:
    for name, remedy in (("parley/gated", "HF_TOKEN"), ("parley/none", "no model"), ("no name", "owner/model")):
        code, _, complained = run(tmp_path, hub, "pull", name)
        assert code == 1
        assert remedy in complained.splitlines()[-1]
        assert "Traceback" not in complained


def test_a_model_in_a_folder_is_offered_where_it_lies_without_a_network(tmp_path: Path, hub: Hub, tiny: Path) -> None:
    hub.models.clear()
    code, said, complained = run(tmp_path, hub, "pull", str(tiny))
    assert code == 0, complained
    assert f"tiny is offered from {tiny}" in said
    assert run(tmp_path, hub, "pull", str(tiny), "--name", "ours/small")[0] == 0
    listed = [line.split()[:2] for line in run(tmp_path, hub, "list")[1].splitlines()]
    assert listed == [["ours/small", "causal"], ["tiny", "causal"]]


def test_a_folder_that_cannot_be_offered_says_why_and_what_to_do(tmp_path: Path, hub: Hub, tiny: Path) -> None:
    mute, other = tmp_path / "mute", tmp_path / "elsewhere" / "tiny"
    mute.mkdir()
    shutil.copytree(tiny, other)
    data = tmp_path / "data"
    assert run(data, hub, "pull", str(tiny))[0] == 0
    for words, remedy in (
        ([str(mute)], "config.json"),
        ([str(tmp_path / "absent")], "config.json"),
        ([str(other)], "--name"),
        ([str(tiny), "--name", "two words"], "--name"),
    ):
        code, _, complained = run(data, hub, "pull", *words)
        assert code == 1
        assert remedy in complained.splitlines()[-1]
        assert "Traceback" not in complained


@pytest.mark.timeout(300)  # on a busy machine torch alone takes a minute to start
def test_a_parley_that_runs_offers_what_was_pulled_beside_it(tmp_path: Path, hub: Hub) -> None:
    live = parley_with_models(tmp_path / "data", HF_ENDPOINT=hub.url)
    live.key = live.found()
    live.start()
    try:
        code, _, shown = run(live.folder, hub, "pull", NAME)
        assert code == 0, shown
        until(lambda: bool(live.call("GET", "/api/v1/local-models", live.key)["items"]))
        assert [one["state"] for one in live.call("GET", "/api/v1/model-downloads", live.key)["items"]] == ["done"]
        assert live.bot_of(NAME, live.key)
        assert run(live.folder, hub, "pull", str(hub.models[NAME]), "--name", "from-a-folder")[0] == 0
        offered = [one["name"] for one in live.call("GET", "/api/v1/local-models", live.key)["items"]]
        assert offered == ["from-a-folder", NAME]
    finally:
        live.end()
