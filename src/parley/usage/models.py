"""Tables: UsageRecord, one row for each vendor call that counted tokens; UsageDay, their sums; Budget, what a month may cost."""

from django.db import models

from parley.accounts.models import User, Workspace
from parley.core.ids import uuid7


class UsageRecord(models.Model):
    """Tokens as the vendor counted them; `estimated` when a call ended before the vendor said."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    generation_id = models.UUIDField(null=True, help_text="engine's row, by id: this room lies below it")
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


class Budget(models.Model):
    """At most so much, of what is not null, in a calendar month (UTC), in a minute, or at once. Without a user it is the
    whole workspace's."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    tokens_per_month = models.PositiveBigIntegerField(null=True, blank=True)
    dollars_per_month = models.FloatField(null=True, blank=True, help_text="by the prices on the model cards")
    tokens_per_minute = models.PositiveIntegerField(null=True, blank=True)
    concurrent = models.PositiveIntegerField(null=True, blank=True, help_text="answers being written at once")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="budget_of_user_once"),
            models.UniqueConstraint(
                fields=["workspace"], condition=models.Q(user=None), name="budget_of_workspace_once"
            ),
        ]

    def __str__(self) -> str:
        return f"the budget of {self.user or self.workspace}"


class UsageDay(models.Model):
    """What one person used of one model on one day (UTC). Made of the ledger and of generations, again and again while the
    day is young (`keeping/usage_report.py`); it stays when those are cleaned away."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    day = models.DateField()
    model = models.CharField(max_length=200)
    answers = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0, help_text="answers that failed")
    calls = models.PositiveIntegerField(default=0, help_text="of the vendor, titles and other helpers included")
    input_tokens = models.PositiveBigIntegerField(default=0)
    output_tokens = models.PositiveBigIntegerField(default=0)
    first_words = models.PositiveIntegerField(default=0, help_text="answers whose time to the first word is known")
    first_word_ms = models.PositiveBigIntegerField(default=0, help_text="the sum of those times")

    class Meta:
        indexes = [models.Index(fields=["workspace", "day"], name="usage_by_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.model}: {self.answers}"
