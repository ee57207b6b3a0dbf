from pathlib import Path

from pytest_django import Settings

from parley.knowledge import checks


def test_a_missing_handbook_is_named_with_its_fix(tmp_path: Path, settings: Settings) -> None:
    settings.HANDBOOK_DIR = tmp_path

    (warning,) = checks.handbook_is_there(None)

    assert str(tmp_path) in warning.msg
    assert warning.hint
    assert "PARLEY_HANDBOOK" in warning.hint


def test_this_python_can_search(settings: Settings) -> None:
    assert checks.sqlite_can_search(None) == []
