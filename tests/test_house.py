"""The habits of the house that a machine can check. Where one makes the code worse, change it here, with its reason."""

import re
from pathlib import Path

import pytest

from tests.house import ROOT, Source, functions, rooms, sources

MAX_FILE_LINES = 450
MAX_FUNCTION_LINES = 60
# A file is the noun it holds; these hold whatever came by.
NO_NOUNS = {"utils", "util", "helpers", "helper", "common", "misc", "services", "managers"}
OURS = sources("src/parley", "bench", "docs", "model_service", "scripts")


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_a_room_says_what_lives_in_it_what_does_not_and_who_may_call(room: Path) -> None:
    docstring = (room / "__init__.py").read_text(encoding="utf-8")

    for opening in ('"""Lives here: ', "\nDoes not live here: ", "\nMay call: "):
        assert opening in docstring, f"{room.name}/__init__.py lacks the line {opening.strip()!r}"


@pytest.mark.parametrize("source", OURS, ids=lambda source: source.name)
def test_a_file_can_be_read_in_one_sitting(source: Source) -> None:
    assert len(source.lines) <= MAX_FILE_LINES


def test_a_file_of_tests_or_of_the_front_end_can_be_read_in_one_sitting() -> None:
    tests = [path for folder in ("src", "tests", "model_service") for path in (ROOT / folder).rglob("*.py")]
    front_end = (ROOT / "frontend" / "src").rglob("*.ts*")
    lines = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n") for path in (*tests, *front_end)}

    assert {name: count for name, count in lines.items() if count > MAX_FILE_LINES} == {}


@pytest.mark.parametrize("source", OURS, ids=lambda source: source.name)
def test_a_function_fits_a_screen(source: Source) -> None:
    long = {
        node.name: length
        for node in functions(source)
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_FUNCTION_LINES
    }

    assert long == {}


def test_what_a_person_does_on_screen_is_an_action() -> None:
    """Components show and ask; what changes something on the server stands in `frontend/src/actions`, one object for each."""
    source = ROOT / "frontend" / "src"
    texts = {path: path.read_text(encoding="utf-8") for path in source.rglob("*.ts*") if ".test." not in path.name}
    writers = {name for text in texts.values() for name in _writers_in(text)}
    assert {"createBot", "deleteKey", "updateEndpoint", "putBudget"} <= writers  # it still reads what stands there

    mutating = {str(path.relative_to(source)) for path, text in texts.items() if "useMutation" in text}
    assert mutating == {"actions/useAction.ts"}
    strays = {
        str(path.relative_to(source)): sorted(found)
        for path, text in texts.items()
        if path.suffix == ".tsx" and (found := writers & _imported_by(text))
    }
    assert strays == {}


def _writers_in(text: str) -> set[str]:
    """What a module offers that writes to the server: no query that must be asked by POST, and no store of its own."""
    if not re.search(r'import \{[^}]*\b(?:post|put|patch|remove|upload)\b[^}]*\} from "[./]*/api/client"', text):
        return set()
    offers = re.split(r"^export (?=const |function |async function )", text, flags=re.M)[1:]
    writing = [
        offer for offer in offers if re.search(r"(?<![.\w])(?:post|put|patch|remove|upload)(?:<[^(]*>)?\(", offer)
    ]
    names = {match[1] for offer in writing if (match := re.match(r"(?:async )?(?:const|function) (\w+)", offer))}
    return {name for name in names if not name.endswith(("Query", "Of"))}


def _imported_by(text: str) -> set[str]:
    """From elsewhere than the actions."""
    imports = re.findall(r'import (?:type )?\{([^}]*)\} from "(?!\.\./actions/)[^"]*";', text)
    return {name for found in imports for name in re.findall(r"(\w+)(?: as \w+)?", found)}


def test_no_room_and_no_file_is_a_drawer_for_whatever_came_by() -> None:
    names = {part for source in OURS for part in (source.path.stem, source.path.parent.name)}

    assert names & NO_NOUNS == set()


def test_only_doors_and_the_engine_know_of_async() -> None:
    """Rooms are plain synchronous Django; the loop is a matter of the engine, the doors and the wires."""
    floors_with_a_loop = re.compile(r"src/parley/(api|realtime|engine|providers|core)/|src/parley/[a-z_]+\.py")
    with_async = {source.name for source in sources("src/parley") if re.search(r"^\s*async def ", source.text, re.M)}

    assert {name for name in with_async if not floors_with_a_loop.match(name)} == set()


def test_what_other_products_are_tried_with_holds_all_that_parley_needs() -> None:
    """Their environment runs Parley, too (`examples/`): a lock that was forgotten shows there only on a fresh machine."""
    ours, theirs = (
        set(re.findall(r"^([\w.-]+==\S+)", (ROOT / "requirements" / name).read_text(encoding="utf-8"), re.M))
        for name in ("base.txt", "clients.txt")
    )
    assert ours - theirs == set()
