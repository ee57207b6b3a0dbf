"""Tables: Archive, what was last written of a conversation into the store; CleaningRun, what retention took away; Retention,
how long an owner lets things be kept; Export and Import, long work that a person asked for, and ImportItem, a conversation in
what was brought.
"""

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


class Retention(models.Model):
    """What the owner of a workspace chose, in days. null: as the environment says; 0: for ever. Without a row all is null."""

    workspace = models.OneToOneField(Workspace, primary_key=True, on_delete=models.CASCADE, related_name="+")
    conversations_days = models.PositiveIntegerField(null=True, blank=True)
    archives_days = models.PositiveIntegerField(null=True, blank=True)
    files_days = models.PositiveIntegerField(null=True, blank=True)
    usage_days = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"retention of {self.workspace_id}"


class LongWork(models.Model):
    """Work that goes on while its person is elsewhere. A worker holds it by a lease; whoever finds one that ran out begins anew.

    `done` of `total` steps; `attempt` grows with each claim, and only the newest may write.
    """

    class Status(models.TextChoices):
        WAITING = "waiting"
        WORKING = "working"
        FOUND = "found"  # an import that was read, and waits for its person to choose
        READY = "ready"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, help_text="what went wrong and what to do, for its person")
    attempt = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    size_bytes = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.status} {self.id}"


class Export(LongWork):
    """All that is a person's, as one archive in the store: `exports/<owner>/<id>.zip`, until some days after `ended_at`."""


class Import(LongWork):
    """A file that a person brought: `imports/<owner>/<id>` in the store, until it is ready. `source`: who made it."""

    name = models.CharField(max_length=255)
    source = models.CharField(max_length=12, blank=True)
    is_chosen = models.BooleanField(default=False, help_text="the person has chosen; what is chosen is to be stored")
    files = models.PositiveIntegerField(default=0, help_text="that came along, beside conversations")
    bots = models.PositiveIntegerField(default=0, db_default=0, help_text="that came along, or came back")


class ImportItem(models.Model):
    """A conversation in what was brought, in the order of the file. `notes`: what was not understood, see `import_form`."""

    class Outcome(models.TextChoices):
        NONE = ""
        ADDED = "added"
        COMPLETED = "completed"  # it was here; messages were missing
        HERE = "here"
        LEFT_OUT = "left_out"  # by choice
        FAILED = "failed"

    brought = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="items", db_index=False)
    place = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True)
    said_at = models.DateTimeField(null=True)
    messages = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list)
    is_known = models.BooleanField(default=False, help_text="all of it is here already")
    is_chosen = models.BooleanField(default=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.NONE, blank=True)
    added = models.PositiveIntegerField(default=0)
    conversation_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brought", "place"], name="import_item_once")]

    def __str__(self) -> str:
        return self.title
