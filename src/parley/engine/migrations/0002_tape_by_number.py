"""PostgreSQL finds a tape's events by an index, and refuses a number that is there. SQLite does without: see engine.models.Event."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

INDEX = "CREATE UNIQUE INDEX engine_event_by_number ON engine_event (generation_id, seq)"


def add_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(INDEX)


class Migration(migrations.Migration):
    dependencies = [("engine", "0001_initial")]

    operations = [migrations.RunPython(add_index, migrations.RunPython.noop)]
