"""Lexical search over chunks: BM25, one query, whatever a person typed."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection

from parley.core.words import Terms, sameness, terms_of
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


# By database. PostgreSQL's line belongs here, with its `tsvector` index in a migration.
_SEARCHES: dict[str, Search] = {"sqlite": _search_sqlite}
