from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.accounts.models import Workspace
from parley.core.ids import uuid7
from parley.core.words import terms_of
from parley.knowledge.models import Chunk, Collection, Document
from parley.knowledge.search import fts5_query, search_chunks

pytestmark = pytest.mark.django_db


def make_chunk(collection: Collection, text: str, *, heading: str = "") -> Chunk:
    document = Document.objects.create(collection=collection, title=heading or "Note", path=f"{uuid4()}.md", digest="d")
    return Chunk.objects.create(document=document, ordinal=0, heading=heading, text=text)


@pytest.fixture
def shelf(workspace: Workspace) -> Collection:
    return Collection.objects.create(workspace=workspace, name="Shelf")


def found_texts(shelf: Collection, question: str, **options: Any) -> list[str]:
    return [chunk.text for chunk in search_chunks([shelf.id], question, **options)]


def test_a_word_that_is_still_being_typed_is_a_prefix() -> None:
    assert fts5_query(terms_of("connect an oll")) == '"connect" OR "oll"*'
    assert fts5_query(terms_of("connect an ollama.")) == '"connect" OR "ollama"'
    assert fts5_query(terms_of("connect to")) == '"connect"'


def test_a_passage_is_found_by_another_form_of_its_words(shelf: Collection) -> None:
    make_chunk(shelf, "Connecting models is easy.")
    make_chunk(shelf, "Something else.")

    assert found_texts(shelf, "How is a model connected?") == ["Connecting models is easy."]


def test_accents_do_not_matter(shelf: Collection) -> None:
    make_chunk(shelf, "Das Café ist offen.")

    assert found_texts(shelf, "cafe?") == ["Das Café ist offen."]


def test_a_heading_weighs_more_than_the_text(shelf: Collection) -> None:
    make_chunk(shelf, "A backup is mentioned here by chance, with a few more words around.")
    make_chunk(shelf, "Stop the process, then copy the folder, with a few more words around.", heading="Make a backup")

    assert found_texts(shelf, "backup?")[0].startswith("Stop the process")


def test_the_best_come_first_and_no_more_than_asked(shelf: Collection) -> None:
    for n in range(5):
        make_chunk(shelf, "pear " * (n + 1) + "filler " * (5 - n))

    found = search_chunks([shelf.id], "pear", limit=3)

    assert len(found) == 3
    assert [chunk.score for chunk in found] == sorted((chunk.score for chunk in found), reverse=True)
    assert found[0].text.startswith("pear pear pear pear pear")


def test_only_the_named_collections_are_searched(workspace: Workspace, shelf: Collection) -> None:
    other = Collection.objects.create(workspace=workspace, name="Other shelf")
    make_chunk(shelf, "pear one")
    make_chunk(other, "pear two")

    assert found_texts(shelf, "pear") == ["pear one"]
    assert len(search_chunks([shelf.id, other.id], "pear")) == 2
    assert search_chunks([uuid7()], "pear") == []
    assert search_chunks([], "pear") == []


def test_a_search_is_one_query_and_none_without_terms(shelf: Collection, django_assert_num_queries: Any) -> None:
    make_chunk(shelf, "pear")

    with django_assert_num_queries(1):
        search_chunks([shelf.id], "a pear")
    with django_assert_num_queries(0):
        search_chunks([shelf.id], "how is it?")


def test_the_index_follows_its_table(shelf: Collection) -> None:
    chunk = make_chunk(shelf, "pear", heading="Fruit")
    Chunk.objects.filter(id=chunk.id).update(text="plum")
    assert found_texts(shelf, "pear") == []
    assert found_texts(shelf, "plum") == ["plum"]

    shelf.documents.all().delete()
    assert found_texts(shelf, "plum") == []
    if connection.vendor == "postgresql":
        return  # the index is a column of the table
    with connection.cursor() as cursor:  # FTS5 compares itself with the table, and raises when they differ
        cursor.execute("INSERT INTO knowledge_chunk_text(knowledge_chunk_text, rank) VALUES ('integrity-check', 1)")


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text() | st.text(alphabet='"*()-:^+{}ANDORNOTEnear\x00\ud800٠²ª漢字', max_size=60))
def test_no_input_is_a_malformed_query(question: str) -> None:
    search_chunks([uuid7()], question)


@pytest.mark.parametrize(
    "question",
    [
        '"',
        '""pear',
        "pear*",
        "pear AND",
        "NOT pear",
        "NEAR(pear",
        "text:pear",
        "pear -",
        "^pear",
        "pear; DROP TABLE x",
        "pe\x00ar",
    ],
)
def test_query_syntax_in_a_question_is_only_words(shelf: Collection, question: str) -> None:
    make_chunk(shelf, "pear and pe ar")

    assert found_texts(shelf, question) == ([] if question == '"' else ["pear and pe ar"])
