"""Reads."""

from uuid import UUID

from parley.knowledge.models import HANDBOOK, Collection, Document


def handbook_of(workspace_id: UUID) -> Collection | None:
    """The collection that Parley fills with its own handbook; None before the first `sync_handbook`."""
    return Collection.objects.filter(workspace_id=workspace_id, built_in=HANDBOOK).first()


def digests_of(collection_id: UUID) -> dict[str, str]:
    """Path → digest of a collection's documents."""
    return dict(Document.objects.filter(collection_id=collection_id).values_list("path", "digest"))
