from pathlib import Path

import pytest
from pytest_django import Settings

from parley.accounts.models import Workspace


@pytest.fixture
def workspace(db: None) -> Workspace:
    return Workspace.objects.create(name="Orchard")


@pytest.fixture
def handbook(tmp_path: Path, settings: Settings) -> Path:
    """A small handbook of its own, so that these tests do not hang on the wording of the real one."""
    folder = tmp_path / "handbook"
    folder.mkdir()
    (folder / "apples.md").write_text(
        "# Apples\n\nRound fruit.\n\n## How are apples stored?\n\nIn a cool cellar, on straw.\n"
    )
    (folder / "pears.md").write_text("# Pears\n\nSoft fruit. They are eaten fresh, or stored in a jar.\n")
    settings.HANDBOOK_DIR = folder
    return folder
