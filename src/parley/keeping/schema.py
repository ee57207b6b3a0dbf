"""The tables of the installation that is filled: empty, and as they were when the rows were written; then up to date."""

from collections.abc import Mapping, Sequence

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from parley.core.errors import Conflict
from parley.keeping.backup_file import BadBackup, Manifest
from parley.keeping.tables import KINDS, Column, Kind, Table, tables

# Django and its schedule fill these by themselves; rows in them make no installation.
GIVEN = {"django_content_type", "auth_permission"}
SCHEDULE = "django_celery_beat_"
KINDS_BY_NAME: dict[str, Kind] = {kind: kind for kind in KINDS.values()}


def check_empty() -> None:
    """Raises `Conflict`, which names the way out."""
    existing = set(connection.introspection.table_names())
    for table in tables():
        if table.name in existing and not _is_given(table.name) and _has_rows(table.name):
            where = connection.settings_dict["NAME"]
            raise Conflict(
                f"There is an installation in {where} already ({table.name} has rows), and nothing is overwritten. "
                "Choose an empty data folder with --data or an empty database with PARLEY_DATABASE_URL, "
                "or move the old one aside first."
            )


def bring_to(migrations: Mapping[str, Sequence[str]]) -> None:
    """Make the tables as these migrations left them. Raises `BadBackup` when this version does not know one of them."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    # An app that is not installed here (the schedule, in one process) is left out, with its tables.
    installed = {app: names for app, names in migrations.items() if app in executor.loader.migrated_apps}
    nodes = {(app, name) for app, names in installed.items() for name in names}
    if unknown := sorted(f"{app}.{name}" for app, name in nodes - set(graph.nodes)):
        raise BadBackup(f"This was made by a newer Parley: {unknown[0]} is not known here. Install that version first.")
    last = [node for node in nodes if not any(child.key in nodes for child in graph.node_map[node].children)]
    executor.migrate(sorted(last))


def bring_up_to_date() -> None:
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)


def applied_elsewhere(migrations: Mapping[str, Sequence[str]]) -> bool:
    """Whether these are exactly what this version has, for the apps of both."""
    loader = MigrationExecutor(connection).loader
    ours = {node for node in loader.graph.nodes if node[0] in migrations}
    return ours == {(app, name) for app, names in migrations.items() for name in names if app in loader.migrated_apps}


def tables_that_fit(manifest: Manifest) -> list[Table]:
    """The backup's tables as they are to be filled. Raises `BadBackup` where those of this version differ."""
    existing = set(connection.introspection.table_names())
    found = []
    for name, note in manifest.tables.items():
        if name in existing:
            table = Table(name, tuple(Column(column, _kind(kind)) for column, kind in note.columns))
            _check_columns(table)
            found.append(table)
        elif not name.startswith(SCHEDULE):
            raise BadBackup(
                f"This version of Parley has no table {name}. Restore with the version that made the backup."
            )
    return found


def _check_columns(table: Table) -> None:
    with connection.cursor() as cursor:
        there = {column.name for column in connection.introspection.get_table_description(cursor, table.name)}
    if strange := {column.name for column in table.columns} - there:
        raise BadBackup(
            f"{table.name} of this version has no column {sorted(strange)[0]}. Restore with the version that made the backup."
        )


def _kind(name: str) -> Kind:
    try:
        return KINDS_BY_NAME[name]
    except KeyError:
        raise BadBackup(f"The backup holds a kind of column that is not known here: {name!r}.") from None


def _has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')  # noqa: S608 - a name of our own
        return cursor.fetchone() is not None


def _is_given(table: str) -> bool:
    return table in GIVEN or table.startswith(SCHEDULE)
