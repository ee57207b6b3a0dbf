"""Tables: Collection, Document, Chunk. The full-text index beside them is made by migration 0002."""

from django.db import models

from parley.accounts.models import Workspace
from parley.core.ids import uuid7

HANDBOOK = "handbook"


class Collection(models.Model):
    """Documents that a bot may read together. `built_in` names the one that Parley fills itself (`handbook`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="collections")
    name = models.CharField(max_length=120)
    built_in = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="collection_name_unique"),
            models.UniqueConstraint(
                fields=["workspace", "built_in"], name="collection_built_in_once", condition=~models.Q(built_in="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Document(models.Model):
    """One source. `digest` tells an unchanged one, which is not cut and indexed again (see `pages.digest_of`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(max_length=300)
    path = models.CharField(max_length=500, help_text="where it came from: a path inside the collection, or a URL")
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "path"], name="document_once")]

    def __str__(self) -> str:
        return self.title


class Chunk(models.Model):
    """A passage: `heading` is the path of headings above it, `ordinal` its place in the document, from 0."""

    id = models.BigAutoField(primary_key=True)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="chunks")
    ordinal = models.PositiveIntegerField()
    heading = models.CharField(max_length=500, blank=True)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "ordinal"], name="chunk_once")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.ordinal}"
