"""F-17: a model service that may take no more memory. Whoever asked too much is told so; the others read on, and it serves on."""

import resource
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bench.processes import ROOT
from tests.live import Live
from tests.model_service.stage import PYTHON
from tests.model_service.test_killed import Service, ended, post_stop, shown, text_of, until

pytestmark = pytest.mark.timeout(300)  # on a busy machine torch alone takes a minute to start

SMALL, BIG, WIDE = "small", "big", "wide"
ROOM_BYTES = 96 * 2**20  # that the service may still take: less than `big` weighs, or a long prompt takes in `wide`
LONG = "and so on, word for word, " * 40  # some 800 tokens
MAKE = """
import sys, pathlib
from transformers import LlamaConfig, LlamaForCausalLM
from model_service.tests import tiny
from model_service.tests.hundred import wide_tokenizer
offered = pathlib.Path(sys.argv[1])
tiny.llama(offered / "small")
tiny.llama(offered / "big", hidden_size=1024, intermediate_size=8192)
made = wide_tokenizer()
# For each token that it reads it takes a quarter of a megabyte.
sizes = {**tiny.SIZES, "intermediate_size": 65536, "max_position_embeddings": 8192}
tiny.save(offered / "wide", LlamaForCausalLM(LlamaConfig(**sizes | tiny.ids(made))), made)
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home = tmp_path_factory.mktemp("service")
    subprocess.run([PYTHON, "-c", MAKE, home / "offered"], check=True, cwd=ROOT, capture_output=True)
    service = Service(home)
    yield service
    print(service.running.log[-4000:])
    service.running.end()


@pytest.fixture(scope="module")
def live(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    env = {"OPENAI_BASE_URL": f"http://127.0.0.1:{service.port}/v1", "OPENAI_API_KEY": "sesame"}
    live = Live(tmp_path_factory.mktemp("parley"), env=env)
    live.key = live.found()
    live.start()
    yield live
    live.end()


@contextmanager
def little_memory(service: Service) -> Iterator[None]:
    """The service may take a little more than it has now."""
    pid, most = service.running.process.pid, service.running.process.memory_info().vms + ROOM_BYTES
    resource.prlimit(pid, resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
    yield
    resource.prlimit(pid, resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def say(live: Live, model: str, text: str = "Hello") -> Any:
    """What was stored of it."""
    conversation = live.call("POST", "/api/v1/conversations", live.key, {"bot": live.bot_of(model, live.key)})["id"]
    body = {"key": str(uuid.uuid4()), "parts": [{"type": "text", "text": text}]}
    return live.call("POST", f"/api/v1/conversations/{conversation}/messages", live.key, body)


def answered(live: Live, model: str, text: str = "Hello") -> Any:
    """The generation, once it has ended."""
    return ended(live, say(live, model, text)["generation"])


def read_some(live: Live, generation: str) -> str:
    """What is shown of it when it is more than now."""
    before = len(shown(live, generation))
    until(lambda: len(shown(live, generation)) > before)
    return shown(live, generation)


def test_a_model_that_finds_no_memory_is_refused_with_the_cause_and_the_others_answer(
    live: Live, service: Service
) -> None:
    reading = say(live, WIDE)
    seen = read_some(live, reading["generation"])
    assert answered(live, SMALL)["status"] == "completed"
    with little_memory(service):
        refused = answered(live, BIG)
        assert refused["status"] == "failed"
        assert "not enough memory on this machine to load big" in refused["error"]["message"]
        assert answered(live, SMALL)["status"] == "completed"
        assert read_some(live, reading["generation"]).startswith(seen)
    assert answered(live, BIG)["status"] == "completed", "there is memory again, and nothing was started anew"
    post_stop(live, reading["generation"])
    assert text_of(live, reading["answer"]).startswith(seen)


def test_a_prompt_that_finds_no_memory_ends_alone(live: Live, service: Service) -> None:
    """Beside another answer of the same model."""
    reading = say(live, WIDE)
    seen = read_some(live, reading["generation"])
    with little_memory(service):
        refused = answered(live, WIDE, LONG)
        assert refused["status"] == "failed"
        assert "not enough memory for this answer" in refused["error"]["message"]
        assert read_some(live, reading["generation"]).startswith(seen)
    post_stop(live, reading["generation"])
    assert text_of(live, reading["answer"]).startswith(seen)
