"""Lexical search over chunks: BM25, one query, whatever a person typed."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection

from parley.core.words import Terms, bare, sameness, terms_of
from parley.knowledge.models import Document
from parley.knowledge.pages import HEADING_JOIN

# A word in a heading says what a passage is about; one in its text may be there by chance.
HEADING_WEIGHT = 4.0
TEXT_WEIGHT = 1.0
# BM25 looks at rare words only: "Where is my data?" and "How do I delete my data?" are nearly alike to it.
# So of this many candidates, those whose own heading asks what the person asks come first.
CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class FoundChunk:
    """A passage that fits. `score`: higher fits better; comparable within one search only."""

    id: int
    title: str
    path: str
    heading: str
    text: str
    score: float


Search = Callable[[Collection[UUID], Terms], list[FoundChunk]]


def search_chunks(collection_ids: Collection[UUID], question: str, *, limit: int = 5) -> list[FoundChunk]:
    """The chunks of these collections that fit the question best, best first.

    One query; none for a question without terms.

    Who may read a collection is decided by who passes its id.
    """
    terms = terms_of(question)
    if not terms.words or not collection_ids:
        return []
    found = [_favoured(chunk, question) for chunk in _SEARCHES[connection.vendor](collection_ids, terms)]
    return sorted(found, key=lambda chunk: -chunk.score)[:limit]


def _favoured(chunk: FoundChunk, question: str) -> FoundChunk:
    own_heading = chunk.heading.rpartition(HEADING_JOIN)[2]
    return replace(chunk, score=chunk.score * (1 + sameness(question, own_heading)))


def fts5_query(terms: Terms) -> str:
    """A query that cannot be malformed: every term is a quoted string of letters and digits."""
    quoted = [f'"{word}"' for word in terms.words]
    if terms.last_is_prefix:
        quoted[-1] += "*"
    return " OR ".join(quoted)


def _search_sqlite(collection_ids: Collection[UUID], terms: Terms) -> list[FoundChunk]:
    to_column = Document._meta.get_field("collection").get_db_prep_value
    ids = [to_column(collection_id, connection) for collection_id in collection_ids]
    sql = f"""
        SELECT chunk.id, document.title, document.path, chunk.heading, chunk.text,
               -bm25(knowledge_chunk_text, {HEADING_WEIGHT}, {TEXT_WEIGHT}) AS score
          FROM knowledge_chunk_text
          JOIN knowledge_chunk AS chunk ON chunk.id = knowledge_chunk_text.rowid
          JOIN knowledge_document AS document ON document.id = chunk.document_id
         WHERE knowledge_chunk_text MATCH %s AND document.collection_id IN ({", ".join(["%s"] * len(ids))})
         ORDER BY score DESC, chunk.id
         LIMIT {CANDIDATES}
    """  # noqa: S608 - only numbers of this file and placeholders are put in
    with connection.cursor() as cursor:
        cursor.execute(sql, [fts5_query(terms), *ids])
        return [FoundChunk(*row) for row in cursor.fetchall()]


# BM25 by hand, as FTS5 reckons it (k1 = 1.2, b = 0.75), over the collections that are asked: `ts_rank` knows no rare words.
BM25 = f"""
    WITH term AS (
        SELECT place, knowledge_stem(word) AS stem, place = %(prefix)s AS is_prefix
          FROM unnest(%(words)s::text[]) WITH ORDINALITY AS asked (word, place)
    ), shelf AS (
        SELECT chunk.id, chunk.words, chunk.word_count
          FROM knowledge_chunk AS chunk JOIN knowledge_document AS document ON document.id = chunk.document_id
         WHERE document.collection_id = ANY(%(collections)s)
    ), whole AS (
        SELECT count(*) AS chunks, greatest(avg(word_count), 1) AS word_count FROM shelf
    ), fitting AS MATERIALIZED (
        SELECT * FROM shelf WHERE words @@
            (SELECT string_agg('''' || stem || '''' || CASE WHEN is_prefix THEN ':*' ELSE '' END, ' | ') FROM term)::tsquery
    ), hits AS (
        SELECT fitting.id, fitting.word_count, term.place,
               sum((SELECT sum(CASE weight WHEN 'A' THEN {HEADING_WEIGHT} ELSE {TEXT_WEIGHT} END) FROM unnest(weights) weight))
                   AS often
          FROM fitting CROSS JOIN LATERAL unnest(fitting.words) AS word (lexeme, positions, weights)
          JOIN term ON lexeme = stem OR (is_prefix AND starts_with(lexeme, stem))
         GROUP BY 1, 2, 3
    ), rarity AS (
        SELECT place, greatest(ln((max(chunks) - count(*) + 0.5) / (count(*) + 0.5)), 0.000001) AS rare
          FROM hits CROSS JOIN whole GROUP BY place
    ), scored AS (
        SELECT id, sum(rare * often * 2.2 / (often + 1.2 * (0.25 + 0.75 * hits.word_count / whole.word_count))) AS score
          FROM hits JOIN rarity USING (place) CROSS JOIN whole GROUP BY id ORDER BY score DESC, id LIMIT {CANDIDATES}
    )
    SELECT chunk.id, document.title, document.path, chunk.heading, chunk.text, score::float
      FROM scored JOIN knowledge_chunk AS chunk ON chunk.id = scored.id
      JOIN knowledge_document AS document ON document.id = chunk.document_id
     ORDER BY score DESC, chunk.id
"""  # noqa: S608 - only numbers of this file and placeholders are put in


def _search_postgresql(collection_ids: Collection[UUID], terms: Terms) -> list[FoundChunk]:
    words = [bare(word) for word in terms.words]
    values: dict[str, Any] = {
        "words": [word for word in words if word],
        "prefix": len(words) if terms.last_is_prefix and all(words) else 0,
        "collections": list(collection_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(BM25, values)
        return [FoundChunk(*row) for row in cursor.fetchall()]


# By database.
_SEARCHES: dict[str, Search] = {"sqlite": _search_sqlite, "postgresql": _search_postgresql}
