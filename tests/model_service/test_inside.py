"""`parley up --models=inside`: Parley and its model service in one process. Run by `make test-models`."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bench.processes import ROOT
from tests.live import Live
from tests.model_service.stage import PYTHON, parley_with_models
from tests.model_service.test_killed import MODEL, begin, ended, offers, post, post_stop, shown, text_of, until

pytestmark = pytest.mark.timeout(300)  # on a busy machine torch alone takes a minute to start

SEQ2SEQ, CAUSAL = "tiny-seq2seq", "tiny-causal"
MAKE = """
import sys, pathlib
from model_service.tests import tiny
from model_service.tests.hundred import talker
offered = pathlib.Path(sys.argv[1])
talker(offered / "talker")
tiny.blenderbot(offered / "tiny-seq2seq")
tiny.llama(offered / "tiny-causal")
"""


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("offered")
    subprocess.run([PYTHON, "-c", MAKE, folder], check=True, cwd=ROOT, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def live(offered: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    own = {"PARLEY_MODELS": "inside", "PARLEY_SHUTDOWN_GRACE_S": "1"}
    live = parley_with_models(tmp_path_factory.mktemp("parley"), MODELS_FOLDER=str(offered), **own)
    live.key = live.found()
    live.start()
    until(lambda: sorted(offers(live)) == [MODEL, CAUSAL, SEQ2SEQ], within_s=150)
    yield live
    live.end()


def say(live: Live, model: str) -> str:
    """What is answered, once it is whole."""
    conversation = live.call("POST", "/api/v1/conversations", live.key, {"bot": live.bot_of(model, live.key)})["id"]
    asked = post(live, f"conversations/{conversation}/messages", parts=[{"type": "text", "text": "Hello"}])
    assert ended(live, asked["generation"])["status"] == "completed"
    return text_of(live, asked["answer"])


def test_models_of_both_kinds_answer_and_there_is_no_other_process(live: Live) -> None:
    assert say(live, CAUSAL)
    assert say(live, SEQ2SEQ)

    parley = psutil.Process(live.pid)
    assert parley.children(recursive=True) == []
    assert any("libtorch" in mapped.path for mapped in parley.memory_maps())


def test_an_answer_streams_beside_others_and_is_stopped(live: Live) -> None:
    asked = begin(live)
    assert say(live, SEQ2SEQ), "while the other is being written"

    seen = shown(live, asked["generation"])
    post_stop(live, asked["generation"])

    assert text_of(live, asked["answer"]).startswith(seen)
    assert ended(live, asked["generation"])["status"] == "stopped"


def test_ctrl_c_in_mid_reply_ends_all_of_it_and_keeps_what_was_shown(live: Live) -> None:
    asked = begin(live)
    seen = shown(live, asked["generation"])

    os.kill(live.pid, signal.SIGINT)

    assert live.wait() == 0, live.log
    assert "Traceback" not in live.log
    kept = shown(live, asked["generation"])
    assert kept.startswith(seen)

    live.start()
    ended(live, asked["generation"])
    assert text_of(live, asked["answer"]).startswith(kept)


def test_a_setting_that_cannot_be_read_is_told_before_anything_is_served(tmp_path: Path) -> None:
    parley = Path(sys.executable).with_name("parley")
    up = [str(parley), "up", "--models=inside", "--port=0", "--data", str(tmp_path / "data")]
    env = os.environ | {"PARLEY_MODELS_PYTHON": str(PYTHON), "MODELS_SLOTS": "many"}

    refused = subprocess.run(up, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    assert refused.returncode == 1
    assert "MODELS_SLOTS must be a whole number" in refused.stderr
