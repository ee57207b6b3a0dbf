"""The commands `parley backup`, `restore`, `archive`, `clean`, `usage` and `move`: ask this room, and say what came of it.

Imported before Django is set up, as the command line is; so what knows a table is imported inside.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from parley.core.alone import alone
from parley.core.env import data_dir
from parley.core.errors import NotFound, ParleyError
from parley.keeping.backup_file import Manifest, check_backup

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

USAGE = "{:<10}  {:<30}  {:<30}  {:>8}  {:>7}  {:>13}  {:>13}  {:>11}"
Run = Callable[[argparse.Namespace], None]
Add = Callable[["Commands", str, Run, str], argparse.ArgumentParser]


def add_to(commands: "Commands", add: Add) -> None:
    """`add` makes a command as the command line makes all of its own. `prepare` runs before Django is set up."""
    made = add(commands, "backup", backup, "write one file that holds everything, while Parley runs")
    made.add_argument("file", type=Path, help="a new file, such as parley-$(date +%%F).tar.gz")
    made.add_argument("--with-secret", action="store_true", help="with what opens vendors' keys; then guard the file")
    made.add_argument("--without-files", action="store_true", help="rows only; for a bucket that is kept otherwise")

    back = add(commands, "restore", restore, "bring a backup back into an empty installation")
    back.add_argument("file", type=Path)
    back.add_argument("--check", action="store_true", help="only say whether the file is whole")
    back.add_argument("--forget-keys", action="store_true", help="without the secret: vendors' keys are entered again")
    back.set_defaults(prepare=prepare_restore)

    kept = add(commands, "archive", archive, "write conversations that changed into the store, or bring archives back")
    kept.add_argument(
        "--restore", metavar="WHAT", help="an archive's file, the id of a conversation, or 'all': add what is missing"
    )

    add(commands, "clean", clean, "apply the rules of retention now, and say what went")

    used = add(commands, "usage", usage, "print the daily report of usage")
    used.add_argument("--days", type=int, default=30, help="how far back; default: %(default)s")

    away = add(commands, "move", move, "move from SQLite to PostgreSQL, with nothing lost")
    away.add_argument("--to", required=True, metavar="URL", help="an empty one: postgresql://user:password@host/name")
    away.set_defaults(prepare=prepare_move)


def backup(chosen: argparse.Namespace) -> None:
    from parley.keeping.backup import back_up
    from parley.keeping.schema import bring_up_to_date

    bring_up_to_date()
    path: Path = chosen.file.expanduser()
    made = back_up(path, with_secret=chosen.with_secret, with_files=not chosen.without_files)
    print(f"Backed up {_counted(made)} into {path} ({path.stat().st_size:,} bytes).")
    if made.files.missing:
        print(f"warning: the store had no bytes for {len(made.files.missing)} files, the first {made.files.missing[0]}")
    if chosen.with_secret:
        print("This file opens everything: it holds the instance's secret. Guard it as you would a key.")
    elif made.sealed_values:
        print(
            f"The secret is not in it, and without it {made.sealed_values} sealed values (vendors' keys) stay closed: "
            "keep a copy of secret.key from the data folder in another place, or use --with-secret."
        )


def prepare_restore(chosen: argparse.Namespace) -> None:
    """Judge the backup before anything is written; and before Django reads its settings, which would make a new secret."""
    from parley.keeping.secret import settle_secret

    chosen.manifest = check_backup(chosen.file.expanduser())
    if not chosen.check:
        settle_secret(chosen.manifest, data_dir(), forget=chosen.forget_keys)


def restore(chosen: argparse.Namespace) -> None:
    if chosen.check:
        print(f"{chosen.file} is whole: {_counted(chosen.manifest)}, of {chosen.manifest.made_at:%Y-%m-%d %H:%M} UTC.")
        return
    from parley.keeping.restore import restore

    with alone(data_dir()):
        done = restore(chosen.file.expanduser(), chosen.manifest, forget_sealed_values=chosen.forget_keys)
    print(f"Restored {done.rows:,} rows and {done.files:,} files; every row was read again and compared.")
    if done.interrupted:
        print(f"{done.interrupted:,} replies were being written when the backup was made; they end as interrupted.")
    if done.sealed_forgotten:
        print(f"{done.sealed_forgotten:,} vendors' keys were forgotten. Enter them again under Settings, Models.")
    _say_replaced(done.replaced)
    _index()
    print("Everybody signs in again. Who has no password gets a link from: parley user link EMAIL")


def archive(chosen: argparse.Namespace) -> None:
    from parley.keeping.archives import archive_changed

    if chosen.restore is None:
        print(f"Archived {archive_changed():,} conversations that changed since their archive.")
        return
    for raw in _archives(chosen.restore):
        _bring_back(raw)


def _archives(what: str) -> Iterator[bytes]:
    from parley.files.store import ARCHIVES, names_below, read

    if Path(what).is_file():
        yield Path(what).read_bytes()
        return
    found = [name for name in names_below(ARCHIVES) if what == "all" or name.endswith(f"/{what}.json")]
    if not found:
        raise NotFound(f"There is no file {what}, and no archive of a conversation with this id.")
    for name in found:
        yield b"".join(read(name))


def _bring_back(raw: bytes) -> None:
    """One that belongs to nobody here is told, and keeps none of the others back."""
    from parley.keeping.archives import restore_archive

    try:
        done = restore_archive(raw)
    except ParleyError as error:
        print(f"not restored: {error}")
        return
    print(f"{done.conversation_id}: {done.added:,} messages added, {done.kept:,} were there and left as they are.")


def forget_person(chosen: argparse.Namespace) -> None:
    from parley.keeping.erasure import erase_person

    if not chosen.yes:
        print(f"This deletes {chosen.email} with every conversation, file and archive, for ever. Add --yes to do it.")
        return
    for what, count in erase_person(chosen.email).items():
        print(f"{count:>10,}  {what}")
    print("Nothing of it is left here. Backups that were made before still hold it, until they are deleted.")


def clean(chosen: argparse.Namespace) -> None:
    from parley.keeping.retention import DAILY, HOURLY
    from parley.keeping.retention import clean as apply

    for name, count in apply({**HOURLY, **DAILY}).counts.items():
        print(f"{count:>10,}  {name}")


def usage(chosen: argparse.Namespace) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from parley.accounts.models import Workspace
    from parley.keeping.usage_report import report_usage
    from parley.usage.queries import list_days

    report_usage()
    since = timezone.now().date() - timedelta(days=chosen.days)
    print(USAGE.format("day", "person", "model", "answers", "errors", "tokens in", "tokens out", "first word"))
    for workspace in Workspace.objects.order_by("id"):
        for row in list_days(workspace.id, since=since):
            who = row.user.email if row.user else "(gone)"
            wait = f"{row.first_word_ms / row.first_words:,.0f} ms" if row.first_words else ""
            counts = (row.answers, row.errors, f"{row.input_tokens:,}", f"{row.output_tokens:,}")
            print(USAGE.format(f"{row.day}", who[:30], row.model[:30], *counts, wait))


def prepare_move(chosen: argparse.Namespace) -> None:
    """The target is the database of this one command."""
    os.environ["PARLEY_DATABASE_URL"] = chosen.to
    os.environ["PARLEY_REPLICA_URL"] = ""


def move(chosen: argparse.Namespace) -> None:
    from parley.keeping.move import move

    folder = data_dir()
    with alone(folder):
        done = move(folder / "parley.sqlite3")
    for table, rows in done.rows_by_table.items():
        print(f"{rows:>12,}  {table}")
    print(f"{sum(done.rows_by_table.values()):>12,}  rows moved, read again and compared: nothing is lost.")
    _say_replaced(done.replaced)
    _index()
    print(
        f"Now set PARLEY_DATABASE_URL to that address, for example in {folder}/parley.env, and start Parley.\n"
        f"Every host needs the same secret: the text of {folder}/secret.key in PARLEY_SECRET.\n"
        "The SQLite file was only read; keep it until you are content."
    )


def _index() -> None:
    """What the transaction did not wait for. Parley itself would do it, more slowly, beside what people ask of it."""
    from django.db import connection

    from parley.conversations.search import index_all

    if connection.vendor == "postgresql":
        print(
            "Now the index of the search. All is safe already: Parley may start, or this may be ended, and goes on by itself."
        )
        sys.stdout.flush()
        index_all()


def _counted(manifest: Manifest) -> str:
    return f"{sum(table.rows for table in manifest.tables.values()):,} rows and {manifest.files.count:,} files"


def _say_replaced(replaced: int) -> None:
    if replaced:
        print(f"{replaced:,} values held the character NUL, which PostgreSQL cannot store: U+FFFD stands in its place.")
