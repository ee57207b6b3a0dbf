"""The full-text index over chunks on SQLite: FTS5 without a second copy of the text, kept in step by triggers.

Mind: when a later migration alters `knowledge_chunk`, Django rebuilds the table on SQLite and its triggers are lost with the
old one. Such a migration must end by making them again (a test of this room notices when it does not).
"""

from django.db import migrations

TABLE = """
CREATE VIRTUAL TABLE knowledge_chunk_text USING fts5(
    heading, text, content='knowledge_chunk', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2'
)
"""
ADD = "INSERT INTO knowledge_chunk_text(rowid, heading, text) VALUES (new.id, new.heading, new.text);"
FORGET = """
INSERT INTO knowledge_chunk_text(knowledge_chunk_text, rowid, heading, text)
VALUES ('delete', old.id, old.heading, old.text);
"""
TRIGGERS = {
    "knowledge_chunk_text_insert": f"AFTER INSERT ON knowledge_chunk BEGIN {ADD} END",
    "knowledge_chunk_text_delete": f"AFTER DELETE ON knowledge_chunk BEGIN {FORGET} END",
    "knowledge_chunk_text_update": f"AFTER UPDATE OF id, heading, text ON knowledge_chunk BEGIN {FORGET} {ADD} END",
}


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    schema_editor.execute(TABLE, params=None)
    for name, body in TRIGGERS.items():
        schema_editor.execute(f"CREATE TRIGGER {name} {body}", params=None)
    schema_editor.execute("INSERT INTO knowledge_chunk_text(knowledge_chunk_text) VALUES ('rebuild')", params=None)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for name in TRIGGERS:
        schema_editor.execute(f"DROP TRIGGER {name}", params=None)
    schema_editor.execute("DROP TABLE knowledge_chunk_text", params=None)


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
