"""Every variable that Parley reads stands in docs/settings.md and in .env.example, and no other does."""

import ast
import re

from tests.house import ROOT, sources

VARIABLE = re.compile(r"PARLEY_[A-Z0-9_]+|[A-Z][A-Z0-9]*(_[A-Z0-9]+)*_(API_KEY|BASE_URL|TOKEN|HOST)")
# Of the tests: the network is shut, and a process dies where it is told to. The last is told to our own child.
NOT_FOR_PEOPLE = {"PARLEY_NO_NETWORK", "PARLEY_CHAOS", "PARLEY_FAULTPOINTS", "MODELS_HOST"}


def variables_in_the_code() -> set[str]:
    """Whole strings that have the form of a variable's name: those are what `core.env` and the vendors' table get."""
    strings = {
        node.value
        for source in sources("src/parley")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {string for string in strings if VARIABLE.fullmatch(string)} - NOT_FOR_PEOPLE


def test_docs_settings_lists_every_variable_and_no_other() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| `([A-Z0-9_]+)` \|", text, re.M)) == variables_in_the_code()


def test_env_example_lists_every_variable_and_no_other() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")

    assert set(re.findall(r"^#?([A-Z0-9_]+)=", text, re.M)) == variables_in_the_code()


def test_the_variables_that_the_handbook_names_exist() -> None:
    pages = [path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "handbook").glob("*.md")]
    named = {name for page in pages for name in re.findall(r"\bPARLEY_[A-Z0-9_]+", page)} - {
        "PARLEY_KEY"
    }  # a caller's own

    assert named <= variables_in_the_code()
