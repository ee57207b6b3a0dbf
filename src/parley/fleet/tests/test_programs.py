"""PostgreSQL's programs where somebody who is not root may run them."""

import os
import subprocess
from pathlib import Path

import pytest

from parley.fleet import programs


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A program in a folder that only root may enter, as pytest's are."""
    place = tmp_path / "pgserver" / "pginstall18"
    (place / "bin").mkdir(parents=True)
    program = place / "bin" / "initdb"
    program.write_text("#!/bin/sh\necho ran\n")
    program.chmod(0o755)
    (tmp_path / "pgserver.libs").mkdir()
    (tmp_path / "pgserver.libs" / "libpq.so").touch()
    tmp_path.chmod(0o700)
    return place


@pytest.mark.skipif(os.geteuid() != 0, reason="who is not root runs PostgreSQL where it lies")
def test_what_lies_in_a_folder_of_roots_own_is_copied_to_where_nobody_may_run_it(home: Path) -> None:
    reached = programs._within_reach(home)
    assert reached != home
    who = [f"--reuid={programs.NOBODY}", f"--regid={programs.NOBODY}", "--clear-groups"]
    done = subprocess.run(["setpriv", *who, str(reached / "bin" / "initdb")], capture_output=True, text=True)
    assert done.stdout == "ran\n"
    assert (reached / "../../pgserver.libs/libpq.so").exists(), "where its programs look for them"
    assert programs._within_reach(home) == reached, "once is enough"


@pytest.mark.skipif(os.geteuid() != 0, reason="who is not root runs PostgreSQL where it lies")
def test_a_copy_that_others_may_change_is_not_believed(home: Path) -> None:
    reached = programs._within_reach(home)
    reached.parents[1].chmod(0o777)
    assert programs._within_reach(home) != reached
