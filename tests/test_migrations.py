"""Both bear the tables: the version that made them and the one before it, whose processes write on while an upgrade lasts."""

from collections.abc import Sequence

import pytest
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.models import Field, ManyToManyField

OURS = "parley."


def added_columns() -> list[tuple[str, str, str]]:
    """(app, model, field) of every column that a migration has added to a table that was there."""
    loader = MigrationLoader(None)
    return sorted(
        (app, operation.model_name, operation.name)
        for (app, _), migration in loader.disk_migrations.items()
        if migration.__module__.startswith(OURS)
        for operation in migration.operations
        if isinstance(operation, AddField)
        and not isinstance(operation.field, ManyToManyField)
        and operation.model_name not in made_in(migration.operations)
    )


def made_in(operations: Sequence[Operation]) -> set[str]:
    return {operation.name_lower for operation in operations if isinstance(operation, CreateModel)}


@pytest.mark.parametrize(("app", "model", "name"), added_columns())
def test_who_does_not_know_a_new_column_may_still_add_rows(app: str, model: str, name: str) -> None:
    """Django's `default` is known to this version's code alone; the table has it only by `db_default`."""
    fields = MigrationLoader(None).project_state().models[app, model].fields
    field: Field[object, object] | None = fields.get(name)
    assert field is None or field.null or field.has_db_default(), f"give {app}.{model}.{name} a db_default"
