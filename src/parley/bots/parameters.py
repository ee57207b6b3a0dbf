"""How a bot samples: what is stored with its version, within ranges that every vendor understands."""

from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator, model_validator

from parley.core.errors import Invalid
from parley.core.json_schema import check_schema
from parley.providers import values
from parley.providers.shapes import Shape
from parley.tools.builtin import BUILT_IN

StopSequence = Annotated[str, StringConstraints(min_length=1, max_length=100)]

# Beside what is read from the database. In an upgrade, or after one was taken back, a version reads what a later one wrote:
# fields and tools that it does not know are passed over there, and refused where a person gives them.
STORED: Final = "stored"


class FunctionTool(BaseModel):
    """A function that the model may call and nobody here runs: whoever asked says what it gave. `parameters`: a JSON schema."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    description: str = Field(default="", max_length=2000)
    parameters: dict[str, Any] = Field(  # Any: a person's
        default_factory=lambda: {"type": "object", "properties": {}}
    )

    @field_validator("parameters")
    @classmethod
    def _known(cls, schema: dict[str, Any]) -> dict[str, Any]:
        if schema.get("type") != "object":
            raise ValueError('The parameters of a function are a schema of an object: {"type": "object", …}.')
        try:
            check_schema(schema)
        except Invalid as error:
            raise ValueError(error.message.replace("schema", "parameters", 1)) from None
        return schema


class Parameters(BaseModel):
    """None leaves it to the vendor; without a `shape`, an answer may look as it likes.

    `tools` are names of built-in ones that it may call; `functions` are the asker's own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, gt=0, le=1)
    max_tokens: int | None = Field(default=None, ge=1, le=1_000_000)
    seed: int | None = Field(default=None, ge=0, le=2**31 - 1)
    stop: tuple[StopSequence, ...] = Field(default=(), max_length=4)
    reasoning: values.Effort | None = None
    shape: Shape | None = None
    tools: tuple[str, ...] = Field(default=(), max_length=50)
    functions: tuple[FunctionTool, ...] = Field(default=(), max_length=20)

    @field_validator("tools")
    @classmethod
    def _known(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        unknown = [name for name in names if name not in BUILT_IN]
        if unknown and info.context != STORED:
            raise ValueError(f"There is no tool called '{unknown[0][:80]}'. There are: {', '.join(BUILT_IN)}.")
        return tuple(dict.fromkeys(name for name in names if name not in unknown))

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        names = [*self.tools, *(function.name for function in self.functions)]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"Two tools are called '{twice[0]}'. Give each a name of its own.")
        return self

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


def parameters_of(stored: object) -> Parameters:
    """As `Parameters.stored` wrote them, in this version or another."""
    return Parameters.model_validate(stored, extra="ignore", context=STORED)
