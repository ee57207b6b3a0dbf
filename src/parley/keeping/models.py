"""Tables: Archive, what was last written of a conversation into the store; CleaningRun, what retention took away."""

from django.db import models

from parley.accounts.models import User, Workspace
from parley.core.ids import uuid7


class Archive(models.Model):
    """One object in the store: `archives/<owner>/<conversation>.json`. It goes with its owner, and with its conversation;
    but for one that retention removed, of which it is what remains (`conversation_gone_at`).

    `seen_at`, `title` and `leaf_id` are the conversation's as they were archived: where they differ now, it is due again.
    """

    conversation_id = models.UUIDField(primary_key=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="archives")
    title = models.CharField(max_length=200, blank=True)
    leaf_id = models.UUIDField(null=True)
    seen_at = models.DateTimeField()
    is_whole = models.BooleanField(help_text="false while an answer was being written")
    messages = models.PositiveIntegerField()
    size_bytes = models.PositiveBigIntegerField()
    archived_at = models.DateTimeField()
    conversation_gone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class CleaningRun(models.Model):
    """One walk through the retention rules. `counts`: how many of what went, by name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(auto_now_add=True)
    counts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}: {sum(self.counts.values())}"
