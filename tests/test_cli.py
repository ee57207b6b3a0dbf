"""The command `parley` as people type it: each call a process of its own over a fresh data folder."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "import sys; from parley.cli import main; sys.exit(main())"]


class Shell:
    def __init__(self, data: Path) -> None:
        self.data = data

    def run(self, *words: str, typed: str = "", **variables: str) -> "subprocess.CompletedProcess[str]":
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PARLEY", "DJANGO"))}
        return subprocess.run(
            [*COMMAND, *words, "--data", str(self.data)],
            input=typed,
            env=environment | variables,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """With one user: each call takes a second, so the tests share what they can."""
    shell = Shell(tmp_path_factory.mktemp("cli") / "data")
    made = shell.run("user", "create", "ada@example.org", "--password-stdin", typed="a good long pass phrase\n")
    assert (made.returncode, made.stdout, made.stderr) == (0, "", "")
    return shell


def test_who_is_added_without_a_password_gets_a_link(shell: Shell) -> None:
    made = shell.run("user", "create", "bob@example.org")
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith("http://127.0.0.1:8000/sign-in/")
    assert made.stdout.count("\n") == 1


def test_nothing_in_the_data_folder_is_for_others(shell: Shell) -> None:
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) & 0o077 for path in [shell.data, *shell.data.iterdir()]}
    assert set(modes.values()) == {0}
    assert {"secret.key", "parley.sqlite3"} <= set(modes)


def test_a_key_is_printed_and_nothing_else(shell: Shell) -> None:
    made = shell.run("key", "create", "ada@example.org", "--name", "script")
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith("pk_")
    assert made.stdout == made.stdout.strip() + "\n"
    assert made.stderr == ""


def test_a_new_link_can_be_printed_for_the_origin_people_use(shell: Shell) -> None:
    made = shell.run("user", "link", "ada@example.org", PARLEY_ORIGINS="https://chat.example.org")
    assert made.stdout.startswith("https://chat.example.org/sign-in/")


def test_what_is_refused_is_told_in_one_line_and_by_exit_code(shell: Shell) -> None:
    refused = [
        shell.run("user", "create", "ADA@example.org"),
        shell.run("user", "create", "eve@example.org", "--password-stdin", typed="short\n"),
        shell.run("user", "create", "eve@example.org", "--password-stdin"),
        shell.run("key", "create", "eve@example.org", "--name", "x"),
        shell.run("user", "link", "eve@example.org"),
        shell.run("up", PARLEY_SECRET="t0p-s3cr3t"),
        shell.run("check", PARLEY_HTTPS="perhaps"),
        shell.run("check", PARLEY_PORT="many"),
        Shell(Path("/proc/parley")).run("check"),
    ]
    assert [answer.returncode for answer in refused] == [1] * len(refused)
    for answer in refused:
        assert answer.stderr.startswith("parley: ")
        assert answer.stderr.count("\n") == 1, answer.stderr
        assert "Traceback" not in answer.stderr


def test_a_wrong_command_line_is_explained(shell: Shell) -> None:
    answer = shell.run("user")
    assert answer.returncode == 2
    assert "usage: parley" in answer.stderr


def test_a_sound_instance_has_nothing_to_mend_also_with_https(shell: Shell) -> None:
    https = {"PARLEY_HTTPS": "on", "PARLEY_HOSTS": "chat.example.org", "PARLEY_ORIGINS": "https://chat.example.org"}
    for variables in ({}, https):
        answer = shell.run("check", **variables)
        assert answer.returncode == 0, answer.stdout
        assert "warning" not in answer.stdout
        assert "Parley is in order" in answer.stdout


def test_hosts_that_others_reach_without_https_are_warned_about(shell: Shell) -> None:
    answer = shell.run("check", PARLEY_HOSTS="chat.example.org")
    assert answer.returncode == 0
    assert "warning: " in answer.stdout
    assert "PARLEY_HTTPS=on" in answer.stdout


HANGING = """
import faulthandler, time, uvicorn
cut_short = faulthandler.dump_traceback_later
faulthandler.dump_traceback_later = lambda after_s, exit: cut_short(after_s / 10, exit=exit)
uvicorn.Server.shutdown = lambda self, sockets: time.sleep(300)
from parley.cli import main
main()
"""


def test_an_end_that_hangs_is_cut_short_and_tells_where(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PARLEY", "DJANGO"))}
    process = subprocess.Popen(
        [sys.executable, "-c", HANGING, "up", "--port", "0", "--data", str(tmp_path)],
        env=environment | {"PARLEY_SHUTDOWN_GRACE_S": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert "Parley is ready" in process.stdout.readline(), process.stderr and process.stderr.read()
    process.terminate()
    _, told = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "in shutdown" in told


def test_one_process_loads_nothing_that_reads_documents(shell: Shell) -> None:
    """PDFs are read by a process of their own; what it imports weighs 8 MB, and would weigh them in every process."""
    program = "import sys, django; django.setup(); import parley.asgi, parley.serve; print(*sys.modules)"
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("PARLEY", "DJANGO"))}
    ours |= {"PARLEY_DATA": str(shell.data), "DJANGO_SETTINGS_MODULE": "parley.settings"}
    loaded = subprocess.run([sys.executable, "-c", program], env=ours, capture_output=True, text=True, check=True)

    assert "parley.files.words" in loaded.stdout.split()
    assert not {"pypdf", "PIL", "parley.files.pdf"} & set(loaded.stdout.split())
