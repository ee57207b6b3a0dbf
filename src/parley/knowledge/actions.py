"""Writes."""

import logging
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from parley.accounts.models import Workspace
from parley.core.announce import announce
from parley.knowledge.models import HANDBOOK, Chunk, Collection, Document
from parley.knowledge.pages import Page, cut, read_pages
from parley.knowledge.queries import digests_of, handbook_of
from parley.knowledge.signals import documents_indexed, documents_removed

logger = logging.getLogger(__name__)

HANDBOOK_NAME = "Parley's handbook"


def sync_handbook(workspace: Workspace) -> Collection:
    """Bring the built-in collection in line with the pages in `settings.HANDBOOK_DIR`.

    Safe to run at every start and from several processes: unchanged pages are not written.
    """
    pages = read_pages(Path(settings.HANDBOOK_DIR))
    handbook = handbook_of(workspace.id)
    if handbook and not pages:
        logger.warning("no handbook pages in %s; those indexed before are kept", settings.HANDBOOK_DIR)
        return handbook
    if handbook and digests_of(handbook.id) == {page.path: page.digest for page in pages}:
        return handbook
    with transaction.atomic():
        handbook, _ = Collection.objects.get_or_create(
            workspace=workspace, built_in=HANDBOOK, defaults={"name": HANDBOOK_NAME}
        )
        _replace_pages(handbook, pages)
    return handbook


def _replace_pages(collection: Collection, pages: list[Page]) -> None:
    """Index the new and changed pages, forget those that are gone."""
    stored = digests_of(collection.id)  # read again: another process may have come first
    gone = stored.keys() - {page.path for page in pages}
    changed = [page for page in pages if stored.get(page.path) != page.digest]
    where = {"workspace_id": collection.workspace_id, "collection_id": collection.id}
    if gone:
        collection.documents.filter(path__in=gone).delete()
        announce(documents_removed, **where, paths=sorted(gone))
    if changed:
        announce(documents_indexed, **where, document_ids=[_index(collection, page) for page in changed])


def _index(collection: Collection, page: Page) -> UUID:
    document, _ = Document.objects.update_or_create(
        collection=collection, path=page.path, defaults={"title": page.title[:300], "digest": page.digest}
    )
    document.chunks.all().delete()
    Chunk.objects.bulk_create(
        Chunk(document=document, ordinal=ordinal, heading=piece.heading[:500], text=piece.text)
        for ordinal, piece in enumerate(cut(page.text))
    )
    return document.id
