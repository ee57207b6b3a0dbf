"""Tables: Folder, Conversation, Tag, Message, Attachment, Receipt, Share, Prompt, Draft.

Rows of Message are append-only: edits are siblings.
"""

from django.db import models

from parley.accounts.models import User, Workspace
from parley.bots.models import Bot, BotVersion
from parley.conversations.parts import PartsField
from parley.core.ids import uuid7
from parley.files.models import File


class Folder(models.Model):
    """Where a person puts conversations together. Its end is not theirs."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+", db_index=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="folders", db_index=False)
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "workspace", "name"], name="folder_name_once")]

    def __str__(self) -> str:
        return self.name


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
    folder = models.ForeignKey(Folder, null=True, on_delete=models.SET_NULL, related_name="conversations")
    pinned = models.BooleanField(default=False, db_default=False)
    archived = models.BooleanField(default=False, db_default=False)
    temporary = models.BooleanField(
        default=False, db_default=False, help_text="in no list, found by no search, gone after a day"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(help_text="of the newest message, for the order of the list")

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-updated_at", "-id"], name="conversation_newest_first"),
            models.Index(
                fields=["created_at"], name="conversation_untitled", condition=models.Q(title_source="excerpt")
            ),
            models.Index(fields=["updated_at"], name="conversation_temporary", condition=models.Q(temporary=True)),
        ]

    def __str__(self) -> str:
        return self.title


class Tag(models.Model):
    """A word that a person has put on a conversation."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="tags", db_index=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "name"], name="tag_once")]
        indexes = [models.Index(fields=["owner", "name"], name="tag_of_owner")]

    def __str__(self) -> str:
        return self.name


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


class Attachment(models.Model):
    """That messages of a conversation name a file: which ones to delete with it. The part itself stands in the message."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="attachments", db_index=False)
    file = models.ForeignKey(File, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "file"], name="attachment_once")]

    def __str__(self) -> str:
        return f"{self.file_id} in {self.conversation_id}"


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


class Share(models.Model):
    """A picture of one branch, as it was, for whoever has the link. What is said later is not in it; deleting it ends it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="shares")
    token = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=200, blank=True)
    shown = models.TextField(help_text="JSON: the messages as they are shown")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title


class Prompt(models.Model):
    """What a person says often, under a name: `/name` in the composer. `{{words}}` in its text are asked for each time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="prompts", db_index=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="prompts")
    name = models.CharField(max_length=40)
    text = models.TextField()
    shared = models.BooleanField(default=False, help_text="with everybody in the workspace, who may use it as it is")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "owner", "name"], name="prompt_name_once")]

    def __str__(self) -> str:
        return f"/{self.name}"


class Draft(models.Model):
    """What a person has typed and not sent, in one conversation or (without one) in what is to be the next.

    `version` grows with each writing, also when the text becomes empty: a device that missed one knows it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+", db_index=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.CASCADE, related_name="drafts")
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "conversation"], name="draft_once"),
            models.UniqueConstraint(
                fields=["owner", "workspace"], condition=models.Q(conversation=None), name="draft_of_next_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]
