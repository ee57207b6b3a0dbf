"""Numbers: of one process, and of many on one page."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from parley.core import metrics, process, window
from parley.core.listener import Listener, Page, fetch
from parley.core.metrics import Few, Tally, dump_numbers, page_of
from parley.core.window import look_into_windows, open_window, window_folder


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(window, "gettempdir", lambda: str(tmp_path))
    return tmp_path / "data"


@pytest.fixture
def closing() -> Iterator[list[Listener]]:
    opened: list[Listener] = []
    yield opened
    for listener in opened:
        listener.close()


def test_a_tally_is_a_histogram() -> None:
    tally = Tally(0.1, 1)
    for value in (0.05, 0.1, 0.5, 7):
        tally.note(value)
    samples = {(s.name, s.labels.get("le")): s.value for s in tally.family("parley_x", "X.").samples}

    assert samples["parley_x_bucket", "0.1"] == 2
    assert samples["parley_x_bucket", "1.0"] == 3
    assert samples["parley_x_bucket", "+Inf"] == samples["parley_x_count", None] == 4
    assert samples["parley_x_sum", None] == pytest.approx(7.65)


def test_a_label_has_few_values() -> None:
    few = Few(2)

    assert [few(name) for name in "abcab"] == ["a", "b", "other", "a", "b"]


def test_the_numbers_of_many_processes_are_one_page(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    tally, registry = Tally(1), CollectorRegistry()

    class Counted:
        def collect(self) -> Iterator[object]:
            yield tally.family("parley_commit_seconds", "Commits.")

    registry.register(Counted())  # type: ignore[arg-type]
    monkeypatch.setattr(metrics, "registry", registry)
    numbers = {}
    for name in ("web-1", "web-2"):
        tally.note(0.5)
        numbers[name] = dump_numbers()
    page = page_of(numbers).decode()

    assert page.count("# TYPE parley_commit_seconds histogram") == 1
    families = {family.name: family for family in text_string_to_metric_families(page)}
    counts = {
        s.labels["process"]: s.value for s in families["parley_commit_seconds"].samples if s.name.endswith("_count")
    }
    assert counts == {"web-1": 1, "web-2": 2}


def test_whoever_is_asked_answers_for_all(db: None, data: Path, closing: list[Listener]) -> None:
    closing.append(open_window(data, "web", {"/numbers": process.numbers_page}))
    other = window_folder(data) / "worker-9.sock"
    closing.append(Listener(other, {"/numbers": process.numbers_page}))

    seen = look_into_windows(data, "/numbers")

    assert {found.process.partition("-")[0] for found in seen} == {"web", "worker"}
    assert b'process="worker-9"' in page_of({found.process: found.body for found in seen})


def test_the_windows_of_the_dead_are_taken_away(data: Path, closing: list[Listener]) -> None:
    with socket.socket(socket.AF_UNIX) as dead:  # a kill leaves the file behind, too
        dead.bind(str(window_folder(data) / "web-9.sock"))

    assert list(window_folder(data).glob("*.sock")) != []
    assert look_into_windows(data, "/numbers") == []
    assert list(window_folder(data).glob("*.sock")) == []


def test_a_window_is_for_its_owner_only(data: Path) -> None:
    folder = window_folder(data)
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o755)

    with pytest.raises(PermissionError):
        window_folder(data)


def test_who_looks_leaves_no_folder_behind(data: Path) -> None:
    assert look_into_windows(data, "/numbers") == []
    assert list(data.parent.glob("parley-*")) == []


def test_parleys_on_other_data_do_not_see_each_other(data: Path) -> None:
    assert window_folder(data) != window_folder(data.with_name("other"))


def test_a_listener_knows_its_pages_and_no_other(tmp_path: Path, closing: list[Listener]) -> None:
    closing.append(Listener(tmp_path / "s", {"/a": lambda: Page(b"here", 503)}))

    assert fetch(tmp_path / "s", "/a?x=1") == (503, b"here")
    assert fetch(tmp_path / "s", "/b")[0] == 404


def test_one_address_serves_one_process_at_a_time(closing: list[Listener]) -> None:
    closing.append(Listener(("127.0.0.1", 0), {}))

    with pytest.raises(OSError, match="in use"):
        Listener(("127.0.0.1", closing[0].port), {})
