"""Files that take long to read hold up those who asked about them, and nobody else."""

import threading
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from parley.conversations.parts import FilePart
from parley.core.ids import uuid7
from parley.engine import attached, ledger
from parley.engine.models import Generation
from parley.engine.start import Asked, ask
from parley.engine.tests.stage import generation, hear, make_bot, running_engine, say
from parley.files.actions import store_file
from parley.files.models import File
from tests.people import Person
from tests.stores import keep_in_folder

pytestmark = pytest.mark.django_db(transaction=True)

ABOUT_FILES = 3  # more than the threads that read SQL
LONG_S = 30.0


async def test_answers_about_files_that_are_slow_hold_up_nobody_else(
    owner: Person, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_in_folder(settings, tmp_path)
    has_come = threading.Event()

    def slow_words_of(file: File, *, most_characters: int) -> str:
        has_come.wait(LONG_S)
        return "words"

    monkeypatch.setattr(attached, "words_of", slow_words_of)
    bot_id = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=3")
    file = await ledger.write(
        lambda: store_file(owner.member, [b"some words"], name="notes.txt", media_type="text/plain")
    )

    async def say_with_file() -> Asked:
        return await ledger.write(ask, owner.member, [FilePart(file=file.id)], key=uuid7(), bot_id=bot_id)

    async with running_engine():
        about_files = [await say_with_file() for _ in range(ABOUT_FILES)]
        try:
            asked = await say(owner.member, "Hello", bot_id=bot_id)
            heard = await hear(asked.generation_id)
            meanwhile = {(await generation(one.generation_id)).status for one in about_files}
        finally:
            has_come.set()
        ends = {(await hear(one.generation_id)).kinds[-1] for one in about_files}
    assert heard.kinds[-1] == "finished"
    assert (meanwhile, ends) == ({Generation.Status.RUNNING}, {"finished"})
