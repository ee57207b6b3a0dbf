"""Tables: Bot, BotVersion and Admission. A version never changes; an edit adds one."""

from django.db import models

from parley.accounts.models import Role, User, Workspace
from parley.core.ids import uuid7
from parley.files.models import File
from parley.knowledge.models import Collection
from parley.providers.models import ModelCard


class Bot(models.Model):
    """A persona people talk to. What it is, is in its newest version.

    `default_for`: the bot that Parley made for a model card, named after it. When the card goes the bot is archived,
    not deleted: answers name the version that wrote them. `is_preview`: the one bot of its maker that plays what stands
    unsaved in an editor; it is in no list.
    """

    class Audience(models.TextChoices):
        EVERYONE = "everyone"
        CHOSEN = "chosen"
        MAKER = "maker"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="bots")
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    default_for = models.OneToOneField(
        ModelCard, null=True, blank=True, on_delete=models.SET_NULL, related_name="default_bot"
    )
    playground_of = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="not to talk to: each of its versions is a setting that this person tried out; archived from birth",
    )
    version_number = models.PositiveIntegerField(default=1, help_text="of the newest version")
    # Defaults of the database's own, too: while a new release rolls out, the old one adds bots that know nothing of these.
    audience = models.CharField(
        max_length=10, choices=Audience.choices, default=Audience.EVERYONE, db_default=Audience.EVERYONE
    )
    is_preview = models.BooleanField(default=False, db_default=False)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "made_by"], condition=models.Q(is_preview=True), name="bot_one_preview"
            ),
            models.UniqueConstraint(fields=["workspace", "playground_of"], name="bot_of_playground_once"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Admission(models.Model):
    """Who else may use a bot whose audience is chosen: one person, or everybody of a role."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bot = models.ForeignKey(Bot, on_delete=models.CASCADE, related_name="admissions")
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=10, choices=Role.choices, blank=True)

    def __str__(self) -> str:
        return self.role or str(self.user_id)


class BotVersion(models.Model):
    """What a bot was from one edit to the next. `parameters`: see `bots.parameters.Parameters`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bot = models.ForeignKey(Bot, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    avatar = models.CharField(max_length=16, blank=True, help_text="an emoji or one or two letters")
    colour = models.CharField(
        max_length=10, blank=True, db_default="", help_text="behind the avatar; one of bots.drafts.COLOURS"
    )
    picture = models.ForeignKey(File, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    system_prompt = models.TextField(blank=True)
    description = models.CharField(
        max_length=300, blank=True, db_default="", help_text="what it is for, in a line or two"
    )
    greeting = models.TextField(blank=True)
    starters = models.JSONField(default=list, help_text="list of str, at most 6")
    model_card = models.ForeignKey(ModelCard, null=True, on_delete=models.SET_NULL, related_name="+")
    parameters = models.JSONField(default=dict)
    collections = models.ManyToManyField(Collection, related_name="+")
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bot", "number"], name="bot_version_once")]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"
