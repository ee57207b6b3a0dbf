"""The model service behind a real Parley, and what becomes of an answer when it dies in the middle. Run by `make test-models`.

The service has an environment of its own, which `MODELS` names; `make pytest` leaves this out.
"""

import signal
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import psutil
import pytest

from bench.processes import ROOT, Running
from tests.live import Live
from tests.model_service.stage import PYTHON, parley_with_models
from tests.servers import free_port

MODEL = "talker"
KEY = "sesame"
ENOUGH = 40  # characters of an answer that are shown before the blow


class Service:
    """One model service on one port, which may be killed and started again."""

    def __init__(self, home: Path) -> None:
        self.port = free_port()
        self._env = {"MODELS_FOLDER": str(home / "offered"), "MODELS_DATA": str(home / "data"), "MODELS_KEY": KEY}
        subprocess.run(
            [PYTHON, "-m", "model_service.tests.hundred", str(home / "offered"), "--talker"], check=True, cwd=ROOT
        )
        self.start()

    def start(self) -> None:
        env = self._env | {"MODELS_PORT": str(self.port)}
        self.running = Running("models", [str(PYTHON), "-m", "model_service"], "is ready at", env)

    def kill(self) -> None:
        self.running.process.send_signal(signal.SIGKILL)
        self.running.end()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path)
    yield service
    service.running.end()


@pytest.fixture
def live(service: Service, tmp_path: Path) -> Iterator[Live]:
    env = {"OPENAI_BASE_URL": f"http://127.0.0.1:{service.port}/v1", "OPENAI_API_KEY": KEY}
    live = Live(tmp_path / "parley", env=env)
    live.key = live.found()
    live.start()
    yield live
    live.end()


def post(live: Live, path: str, **body: object) -> Any:
    return live.call("POST", f"/api/v1/{path}", live.key, {"key": str(uuid.uuid4())} | body)


def begin(live: Live) -> Any:
    """Ask what is answered at length; what was stored, once some of the answer is shown."""
    bot = live.bot_of(MODEL, live.key)
    conversation = live.call("POST", "/api/v1/conversations", live.key, {"bot": bot})["id"]
    asked = post(live, f"conversations/{conversation}/messages", parts=[{"type": "text", "text": "Tell me all."}])
    until(lambda: len(shown(live, asked["generation"])) > ENOUGH)
    return asked


def shown(live: Live, generation: str) -> str:
    """What the tape of a generation that runs has shown so far."""
    rows = live.rows("SELECT body FROM engine_event WHERE generation_id = ? ORDER BY seq", generation.replace("-", ""))
    bodies = [orjson.loads(body) for (body,) in rows]
    return "".join(body["text"] for body in bodies if body["type"] == "delta")


def ended(live: Live, generation: str) -> Any:
    """The generation, once it has ended."""
    until(lambda: state(live, generation)["status"] not in ("queued", "running"))
    return state(live, generation)


def state(live: Live, generation: str) -> Any:
    return live.call("GET", f"/api/v1/generations/{generation}", live.key)


def text_of(live: Live, message: str) -> str:
    ((parts,),) = live.rows("SELECT parts FROM conversations_message WHERE id = ?", message.replace("-", ""))
    return "".join(part.get("text", "") for part in orjson.loads(parts))


def until(holds: Callable[[], bool], within_s: float = 45.0) -> None:
    end = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


def test_a_service_killed_in_mid_reply_leaves_the_text_and_the_cause_and_is_gone_on_with(
    live: Live, service: Service
) -> None:
    asked = begin(live)
    seen = shown(live, asked["generation"])

    service.kill()

    end = ended(live, asked["generation"])
    kept = text_of(live, asked["answer"])
    assert end["status"] in ("failed", "interrupted")
    assert kept.startswith(seen)
    if end["status"] == "failed":
        assert end["error"]["code"].startswith("endpoint_")
        assert end["error"]["message"]

    service.start()
    again = post(live, f"messages/{asked['answer']}/continue")
    until(lambda: len(shown(live, again["generation"])) > len(kept) + ENOUGH)
    post_stop(live, again["generation"])
    assert text_of(live, again["answer"]).startswith(kept)


@pytest.mark.timeout(300)  # it starts twice
def test_a_service_beside_parley_that_is_killed_comes_back_and_the_answer_is_gone_on_with(tmp_path: Path) -> None:
    offered = tmp_path / "offered"
    subprocess.run([PYTHON, "-m", "model_service.tests.hundred", str(offered), "--talker"], check=True, cwd=ROOT)
    live = parley_with_models(tmp_path / "parley", MODELS_FOLDER=str(offered))
    live.key = live.found()
    live.start()
    try:
        until(lambda: offers(live) == [MODEL], within_s=90)
        asked = begin(live)
        seen = shown(live, asked["generation"])
        first = service_of(live)

        first.kill()

        end = ended(live, asked["generation"])
        kept = text_of(live, asked["answer"])
        assert end["status"] in ("failed", "interrupted")
        assert kept.startswith(seen)
        assert end["status"] == "interrupted" or end["error"]["message"]

        until(lambda: offers(live) == [MODEL], within_s=90)
        assert service_of(live).pid != first.pid
        again = post(live, f"messages/{asked['answer']}/continue")
        until(lambda: len(shown(live, again["generation"])) > len(kept) + ENOUGH)
        post_stop(live, again["generation"])
        assert text_of(live, again["answer"]).startswith(kept)
    finally:
        live.end()


def offers(live: Live) -> list[str]:
    """What the service beside it offers; nothing while it starts."""
    return [item["name"] for item in live.call("GET", "/api/v1/local-models", live.key)["items"]]


def service_of(live: Live) -> psutil.Process:
    """The process that `parley up --models` keeps alive."""
    (found,) = [one for one in psutil.Process(live.pid).children() if "model_service" in " ".join(one.cmdline())]
    return found


def test_stopping_an_answer_frees_the_model_at_once(live: Live, service: Service) -> None:
    asked = begin(live)

    post_stop(live, asked["generation"])

    with urllib.request.urlopen(f"http://127.0.0.1:{service.port}/", timeout=5) as answer:
        state_of_it = orjson.loads(answer.read())
    assert state_of_it["running"] == 0


def post_stop(live: Live, generation: str) -> None:
    live.call("POST", f"/api/v1/generations/{generation}/stop", live.key)
    ended(live, generation)
    time.sleep(1)  # a step of the model, and the way back from a connection that was closed
