"""Table: UsageRecord, one row for each vendor call that counted tokens."""

from django.db import models

from parley.accounts.models import User, Workspace
from parley.core.ids import uuid7


class UsageRecord(models.Model):
    """Tokens as the vendor counted them; `estimated` when a call ended before the vendor said."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    generation_id = models.UUIDField(null=True, db_index=True, help_text="engine's row, by id: this room lies below it")
    endpoint_id = models.UUIDField(null=True)
    model = models.CharField(max_length=200)
    purpose = models.CharField(max_length=20, default="answer")
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    estimated = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "created_at"])]

    def __str__(self) -> str:
        return f"{self.model}: {self.input_tokens} + {self.output_tokens}"
