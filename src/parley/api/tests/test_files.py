"""The doors of files, as owner, team mate and stranger; on a folder, and on a server of S3."""

import asyncio
import errno
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from parley.files import actions
from parley.files.models import File
from parley.files.store import names_below, put, remove, upload_name
from tests.people import Person

pytestmark = pytest.mark.usefixtures("folder_and_bucket")

FILES = "/api/v1/files"
PAGE = b"<html><script>alert(1)</script></html>"


def upload(who: Person, content: bytes = b"hello", *, name: str = "a.txt", media_type: str = "text/plain") -> Any:
    answer = who.browser.generic("POST", f"{FILES}?name={name}", content, content_type=media_type)
    assert answer.status_code == 201, answer.content
    return answer.json()


def content_of(answer: Any) -> bytes:
    async def read() -> bytes:
        return b"".join([chunk async for chunk in answer.streaming_content])

    return asyncio.run(read())


def test_what_was_uploaded_comes_back_as_it_was(owner: Person) -> None:
    content = os.urandom(5_000_000)  # more than stays in memory

    file = upload(owner, content, name="report.pdf", media_type="application/pdf; charset=x")
    answer = owner.browser.get(f"{FILES}/{file['id']}")

    assert (file["name"], file["media_type"], file["size_bytes"]) == ("report.pdf", "application/pdf", 5_000_000)
    assert file["digest"] == hashlib.sha256(content).hexdigest()
    assert content_of(answer) == content


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_refuses_an_upload_with_the_cause_and_keeps_nothing(
    owner: Person, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def full(name: str, content: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(actions, "put", full)
    answer = owner.browser.generic("POST", f"{FILES}?name=a.txt", b"hello", content_type="text/plain")

    assert (answer.status_code, answer.json()["code"]) == (507, "no_room")
    assert "room" in answer.json()["detail"]
    assert not File.objects.exists()


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "application/pdf", "no type", "image/png/x"])
def test_what_a_browser_could_run_is_served_as_bytes_to_be_saved(owner: Person, media_type: str) -> None:
    file = upload(owner, PAGE, name="page.html", media_type=media_type)
    answer = owner.browser.get(f"{FILES}/{file['id']}")

    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''page.html"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_an_image_may_be_shown_and_is_not_sent_twice(owner: Person) -> None:
    file = upload(owner, b"\x89PNG", name="a.png", media_type="image/png")
    answer = owner.browser.get(f"{FILES}/{file['id']}")
    again = owner.browser.get(f"{FILES}/{file['id']}", headers={"If-None-Match": answer["ETag"]})

    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"].startswith("inline")
    assert (again.status_code, again.content) == (304, b"")
    assert "sandbox" in again["Content-Security-Policy"]


def test_a_file_is_its_owners_alone(owner: Person, mate: Person, admin: Person, stranger: Person) -> None:
    file = upload(owner)
    for who in (mate, admin, stranger):
        assert who.browser.get(f"{FILES}/{file['id']}").status_code == 404
        assert who.browser.delete(f"{FILES}/{file['id']}").status_code == 404
        assert who.browser.get(FILES).json()["items"] == []


def test_files_are_listed_newest_first_page_by_page(owner: Person) -> None:
    made = [upload(owner, name=f"{number}.txt")["id"] for number in range(53)]
    first = owner.browser.get(FILES).json()
    second = owner.browser.get(f"{FILES}?cursor={first['next']}").json()

    assert [file["id"] for file in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None


def test_a_deleted_file_leaves_no_bytes(owner: Person) -> None:
    file = upload(owner)
    assert len(list(names_below("uploads"))) == 1
    assert owner.browser.delete(f"{FILES}/{file['id']}").status_code == 204
    assert owner.browser.get(f"{FILES}/{file['id']}").status_code == 404
    assert list(names_below("uploads")) == []


def test_bytes_that_are_lost_are_told_honestly(owner: Person) -> None:
    file = upload(owner)
    remove(upload_name(File.objects.get().id))
    answer = owner.browser.get(f"{FILES}/{file['id']}")
    assert answer.status_code == 404
    assert "lost" in answer.json()["detail"]


def test_what_is_too_large_or_too_much_or_empty_or_nameless_is_refused(owner: Person, settings: Settings) -> None:
    settings.FILE_LIMIT_BYTES = 2000
    settings.FILES_PER_PERSON_BYTES = 3000
    upload(owner, b"x" * 2000)

    def status(content: bytes, name: str = "a.txt", media_type: str = "text/plain") -> int:
        answer = owner.browser.generic("POST", f"{FILES}?name={name}", content, content_type=media_type)
        return int(answer.status_code)

    assert status(b"x" * 2001) == 413
    assert status(b"x" * 1001) == 413
    assert status(b"") == 422
    assert status(b"x", name="") == 422
    assert status(b"x", name="..%2f..%2f") == 422
    assert status(b"x", media_type="multipart/form-data; boundary=x") == 415
    assert len(list(names_below("uploads"))) == 1
    assert File.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("..%2f..%2fetc%2fpasswd", "passwd"),
        ("C:%5CUsers%5Cada%5Cplan.docx", "plan.docx"),
        ("%D0%BF%D0%BB%D0%B0%D0%BD.txt", "план.txt"),
        ("a%0d%0aSet-Cookie:x.txt", "aSet-Cookie:x.txt"),
        ("%E2%80%AEgpj.exe", "gpj.exe"),
    ],
)
def test_a_name_is_no_path_and_no_header(owner: Person, sent: str, kept: str) -> None:
    file = upload(owner, name=sent)
    answer = owner.browser.get(f"{FILES}/{file['id']}")
    assert file["name"] == kept
    assert "\n" not in answer["Content-Disposition"]
    assert kept.isascii() == ("%D0" not in answer["Content-Disposition"])


def test_putting_again_replaces(owner: Person, tmp_path: Path) -> None:
    for content in (b"first, and longer", b"second"):
        source = tmp_path / "source"
        source.write_bytes(content)
        with source.open("rb") as file:
            put("archives/a/b.json", file)
    assert list(names_below("archives")) == ["archives/a/b.json"]
