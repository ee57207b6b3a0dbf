"""On PostgreSQL, messages lie in partitions by month: the table is made anew so, with what it holds. SQLite is left alone.

Django knows nothing of partitions, so its own statements are used but for one suffix. Foreign keys of other tables to
messages are taken off and put back: they may name a partitioned table, since its primary key is the partitions' key.
"""

from datetime import UTC, datetime

from django.db import migrations

from parley.conversations.partitions import TABLE, create_partitions

FLAT = f"{TABLE}_flat"
KEYS_TO_IT = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND confrelid = %s::regclass AND conrelid <> confrelid
"""
INDEXES = "SELECT indexname FROM pg_indexes WHERE tablename = %s AND schemaname = current_schema()"


def partition(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    message = apps.get_model("conversations", "Message")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(KEYS_TO_IT, [TABLE])
        keys = cursor.fetchall()
        cursor.execute(INDEXES, [TABLE])
        for (index,) in cursor.fetchall():
            cursor.execute(f'ALTER INDEX "{index}" RENAME TO "{index}_flat"')
        cursor.execute(f"ALTER TABLE {TABLE} RENAME TO {FLAT}")
        schema_editor.sql_create_table += " PARTITION BY RANGE (id)"
        schema_editor.create_model(message)
        del schema_editor.sql_create_table  # the class's own again
        create_partitions(cursor, datetime.now(UTC).date())
        columns = ", ".join(field.column for field in message._meta.local_fields)
        cursor.execute(f"INSERT INTO {TABLE} ({columns}) SELECT {columns} FROM {FLAT}")  # noqa: S608 - our own names
        cursor.execute(f"DROP TABLE {FLAT} CASCADE")
    schema_editor.deferred_sql += [f'ALTER TABLE {table} ADD CONSTRAINT "{key}" {how}' for table, key, how in keys]


class Migration(migrations.Migration):
    dependencies = [("conversations", "0002_message_text")]

    operations = [migrations.RunPython(partition, migrations.RunPython.noop)]
