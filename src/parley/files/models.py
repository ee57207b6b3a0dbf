"""Tables: File. The bytes are in the store, under a name that follows from the id."""

from django.db import models

from parley.accounts.models import User, Workspace
from parley.core.ids import uuid7


class File(models.Model):
    """What somebody uploaded. A row exists only for bytes that are stored whole; `digest` is their SHA-256.

    `key` is the sender's: the same upload sent twice is one file. `problem`: why no model can read it.
    """

    class Kind(models.TextChoices):
        IMAGE = "image"
        TEXT = "text"
        PDF = "pdf"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="files")
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255, help_text="as the person calls it; never a path")
    media_type = models.CharField(max_length=127, help_text="as it was declared; see `actions.media_type_of`")
    size_bytes = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    kind = models.CharField(
        max_length=5, choices=Kind.choices, default=Kind.OTHER, db_default=Kind.OTHER, help_text="told from the bytes"
    )
    problem = models.CharField(max_length=200, blank=True, db_default="")
    key = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="file_key_once")]

    def __str__(self) -> str:
        return self.name
