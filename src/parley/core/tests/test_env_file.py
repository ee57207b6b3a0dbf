"""The file of settings beside the data."""

import os
import stat
from pathlib import Path

import pytest

from parley.core.env_file import apply_env_file, read_env_file, write_env_file


def test_what_is_written_is_read_and_only_its_owner_may(tmp_path: Path) -> None:
    path = tmp_path / "parley.env"
    values = {"PARLEY_DATABASE_URL": "postgresql://a:b=c@127.0.0.1/d?x=#1", "PARLEY_HTTPS": "on"}
    write_env_file(path, {"PARLEY_HTTPS": "off"}, comment="old")
    write_env_file(path, values, comment="KEY=VALUE")

    assert read_env_file(path) == values
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_the_environment_wins_over_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"PARLEY_HTTPS": "off"})
    write_env_file(tmp_path / "parley.env", {"PARLEY_HTTPS": "on", "PARLEY_TITLES": "off"}, comment="")
    apply_env_file(tmp_path)

    assert os.environ == {"PARLEY_HTTPS": "off", "PARLEY_TITLES": "off"}


def test_a_folder_without_one_sets_nothing(tmp_path: Path) -> None:
    assert read_env_file(tmp_path / "parley.env") == {}


def test_a_value_of_several_lines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="PARLEY_SECRET has several lines"):
        write_env_file(tmp_path / "parley.env", {"PARLEY_SECRET": "a\nPARLEY_HTTPS=off"}, comment="")
    assert list(tmp_path.iterdir()) == []
