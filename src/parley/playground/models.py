"""Tables: Preset and Comparison. A run has none of its own: it is a temporary conversation, answered by versions of a bot that is
in no list."""

from django.db import models

from parley.accounts.models import User, Workspace
from parley.conversations.models import Conversation
from parley.core.ids import uuid7


class Preset(models.Model):
    """A setup that is kept under a name. `setup`: see `playground.setups.Setup`. `version` grows with each change (N10)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    shared = models.BooleanField(default=False, help_text="everybody in the workspace may load it")
    setup = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name


class Comparison(models.Model):
    """A run whose two models are hidden behind A and B until its owner has voted."""

    class Verdict(models.TextChoices):
        NONE = ""
        A = "a"
        B = "b"
        TIE = "tie"
        NEITHER = "neither"

    conversation = models.OneToOneField(Conversation, primary_key=True, on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.verdict or "open"
