"""The commands `parley model pull` and `parley model list`: models of this machine, by a service that runs or without one.

A model of the hub is fetched; one in a folder of this machine is offered where it lies.
"""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson
from asgiref.sync import async_to_sync

from parley.core.env import data_dir
from parley.core.errors import Invalid, ParleyError
from parley.fleet.model_service import REPOSITORY, model_service_program
from parley.providers.local_models import list_local_models, offer_folder, service_url
from parley.providers.model_downloads import (
    UNDER_WAY,
    ModelDownload,
    ask_for_model,
    list_model_downloads,
    model_download,
)

LOOKS_S: Final = 0.5
BAR: Final = 24
SOON: Final = "A Parley with its model service (parley up --models) offers it within a minute."
FOLDER_NAME: Final = re.compile(r"[\w.:/@-]{1,200}")  # as the service takes them


class NotPulled(ParleyError):
    """The model is not whole."""


def pull(name: str, revision: str) -> None:
    """Raises `NotPulled`, with the cause and the remedy."""
    steps = _by_service if service_url() else _by_ourselves
    line, last = Line(), None
    try:
        for last in steps(name, revision):
            line.show(last)
    except KeyboardInterrupt:
        where = "The model service goes on with it." if service_url() else "The same command goes on where it ended."
        raise NotPulled(f"interrupted. {where}") from None
    finally:
        line.end()
    if last is None:
        raise NotPulled(f"the download of {name} was cancelled.")
    if last.state != "done":
        raise NotPulled(
            last.problem or f"the download of {last.name} is paused. The same command goes on where it ended."
        )
    print(f"{last.name} is here. {SOON}")


def offer(folder: str, name: str) -> None:
    """Offer the model in a folder, where it lies: without a network, and without a copy. Raises `NotPulled`."""
    where = Path(folder).expanduser().resolve()
    name = name or where.name
    if not FOLDER_NAME.fullmatch(name):
        raise NotPulled(f"{name!r} is no name for a model. Give it one of letters, digits, and . _ / - with --name.")
    taken = {model: Path(there) for model, there in _folders().items()}.get(name)
    if taken and taken != where:
        raise NotPulled(f"there is a model {name} already, in {taken}. Give this one another name, with --name.")
    try:
        if service_url():
            async_to_sync(offer_folder)(name, str(where))
        else:
            _answer_of("add", "--", name, str(where))
    except Invalid as error:
        raise NotPulled(error.message) from None
    print(f"{name} is offered from {where}, where it stays. {SOON}")


def is_folder(named: str) -> bool:
    """A path, and no name of the hub's: those begin with a letter or a digit."""
    return named.startswith(("/", ".", "~"))


def list_models() -> None:
    """A line for each: name, what it is for, size; of a download, how far it is."""
    if service_url():
        models = [(one.name, one.kind, one.size_bytes) for one in async_to_sync(list_local_models)()]
        downloads = async_to_sync(list_model_downloads)()
    else:
        known = orjson.loads(_answer_of("list"))
        models = [(row["name"], row["kind"], row["size_bytes"]) for row in known["models"]]
        downloads = [model_download(row) for row in known["downloads"]]
    for name, kind, size_bytes in models:
        print(f"{name:<50}  {kind:<9}  {said_bytes(size_bytes):>9}")
    for one in downloads:
        if one.state != "done":
            print(f"{one.name:<50}  {one.state:<9}  {said_bytes(one.done_bytes)} of {said_bytes(one.total_bytes)}")
            if one.problem:
                print(f"  {one.problem}")
    if not models and not downloads:
        print("There is none yet. Download one with: parley model pull OWNER/MODEL")


class Line:
    """What a terminal shows of a download: one line that changes; elsewhere a line for each tenth, and for what holds it up."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._began: tuple[float, int] | None = None
        self._said = ""

    def show(self, step: ModelDownload | None) -> None:
        if step is None:
            return
        text = self._text(step)
        if self._is_terminal:
            width = shutil.get_terminal_size().columns - 1
            print(f"\r{text[:width]:<{width}}", end="", file=sys.stderr, flush=True)
            self._said = text
        elif (mark := f"{step.state}{10 * step.done_bytes // max(1, step.total_bytes)}{step.problem}") != self._said:
            print(text, file=sys.stderr, flush=True)
            self._said = mark

    def end(self) -> None:
        if self._is_terminal and self._said:
            print(file=sys.stderr)

    def _text(self, step: ModelDownload) -> str:
        if not step.total_bytes:
            return f"{step.name}: {step.problem or 'asking the hub'}"
        share = step.done_bytes / step.total_bytes
        bar = ("#" * int(share * BAR)).ljust(BAR, "-")
        amount = f"{said_bytes(step.done_bytes)} of {said_bytes(step.total_bytes)}"
        return f"{step.name}: [{bar}] {share:4.0%}  {amount}  {step.problem or self._speed(step)}"

    def _speed(self, step: ModelDownload) -> str:
        """Since it began here; what had come before does not count."""
        now_s = time.monotonic()
        if self._began is None:
            self._began = now_s, step.done_bytes
        began_s, before_bytes = self._began
        took_s, came_bytes = now_s - began_s, step.done_bytes - before_bytes
        if took_s < 1 or came_bytes <= 0:
            return ""
        left_s = (step.total_bytes - step.done_bytes) * took_s / came_bytes
        return f"{said_bytes(int(came_bytes / took_s))}/s  {int(left_s // 60)}:{int(left_s % 60):02d} left"


def said_bytes(size_bytes: int) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size_bytes >= size:
            return f"{size_bytes / size:.1f} {unit}"
    return f"{size_bytes} B"


def _by_service(name: str, revision: str) -> Iterator[ModelDownload | None]:
    step: ModelDownload | None = async_to_sync(ask_for_model)(name, revision)
    while step is not None:
        yield step
        if step.state not in UNDER_WAY:
            return
        time.sleep(LOOKS_S)
        wanted = step.name
        step = next((one for one in async_to_sync(list_model_downloads)() if one.name == wanted), None)
    yield None


def _by_ourselves(name: str, revision: str) -> Iterator[ModelDownload | None]:
    """By a program from the service's environment, in the folder of the service that `parley up --models` starts."""
    program = _ask_program("pull", f"--revision={revision}", "--", name)
    assert program.stdout
    assert program.stderr
    row: Any = None
    try:
        for line in program.stdout:
            row = orjson.loads(line)
            yield model_download(row) if row else None
    finally:
        complaint = program.stderr.read().decode(errors="replace").strip()
        program.wait()
    if program.returncode and complaint:
        raise NotPulled(complaint)


def _folders() -> dict[str, str]:
    """Where the models lie that are offered, by their names."""
    if service_url():
        return {one.name: one.folder for one in async_to_sync(list_local_models)()}
    return {row["name"]: row["folder"] for row in orjson.loads(_answer_of("list"))["models"]}


def _answer_of(*words: str) -> bytes:
    """What the program says once it has ended. Raises `NotPulled` with its complaint."""
    program = _ask_program(*words)
    said, complaint = program.communicate()
    if program.returncode:
        raise NotPulled(complaint.decode(errors="replace").strip())
    return said


def _ask_program(*words: str) -> "subprocess.Popen[bytes]":
    """Raises `NoModelService`, which says how to install it."""
    python, env = model_service_program(data_dir() / "models")
    command = [python, "-m", "model_service.command", *words]
    return subprocess.Popen(command, env=env, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603 - our own
