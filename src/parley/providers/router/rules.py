"""A rule as people write it down: steps, each with the messages it is for, and models in the order in which they are asked."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from parley.core.errors import Invalid
from parley.providers.router.kinds import Kind
from parley.providers.router.languages import KNOWN
from parley.providers.router.needs import Needs

MOST_STEPS = 20
MOST_MODELS = 20

By = Literal["order", "weight", "cost", "speed", "rating"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class When(_Frozen):
    """For which messages a step is; what is left out does not matter. Lengths are in tokens of all that is read."""

    images: bool | None = None
    tools: bool | None = None
    longer_than: int | None = Field(None, ge=0)
    shorter_than: int | None = Field(None, ge=1)
    languages: tuple[str, ...] = Field((), max_length=30)
    kinds: tuple[Kind, ...] = ()

    def unmet(self, needs: Needs) -> str:
        """Why this is no such message; empty when it is one."""
        if self.images is not None and self.images != needs.images:
            return "it is for messages with images" if self.images else "it is for messages without images"
        if self.tools is not None and self.tools != needs.tools:
            return "it is for bots with tools" if self.tools else "it is for bots without tools"
        if self.longer_than is not None and needs.tokens <= self.longer_than:
            return f"it is for more than {self.longer_than:,} tokens, and these are about {needs.tokens:,}"
        if self.shorter_than is not None and needs.tokens >= self.shorter_than:
            return f"it is for fewer than {self.shorter_than:,} tokens, and these are about {needs.tokens:,}"
        if self.languages and needs.language not in self.languages:
            shown = needs.language or "no language that shows"
            return f"it is for {', '.join(self.languages)}, and this is {shown}"
        if self.kinds and needs.kind not in self.kinds:
            return f"it is for {', '.join(self.kinds)}, and this is {needs.kind}"
        return ""


class Choice(_Frozen):
    """A model card, and (by weight) its share."""

    model: UUID
    weight: float = Field(1.0, gt=0, le=1000)


class Step(_Frozen):
    """`by`: `order` as they stand here; `weight` by lot; `cost` the cheapest first; `speed` the first word soonest first;
    `rating` the best liked first, in the middle what was never rated."""

    when: When = When()
    models: Annotated[tuple[Choice, ...], Field(min_length=1, max_length=MOST_MODELS)]
    by: By = "order"


_STEPS: TypeAdapter[tuple[Step, ...]] = TypeAdapter(Annotated[tuple[Step, ...], Field(max_length=MOST_STEPS)])


def steps_of(stored: object) -> tuple[Step, ...]:
    """As `dump_steps` wrote them; what a later version may have added is passed over."""
    return _STEPS.validate_python(stored, extra="ignore")


def given_steps(given: object) -> tuple[Step, ...]:
    """As a person gives them. Raises `Invalid`, naming what is wrong."""
    try:
        steps = _STEPS.validate_python(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Invalid(f"steps.{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    for step in steps:
        if unknown := set(step.when.languages) - KNOWN:
            raise Invalid(
                f"Parley cannot tell the language {min(unknown)[:20]!r}; it knows: {', '.join(sorted(KNOWN))}."
            )
    return steps


def dump_steps(steps: tuple[Step, ...]) -> object:
    """As it is stored."""
    return _STEPS.dump_python(steps, mode="json", exclude_defaults=True)


def models_in(steps: tuple[Step, ...]) -> list[UUID]:
    """Every model that a rule names, once."""
    return list(dict.fromkeys(choice.model for step in steps for choice in step.models))
