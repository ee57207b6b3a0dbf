"""What a new model card says, and which models get one. What the vendor says goes first, then what the family is known for.

A guess that errs costs little: people can correct a card, and a window that is too small only shortens old history.
"""

import re
from dataclasses import dataclass
from typing import Final

from parley.providers.profiles import Price, profile_of
from parley.providers.vendors import OLLAMA, find_vendor
from parley.providers.wire.base import ListedModel

# Whatever the model could do, Ollama cuts prompts at this many tokens unless its own settings say otherwise, and does so
# without a word.
OLLAMA_WINDOW: Final = 4096
LEAST_WINDOW: Final = 512
MOST_WINDOW: Final = 20_000_000


@dataclass(frozen=True, slots=True)
class Facts:
    """`context_window` in tokens; `prefill`: continues an assistant message that stands last; `embeds`: gives vectors."""

    context_window: int = 8192
    vision: bool = False
    tools: bool = False
    prefill: bool = False
    embeds: bool = False
    price: Price | None = None


_NO_CHAT: Final = re.compile(
    r"(?<![a-z0-9])(?:aqa|audio|babbage|bark|bert|bge|clip|codex-mini|dall-e|davinci|diffusion|e5|embed|embedding|flux|gte"
    r"|guard|image|imagen|kokoro|live|lyria|minilm|moderation|ocr|orpheus|parakeet|realtime|rerank|reranker|sora|speech"
    r"|transcribe|transcription|translate|tts|veo|whisper)s?\d*(?![a-z])"
)
_EMBEDS: Final = re.compile(r"(?<![a-z0-9])(?:bge|e5|embed|embedding|gte|minilm)s?\d*(?![a-z])")
_OPENAI_NO_CHAT: Final = re.compile(r"gpt-3\.5-turbo-instruct|.*deep-research|computer-use|.*search-(api|preview)")


def may_chat(model: ListedModel) -> bool:
    """Whether it takes part in conversations: not one for embeddings, speech, images or moderation."""
    if model.chats is not None and not model.chats:
        return False
    if model.embeds:
        return False
    name = model.name.lower()
    return not (_NO_CHAT.search(name) or _OPENAI_NO_CHAT.match(name))


def may_embed(model: ListedModel) -> bool:
    """Whether it turns texts into vectors."""
    if model.embeds is not None:
        return model.embeds
    name = model.name.lower()
    return not model.chats and bool(_EMBEDS.search(name)) and "rerank" not in name


def facts_of(model: ListedModel, base_url: str) -> Facts:
    """What a new card says: the vendor's own words first, then what the family is known for, then a careful guess."""
    known = profile_of(model.name)
    vendor = find_vendor(base_url)
    is_ollama = vendor is OLLAMA
    # Another house's server has another house's limits: only a family's own vendor and Ollama continue answers for sure.
    is_its_vendors = vendor is not None and vendor.is_original
    window = model.context_window or (OLLAMA_WINDOW if is_ollama else known.context_window)
    return Facts(
        context_window=min(max(window, LEAST_WINDOW), MOST_WINDOW),
        vision=known.vision if model.vision is None else model.vision,
        tools=known.tools if model.tools is None else model.tools,
        prefill=(is_ollama or (is_its_vendors and known.prefill)) if model.prefill is None else model.prefill,
        embeds=may_embed(model),
        price=model.price or (known.price if is_its_vendors else None),
    )
