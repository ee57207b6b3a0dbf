"""What a tool is. Plain values: a tool has no identity, and knows nothing of conversations."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from parley.core.errors import ParleyError
from parley.providers.values import ToolSpec

Arguments = Mapping[str, Any]  # a model's JSON, judged by the tool's schema before it comes here


class ToolFailed(ParleyError):
    """The tool could not do what it was asked. `message` goes to the model, which may ask differently."""

    code, status = "tool_failed", 422


@dataclass(frozen=True, slots=True)
class Tool:
    """`parameters` is a JSON schema. `run` is called in a thread, may raise `ToolFailed`, and gives what the model reads.

    `label` is for people who choose tools for a bot.
    """

    name: str
    label: str
    description: str
    parameters: Mapping[str, object]
    run: Callable[[Arguments], str]

    @property
    def spec(self) -> ToolSpec:
        return ToolSpec(self.name, self.description, self.parameters)


@dataclass(frozen=True, slots=True)
class Result:
    """What the model reads of a call."""

    text: str
    is_error: bool = False
