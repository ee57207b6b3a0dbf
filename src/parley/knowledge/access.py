"""The only way a door gets a collection: those of the asking member's workspace, or not found."""

from uuid import UUID

from django.db.models import QuerySet

from parley.accounts.access import Member
from parley.core.errors import NotFound
from parley.knowledge.models import Collection


def collections_for(member: Member) -> QuerySet[Collection]:
    return Collection.objects.filter(workspace_id=member.workspace_id).order_by("name")


def collection_for(member: Member, collection_id: UUID) -> Collection:
    """Raises `NotFound`: no such collection, or not one of this member's workspace."""
    collection = collections_for(member).filter(id=collection_id).first()
    if collection is None:
        raise NotFound("No such collection. It may have been deleted.")
    return collection
