"""The full-text index over chunks on PostgreSQL: the words of each, in lower case, without accents, in their stem.

They stand in columns that the database itself keeps in step, and that Django does not know; a heading's words have weight A.
No word is left out as a stop word: the question's are, in `core/words.py`, and a heading may consist of them.
"""

from django.db import migrations

CREATE = r"""
CREATE TEXT SEARCH DICTIONARY knowledge_stem (TEMPLATE = snowball, LANGUAGE = english);

CREATE FUNCTION knowledge_stem(word text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce((ts_lexize('knowledge_stem', word))[1], word)
$$;

CREATE FUNCTION knowledge_words(said text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT string_to_array(nullif(btrim(regexp_replace(
        regexp_replace(lower(normalize(said, NFKD)), '[\u0300-\u036f]', '', 'g'), '[^[:alnum:]]+', ' ', 'g'
    )), ''), ' ')
$$;

CREATE FUNCTION knowledge_index(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg('''' || left(knowledge_stem(word), 64) || ''':' || least(place, 16000), ' '), '')::tsvector
    FROM unnest((knowledge_words(said))[:20000]) WITH ORDINALITY AS said (word, place)
$$;

ALTER TABLE knowledge_chunk ADD COLUMN words tsvector
    GENERATED ALWAYS AS (setweight(knowledge_index(heading), 'A') || knowledge_index(text)) STORED;
ALTER TABLE knowledge_chunk ADD COLUMN word_count integer
    GENERATED ALWAYS AS (coalesce(cardinality(knowledge_words(heading)), 0) + coalesce(cardinality(knowledge_words(text)), 0))
    STORED;
CREATE INDEX knowledge_chunk_words ON knowledge_chunk USING gin (words);
"""
DROP = """
ALTER TABLE knowledge_chunk DROP COLUMN words, DROP COLUMN word_count;
DROP FUNCTION knowledge_index(text), knowledge_words(text), knowledge_stem(text);
DROP TEXT SEARCH DICTIONARY knowledge_stem;
"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE, params=None)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP, params=None)


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0002_chunk_text")]

    operations = [migrations.RunPython(create, drop)]
