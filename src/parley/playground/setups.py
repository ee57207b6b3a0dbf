"""What is tried out: a prompt with its roles, how to sample, and the models that answer it beside one another."""

from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from parley.bots.parameters import Parameters
from parley.conversations.limits import MAX_PARTS
from parley.conversations.parts import ImagePart, TextPart
from parley.conversations.trials import MOST_ANSWERS, MOST_MESSAGES, Said


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PromptMessage(_Frozen):
    """`assistant`: words that are put into the model's mouth."""

    role: Literal["user", "assistant"]
    parts: Annotated[
        tuple[Annotated[TextPart | ImagePart, Field(discriminator="type")], ...], Field(max_length=MAX_PARTS)
    ]

    def said(self) -> Said:
        return Said(self.role, self.parts)


class Setup(_Frozen):
    """`models` are model cards; the same one twice answers twice."""

    system: str = ""
    messages: tuple[PromptMessage, ...] = Field(default=(), max_length=MOST_MESSAGES)
    parameters: Parameters = Parameters()
    models: tuple[UUID, ...] = Field(default=(), max_length=MOST_ANSWERS)

    def stored(self) -> dict[str, object]:
        return {
            "system": self.system,
            "messages": [message.model_dump(mode="json") for message in self.messages],
            "parameters": self.parameters.stored(),
            "models": [str(model) for model in self.models],
        }


def setup_of(stored: Mapping[str, object]) -> Setup:
    return Setup.model_validate(stored)
