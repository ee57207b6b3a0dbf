"""The documents that can be compared with the code, are."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.dispatch import Signal

from tests.house import PARLEY, ROOT, rooms, sources

DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)")


def signals_in_the_code() -> set[tuple[str, str]]:
    """(room, signal)"""
    with_signals = [room.name for room in rooms() if (room / "signals.py").exists()]
    return {
        (room, name)
        for room in with_signals
        for name, value in vars(import_module(f"parley.{room}.signals")).items()
        if isinstance(value, Signal)
    }


def signals_in_the_docs() -> dict[tuple[str, str], set[str]]:
    """(room, signal) → its arguments"""
    found = {}
    sections = re.split(r"^## ", (ROOT / "docs" / "signals.md").read_text(encoding="utf-8"), flags=re.M)[1:]
    for section in sections:
        room = section.splitlines()[0].strip()
        for name, arguments in re.findall(r"^\| `(\w+)` \| `([\w, ]+)` \|", section, re.M):
            found[room, name] = set(arguments.split(", "))
    return found


def test_docs_signals_lists_every_signal_and_no_other() -> None:
    assert signals_in_the_docs().keys() == signals_in_the_code()


def test_docs_signals_names_the_arguments_that_are_sent() -> None:
    documented = signals_in_the_docs()
    wrong = []
    for source in sources("src/parley"):
        room = source.path.relative_to(PARLEY).parts[0]
        for call in ast.walk(source.tree):
            if not (isinstance(call, ast.Call) and getattr(call.func, "id", "") == "announce" and call.args):
                continue
            name = ast.unparse(call.args[0]).rpartition(".")[2]
            sent = {keyword.arg for keyword in call.keywords if keyword.arg}
            has_more = any(keyword.arg is None for keyword in call.keywords)  # **fact: what it holds is not seen here
            expected = documented.get((room, name))
            if expected is not None and (not sent <= expected if has_more else sent != expected):
                wrong.append(
                    f"{source.name}:{call.lineno} {name} sends {sorted(sent)}, documented are {sorted(expected)}"
                )

    assert wrong == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    targets = LINK.findall(document.read_text(encoding="utf-8"))

    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_the_map_names_every_room() -> None:
    text = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")

    assert [room.name for room in rooms() if f"`{room.name}/`" not in text] == []


def test_paths_that_the_maps_name_exist() -> None:
    """A path in backticks, such as `engine/tape.py`, is one of the repository or of src/parley."""
    for name in ("map.md", "hot_path.md"):
        text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        paths = re.findall(r"`([a-z_]+(?:/[\w.]+)*/[\w.]+\.(?:py|ts|tsx|md))`", text)
        missing = [
            path for path in paths if not any((base / path).exists() for base in (ROOT, PARLEY, ROOT / "frontend/src"))
        ]

        assert missing == [], name


def test_what_the_hot_path_names_in_a_file_stands_in_it() -> None:
    """As in: `engine/turn.py`, `run_turn`."""
    text = (ROOT / "docs" / "hot_path.md").read_text(encoding="utf-8")
    named = re.findall(r"`([a-z_/]+\.py)`, `(\w+)`", text)
    assert len(named) >= 3
    assert [(path, name) for path, name in named if name not in (PARLEY / path).read_text(encoding="utf-8")] == []


def test_each_decision_has_a_number_of_its_own_and_says_it() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [decision.name[:4] for decision in decisions]
    assert len(set(numbers)) == len(numbers)
    for decision in decisions:
        assert decision.read_text(encoding="utf-8").startswith(f"# {decision.name[:4]}: "), decision.name
