"""How a bot samples: what is stored with its version, within ranges that every vendor understands."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from parley.providers import values
from parley.providers.shapes import Shape
from parley.tools.builtin import BUILT_IN

StopSequence = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class Parameters(BaseModel):
    """None leaves it to the vendor; without a `shape`, an answer may look as it likes. `tools` are names of those it may call."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, gt=0, le=1)
    max_tokens: int | None = Field(default=None, ge=1, le=1_000_000)
    seed: int | None = Field(default=None, ge=0, le=2**31 - 1)
    stop: tuple[StopSequence, ...] = Field(default=(), max_length=4)
    reasoning: values.Effort | None = None
    shape: Shape | None = None
    tools: tuple[str, ...] = Field(default=(), max_length=50)

    @field_validator("tools")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [name for name in names if name not in BUILT_IN]:
            raise ValueError(f"There is no tool called '{unknown[0][:80]}'. There are: {', '.join(BUILT_IN)}.")
        return tuple(dict.fromkeys(names))

    def stored(self) -> dict[str, object]:
        stored = self.model_dump(mode="json", exclude_defaults=True)
        if self.shape:  # whole: its type tells one from another
            stored["shape"] = self.shape.model_dump(mode="json")
        return stored

    def for_model(self) -> values.Parameters:
        return values.Parameters(
            temperature=self.temperature,
            top_p=self.top_p,
            max_tokens=self.max_tokens,
            seed=self.seed,
            stop=self.stop,
            reasoning=self.reasoning,
            shape=self.shape,
            response_format=self.shape.response_format() if self.shape else None,
        )
