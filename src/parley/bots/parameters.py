"""How a bot samples: what is stored with its version, within ranges that every vendor understands."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from parley.providers import values

StopSequence = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class Parameters(BaseModel):
    """None leaves it to the vendor."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, gt=0, le=1)
    max_tokens: int | None = Field(default=None, ge=1, le=1_000_000)
    seed: int | None = Field(default=None, ge=0, le=2**31 - 1)
    stop: tuple[StopSequence, ...] = Field(default=(), max_length=4)

    def stored(self) -> dict[str, object]:
        return self.model_dump(mode="json", exclude_defaults=True)

    def for_model(self) -> values.Parameters:
        return values.Parameters(
            temperature=self.temperature,
            top_p=self.top_p,
            max_tokens=self.max_tokens,
            seed=self.seed,
            stop=self.stop,
        )
