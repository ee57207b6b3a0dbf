"""A model, or a rule over models, as a turn needs it: values. `routes.py` loads them, `router/` chooses among them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from parley.providers.router.rules import Step
from parley.providers.values import Route


@dataclass(frozen=True, slots=True)
class RoutedModel:
    """A model card as a turn needs it. `name` is the vendor's spelling, `context_window` is in tokens, prices are in dollars a
    million tokens. `rule`: the card stands for one, which decides who answers; the other fields say what its models can."""

    id: UUID
    workspace_id: UUID
    name: str
    label: str
    context_window: int
    vision: bool
    tools: bool
    prefill: bool
    is_guide: bool
    route: Route
    input_price: float | None = None
    output_price: float | None = None
    cached_price: float | None = None
    dollars_per_month: float | None = None
    rule: "LoadedRule | None" = None
    score: float | None = None
    ratings: int = 0

    def itself(self, label: str = "") -> "RoutedModel":
        """Of a rule, the model that is called `label`, or its first: for who asks without a message to decide by."""
        if self.rule is None:
            return self
        models = self.rule.models.values()
        return next((model for model in models if model.label == label), None) or next(iter(models))


@dataclass(frozen=True, slots=True)
class LoadedRule:
    """A rule with its models as a turn needs them; those that are switched off or gone are not among them."""

    id: UUID
    name: str
    steps: tuple[Step, ...]
    models: Mapping[UUID, RoutedModel] = field(default_factory=dict)
