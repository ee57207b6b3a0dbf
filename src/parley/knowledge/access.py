"""The only way a door gets a collection: those of the asking member's workspace, or not found."""

from django.db.models import QuerySet

from parley.accounts.access import Member
from parley.knowledge.models import Collection


def collections_for(member: Member) -> QuerySet[Collection]:
    return Collection.objects.filter(workspace_id=member.workspace_id).order_by("name")
