"""Decide: a rule and what a message needs give models in the order in which they are asked, and the reasons in words."""

import random
import time
from collections.abc import Set
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from parley.core.errors import EndpointRejected
from parley.providers.breaker import breaker_of
from parley.providers.load import load_of
from parley.providers.measures import first_token_s
from parley.providers.routed import LoadedRule, RoutedModel
from parley.providers.router.needs import Needs
from parley.providers.router.rules import Choice, Step

ANSWER_TOKENS: Final = 500  # of a usual answer, for comparing costs
WINDOW_SHARE: Final = 0.75  # of a window is for reading; the rest is for the answer

UNRATED: Final = 0.5

_chance = random.Random()  # noqa: S311 - lots, no secret


@dataclass(frozen=True, slots=True)
class Decision:
    """`order`: whom to ask first, and whom next when that fails. `reasons` are for a person, the last one for the first model."""

    rule_id: UUID
    rule: str
    order: tuple[RoutedModel, ...]
    reasons: tuple[str, ...]
    took_us: int


def decide(
    rule: LoadedRule, needs: Needs, *, overspent: Set[str] = frozenset(), chance: random.Random = _chance
) -> Decision:
    """Choose. `overspent`: ids of endpoints whose money is used up. Raises `EndpointRejected` when no model is left."""
    began = time.perf_counter_ns()
    order: dict[UUID, str] = {}  # card to what speaks for it
    doubtful: dict[UUID, str] = {}  # the same, with what speaks against it
    reasons = [_said(needs)]
    for number, step in enumerate(rule.steps, start=1):
        if unmet := step.when.unmet(needs):
            reasons.append(f"Step {number} was passed over: {unmet}.")
            continue
        for choice, because in _sorted(step, rule, needs, chance):
            model = rule.models.get(choice.model)
            if choice.model in order or choice.model in doubtful or model is None:
                continue
            if model.route.endpoint_id in overspent:
                reasons.append(f"{model.label} was left out: its endpoint has spent what it may this month.")
            elif obstacle := _obstacle(model, needs):
                reasons.append(f"{model.label} was put last: {obstacle}.")
                doubtful[choice.model] = f"step {number}, though {obstacle}"
            else:
                order[choice.model] = f"step {number}, {because}"
    chosen = order | doubtful
    if not chosen:
        raise EndpointRejected(f"No model of the rule {rule.name} may answer this now. {' '.join(reasons[1:])}")
    first, why = next(iter(chosen.items()))
    reasons.append(f"{rule.models[first].label} was chosen: {why}.")
    models = tuple(rule.models[card_id] for card_id in chosen)
    return Decision(rule.id, rule.name, models, tuple(reasons), (time.perf_counter_ns() - began) // 1000)


def cost_usd(model: RoutedModel, input_tokens: int, output_tokens: int) -> float | None:
    """In dollars, by the prices on its card; None where they are not known."""
    if model.input_price is None or model.output_price is None:
        return None
    return (input_tokens * model.input_price + output_tokens * model.output_price) / 1e6


def _sorted(step: Step, rule: LoadedRule, needs: Needs, chance: random.Random) -> list[tuple[Choice, str]]:
    """The step's choices, each with what speaks for its place."""
    match step.by:
        case "weight":  # by lot without putting back: the larger the weight, the likelier early
            drawn = sorted(step.models, key=lambda choice: chance.random() ** (1 / choice.weight), reverse=True)
            return [(choice, f"drawn by lot with weight {choice.weight:g}") for choice in drawn]
        case "cost":
            costs = [(choice, _cost(rule, choice, needs)) for choice in step.models]
            costs.sort(key=lambda pair: (pair[1] is None, pair[1] or 0.0))
            return [(c, "price not known" if usd is None else f"about ${usd:.4f} an answer") for c, usd in costs]
        case "speed":
            waits = [(choice, _wait_s(rule, choice)) for choice in step.models]
            waits.sort(key=lambda pair: pair[1] if pair[1] is not None else 0.0)  # what was never measured is tried
            return [(c, "not measured yet" if s is None else f"first word after {s:.2f} s of late") for c, s in waits]
        case "rating":
            liked = [(choice, rule.models.get(choice.model)) for choice in step.models]
            liked.sort(key=lambda pair: -_score(pair[1]))
            return [(choice, _liking(model)) for choice, model in liked]
    return [(choice, "as the rule orders") for choice in step.models]


def _score(model: RoutedModel | None) -> float:
    return UNRATED if model is None or model.score is None else model.score


def _liking(model: RoutedModel | None) -> str:
    if model is None or model.score is None:
        return "not rated yet"
    return f"rated {model.score:.0%} good by {model.ratings:,} rating{'s' if model.ratings != 1 else ''}"


def _cost(rule: LoadedRule, choice: Choice, needs: Needs) -> float | None:
    model = rule.models.get(choice.model)
    return cost_usd(model, needs.tokens, ANSWER_TOKENS) if model else None


def _wait_s(rule: LoadedRule, choice: Choice) -> float | None:
    model = rule.models.get(choice.model)
    return first_token_s(model.route.endpoint_id, model.name) if model else None


def _obstacle(model: RoutedModel, needs: Needs) -> str:
    """What speaks against a model, though it might do at need; empty when nothing does."""
    if needs.images and not model.vision:
        return "it sees no images"
    if needs.tools and not model.tools:
        return "it calls no tools"
    if needs.tokens > model.context_window * WINDOW_SHARE:
        return f"its window of {model.context_window:,} tokens is too small for about {needs.tokens:,}"
    if breaker_of(model.route.endpoint_id).would_refuse:
        return "its endpoint failed several times in a row"
    return load_of(model.route.endpoint_id).reason_to_wait(model.route)


def _said(needs: Needs) -> str:
    told = [f"about {needs.tokens:,} tokens", f"kind: {needs.kind}"]
    told += [f"language: {needs.language}"] if needs.language else []
    told += ["with images"] if needs.images else []
    told += ["with tools"] if needs.tools else []
    return f"The message: {', '.join(told)}."
