"""What a person wants a bot to be, before it becomes a version."""

from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID

from parley.bots.models import BotVersion
from parley.bots.parameters import Parameters, parameters_of
from parley.core.errors import Invalid

VENDORS_OWN = Parameters()
MAX_NAME = 120
MAX_AVATAR = 16
MAX_DESCRIPTION = 300
COLOURS = ("teal", "blue", "violet", "pink", "red", "orange", "green", "grey")
PICTURES = ("image/png", "image/jpeg", "image/webp", "image/gif")
MAX_PICTURE_BYTES = 1024 * 1024
MAX_STARTERS = 6
MAX_STARTER = 200
MAX_GREETING_BYTES = 4 * 1024
MAX_PROMPT_BYTES = 32 * 1024


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a version holds and a person chooses. `model_card_id` is None only where the model is gone."""

    name: str
    model_card_id: UUID | None
    avatar: str = ""
    colour: str = ""
    picture_id: UUID | None = None
    description: str = ""
    system_prompt: str = ""
    greeting: str = ""
    starters: tuple[str, ...] = ()
    parameters: Parameters = VENDORS_OWN
    collection_ids: tuple[UUID, ...] = ()


class Changes(TypedDict, total=False):
    """The fields of a draft that an edit names; the others stay."""

    name: str
    model_card_id: UUID | None
    avatar: str
    colour: str
    picture_id: UUID | None
    description: str
    system_prompt: str
    greeting: str
    starters: tuple[str, ...]
    parameters: Parameters
    collection_ids: tuple[UUID, ...]


def draft_of(version: BotVersion) -> Draft:
    """A version as the draft of the next."""
    return Draft(
        name=version.name,
        model_card_id=version.model_card_id,
        avatar=version.avatar,
        colour=version.colour,
        picture_id=version.picture_id,
        description=version.description,
        system_prompt=version.system_prompt,
        greeting=version.greeting,
        starters=tuple(version.starters),
        parameters=parameters_of(version.parameters),
        collection_ids=tuple(sorted(collection.id for collection in version.collections.all())),
    )


def check_draft(draft: Draft) -> None:
    """The words alone; whether model and collections are there is the action's question. Raises `Invalid`."""
    for field, text in _texts(draft):
        if "\0" in text:
            raise Invalid(f"The {field} holds a NUL character, so it is not text. Remove it.")
    if not draft.name.strip():
        raise Invalid("A bot needs a name. Write one.")
    if len(draft.name) > MAX_NAME:
        raise Invalid(f"The name has {len(draft.name)} characters; at most {MAX_NAME} are kept. Shorten it.")
    if len(draft.avatar) > MAX_AVATAR:
        raise Invalid("An avatar is one emoji, or one or two letters.")
    if len(draft.description) > MAX_DESCRIPTION:
        raise Invalid(f"A description has at most {MAX_DESCRIPTION} characters. Shorten it; instructions may be long.")
    if draft.colour and draft.colour not in COLOURS:
        raise Invalid(f"An avatar's colour is one of: {', '.join(COLOURS)}.")
    if len(draft.starters) > MAX_STARTERS:
        raise Invalid(f"A bot has at most {MAX_STARTERS} starters; these are {len(draft.starters)}.")
    if any(not starter.strip() or len(starter) > MAX_STARTER for starter in draft.starters):
        raise Invalid(f"A starter has between 1 and {MAX_STARTER} characters.")
    _check_bytes("system prompt", draft.system_prompt, MAX_PROMPT_BYTES)
    _check_bytes("greeting", draft.greeting, MAX_GREETING_BYTES)


def _texts(draft: Draft) -> list[tuple[str, str]]:
    words = [("name", draft.name), ("avatar", draft.avatar), ("description", draft.description)]
    return [
        *words,
        ("system prompt", draft.system_prompt),
        ("greeting", draft.greeting),
        *(("starter", starter) for starter in draft.starters),
    ]


def _check_bytes(field: str, text: str, most: int) -> None:
    size_bytes = len(text.encode())
    if size_bytes > most:
        raise Invalid(f"The {field} has {size_bytes:,} bytes; at most {most:,} are kept. Shorten it.")
