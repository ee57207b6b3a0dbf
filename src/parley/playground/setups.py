"""What is tried out: a prompt with its roles, how to sample, and the models that answer it beside one another."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from parley.bots.parameters import STORED, Parameters
from parley.conversations.limits import MAX_PARTS
from parley.conversations.parts import ImagePart, TextPart, ToolCallPart, ToolResultPart
from parley.conversations.trials import MOST_ANSWERS, MOST_MESSAGES, Prompt, Said
from parley.core.errors import Invalid


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PromptMessage(_Frozen):
    """`assistant`: words that are put into the model's mouth, and its calls of functions, each with what it gave.

    `only`: the place of the one model that is told this, from 0; such messages stand after those that all are told.
    """

    only: int | None = Field(None, ge=0, lt=MOST_ANSWERS)
    role: Literal["user", "assistant"]
    parts: Annotated[
        tuple[Annotated[TextPart | ImagePart | ToolCallPart | ToolResultPart, Field(discriminator="type")], ...],
        Field(max_length=MAX_PARTS),
    ]

    def said(self) -> Said:
        return Said(self.role, self.parts)


class Setup(_Frozen):
    """`models` are model cards; the same one twice answers twice. `own`: parameters of one model in place of those for all."""

    system: str = ""
    messages: tuple[PromptMessage, ...] = Field(default=(), max_length=MOST_MESSAGES)
    parameters: Parameters = Parameters()
    models: tuple[UUID, ...] = Field(default=(), max_length=MOST_ANSWERS)
    own: tuple[Parameters | None, ...] = Field(default=(), max_length=MOST_ANSWERS)

    def prompt(self) -> Prompt:
        """Raises `Invalid` where what all are told stands after what only one is told, or that one is missing."""
        asides: dict[int, list[Said]] = {}
        to_all: list[Said] = []
        for number, message in enumerate(self.messages, start=1):
            if message.only is None and asides:
                raise Invalid(
                    f"Message {number} is for all models, so it must stand before those for only one of them."
                )
            if message.only is not None and message.only >= len(self.models):
                raise Invalid(f"Message {number} is for model {message.only + 1}, and there is none. Choose its model.")
            (to_all if message.only is None else asides.setdefault(message.only, [])).append(message.said())
        if asides and not to_all:
            raise Invalid("A prompt begins with what all models are told. Write that first.")
        return Prompt(to_all, asides)

    def columns(self) -> list[tuple[UUID, Parameters]]:
        """Each model with what holds for it."""
        own = (*self.own, *[None] * len(self.models))
        return [(model, mine or self.parameters) for model, mine in zip(self.models, own, strict=False)]

    def with_columns(self, columns: Sequence[tuple[UUID, Parameters]]) -> Self:
        """These models, each with what holds for it."""
        own = tuple(None if mine == self.parameters else mine for _, mine in columns)
        return self.model_copy(update={"models": tuple(model for model, _ in columns), "own": own if any(own) else ()})

    def stored(self) -> dict[str, object]:
        return {
            "system": self.system,
            "messages": [message.model_dump(mode="json", exclude_none=True) for message in self.messages],
            "parameters": self.parameters.stored(),
            "models": [str(model) for model in self.models],
            "own": [mine and mine.stored() for mine in self.own],
        }


def setup_of(stored: Mapping[str, object]) -> Setup:
    """As `Setup.stored` wrote it, in this version or another."""
    return Setup.model_validate(stored, extra="ignore", context=STORED)
