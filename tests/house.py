"""What the house tests read: the plan in pyproject.toml, and the Python files of the project."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARLEY = ROOT / "src" / "parley"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Source:
    path: Path
    text: str

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """The project's own Python files in these folders, without tests and migrations."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(
        Source(path, path.read_text(encoding="utf-8")) for path in paths if not {"tests", "migrations"} & {*path.parts}
    )


def functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(source.tree) if isinstance(node, FUNCTIONS))


@cache
def floors() -> dict[str, int]:
    """Room → height of its floor, the lowest is 0: the layers that import-linter keeps."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        (contract,) = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    return {
        room.strip(" ()"): height
        for height, layer in enumerate(reversed(contract["layers"]))
        for room in re.split(r"[|:]", layer)
    }


def rooms() -> list[Path]:
    """The packages of src/parley."""
    return sorted(path.parent for path in PARLEY.glob("*/__init__.py"))
