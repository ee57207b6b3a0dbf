"""Bytes without a row go after a day; a row without bytes stays, and is counted."""

import io
import os
import time
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from parley.core.ids import uuid7
from parley.files.actions import store_file
from parley.files.cleaning import Cleaned, clean_files
from parley.files.folder import Folder
from parley.files.models import File
from parley.files.store import names_below, put, remove, upload_name
from tests.people import Person
from tests.stores import keep_in_folder

DAYS_2_S = 2 * 24 * 3600


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    keep_in_folder(settings, tmp_path)
    return tmp_path


def age(folder: Path) -> None:
    then = time.time() - DAYS_2_S
    for path in folder.rglob("*"):
        os.utime(path, (then, then))


def kept(member: Person) -> File:
    return store_file(member.member, [b"kept"], name="kept.txt", media_type="text/plain")


def test_old_bytes_without_a_row_go_and_all_else_stays(owner: Person, folder: Path) -> None:
    mine = kept(owner)
    put(upload_name(uuid7()), io.BytesIO(b"an upload that died before its row"))
    (folder / "uploads" / "aa").mkdir(exist_ok=True)
    (folder / "uploads" / "aa" / ".part-1").write_bytes(b"half")
    (folder / "uploads" / "aa" / "notes.txt").write_bytes(b"somebody put it here")
    put("archives/a/b.json", io.BytesIO(b"{}"))

    assert clean_files() == Cleaned(removed=0, lost=0)  # they are young: the row may be on its way
    age(folder)
    assert clean_files() == Cleaned(removed=2, lost=0)
    assert set(names_below("uploads")) == {upload_name(mine.id), "uploads/aa/notes.txt"}
    assert list(names_below("archives")) == ["archives/a/b.json"]


def test_a_row_that_lost_its_bytes_is_counted_and_stays(owner: Person) -> None:
    lost = kept(owner)
    kept(owner)
    remove(upload_name(lost.id))
    assert clean_files() == Cleaned(removed=0, lost=1)
    assert File.objects.count() == 2


def test_a_database_without_any_file_empties_no_store(owner: Person, folder: Path) -> None:
    put(upload_name(uuid7()), io.BytesIO(b"of another database"))
    age(folder)
    assert clean_files() == Cleaned(removed=0, lost=0)
    assert len(list(names_below("uploads"))) == 1


def test_files_go_with_their_person(owner: Person, mate: Person, django_capture_on_commit_callbacks: object) -> None:
    kept(owner), kept(mate)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator] # pytest-django's own fixture
        mate.user.delete()
    assert len(list(names_below("uploads"))) == File.objects.count() == 1


def test_half_a_file_never_has_a_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("the sender is gone")

    with pytest.raises(OSError, match="gone"):
        put("archives/a/b.json", Broken(b"x"))
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_file_is_synced_before_it_has_its_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    real_fsync, real_replace = os.fsync, Path.replace

    def fsync(handle: int) -> None:
        done.append("sync")
        real_fsync(handle)

    def replace(self: Path, target: Path) -> Path:
        done.append("name")
        return real_replace(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)

    put("archives/a/b.json", io.BytesIO(b"x"))

    assert done[-3:] == ["sync", "name", "sync"]
    assert Folder(folder).open("archives/a/b.json").read() == b"x"
