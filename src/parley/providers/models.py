"""Tables: Endpoint (where to say it), ModelCard (what it offers), Rule (which of them answers), Decision (which did, and why)."""

from django.db import models

from parley.accounts.models import Workspace
from parley.core.ids import uuid7
from parley.core.seal import seal, unseal

GUIDE_WIRE = "guide"
RULE_WIRE = "rule"  # of cards that stand for a rule: no wire speaks it, the engine asks the router in its place


class Endpoint(models.Model):
    """A base URL with its key. Ten vendors can share one wire.

    `source` says who keeps it: `environment` rows follow the environment at each start, `screen` rows are edited by
    people, `built-in` is the guide. `enabled` is people's choice and only theirs; `available` is false while an
    environment row's variable is gone.
    """

    class Source(models.TextChoices):
        BUILT_IN = "built-in"
        ENVIRONMENT = "environment"
        SCREEN = "screen"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="endpoints")
    name = models.CharField(max_length=120)
    wire = models.CharField(max_length=40)
    base_url = models.CharField(max_length=500, blank=True)
    sealed_key = models.TextField(blank=True)
    source = models.CharField(max_length=20, choices=Source.choices, default=Source.SCREEN)
    vendor = models.CharField(max_length=40, blank=True, help_text="id in providers.vendors, on environment rows")
    enabled = models.BooleanField(default=True)
    available = models.BooleanField(default=True)
    max_concurrent = models.PositiveIntegerField(null=True, blank=True, help_text="answers at once")
    tokens_per_minute = models.PositiveIntegerField(null=True, blank=True)
    dollars_per_month = models.FloatField(null=True, blank=True, help_text="by the prices on its cards")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="endpoint_name_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def api_key(self) -> str:
        return unseal(self.sealed_key, bound_to=self._bound_to()) if self.sealed_key else ""

    @api_key.setter
    def api_key(self, plain: str) -> None:
        self.sealed_key = seal(plain, bound_to=self._bound_to()) if plain else ""

    def _bound_to(self) -> str:
        return f"endpoint|{self.id}|api_key"


class ModelCard(models.Model):
    """What an endpoint offers under one model name, as the vendor spells it.

    `enabled` is people's choice; `available` is false once the vendor's list no longer names it. The row stays, since
    bots point at it. `typed`: a person wrote the name down, for a vendor that lists nothing; no list takes it away.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="model_cards")
    name = models.CharField(max_length=200)
    label = models.CharField(max_length=200, blank=True)
    context_window = models.PositiveIntegerField(default=8192, help_text="tokens, prompt and answer together")
    vision = models.BooleanField(default=False)
    tools = models.BooleanField(default=False)
    prefill = models.BooleanField(default=False, help_text="continues an assistant message that ends the prompt")
    embeds = models.BooleanField(
        default=False, db_default=False, help_text="turns texts into vectors, and takes part in no conversation"
    )
    input_price = models.FloatField(null=True, blank=True, help_text="US dollars a million tokens; null: not known")
    output_price = models.FloatField(null=True, blank=True)
    cached_price = models.FloatField(null=True, blank=True, help_text="of input that the vendor's cache held")
    enabled = models.BooleanField(default=True)
    available = models.BooleanField(default=True)
    typed = models.BooleanField(default=False)
    corrected = models.JSONField(default=list, help_text="names of facts that a person has set: no list changes them")
    score = models.FloatField(null=True, blank=True, help_text="0 to 1: what its ratings say; null: never rated")
    ratings = models.PositiveIntegerField(default=0, db_default=0, help_text="that its score is made of")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "name"], name="model_card_once")]

    def __str__(self) -> str:
        return self.label or self.name

    @property
    def is_usable(self) -> bool:
        """Whether it can be asked now; the same rule as `access.USABLE` and `access.EMBEDDING`. Reads the endpoint."""
        return self.enabled and self.available and self.endpoint.enabled and self.endpoint.available

    @property
    def is_guide(self) -> bool:
        return self.endpoint.wire == GUIDE_WIRE

    @property
    def is_rule(self) -> bool:
        return self.endpoint.wire == RULE_WIRE


class Rule(models.Model):
    """Which model answers what. Its card stands for it wherever a model is chosen; while it is no rule to be followed yet
    (`card.enabled` is false), it can be tried out on past conversations. `steps`: see `providers.router.rules`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    card = models.OneToOneField(ModelCard, on_delete=models.CASCADE, related_name="rule")
    steps = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.card)


class Decision(models.Model):
    """Which model a rule chose for an answer, and why; written beside the answer, for who asks "why this model"."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+", db_index=False)
    generation_id = models.UUIDField(unique=True, help_text="engine's row, by id: this room lies below it")
    rule = models.ForeignKey(Rule, null=True, on_delete=models.SET_NULL, related_name="+")
    model = models.CharField(max_length=200)
    reasons = models.JSONField(default=list)
    took_us = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.model} for {self.generation_id}"
