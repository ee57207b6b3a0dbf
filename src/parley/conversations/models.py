"""Tables: Conversation, Message, Receipt. Rows of Message are append-only: edits and regenerations are siblings."""

from django.db import models

from parley.accounts.models import User, Workspace
from parley.bots.models import Bot, BotVersion
from parley.conversations.parts import PartsField
from parley.core.ids import uuid7


class Conversation(models.Model):
    """A tree of messages. `leaf_id` is the message whose branch is shown; `version` grows with each rename (N10).

    Where a foreign key has no index of its own, one of the indexes below begins with it.
    """

    class TitleSource(models.TextChoices):
        EXCERPT = "excerpt"  # the first words of the first message, until something better comes
        KEPT = "kept"  # the excerpt, for good: no model could do better
        MODEL = "model"
        PERSON = "person"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="conversations", db_index=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="conversations", db_index=False)
    bot = models.ForeignKey(Bot, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    title = models.CharField(max_length=200, blank=True)
    title_source = models.CharField(max_length=10, choices=TitleSource.choices, default=TitleSource.EXCERPT)
    leaf_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(help_text="of the newest message, for the order of the list")

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-updated_at", "-id"], name="conversation_newest_first"),
            models.Index(
                fields=["created_at"], name="conversation_untitled", condition=models.Q(title_source="excerpt")
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Message(models.Model):
    """One thing said. An answer is stored empty with status `writing` and filled once, when its generation ends.

    Its id is never older than its conversation's, so that a partition by id can be pruned by `id >= conversation.id`.
    """

    class Author(models.TextChoices):
        USER = "user"
        ASSISTANT = "assistant"

    class Status(models.TextChoices):
        WRITING = "writing"
        COMPLETED = "completed"
        STOPPED = "stopped"
        FAILED = "failed"
        INTERRUPTED = "interrupted"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages", db_index=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="children")
    role = models.CharField(max_length=10, choices=Author.choices)
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    bot_version = models.ForeignKey(BotVersion, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    parts = PartsField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.COMPLETED)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["conversation", "id"], name="message_in_conversation")]

    def __str__(self) -> str:
        return f"{self.role} {self.id}"


class Receipt(models.Model):
    """That a user's post with this key was accepted (N2), and what came of it. `digest` tells a retry from a reuse."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.UUIDField()
    digest = models.CharField(max_length=64)
    conversation_id = models.UUIDField()
    message_id = models.UUIDField()
    answer_id = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="receipt_once")]

    def __str__(self) -> str:
        return str(self.key)
