"""A backup brings back all that there was, on either database, or says why not before it touches anything."""

import gzip
import io
import stat
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from parley.keeping.backup_file import BadBackup, check_backup
from parley.keeping.tables import tables
from parley.keeping.tests.instance import Instance, without_nul

Fresh = Callable[[str], Instance]
BackedUp = Callable[[str], tuple[Instance, Path]]
DATABASES = ("sqlite", "postgresql")
pytestmark = pytest.mark.timeout(600)  # a dozen commands, each a process of its own, on a machine that may be busy

# What a restored instance does not have any more, and what it ends.
WAYS_IN = {"django_session", "usersessions_usersession", "accounts_signinlink", "accounts_invitation"}
ENDED = {"engine_generation", "engine_event", "conversations_message"}
KEY = "from parley.providers.models import Endpoint; print(Endpoint.objects.get(name='Sealed').api_key)"


def files_in(data: Path) -> dict[str, bytes]:
    return {str(one.relative_to(data)): one.read_bytes() for one in (data / "files").rglob("*") if one.is_file()}


def is_empty(folder: Path) -> bool:
    return not folder.exists() or not list(folder.iterdir())


def test_every_table_is_held_or_made_anew(db: None) -> None:
    """Whoever adds a table outside of Django's models says here that it is made out of others."""
    made_anew = ("conversations_search", "knowledge_chunk_text", "sqlite_sequence", "django_migrations")
    held = {table.name for table in tables()}
    there = set(connection.introspection.table_names())

    assert {name for name in there - held if not name.startswith(made_anew)} == set()
    assert held <= there


def test_what_was_backed_up_comes_back_row_for_row_on_either_database(
    backed_up: BackedUp, fresh: Fresh, tmp_path: Path
) -> None:
    """From SQLite to PostgreSQL, to another PostgreSQL, and back to SQLite: each a backup and a restore."""
    there, path = backed_up("sqlite")
    before = there.told()
    assert all(len(before[name]) > 0 for name in before)
    chain = [fresh("postgresql"), fresh("postgresql"), fresh("sqlite")]
    said = []
    for number, here in enumerate(chain):
        said.append(here.must("restore", str(path)))
        path = tmp_path / f"{number}.tar.gz"
        here.must("backup", str(path), "--with-secret")
    first, second, third = (here.told() for here in chain)

    assert "1 values held the character NUL" in said[0]
    before = without_nul(before)
    assert before.keys() == first.keys()
    assert {name for name in before if before[name] != first[name]} <= WAYS_IN | ENDED
    assert not any(first[name] for name in WAYS_IN)
    assert first == second == third
    assert chain[2].python(KEY) == "sk-very-secret"


def test_a_restored_instance_asks_no_vendor_for_what_was_half_said(backed_up: BackedUp, fresh: Fresh) -> None:
    here = fresh("sqlite")
    here.must("restore", str(backed_up("sqlite")[1]))

    state = here.python(
        "from parley.engine.models import Generation as G, Event\n"
        "from parley.conversations.models import Message\n"
        "one = G.objects.get(owner='', fence=2, attempt=1, last_seq=4)\n"
        "print(one.status, one.message.status, one.message.parts[0].text, Event.objects.filter(generation=one).count())\n"
        "print(G.objects.filter(status__in=G.LIVE).count())"
    )
    assert state.splitlines() == ["interrupted interrupted half a sentence 4", "0"]


