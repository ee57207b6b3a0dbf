"""Tables: Endpoint (where to say it) and ModelCard (what it offers)."""

from django.db import models

from parley.accounts.models import Workspace
from parley.core.ids import uuid7
from parley.core.seal import seal, unseal

GUIDE_WIRE = "guide"


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
    bots point at it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="model_cards")
    name = models.CharField(max_length=200)
    label = models.CharField(max_length=200, blank=True)
    context_window = models.PositiveIntegerField(default=8192, help_text="tokens, prompt and answer together")
    vision = models.BooleanField(default=False)
    tools = models.BooleanField(default=False)
    prefill = models.BooleanField(default=False, help_text="continues an assistant message that ends the prompt")
    enabled = models.BooleanField(default=True)
    available = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "name"], name="model_card_once")]

    def __str__(self) -> str:
        return self.label or self.name

    @property
    def is_usable(self) -> bool:
        """Whether it can be talked to now; the same rule as `access.USABLE`. Reads the endpoint."""
        return self.enabled and self.available and self.endpoint.enabled and self.endpoint.available

    @property
    def is_guide(self) -> bool:
        return self.endpoint.wire == GUIDE_WIRE
