"""What a message needs of the model that answers it: what a rule asks for, told from the message itself in microseconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from parley.providers.router.kinds import Kind, kind_of
from parley.providers.router.languages import language_of
from parley.providers.values import ChatMessage, Image, Text

CHARACTERS_PER_TOKEN: Final = 3.5
IMAGE_TOKENS: Final = 1000


@dataclass(frozen=True, slots=True)
class Needs:
    """`tokens`: of all that the model is to read, estimated. `language`: ISO 639-1, empty where it does not show."""

    tokens: int = 0
    images: bool = False
    tools: bool = False
    language: str = ""
    kind: Kind = "other"


def needs_of(messages: Sequence[ChatMessage], *, tools: bool = False, more_characters: int = 0) -> Needs:
    """Of a conversation whose last message of a person is to be answered. `more_characters`: prompt and passages."""
    characters, images = more_characters, 0
    for message in messages:
        for part in message.content:
            if isinstance(part, Image):
                images += 1
            else:
                characters += len(part.text)
    asked = next((message for message in reversed(messages) if message.role == "user"), None)
    parts = asked.content if asked else ()
    question = " ".join(part.text for part in parts if isinstance(part, Text))
    return Needs(
        tokens=int(characters / CHARACTERS_PER_TOKEN) + images * IMAGE_TOKENS,
        images=images > 0,
        tools=tools,
        language=language_of(question),
        kind=kind_of(question),
    )
