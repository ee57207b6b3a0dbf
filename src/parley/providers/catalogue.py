"""What is known about families of models, for vendors whose list gives bare names. What the vendor says itself goes first.

A guess that errs costs little: people can correct a card, and a window that is too small only shortens old history.
"""

import re
from dataclasses import dataclass
from typing import Final

from parley.providers.vendors import OLLAMA, find_vendor
from parley.providers.wire.base import ListedModel

UNKNOWN_WINDOW: Final = 8192
# Whatever the model could do, Ollama cuts prompts at this many tokens unless its own settings say otherwise, and does so
# without a word.
OLLAMA_WINDOW: Final = 4096
LEAST_WINDOW: Final = 512
MOST_WINDOW: Final = 20_000_000


@dataclass(frozen=True, slots=True)
class Facts:
    """`context_window` in tokens; `prefill`: continues an assistant message that stands last."""

    context_window: int = UNKNOWN_WINDOW
    vision: bool = False
    tools: bool = False
    prefill: bool = False


# (beginning of the name, window, vision, tools); the first that fits counts, so special ones stand first.
_FAMILIES: Final = tuple(
    (re.compile(pattern), window, vision, tools)
    for pattern, window, vision, tools in (
        (r"gpt-oss", 131_072, False, True),
        (r"gpt-5-chat|chatgpt-4o", 128_000, True, False),
        (r"gpt-[5-9]", 400_000, True, True),
        (r"gpt-4\.1", 1_047_576, True, True),
        (r"gpt-4o|gpt-4-turbo|gpt-4\.5", 128_000, True, True),
        (r"gpt-4", 8192, False, True),
        (r"gpt-3\.5", 16_385, False, True),
        (r"o1-(mini|preview)", 128_000, False, False),
        (r"o3-mini", 200_000, False, True),
        (r"o[1-9]\b", 200_000, True, True),
        (r"claude", 200_000, True, True),
        (r"gemini-1\.5-pro", 2_097_152, True, True),
        (r"gemini", 1_048_576, True, True),
        (r"gemma-?3n", 32_768, False, False),
        (r"gemma-?[3-9]", 131_072, True, False),
        (r"gemma", 8192, False, False),
        (r"mistral-(medium|small)|pixtral", 131_072, True, True),
        (r"codestral|devstral", 262_144, False, True),
        (r"mistral-large|ministral|magistral|open-mistral-nemo|mistral-nemo", 131_072, False, True),
        (r"mixtral-8x22b", 65_536, False, True),
        (r"mistral|mixtral", 32_768, False, True),
        (r"deepseek", 131_072, False, True),
        (r"grok-4-(1-)?fast", 2_000_000, True, True),
        (r"grok-[4-9]", 256_000, True, True),
        (r"grok-.*vision", 32_768, True, False),
        (r"grok", 131_072, False, True),
        (r"(meta-)?llama-?4", 131_072, True, True),
        (r"(meta-)?llama-?3\.2.*vision", 131_072, True, False),
        (r"(meta-)?llama-?3\.[1-9]", 131_072, False, True),
        (r"(meta-)?llama-?3", 8192, False, False),
        (r"(meta-)?llama|codellama", 4096, False, False),
        (r"qwen-?[3-9].*vl", 262_144, True, True),
        (r"qwen-?3-(next|coder|max)|qwen-?3.*2507", 262_144, False, True),
        (r"qwen-?[3-9]", 40_960, False, True),
        (r"qwen-?2\.5-?vl|qwen-?2-?vl", 32_768, True, False),
        (r"qwq|qwen", 32_768, False, True),
        (r"kimi-?k2", 262_144, False, True),
        (r"glm-?4\.\d+v", 65_536, True, True),
        (r"glm", 131_072, False, True),
        (r"command-(a|r)", 131_072, False, True),
        (r"phi-?4", 16_384, False, False),
        (r"phi-?3", 4096, False, False),
        (r"(llama-)?.*nemotron", 131_072, False, True),
        (r"llava", 4096, True, False),
    )
)

_NO_CHAT: Final = re.compile(
    r"(?<![a-z0-9])(?:aqa|audio|babbage|bark|bert|bge|clip|codex|dall-e|davinci|diffusion|e5|embed|embedding|flux|gte"
    r"|guard|image|imagen|kokoro|live|lyria|minilm|moderation|ocr|orpheus|parakeet|realtime|rerank|reranker|sora|speech"
    r"|transcribe|transcription|translate|tts|veo|whisper)s?\d*(?![a-z])"
)
# OpenAI serves these by its Responses API only, or not as chat.
_OPENAI_NO_CHAT: Final = re.compile(r"gpt-3\.5-turbo-instruct|(o\d|gpt-5[.\d]*)-pro|.*deep-research|computer-use")


def may_chat(model: ListedModel) -> bool:
    """Whether it takes part in conversations: not one for embeddings, speech, images or moderation."""
    if model.chats is not None and not model.chats:
        return False
    name = model.name.lower()
    return not (_NO_CHAT.search(name) or _OPENAI_NO_CHAT.match(name))


def facts_of(model: ListedModel, base_url: str) -> Facts:
    """What a new card says: the vendor's own words first, then what the family is known for, then a careful guess."""
    known = _family(model.name)
    vendor = find_vendor(base_url)
    is_ollama = vendor is OLLAMA
    window = model.context_window or (OLLAMA_WINDOW if is_ollama else known.context_window)
    return Facts(
        context_window=min(max(window, LEAST_WINDOW), MOST_WINDOW),
        vision=known.vision if model.vision is None else model.vision,
        tools=known.tools if model.tools is None else model.tools,
        prefill=is_ollama if model.prefill is None else model.prefill,
    )


def _family(name: str) -> Facts:
    bare = name.lower().rpartition("/")[2]
    for pattern, window, vision, tools in _FAMILIES:
        if pattern.match(bare):
            return Facts(window, vision, tools)
    return Facts()
