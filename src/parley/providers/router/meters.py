"""What the router decides, for Prometheus: how often, for which model, how fast, and which models had to be passed over."""

from typing import Final

from prometheus_client import Counter, Histogram

from parley.core.metrics import Few, registry
from parley.providers.meters import name_of_model
from parley.providers.routed import RoutedModel
from parley.providers.router.decide import Decision

TOOK_S: Final = (0.0001, 0.00025, 0.0005, 0.001, 0.002, 0.005, 0.01)

_rules = Few()
_decisions = Counter(
    "parley_router_decisions",
    "Messages for which a rule chose, by the rule and the model that is asked first.",
    ("rule", "model"),
    registry=registry,
)
_took = Histogram(
    "parley_router_seconds", "How long a rule took to choose.", ("rule",), buckets=TOOK_S, registry=registry
)
_fallbacks = Counter(
    "parley_router_fallbacks",
    "Models that failed before they said a word, so that a rule's next one was asked.",
    ("rule", "model"),
    registry=registry,
)


def decided(decision: Decision) -> None:
    """A rule has chosen for a message that is about to be answered."""
    rule = _rules(decision.rule)
    _decisions.labels(rule, name_of_model(decision.order[0].name)).inc()
    _took.labels(rule).observe(decision.took_us / 1e6)


def fell_back(decision: Decision | None, failed: RoutedModel) -> None:
    """The next model of the rule is asked in place of this one."""
    if decision is not None:
        _fallbacks.labels(_rules(decision.rule), name_of_model(failed.name)).inc()
