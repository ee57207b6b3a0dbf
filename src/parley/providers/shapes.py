"""The shape that an answer must have: JSON by a schema, a regular expression, or one of some choices. Plain Python.

A wire that can is asked to constrain the model (`response_format`); every answer is judged all the same (`wrong_with`).
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, field_validator

from parley.core.errors import Invalid
from parley.core.json_schema import check_schema, wrong_with
from parley.core.linear_regex import LONGEST, LinearRegex

LONGEST_ANSWER = 16 * 1024  # letters that a regular expression is matched against


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class JsonShape(_Frozen):
    """The whole answer is one JSON document."""

    type: Literal["json"] = "json"
    json_schema: dict[str, Any]  # Any: a person's

    @field_validator("json_schema")
    @classmethod
    def _known(cls, schema: dict[str, Any]) -> dict[str, Any]:
        _kept(check_schema, schema)
        return schema

    def wrong_with(self, text: str) -> str:
        """What is wrong with an answer, as a sentence for the model; empty when nothing is."""
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            return f"It is not JSON, without anything around it: {error}."
        return wrong_with(value, self.json_schema)

    def response_format(self) -> dict[str, object] | None:
        """As OpenAI's dialect asks for it; the other wires translate."""
        return {"type": "json_schema", "json_schema": {"name": "answer", "schema": self.json_schema}}

    def request(self) -> str:
        """What is asked of a model in words: not every vendor can constrain."""
        schema = orjson.dumps(self.json_schema).decode()
        return f"Answer with JSON only, without anything around it, that is valid by this JSON Schema: {schema}"


class RegexShape(_Frozen):
    """The whole answer matches."""

    type: Literal["regex"] = "regex"
    pattern: str = Field(min_length=1, max_length=LONGEST)

    @field_validator("pattern")
    @classmethod
    def _known(cls, pattern: str) -> str:
        _kept(LinearRegex, pattern)
        return pattern

    def wrong_with(self, text: str) -> str:
        if len(text) > LONGEST_ANSWER:
            return f"It is longer than {LONGEST_ANSWER} letters."
        return "" if LinearRegex(self.pattern).fullmatch(text.strip()) else f"It does not match {self.pattern}"

    def response_format(self) -> dict[str, object] | None:
        return None

    def request(self) -> str:
        return f"Answer with nothing but text that as a whole matches this regular expression: {self.pattern}"


class ChoiceShape(_Frozen):
    """The whole answer is one of these."""

    type: Literal["choices"] = "choices"
    choices: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = Field(min_length=1, max_length=100)

    def wrong_with(self, text: str) -> str:
        return "" if text.strip() in self.choices else f"It is none of: {', '.join(self.choices)[:500]}"

    def response_format(self) -> dict[str, object] | None:
        return None

    def request(self) -> str:
        return f"Answer with exactly one of these and nothing else: {'; '.join(self.choices)}"


Shape = Annotated[JsonShape | RegexShape | ChoiceShape, Field(discriminator="type")]


def _kept(check: Callable[[Any], object], said: object) -> None:  # Any: of either kind above
    """A pydantic validator tells by ValueError."""
    try:
        check(said)
    except Invalid as error:
        raise ValueError(error.message) from None
