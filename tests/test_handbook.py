"""The handbook as people meet it: real questions, found in its real pages, answered by the guide."""

import re
from pathlib import Path

import pytest

from parley.accounts.models import Workspace
from parley.bots.guide import STARTERS
from parley.knowledge.actions import sync_handbook
from parley.knowledge.search import FoundChunk, search_chunks
from parley.providers.values import ChatMessage, ModelRequest, Passage, Text
from parley.providers.wire.guide import QUESTIONS, compose
from tests.house import ROOT

pytestmark = pytest.mark.django_db

PROPOSED = tuple(dict.fromkeys((*QUESTIONS, *STARTERS)))  # by the guide's answers, and by its bot
PAGES = sorted((ROOT / "docs" / "handbook").glob("*.md"))

# question → the page, and a word of the heading under which the answer stands
ASKED = {
    "how do I connect a model?": ("connect-a-model.md", "connect a model"),
    "can I use ollama?": ("connect-a-model.md", "Ollama"),
    "how to add claude": ("connect-a-model.md", "Claude"),
    "use gpt-4": ("connect-a-model.md", "OpenAI"),
    "run local model without internet": ("connect-a-model.md", "locally"),
    "where is my data?": ("your-data.md", "Where is my data"),
    "how do I make a backup?": ("your-data.md", "backup"),
    "how can I restore from backup": ("your-data.md", "restore"),
    "does it send telemetry": ("your-data.md", "telemetry"),
    "is it private?": ("your-data.md", "private"),
    "what happens when the connection is lost?": ("nothing-is-lost.md", "connection"),
    "what if the process is killed": ("nothing-is-lost.md", "process dies"),
    "why does it say 401": ("troubleshooting.md", "401"),
    "rate limit": ("troubleshooting.md", "429"),
    "port already in use": ("troubleshooting.md", "port"),
    "I forgot my password": ("people.md", "forgot"),
    "how do I invite my colleagues, other people?": ("people.md", "invite"),
    "api key for python": ("api.md", "API"),
    "curl example": ("api.md", "curl"),
    "what is parley": ("what-is-parley.md", "What is Parley"),
    "who are you, guide?": ("what-is-parley.md", "guide"),
    "how do I stop a reply": ("conversations.md", "stop"),
    "edit a message": ("conversations.md", "edit"),
    "how do I search": ("conversations.md", "search"),
    "what is temperature": ("bots.md", "temperature"),
    "how do I make a bot": ("bots.md", "make a bot"),
    "keyboard shortcuts": ("shortcuts.md", "shortcuts"),
    "lost sign-in link": ("first-steps.md", "sign-in link"),
    "environment variables": ("settings.md", "variable"),
}


@pytest.fixture
def found(workspace: Workspace, request: pytest.FixtureRequest) -> list[FoundChunk]:
    return search_chunks([sync_handbook(workspace).id], request.param)


@pytest.mark.parametrize(
    ("found", "page", "heading"), [(q, *a) for q, a in ASKED.items()], indirect=["found"], ids=ASKED
)
def test_a_real_question_finds_its_page_among_the_first_three(found: list[FoundChunk], page: str, heading: str) -> None:
    assert any(chunk.path == page and heading.lower() in chunk.heading.lower() for chunk in found[:3])


@pytest.mark.parametrize(("found", "question"), [(q, q) for q in PROPOSED], indirect=["found"], ids=PROPOSED)
def test_what_is_proposed_to_be_asked_is_answered(found: list[FoundChunk], question: str) -> None:
    passages = tuple(Passage(n, chunk.heading, chunk.path, chunk.text) for n, chunk in enumerate(found, start=1))

    answer = compose(ModelRequest("parley-guide", (ChatMessage("user", (Text(question),)),), passages=passages))

    assert f"{question}** [1]" in answer
    assert "quite fits" not in answer


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_has_one_title_and_every_heading_leads_to_text(page: Path) -> None:
    text = re.sub(r"```.*?```", "code", page.read_text(encoding="utf-8"), flags=re.S)

    assert len(re.findall(r"^# ", text, re.M)) == 1
    assert re.findall(r"^## .*\n\s*(?=## )", text, re.M) == []
