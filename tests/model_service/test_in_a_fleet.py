"""The model service as a part of the fleet: tiny models of both kinds behind nginx, and what a death of it leaves."""

import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from websockets.sync.client import connect

from bench.processes import ROOT
from tests.fleet import Fleet, wait_until

pytestmark = pytest.mark.timeout(600)  # torch is read from the disk, more than once

TALKER, SEQ2SEQ = "talker", "tiny-seq2seq"  # one talks for half a minute, the other reads a whole text before it speaks
ENDS = ("finished", "stopped", "failed", "interrupted")
MAKE_SEQ2SEQ = "import sys, pathlib; from model_service.tests import tiny; tiny.blenderbot(pathlib.Path(sys.argv[1]))"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    home = tmp_path_factory.mktemp("fleet")
    python = str(Path(os.environ["MODELS"]) / "bin" / "python")
    offered = home / "offered"
    for command in (
        [python, "-m", "model_service.tests.hundred", str(offered), "--talker"],
        [python, "-c", MAKE_SEQ2SEQ, str(offered / SEQ2SEQ)],
    ):
        subprocess.run(command, check=True, cwd=ROOT)
    env = {"PARLEY_MODELS": "on", "PARLEY_MODELS_PYTHON": python, "MODELS_FOLDER": str(offered)}
    fleet = Fleet(home / "data", env=env)
    try:
        fleet.start()
        fleet.found()
        yield fleet
    finally:
        fleet.end()


def say(fleet: Fleet, model: str) -> tuple[Any, list[Any]]:
    """Ask through https; what was stored of the question, and no event yet."""
    conversation = fleet.call("POST", "/api/v1/conversations", {"bot": fleet.bot_of(model)})["id"]
    body = {"key": str(uuid.uuid4()), "parts": [{"type": "text", "text": "Tell me all."}]}
    return fleet.call("POST", f"/api/v1/conversations/{conversation}/messages", body), []


def listen(fleet: Fleet, generation: str, heard: list[Any], *, words: int = 0) -> None:
    """Follow it through wss from where `heard` ends: until so many letters are shown, or it has ended."""
    headers = {"Authorization": f"Bearer {fleet.key}"}
    url = f"wss://127.0.0.1:{fleet.port}/ws"
    with connect(url, ssl=fleet.tls, additional_headers=headers, open_timeout=60) as socket:
        after = heard[-1]["seq"] if heard else 0
        follow = {"type": "generation.follow", "ref": "", "generation": generation, "after": after}
        socket.send(orjson.dumps(follow).decode())
        while not (heard and heard[-1]["event"]["type"] in ENDS) and (not words or len(text_of(heard)) < words):
            frame = orjson.loads(socket.recv(timeout=90))
            if frame["type"] == "event":
                heard.append(frame)


def text_of(heard: list[Any]) -> str:
    return "".join(frame["event"]["text"] for frame in heard if frame["event"]["type"] == "delta")


def stored_text(fleet: Fleet, answer: str) -> str:
    ((parts,),) = fleet.rows("SELECT parts FROM conversations_message WHERE id = %s", answer)
    return "".join(part.get("text", "") for part in orjson.loads(parts))


def test_a_model_that_reads_first_answers_through_the_edge(fleet: Fleet) -> None:
    assert "models" in fleet.pids
    asked, heard = say(fleet, SEQ2SEQ)

    listen(fleet, asked["generation"], heard)

    assert heard[-1]["event"]["type"] == "finished"
    assert text_of(heard) == stored_text(fleet, asked["answer"])


def test_a_death_in_mid_reply_leaves_the_text_and_the_cause_and_the_fleet_starts_it_again(fleet: Fleet) -> None:
    asked, heard = say(fleet, TALKER)
    listen(fleet, asked["generation"], heard, words=40)

    dead = fleet.kill("models")
    listen(fleet, asked["generation"], heard)

    end = heard[-1]["event"]
    assert end["type"] in ("failed", "interrupted")
    if end["type"] == "failed":
        assert end["code"].startswith("endpoint_")
        assert end["message"]
    assert stored_text(fleet, asked["answer"]) == text_of(heard)

    fleet.wait_for_part("models", not_pid=dead, timeout_s=120)
    wait_until(lambda: is_answered(fleet), timeout_s=120)


def is_answered(fleet: Fleet) -> bool:
    asked, heard = say(fleet, SEQ2SEQ)
    listen(fleet, asked["generation"], heard)
    return bool(heard[-1]["event"]["type"] == "finished")
