from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from pytest_django import Settings

from parley.accounts.models import Workspace
from parley.knowledge.actions import sync_handbook
from parley.knowledge.models import Chunk, Collection
from parley.knowledge.queries import handbook_of
from parley.knowledge.search import search_chunks
from parley.knowledge.signals import documents_indexed, documents_removed

pytestmark = pytest.mark.django_db


def test_the_first_sync_makes_the_collection_and_its_pages_are_found(workspace: Workspace, handbook: Path) -> None:
    assert handbook_of(workspace.id) is None

    collection = sync_handbook(workspace)

    assert handbook_of(workspace.id) == collection
    best = search_chunks([collection.id], "Where are apples stored?")[0]
    assert (best.title, best.path) == ("Apples", "apples.md")
    assert best.heading == "Apples › How are apples stored?"
    assert best.text == "In a cool cellar, on straw."


def test_unchanged_pages_are_not_written(workspace: Workspace, handbook: Path, django_assert_num_queries: Any) -> None:
    sync_handbook(workspace)
    before = list(Chunk.objects.order_by("id").values_list("id", flat=True))

    with django_assert_num_queries(2):
        sync_handbook(workspace)

    assert list(Chunk.objects.order_by("id").values_list("id", flat=True)) == before


def test_a_changed_page_is_cut_again_and_the_others_are_left_alone(workspace: Workspace, handbook: Path) -> None:
    collection = sync_handbook(workspace)
    apples = set(Chunk.objects.filter(document__path="apples.md").values_list("id", flat=True))
    (handbook / "pears.md").write_text("# Pears\n\nNow they hang in the attic.\n")

    sync_handbook(workspace)

    assert search_chunks([collection.id], "attic")[0].title == "Pears"
    assert search_chunks([collection.id], "jar") == []
    assert set(Chunk.objects.filter(document__path="apples.md").values_list("id", flat=True)) == apples


def test_a_page_that_is_gone_is_forgotten(workspace: Workspace, handbook: Path) -> None:
    collection = sync_handbook(workspace)
    (handbook / "pears.md").unlink()

    sync_handbook(workspace)

    assert list(collection.documents.values_list("path", flat=True)) == ["apples.md"]


def test_a_missing_folder_costs_no_page(workspace: Workspace, handbook: Path, settings: Settings) -> None:
    collection = sync_handbook(workspace)
    settings.HANDBOOK_DIR = handbook / "nowhere"

    assert sync_handbook(workspace) == collection
    assert collection.documents.count() == 2


def test_each_workspace_has_its_own_handbook(workspace: Workspace, handbook: Path) -> None:
    other = Workspace.objects.create(name="Neighbours")

    assert sync_handbook(workspace).id != sync_handbook(other).id
    assert Collection.objects.count() == 2


def test_what_changed_is_announced_after_commit(
    workspace: Workspace, handbook: Path, django_capture_on_commit_callbacks: Any
) -> None:
    indexed, removed = Mock(), Mock()
    documents_indexed.connect(indexed)
    documents_removed.connect(removed)
    with django_capture_on_commit_callbacks(execute=True):
        collection = sync_handbook(workspace)
    (handbook / "pears.md").unlink()
    with django_capture_on_commit_callbacks(execute=True):
        sync_handbook(workspace)

    assert indexed.call_args.kwargs["collection_id"] == collection.id
    assert len(indexed.call_args.kwargs["document_ids"]) == 2
    assert removed.call_args.kwargs["paths"] == ["pears.md"]
    assert removed.call_args.kwargs["workspace_id"] == workspace.id
    assert (indexed.call_count, removed.call_count) == (1, 1)
