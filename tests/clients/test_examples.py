"""The programs in `examples/`, run as their readers run them: Streamlit's under its own AppTest, LangChain's as a command."""

import csv
import io
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.processes import ROOT, Running
from tests.clients.test_clients import EMBEDS, HERE, PYTHON, SAYS, asked_of, facts_of, reset
from tests.live import Live, living, start_vendor

REFUSES = "mock-401"
EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="module")
def vendor() -> Iterator[Running]:
    running = start_vendor(SAYS, EMBEDS, REFUSES)
    yield running
    running.end()


@pytest.fixture(scope="module")
def live(vendor: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with living(tmp_path_factory.mktemp("examples"), vendor, SAYS) as live:
        yield live


def check_chat(facts: Any) -> None:
    """What a person sees, whichever form answers."""
    assert {SAYS, REFUSES, "Parley guide"} <= set(facts["bots"])
    assert EMBEDS not in facts["bots"]
    assert facts["clear_at_first"] is True
    assert [name for name, _ in facts["chat"]] == ["user", "assistant"] * 2
    assert facts["chat"][0][1] == "Hello there"
    assert len(facts["chat"][1][1].split()) == 20
    assert facts["errors"] == facts["exceptions"] == []
    assert facts["downloads"] == ["Download as CSV"]
    head, *rows = csv.reader(io.StringIO(facts["csv"]))
    assert head[:2] == ["is_user", "text"]
    assert [row[0] for row in rows] == ["true", "false"] * 2
    assert rows[2][1] == "And, again?"
    assert (facts["after_clear"], facts["csv_after_clear"].split()) == ([], ["is_user,text,model,at"])
    assert "key" in facts["refused"][0]
    assert facts["kept"] == 0


def test_the_streamlit_chat_talks_to_a_parley_server(live: Live, tmp_path: Path) -> None:
    check_chat(facts_of([PYTHON, str(HERE / "use_streamlit.py"), "microservice", SAYS], live, tmp_path))


def test_the_streamlit_chat_with_parley_in_its_own_process(vendor: Running, live: Live, tmp_path: Path) -> None:
    reset(vendor)
    env = {
        "PYTHONPATH": str(ROOT / "src"),
        "PARLEY_DATA": str(tmp_path / "data"),
        "OPENAI_BASE_URL": f"http://127.0.0.1:{vendor.port}/v1",
        "OPENAI_API_KEY": "sk-test",
    }
    check_chat(facts_of([PYTHON, str(HERE / "use_streamlit.py"), "monolith", SAYS], live, tmp_path, **env))
    second = asked_of(vendor, SAYS)[1]["messages"]
    assert [message["role"] for message in second] == ["user", "assistant", "user"]


def test_langchain_answers_from_a_folder(live: Live, vendor: Running, tmp_path: Path) -> None:
    reset(vendor)
    (tmp_path / "cats.md").write_text("# Cats\n\nCats have four legs.\n\nThey purr.")
    (tmp_path / "birds.txt").write_text("Birds have two legs.")
    command = [PYTHON, str(EXAMPLES / "langchain_folder" / "ask.py"), str(tmp_path), "How many legs has a cat?"]
    done = subprocess.run(
        [*command, "--bot", SAYS, "--embeddings", EMBEDS],
        env={"PARLEY_URL": live.address, "PARLEY_KEY": live.key},
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(done.stdout.split()) == 20
    (asked,) = asked_of(vendor, SAYS)
    said = str(asked["messages"][-1]["content"])
    assert "[cats.md]" in said
    assert "How many legs has a cat?" in said
