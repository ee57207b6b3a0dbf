"""OpenAI's newer dialect, inward: what a caller of `/v1/responses` may send, and what it means in our values.

Source: the vendor's public API reference, Responses. Parley keeps no responses: who asks sends what was said before along.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, JsonValue, Tag

from parley.api.openai_schema import MAX_MESSAGES
from parley.core.errors import Invalid
from parley.engine.completion import Question
from parley.providers.values import ChatMessage, Effort, Image, Parameters, Text, ToolCall, ToolSpec

Json = dict[str, JsonValue]

KNOWN_ITEMS = ("message", "function_call", "function_call_output", "reasoning")
PASSED_ON = ("parallel_tool_calls", "prompt_cache_key", "safety_identifier", "service_tier", "user")
EFFORTS: dict[str, Effort] = {"none": "none", "minimal": "low", "low": "low", "medium": "medium", "high": "high"}


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore")


class TextContent(_Loose):
    type: Literal["input_text", "output_text"]
    text: str


class RefusedContent(_Loose):
    type: Literal["refusal"]
    refusal: str


class ImageContent(_Loose):
    type: Literal["input_image"]
    image_url: str | None = None


Content = Annotated[TextContent | RefusedContent | ImageContent, Field(discriminator="type")]


class MessageItem(_Loose):
    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[Content]


class CallItem(_Loose):
    call_id: str
    name: str
    arguments: str


class ResultItem(_Loose):
    call_id: str
    output: str | list[Content]


class ReasoningItem(_Loose):
    """What a model thought before it called a function; `encrypted_content` is as Parley gave it."""

    encrypted_content: str | None = None


def _kind_of(item: object) -> str:
    """A message may leave its type out."""
    kind = item.get("type") if isinstance(item, dict) else None
    return str(kind or "message")


def _items(given: object) -> object:
    """Words alone are a person's."""
    return [{"role": "user", "content": given}] if isinstance(given, str) else given


def _known(item: object) -> object:
    if (kind := _kind_of(item)) not in KNOWN_ITEMS:
        raise ValueError(f"Parley cannot read items of the type {kind!r}; it knows {', '.join(KNOWN_ITEMS)}")
    return item


Item = Annotated[
    Annotated[
        Annotated[MessageItem, Tag("message")]
        | Annotated[CallItem, Tag("function_call")]
        | Annotated[ResultItem, Tag("function_call_output")]
        | Annotated[ReasoningItem, Tag("reasoning")],
        Discriminator(_kind_of),
    ],
    BeforeValidator(_known),
]


class FunctionTool(_Loose):
    type: Literal["function"]
    name: str
    description: str | None = None
    parameters: Json | None = None
    strict: bool | None = None


def _function(tool: object) -> object:
    kind = tool.get("type") if isinstance(tool, dict) else None
    if kind != "function":
        raise ValueError(
            f"Parley takes functions only, not {kind!r}; give a bot the tools that Parley is to run itself"
        )
    return tool


class TextForm(_Loose):
    format: Json | None = None
    verbosity: str | None = None


class Reasoning(_Loose):
    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = None
    summary: str | None = None


