"""The OpenAI dialect, inward: what a caller of `/v1/chat/completions` may send, and what it means in our values.

Source: the vendor's public API reference, Chat Completions; vLLM's for the shapes that it adds (`structured_outputs`, and the
`guided_…` fields before it). Fields that we do not know are passed on to the model's vendor.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from parley.core.errors import Invalid
from parley.engine.completion import Question
from parley.providers.shapes import ChoiceShape, RegexShape, Shape
from parley.providers.values import ChatMessage, Image, Parameters, Text, ToolCall, ToolSpec

MAX_MESSAGES = 2000
_SHAPES: TypeAdapter[RegexShape | ChoiceShape] = TypeAdapter(
    Annotated[RegexShape | ChoiceShape, Field(discriminator="type")]
)


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore")


class TextContent(_Loose):
    type: Literal["text"]
    text: str


class ImageAddress(_Loose):
    url: str


class ImageContent(_Loose):
    type: Literal["image_url"]
    image_url: ImageAddress


Content = Annotated[TextContent | ImageContent, Field(discriminator="type")]


class FunctionCall(_Loose):
    name: str
    arguments: str


class OwnContent(_Loose):
    opaque: str = ""


class ExtraContent(_Loose):
    parley: OwnContent = OwnContent()


class CalledTool(_Loose):
    """`extra_content` is where Google's OpenAI dialect keeps what must come back with a call."""

    id: str
    function: FunctionCall
    extra_content: ExtraContent | None = None

    def value(self) -> ToolCall:
        opaque = self.extra_content.parley.opaque if self.extra_content else ""
        return ToolCall(self.id, self.function.name, self.function.arguments, opaque)


class InMessage(_Loose):
    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[Content] | None = None
    tool_calls: list[CalledTool] = []
    tool_call_id: str = ""


class FunctionSpec(_Loose):
    name: str
    description: str = ""
    parameters: dict[str, JsonValue] = {}


class InTool(_Loose):
    type: Literal["function"]
    function: FunctionSpec


class StreamOptions(_Loose):
    include_usage: bool = False


class StructuredOutputs(_Loose):
    json_: JsonValue = Field(None, alias="json")
    regex: str | None = None
    choice: list[str] | None = None


class ChatBody(BaseModel):
    """One request. Extra fields go into `Parameters.extra`."""

    model_config = ConfigDict(extra="allow")

    model: str
    messages: list[InMessage] = Field(min_length=1, max_length=MAX_MESSAGES)
    stream: bool = False
    stream_options: StreamOptions | None = None
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, ge=0, le=1)
    max_tokens: int | None = Field(None, ge=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    seed: int | None = None
    stop: str | list[str] | None = None
    response_format: dict[str, JsonValue] | None = None
    structured_outputs: StructuredOutputs | None = None
    guided_json: JsonValue = None
    guided_regex: str | None = None
    guided_choice: list[str] | None = None
    tools: list[InTool] = []
    tool_choice: str | dict[str, JsonValue] | None = None
    n: Literal[1] = 1

    @property
    def _outputs(self) -> StructuredOutputs:
        """The older fields say the same."""
        older = {"json": self.guided_json, "regex": self.guided_regex, "choice": self.guided_choice}
        return self.structured_outputs or StructuredOutputs.model_validate(older)

    def question(self) -> Question:
        """Raises `Invalid` for what no model of ours can read."""
        return Question(
            messages=tuple(map(_message, self.messages)),
            parameters=Parameters(
                temperature=self.temperature,
                top_p=self.top_p,
                max_tokens=self.max_completion_tokens or self.max_tokens,
                seed=self.seed,
                stop=tuple([self.stop] if isinstance(self.stop, str) else self.stop or ()),
                response_format=_form(self.response_format) or _form_of_schema(self._outputs.json_),
                shape=_shape(self._outputs),
                tool_choice=self.tool_choice,
                extra=_extra(self.model_extra),
            ),
            tools=tuple(
                ToolSpec(tool.function.name, tool.function.description, tool.function.parameters) for tool in self.tools
            ),
        )


def _form(wanted: dict[str, JsonValue] | None) -> dict[str, JsonValue] | None:
    """As OpenAI says it; huggingface_hub says a schema as its own servers take it: `{"type": "json_object", "value": …}`."""
    if wanted and wanted.get("type") in ("json_object", "json") and isinstance(wanted.get("value"), dict):
        return {"type": "json_schema", "json_schema": {"name": "answer", "schema": wanted["value"]}}
    return wanted


def _form_of_schema(schema: JsonValue) -> dict[str, JsonValue] | None:
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}} if schema is not None else None


def _shape(wanted: StructuredOutputs) -> Shape | None:
    """What OpenAI's dialect has no word for. Unlike a schema it is judged here: few vendors can constrain their models so."""
    said: dict[str, object] = {}
    if wanted.regex is not None:
        said = {"type": "regex", "pattern": wanted.regex}
    elif wanted.choice is not None:
        said = {"type": "choices", "choices": wanted.choice}
    try:
        return _SHAPES.validate_python(said) if said else None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Invalid(f"structured_outputs: {first['msg']}") from None


def _extra(fields: Mapping[str, object] | None) -> Mapping[str, object]:
    return dict(fields or {})


def _message(said: InMessage) -> ChatMessage:
    content = [Text(said.content)] if isinstance(said.content, str) else [_part(part) for part in said.content or []]
    return ChatMessage(
        "system" if said.role == "developer" else said.role,
        tuple(content),
        tuple(call.value() for call in said.tool_calls),
        said.tool_call_id,
    )


def _part(part: TextContent | ImageContent) -> Text | Image:
    if isinstance(part, TextContent):
        return Text(part.text)
    if not part.image_url.url.startswith("data:image/"):
        raise Invalid("Send images inside the request, as data:image/… URLs; Parley fetches no address for you.")
    return Image(part.image_url.url)
