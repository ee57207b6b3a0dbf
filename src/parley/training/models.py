"""Tables: Rating."""

from django.db import models

from parley.accounts.models import User, Workspace
from parley.bots.models import Bot
from parley.core.ids import uuid7
from parley.providers.models import ModelCard


class Rating(models.Model):
    """What one person thought of one answer. `value`: 1 for better or good, -1 for worse or bad, 0 for as good as the other.

    It holds no word of what was said, so it may outlive the conversation: `answer_id` is a plain id.
    """

    class Kind(models.TextChoices):
        ANSWER = "answer"  # a thumb below an answer of a conversation
        COMPARISON = "comparison"  # a blind one, against another model

    class Reason(models.TextChoices):
        NONE = ""
        WRONG = "wrong"
        UNHELPFUL = "unhelpful"
        INSTRUCTIONS = "instructions"  # not what was asked for
        STYLE = "style"
        UNSAFE = "unsafe"
        REFUSED = "refused"  # without need

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    value = models.SmallIntegerField()
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True)
    answer_id = models.UUIDField(help_text="conversations' row, by id")
    model_card = models.ForeignKey(ModelCard, null=True, on_delete=models.SET_NULL, related_name="+")
    bot = models.ForeignKey(Bot, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "answer_id"], name="rating_once")]

    def __str__(self) -> str:
        return f"{self.value:+d} {self.kind}"