class ResponsesBody(_Loose):
    """One request. What belongs to responses that are kept, or to tools that OpenAI runs, is refused by name."""

    model: str
    input: Annotated[list[Item], BeforeValidator(_items), Field(min_length=1, max_length=MAX_MESSAGES)]
    instructions: str | None = None
    stream: bool | None = False
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, ge=0, le=1)
    max_output_tokens: int | None = Field(None, ge=1)
    text: TextForm | None = None
    tools: list[Annotated[FunctionTool, BeforeValidator(_function)]] | None = None
    tool_choice: str | Json | None = None
    parallel_tool_calls: bool | None = None
    reasoning: Reasoning | None = None
    metadata: dict[str, str] | None = None
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    service_tier: str | None = None
    previous_response_id: str | None = None
    conversation: JsonValue = None
    prompt: JsonValue = None
    background: bool | None = None

    def question(self) -> Question:
        """Raises `Invalid` for what Parley does not do, and for what no model of ours can read."""
        self._check_nothing_is_kept()
        effort = self.reasoning.effort if self.reasoning else None
        system = (ChatMessage("system", (Text(self.instructions),)),) if self.instructions else ()
        return Question(
            messages=(*system, *self._messages()),
            parameters=Parameters(
                temperature=self.temperature,
                top_p=self.top_p,
                max_tokens=self.max_output_tokens,
                response_format=_form(self.text),
                tool_choice=_choice(self.tool_choice),
                reasoning=EFFORTS.get(effort, "high") if effort else None,
                extra=self._extra(),
            ),
            tools=tuple(
                ToolSpec(tool.name, tool.description or "", tool.parameters or {}) for tool in self.tools or ()
            ),
        )

    def repeated(self) -> dict[str, object]:
        """What the answer says again of the question."""
        return {
            "model": self.model,
            "instructions": self.instructions,
            "max_output_tokens": self.max_output_tokens,
            "metadata": self.metadata or {},
            "parallel_tool_calls": self.parallel_tool_calls is not False,
            "reasoning": (self.reasoning or Reasoning()).model_dump(),
            "temperature": self.temperature,
            "text": {"format": (self.text and self.text.format) or {"type": "text"}},
            "tool_choice": self.tool_choice or "auto",
            "tools": [tool.model_dump() for tool in self.tools or ()],
            "top_p": self.top_p,
            "user": self.user,
        }

    def _check_nothing_is_kept(self) -> None:
        if self.previous_response_id or self.conversation:
            raise Invalid(
                "Parley keeps no responses: leave out previous_response_id and conversation, and send the earlier items in input."
            )
        if self.background:
            raise Invalid("Parley writes no responses in the background. Leave background out, and use stream.")
        if self.prompt:
            raise Invalid(
                "Parley keeps no prompts of OpenAI's. Leave prompt out; a bot's own instructions do the same."
            )

    def _extra(self) -> dict[str, object]:
        given = {name: value for name in PASSED_ON if (value := getattr(self, name)) is not None}
        return given | ({"verbosity": self.text.verbosity} if self.text and self.text.verbosity else {})

    def _messages(self) -> Iterable[ChatMessage]:
        """Items of one round become one message: what the model said, and the functions that it called."""
        told: list[ChatMessage] = []
        opaque = ""
        for item in self.input:
            last = told[-1] if told and told[-1].role == "assistant" else None
            if isinstance(item, ReasoningItem):
                opaque = item.encrypted_content or ""
            elif isinstance(item, CallItem):
                call = ToolCall(item.call_id, item.name, item.arguments, opaque)
                opaque = ""
                before = told.pop() if last else ChatMessage("assistant")
                told.append(replace(before, tool_calls=(*before.tool_calls, call)))
            elif isinstance(item, ResultItem):
                told.append(ChatMessage("tool", _content(item.output), tool_call_id=item.call_id))
            elif item.role == "assistant" and last and not last.tool_calls:
                told[-1] = replace(last, content=(*last.content, *_content(item.content)))
            else:
                told.append(ChatMessage("system" if item.role == "developer" else item.role, _content(item.content)))
        return told


def _content(said: str | list[Content]) -> tuple[Text | Image, ...]:
    return (Text(said),) if isinstance(said, str) else tuple(map(_part, said))


def _part(part: TextContent | RefusedContent | ImageContent) -> Text | Image:
    if isinstance(part, TextContent):
        return Text(part.text)
    if isinstance(part, RefusedContent):
        return Text(part.refusal)
    if not (part.image_url or "").startswith("data:image/"):
        raise Invalid("Send images inside the request, as data:image/… URLs; Parley fetches no address for you.")
    return Image(part.image_url or "")


def _form(text: TextForm | None) -> Json | None:
    """As Chat Completions says it, which our wires know."""
    wanted = (text and text.format) or {}
    if wanted.get("type") == "json_schema":
        return {"type": "json_schema", "json_schema": {key: value for key, value in wanted.items() if key != "type"}}
    return {"type": "json_object"} if wanted.get("type") == "json_object" else None


def _choice(wanted: str | Json | None) -> str | Json | None:
    if not isinstance(wanted, dict):
        return wanted
    if wanted.get("type") != "function" or not isinstance(wanted.get("name"), str):
        raise Invalid('tool_choice: use "auto", "none", "required", or {"type": "function", "name": …}.')
    return {"type": "function", "function": {"name": wanted["name"]}}
