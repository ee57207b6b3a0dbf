"""The full-text index over messages on PostgreSQL, and beside it what waits to be put into it, as on SQLite (0002).

Each word stands in the index with its owner before it, so that a search, and the search for an unfinished word above all,
reads the words of one person however many others there are. Words are cut and freed of accents in Python (`core/words.py`),
which gives both databases the same ones; here they are only put into their stem, and none is left out as a stop word.
"""

from django.db import migrations

CREATE = """
CREATE TEXT SEARCH DICTIONARY parley_stem (TEMPLATE = snowball, LANGUAGE = english);

CREATE FUNCTION conversations_stem(word text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce((ts_lexize('parley_stem', word))[1], word)
$$;

CREATE FUNCTION conversations_words(owner text, words text[]) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg('''' || owner || conversations_stem(word) || ''':' || least(place, 16000), ' '), '')::tsvector
    FROM unnest(words) WITH ORDINALITY AS said (word, place)
$$;

CREATE FUNCTION conversations_question(owner text, words text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (string_agg('''' || owner || conversations_stem(word) || '''', ' & ') || ':*')::tsquery
    FROM unnest(words) AS asked (word)
$$;

CREATE TABLE conversations_search (message_id uuid PRIMARY KEY, words tsvector NOT NULL);
CREATE INDEX conversations_search_words ON conversations_search USING gin (words);
CREATE TABLE conversations_search_due (message_id uuid PRIMARY KEY);

CREATE FUNCTION conversations_search_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO conversations_search_due VALUES (new.id)
    ON CONFLICT (message_id) DO UPDATE SET message_id = excluded.message_id;
    RETURN NULL;
END $$;

CREATE FUNCTION conversations_search_forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE conversations_search, conversations_search_due;
    ELSE
        DELETE FROM conversations_search_due WHERE message_id = old.id;
        DELETE FROM conversations_search WHERE message_id = old.id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER conversations_search_note AFTER INSERT OR UPDATE OF parts, status ON conversations_message
    FOR EACH ROW WHEN (new.status <> 'writing') EXECUTE FUNCTION conversations_search_note();
CREATE TRIGGER conversations_search_forget AFTER DELETE ON conversations_message
    FOR EACH ROW EXECUTE FUNCTION conversations_search_forget();
CREATE TRIGGER conversations_search_forget_all AFTER TRUNCATE ON conversations_message
    FOR EACH STATEMENT EXECUTE FUNCTION conversations_search_forget();

INSERT INTO conversations_search_due SELECT id FROM conversations_message WHERE status <> 'writing';
"""
DROP = """
DROP TRIGGER conversations_search_note ON conversations_message;
DROP TRIGGER conversations_search_forget ON conversations_message;
DROP TRIGGER conversations_search_forget_all ON conversations_message;
DROP FUNCTION conversations_search_note(), conversations_search_forget();
DROP TABLE conversations_search, conversations_search_due;
DROP FUNCTION conversations_words(text, text[]), conversations_question(text, text[]), conversations_stem(text);
DROP TEXT SEARCH DICTIONARY parley_stem;
"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE, params=None)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP, params=None)


class Migration(migrations.Migration):
    dependencies = [("conversations", "0003_partitions")]

    operations = [migrations.RunPython(create, drop)]
