"""A model that decodes beside Parley, and inside its process: how much later the words of everybody else come."""

import http.client
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import orjson

from bench.drive import Drive, drive
from bench.figure import Figure
from bench.processes import ROOT
from bench.rows.streams import steady
from bench.stage import LONG, Parley, Stage

STREAMS, CALLERS = 100, 2  # of the mock vendor, and of the model
MODELS = {"talker": "a tiny model", "parley/hundred": "110 million parameters"}  # as the tests make them
PYTHON = ROOT / ".tools" / "models" / "bin" / "python"


def models_inside(stage: Stage) -> list[Figure]:
    """Needs `make models-setup`. Each while its models are idle, and while two are answered by one of them."""
    make = [str(PYTHON), "-m", "model_service.tests.hundred", str(stage.folder / "offered")]
    for command in (make, [*make, "--talker"]):
        subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    return [figure for where in ("on", "inside") for figure in _where(stage, where)]


def _where(stage: Stage, where: str) -> list[Figure]:
    parley = Parley(stage.folder / where, stage.vendor.port)
    parley.env |= {"PARLEY_MODELS": where, "MODELS_FOLDER": str(stage.folder / "offered")}
    parley.set_up()
    parley.start()
    try:
        for model in MODELS:
            parley.target(model)  # until the service offers it
        figures = [_figure(where, "idle", [_drive(stage, parley) for _ in range(stage.repeats)], [])]
        for model, size in MODELS.items():
            with _asked(parley, model) as heard:
                drives = [_drive(stage, parley) for _ in range(stage.repeats)]
            figures.append(_figure(where, f"answers {CALLERS}, {size}", drives, heard))
    finally:
        parley.end()
    return figures


def _drive(stage: Stage, parley: Parley) -> Drive:
    assert parley.running
    return drive(stage, parley.running, parley.target(LONG), steady(stage, STREAMS))


def _figure(where: str, does: str, drives: list[Drive], heard: list[int]) -> Figure:
    notes: dict[str, object] = {"parley": [one.notes() for one in drives], "events of the model": sum(heard)}
    place = "a child" if where == "on" else "in Parley's process"
    label = f"model service {place}, {does}: added delay per token of {STREAMS} others, p95"
    return Figure(f"models_{where}: {does}", label, "ms", tuple(one.delay_p95_ms for one in drives), notes=notes)


@contextmanager
def _asked(parley: Parley, model: str) -> Iterator[list[int]]:
    """Callers of the model's, each for as long as this lasts. What they have heard, once it has ended."""
    done, heard = Event(), [0] * CALLERS

    def ask(caller: int) -> None:
        body = {"model": model, "messages": [{"role": "user", "content": "Tell me all."}], "stream": True}
        headers = {"Authorization": f"Bearer {parley.owner_key}", "Content-Type": "application/json"}
        while not done.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", parley.port, timeout=60)
            connection.request("POST", "/v1/chat/completions", orjson.dumps(body), headers)
            with connection.getresponse() as answer:
                while not done.is_set() and (line := answer.readline()):
                    heard[caller] += line.startswith(b"data: {")
            connection.close()

    callers = [Thread(target=ask, args=(caller,), daemon=True) for caller in range(CALLERS)]
    for caller in callers:
        caller.start()
    try:
        yield heard
    finally:
        done.set()
        for caller in callers:
            caller.join(60)
