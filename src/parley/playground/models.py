"""Tables: Preset. A run has none of its own: it is a temporary conversation, answered by versions of a bot that is in no list."""

from django.db import models

from parley.accounts.models import User, Workspace
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