def test_a_backup_is_for_its_owners_eyes_and_overwrites_nothing(backed_up: BackedUp) -> None:
    there, path = backed_up("sqlite")
    again = there.parley("backup", str(path))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (again.returncode, "exists already" in again.stderr) == (1, True)
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_backup_that_is_not_whole_is_refused_before_anything_is_written(
    backed_up: BackedUp, fresh: Fresh, tmp_path: Path
) -> None:
    whole = backed_up("sqlite")[1].read_bytes()
    broken = {f"cut at {size}": whole[:size] for size in (0, 5, 500, len(whole) // 2, len(whole) - 1)}
    broken |= {f"flipped at {place}": _flipped(whole, place) for place in range(20, len(whole), len(whole) // 40)}
    broken |= {"a picture": b"\x89PNG\r\n", "another tar": _tar({"a.txt": b"x"}), "text": b"hello" * 100}
    taken = []
    for name, content in broken.items():
        path = tmp_path / "broken.tar.gz"
        path.write_bytes(content)
        try:
            check_backup(path)
        except BadBackup:
            continue
        if gzip.decompress(content) != gzip.decompress(whole):  # a few bits of the compression mean nothing
            taken.append(name)
    assert taken == []

    here = fresh("sqlite")
    refused = here.parley("restore", str(path))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert is_empty(here.folder)


def test_a_backup_altered_by_someone_who_can_pack_a_tar_is_refused(backed_up: BackedUp, tmp_path: Path) -> None:
    with tarfile.open(backed_up("sqlite")[1]) as tar:
        members = {entry.name: tar.extractfile(entry).read() for entry in tar}  # type: ignore[union-attr] # all are files
    name = next(name for name in members if name.startswith("rows/accounts_user/"))
    altered = {**members, name: members[name].replace(b"ada@example.org", b"eve@example.org")}
    left_out = {member: content for member, content in members.items() if member != name}
    later = {**members, "rows/accounts_user/99999.jsonl": b"[]"}
    newer = {**members, "parley.json": b'{"format": 2}'}
    for number, content in enumerate((altered, left_out, later, newer)):
        path = tmp_path / f"{number}.tar.gz"
        path.write_bytes(_tar(content))
        with pytest.raises(BadBackup, match=r"altered|goes on|format 2"):
            check_backup(path)


def test_nothing_is_restored_over_an_installation(backed_up: BackedUp, fresh: Fresh) -> None:
    here = fresh("sqlite")
    here.must("user", "create", "eve@example.org", "--admin", "--password-stdin", typed="a good long pass phrase\n")
    refused = here.parley("restore", str(backed_up("sqlite")[1]), "--forget-keys")

    assert refused.returncode == 1
    assert "already" in refused.stderr
    assert "Choose an empty data folder" in refused.stderr
    assert here.python("from parley.accounts.models import User; print(User.objects.get().email)") == "eve@example.org"


def test_without_the_secret_it_says_so_and_names_both_ways_out(
    seeded: Callable[[str], Instance], fresh: Fresh, tmp_path: Path
) -> None:
    there, path = seeded("sqlite"), tmp_path / "backup.tar.gz"
    assert "The secret is not in it" in there.must("backup", str(path))
    assert (there.folder / "secret.key").read_bytes() not in gzip.decompress(path.read_bytes())

    bare, other = fresh("sqlite"), fresh("sqlite")
    other.more["PARLEY_SECRET"] = "another secret, of many random characters: qpwoeiruty"
    for here in (bare, other):
        refused = here.parley("restore", str(path))
        assert refused.returncode == 1
        assert "secret.key" in refused.stderr
        assert "--forget-keys" in refused.stderr
        assert is_empty(here.folder)

    assert "keys were forgotten" in bare.must("restore", str(path), "--forget-keys")
    assert bare.python(KEY) == ""

    kept = fresh("sqlite")
    kept.folder.mkdir(parents=True)
    (kept.folder / "secret.key").write_text((there.folder / "secret.key").read_text())
    kept.must("restore", str(path))
    assert kept.python(KEY) == "sk-very-secret"


def test_files_come_along_and_lost_ones_are_told(fresh: Fresh, tmp_path: Path) -> None:
    there, here, path = fresh("sqlite"), fresh("sqlite"), tmp_path / "backup.tar.gz"
    there.must("user", "create", "ada@example.org", "--password-stdin", typed="a good long pass phrase\n")
    store = (
        "from parley.accounts.access import member_for_user; from parley.accounts.models import User\n"
        "from parley.files.actions import store_file; from parley.files.store import remove, upload_name\n"
        "ada = member_for_user(User.objects.get().id)\n"
        "for n in range(3): f = store_file(ada, [bytes([n]) * 3_000_000], name=f'{n}.bin', media_type='a/b')\n"
        "remove(upload_name(f.id))"
    )
    there.python(store)
    said = there.must("backup", str(path), "--with-secret")
    here.must("restore", str(path))

    assert "no bytes for 1 files" in said
    assert files_in(here.folder) == files_in(there.folder)
    assert len(files_in(here.folder)) == 2


@pytest.mark.parametrize("database", DATABASES)
def test_a_backup_sees_one_moment_while_others_write(database: str, fresh: Fresh, tmp_path: Path) -> None:
    """A process adds a conversation and its message in one transaction, again and again: each backup has as many of both."""
    there = fresh(database)
    there.must("user", "create", "ada@example.org", "--password-stdin", typed="a good long pass phrase\n")
    there.python(FILL)
    with subprocess.Popen([sys.executable, "-c", WRITE], env=there.environment(), stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        writer.stdout.readline()
        found = []
        for number in range(2):
            there.must("backup", str(tmp_path / f"{number}.tar.gz"))
            note = check_backup(tmp_path / f"{number}.tar.gz").tables
            found.append((note["conversations_conversation"].rows, note["conversations_message"].rows))
            time.sleep(0.2)
        writer.kill()
    assert [of for of, messages in found if of != messages] == []
    assert 2000 < found[0][0] < found[1][0]  # it wrote all the time


FILL = """
from django.db import transaction
from django.utils import timezone
from parley.accounts.models import Membership
from parley.conversations.models import Conversation, Message
from parley.conversations.parts import TextPart
m = Membership.objects.get()
def add():
    with transaction.atomic():
        c = Conversation.objects.create(workspace_id=m.workspace_id, owner_id=m.user_id, updated_at=timezone.now())
        Message.objects.create(conversation=c, role="user", parts=[TextPart(text="x" * 3000)])
with transaction.atomic():
    for _ in range(2000): add()
"""
WRITE = (
    "import django; django.setup()\n"
    + FILL.replace("range(2000)", "range(1)")
    + "print('go', flush=True)\nwhile True: add()"
)


def _flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :]


def _tar(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return target.getvalue()
