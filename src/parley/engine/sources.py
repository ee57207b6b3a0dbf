"""The sources of a turn: each adds one kind of thing to the sketch. They run in order, in a thread, and may read SQL."""

from collections.abc import Iterable

from parley.conversations.models import Message
from parley.conversations.parts import FilePart, ImagePart, Part, TextPart, ToolCallPart, ToolResultPart, text_of
from parley.conversations.queries import history, parts_of
from parley.engine.attached import Attached, named
from parley.engine.sketch import Sketch
from parley.knowledge.search import search_chunks
from parley.providers.values import ChatMessage, Image, Passage, Text, ToolCall
from parley.tools.builtin import BUILT_IN
from parley.tools.values import Tool

PASSAGES = 5


def system_prompt(sketch: Sketch) -> None:
    if sketch.persona.system_prompt:
        sketch.system.append(sketch.persona.system_prompt)


def shape(sketch: Sketch) -> None:
    """Not every vendor can constrain its models, so the shape is asked for in words as well."""
    if wanted := sketch.persona.parameters.shape:
        sketch.system.append(wanted.request())


def own_functions(sketch: Sketch) -> None:
    """Those of the playground: the model may call them, and the person who tries it out says what they gave."""
    if sketch.parent_id:
        sketch.tools.extend(sketch.persona.functions)


def conversation_so_far(sketch: Sketch) -> None:
    """The branch from its root down to the message that is answered."""
    if sketch.parent_id is None:
        return
    branch = history(sketch.parent_id)
    sketch.question = text_of(branch[-1].parts) if branch else ""
    attached = Attached(branch, window_tokens=sketch.model.context_window, may_read=sketch.may_read_files)
    for message in branch:
        if any(isinstance(part, ToolResultPart) for part in message.parts) and sketch.persona.functions:
            sketch.history.extend(called(message.parts))
        elif said := chat_message(message, attached):
            sketch.history.append(said)


def passages(sketch: Sketch) -> None:
    """What the bot's collections say about the question."""
    if not sketch.persona.collection_ids or not sketch.history:
        return
    question = sketch.question or " ".join(part.text for part in sketch.history[-1].content if isinstance(part, Text))
    found = search_chunks(sketch.persona.collection_ids, question, limit=PASSAGES)
    sketch.passages.extend(
        Passage(number, chunk.heading or chunk.title, chunk.path, chunk.text)
        for number, chunk in enumerate(found, start=1)
    )


def kept_text(sketch: Sketch) -> None:
    """Where this answer continues a sibling that was cut off: that sibling's words."""
    if sketch.continues_id:
        sketch.continued_text = text_of(parts_of(sketch.continues_id))


def built_in_tools(sketch: Sketch) -> Iterable[Tool]:
    """Those that the bot may call. A caller of /v1 brings its own, and runs them itself."""
    names = sketch.persona.tools if sketch.parent_id else ()
    return (BUILT_IN[name] for name in names if name in BUILT_IN)


def chat_message(message: Message, attached: Attached | None = None) -> ChatMessage | None:
    """What a model reads of a message: words, images and files, those only by name without `attached`. None: nothing."""
    content = tuple(said for part in message.parts if (said := _content(part, attached)))
    return ChatMessage("user" if message.role == Message.Author.USER else "assistant", content) if content else None


def called(parts: Iterable[Part]) -> list[ChatMessage]:
    """An answer that called functions, as the rounds that models read: what it said and called, then what each call gave."""
    rounds: list[ChatMessage] = []
    said: list[Text] = []
    calls: list[ToolCall] = []
    for part in parts:
        if isinstance(part, ToolResultPart):
            if said or calls:
                rounds.append(ChatMessage("assistant", tuple(said), tuple(calls)))
                said, calls = [], []
            rounds.append(ChatMessage("tool", (Text(part.text),), tool_call_id=part.id))
        elif isinstance(part, ToolCallPart):
            calls.append(ToolCall(part.id, part.name, part.arguments, part.opaque))
        elif isinstance(part, TextPart) and part.text:
            said.append(Text(part.text))
    return [*rounds, ChatMessage("assistant", tuple(said), tuple(calls))] if said or calls else rounds


def _content(part: Part, attached: Attached | None) -> Text | Image | None:
    if isinstance(part, TextPart):
        return Text(part.text) if part.text else None
    if isinstance(part, FilePart):
        return attached.content_of(part) if attached else named(part)
    return Image(part.url) if isinstance(part, ImagePart) else None
