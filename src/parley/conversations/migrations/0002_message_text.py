"""The full-text index over messages on SQLite: FTS5, kept in step by triggers, so that no action pays a statement for it.

A message is found from the moment it is whole: one's own when it is posted, an answer when it ends. The index knows whose
it is, so that a search reads no other person's postings. `conversations_search_row` gives each message a number that stays
its own (a bare rowid may change with VACUUM). The index keeps a copy of the text: a view that would take it out of the
message's JSON is refused by FTS5 as soon as it scans (a virtual table may not read another, and `json_each` is one).

Mind: when a later migration alters `conversations_message`, Django rebuilds the table on SQLite and its triggers are lost
with the old one. Such a migration must end by making them again (a test of this room notices when it does not).
"""

from django.db import migrations

# ruff: noqa: S608 - every piece of this SQL stands in this file

ROWS = "CREATE TABLE conversations_search_row (id INTEGER PRIMARY KEY, message_id CHAR(32) NOT NULL UNIQUE)"
INDEX = """
CREATE VIRTUAL TABLE conversations_search USING fts5(owner, text, tokenize='porter unicode61 remove_diacritics 2')
"""

# The words of a message; nothing of one that is stored in another form than JSON, a sealed one for example.
TEXT = """
CASE WHEN json_valid(new.parts) THEN coalesce((
    SELECT group_concat(json_extract(part.value, '$.text'), char(10)) FROM json_each(new.parts) AS part
    WHERE json_extract(part.value, '$.type') = 'text'
), '') ELSE '' END
"""
ADD = f"""
INSERT INTO conversations_search_row (message_id) SELECT new.id WHERE new.status <> 'writing';
INSERT INTO conversations_search (rowid, owner, text)
SELECT entry.id, conversation.owner_id, {TEXT}
FROM conversations_search_row entry JOIN conversations_conversation conversation ON conversation.id = new.conversation_id
WHERE entry.message_id = new.id;
"""
FORGET = """
DELETE FROM conversations_search WHERE rowid = (SELECT id FROM conversations_search_row WHERE message_id = old.id);
DELETE FROM conversations_search_row WHERE message_id = old.id;
"""
TRIGGERS = {
    "conversations_search_insert": f"AFTER INSERT ON conversations_message BEGIN {ADD} END",
    "conversations_search_delete": f"AFTER DELETE ON conversations_message BEGIN {FORGET} END",
    "conversations_search_update": f"AFTER UPDATE OF parts, status ON conversations_message BEGIN {FORGET} {ADD} END",
}


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    schema_editor.execute(ROWS, params=None)
    schema_editor.execute(INDEX, params=None)
    for name, body in TRIGGERS.items():
        schema_editor.execute(f"CREATE TRIGGER {name} {body}", params=None)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for name in TRIGGERS:
        schema_editor.execute(f"DROP TRIGGER {name}", params=None)
    schema_editor.execute("DROP TABLE conversations_search", params=None)
    schema_editor.execute("DROP TABLE conversations_search_row", params=None)


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
