"""Other products' clients with Parley as their vendor: each in a process of its own environment, against a live Parley.

Run by `make test-clients`, which names that environment in CLIENTS.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from bench.processes import Running
from bench.vendor.embeddings import vector
from tests.live import Live, start_vendor

HERE = Path(__file__).parent
PYTHON = str(Path(os.environ.get("CLIENTS", ".tools/clients")) / "bin" / "python")
SAYS, TOOL, FORM, EMBEDS = "mock-20x60", "mock-8x0-tool", "mock-form", "text-embedding-3-small"
PYTHON_CLIENTS = ("by_openai", "by_openai_responses", "by_langchain", "by_llm", "by_huggingface", "by_pydantic_ai")
NODE_CLIENTS = ("by_openai", "by_openai_responses")
SPEAK_BOTH = ("by_langchain", "by_pydantic_ai")
WITHOUT_EMBEDDINGS = ("by_huggingface", "by_openai_responses")


@pytest.fixture(scope="module")
def vendor() -> Iterator[Running]:
    running = start_vendor(SAYS, TOOL, FORM, EMBEDS)
    yield running
    running.end()


@pytest.fixture(scope="module")
def live(vendor: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    live = Live(tmp_path_factory.mktemp("clients"), vendor)
    live.key = live.found()
    live.start()
    for model in (SAYS, TOOL, FORM):
        live.bot_of(model, live.key)  # until the vendor's models are there
        live.change_model(model, live.key, vision=True, tools=True)
    yield live
    live.end()


def facts_of(command: list[str], live: Live, folder: Path, **env: str) -> Any:
    """What a client's script tells on its last line."""
    given = {"PATH": os.environ["PATH"], "HOME": str(folder), "PARLEY_URL": live.address, "PARLEY_KEY": live.key}
    done = subprocess.run(command, env=given | env, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-6000:]
    return json.loads(done.stdout.splitlines()[-1])


def asked_of(vendor: Running, model: str) -> list[Any]:
    """The bodies that reached the vendor for one model, since it was last reset."""
    request = Request(f"http://127.0.0.1:{vendor.port}/control/calls")
    with urlopen(request) as answer:
        return [body for body in json.load(answer) if body["model"] == model]


def reset(vendor: Running) -> None:
    urlopen(Request(f"http://127.0.0.1:{vendor.port}/control/reset", data=b"{}", method="POST")).close()


def check(facts: Any, vendor: Running, *, embeds: bool = True) -> None:
    assert len(facts["whole"].split()) == 20
    assert len("".join(facts["stream"]).split()) == 20
    assert len(facts["stream"]) > 1, "it came in one piece"
    name, arguments, said = facts["tool"]
    assert (name, json.loads(arguments), len(said.split())) == ("lookup", {"query": "parley"}, 8)
    results = [m["content"] for body in asked_of(vendor, TOOL) for m in body["messages"] if m["role"] == "tool"]
    assert any("found parley" in str(result) for result in results), "the tool's result did not reach the vendor"
    assert len(facts["seen"].split()) == 20
    assert "data:image/png;base64,iVBOR" in json.dumps(asked_of(vendor, SAYS)), "the picture did not reach the vendor"
    assert facts["form"] == {"name": "parley", "legs": 7}
    assert asked_of(vendor, FORM)[-1]["response_format"]["type"] == "json_schema"
    if embeds:
        for given, text in zip(facts["vectors"], ("one", "two words"), strict=True):
            assert given == pytest.approx(vector(text), abs=1e-6)


@pytest.mark.parametrize("name", PYTHON_CLIENTS)
def test_a_client_for_python_uses_parley_as_its_vendor(name: str, live: Live, vendor: Running, tmp_path: Path) -> None:
    reset(vendor)
    facts = facts_of([PYTHON, str(HERE / f"{name}.py")], live, tmp_path, PYTHONPATH=str(HERE))
    check(facts, vendor, embeds=name not in WITHOUT_EMBEDDINGS)


@pytest.mark.parametrize("name", SPEAK_BOTH)
def test_a_client_that_is_told_to_use_openais_newer_api_does(
    name: str, live: Live, vendor: Running, tmp_path: Path
) -> None:
    reset(vendor)
    script = [PYTHON, str(HERE / f"{name}.py")]
    check(facts_of(script, live, tmp_path, PYTHONPATH=str(HERE), PARLEY_API="responses"), vendor)


@pytest.mark.parametrize("name", NODE_CLIENTS)
def test_openais_client_for_node_uses_parley_as_its_vendor(
    name: str, live: Live, vendor: Running, tmp_path: Path
) -> None:
    reset(vendor)
    asked = subprocess.run(
        [sys.executable, "-c", ASKED],
        env={"PARLEY_URL": "", "PARLEY_KEY": "", "PYTHONPATH": str(HERE)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    facts = facts_of(["node", str(HERE / f"{name}.mjs")], live, tmp_path, ASKED=asked)
    check(facts, vendor, embeds=name not in WITHOUT_EMBEDDINGS)


ASKED = """
import json, asked
print(json.dumps({"says": asked.SAYS, "tool": asked.TOOL, "form": asked.FORM, "embeds": asked.EMBEDS, "schema": asked.SCHEMA,
                  "question": asked.QUESTION, "texts": asked.TEXTS, "pictureUrl": asked.PICTURE_URL}))
"""
