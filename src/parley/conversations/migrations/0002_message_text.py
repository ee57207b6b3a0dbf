"""The full-text index over messages on SQLite: FTS5, and beside it what waits to be put into it.

A message becomes due by a trigger, from the moment it is whole: one's own when it is posted, an answer when it ends; no action
pays a statement for it. `search.catch_up` moves what is due into the index, before each search and now and then: in the
post's own transaction FTS5 took 1.6 of its 3.8 ms. The index knows whose a message is, so that a search reads no other
person's postings. `conversations_search_row` gives each message a number that stays its own (a bare rowid may change with
VACUUM). The index keeps a copy of the text: a view that would take it out of the message's JSON is refused by FTS5 as soon
as it scans (a virtual table may not read another, and `json_each` is one).

Mind: when a later migration alters `conversations_message`, Django rebuilds the table on SQLite and its triggers are lost
with the old one. Such a migration must end by making them again (a test of this room notices when it does not).
"""

from django.db import migrations

TABLES = {
    "conversations_search_due": "CREATE TABLE conversations_search_due (message_id CHAR(32) PRIMARY KEY) WITHOUT ROWID",
    "conversations_search_row": (
        "CREATE TABLE conversations_search_row (id INTEGER PRIMARY KEY, message_id CHAR(32) NOT NULL UNIQUE)"
    ),
    "conversations_search": (
        "CREATE VIRTUAL TABLE conversations_search"
        " USING fts5(owner, text, tokenize='porter unicode61 remove_diacritics 2')"
    ),
}
DUE = "WHEN new.status <> 'writing' BEGIN INSERT OR IGNORE INTO conversations_search_due VALUES (new.id); END"
FORGET = """BEGIN
DELETE FROM conversations_search_due WHERE message_id = old.id;
DELETE FROM conversations_search WHERE rowid = (SELECT id FROM conversations_search_row WHERE message_id = old.id);
DELETE FROM conversations_search_row WHERE message_id = old.id;
END"""
TRIGGERS = {
    "conversations_search_insert": f"AFTER INSERT ON conversations_message {DUE}",
    "conversations_search_update": f"AFTER UPDATE OF parts, status ON conversations_message {DUE}",
    "conversations_search_delete": f"AFTER DELETE ON conversations_message {FORGET}",
}


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for statement in TABLES.values():
        schema_editor.execute(statement, params=None)
    for name, body in TRIGGERS.items():
        schema_editor.execute(f"CREATE TRIGGER {name} {body}", params=None)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for name in TRIGGERS:
        schema_editor.execute(f"DROP TRIGGER {name}", params=None)
    for name in TABLES:
        schema_editor.execute(f"DROP TABLE {name}", params=None)


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
