"""What a caller of Chat Completions says, and what it means to us."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from model_service.answering import Hold
from model_service.errors import TooLong
from model_service.prompt import extra_stops, read_turns
from model_service.shapes.asked import SHAPE_FIELDS, asked_shape
from model_service.shapes.shaped import Shaped
from model_service.values import Ask, Role, Sampling, Turn

Stop = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class TextPart(BaseModel):
    type: Literal["text"]
    text: str


class Message(BaseModel):
    model_config = ConfigDict(extra="ignore")

    role: Role
    content: str | list[TextPart] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    include_usage: bool = False


class ChatRequest(BaseModel):
    """https://platform.openai.com/docs/api-reference/chat/create, as far as a local model goes."""

    model_config = ConfigDict(extra="ignore")

    model: str
    messages: list[Message] = Field(min_length=1)
    stream: bool = False
    stream_options: StreamOptions = StreamOptions()
    max_tokens: int | None = Field(None, ge=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, gt=0, le=1)
    seed: int | None = None
    stop: Stop | list[Stop] | None = None
    frequency_penalty: float | None = Field(None, ge=-2, le=2)
    presence_penalty: float | None = Field(None, ge=-2, le=2)
    n: Literal[1] | None = None
    tools: list[Any] | None = Field(None, max_length=0)
    # The shape of the answer; `shapes.asked` reads these, so that what is wrong in them is told in its words.
    response_format: Any = None
    structured_outputs: Any = None
    guided_json: Any = None
    guided_regex: Any = None
    guided_choice: Any = None
    guided_grammar: Any = None

    @property
    def turns(self) -> list[Turn]:
        return [Turn(message.role, message.text) for message in self.messages]

    @property
    def sampling(self) -> Sampling:
        return Sampling(
            temperature=1.0 if self.temperature is None else self.temperature,
            top_p=self.top_p or 1.0,
            seed=self.seed,
            frequency_penalty=self.frequency_penalty or 0.0,
            presence_penalty=self.presence_penalty or 0.0,
        )

    @property
    def stops(self) -> tuple[str, ...]:
        return (self.stop,) if isinstance(self.stop, str) else tuple(self.stop or ())


def ask_of(asked: ChatRequest, hold: Hold) -> Ask:
    """Raises `BadRequest`, `TooLong`, `ShapeRefused`. May take long, over a long prompt or a new shape: call it in a thread."""
    ready = hold.ready
    kind = ready.loaded.found.kind
    ready.batcher  # noqa: B018  # raises for a model that embeds
    prompt, begun = read_turns(ready.tokenizer, kind, asked.turns)
    opening = [*ready.opening, *begun]
    if len(prompt) >= ready.context:
        raise TooLong(
            f"The messages are {len(prompt)} tokens, and this model reads {ready.context}; leave out the oldest",
            param="messages",
        )
    # A seq2seq model's answer has the context of its decoder to itself.
    room = ready.context - (len(opening) if kind == "seq2seq" else len(prompt))
    max_tokens = min(asked.max_completion_tokens or asked.max_tokens or room, room)
    shape = asked_shape(asked.model_dump(include=set(SHAPE_FIELDS)))
    return Ask(
        prompt=prompt,
        opening=opening,
        max_tokens=max_tokens,
        sampling=asked.sampling,
        stops=asked.stops + extra_stops(ready.tokenizer, kind),
        adapter=hold.adapter,
        shape=Shaped(ready.shapes, shape, max_tokens) if shape else None,
    )
