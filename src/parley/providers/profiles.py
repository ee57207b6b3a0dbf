"""What is known of families of models, apart from the wire they are asked by and the endpoint that offers them.

Plain Python. A profile is a careful guess by name: what the vendor says of a model goes first, and people can correct a card.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

UNKNOWN_WINDOW: Final = 8192
UNKNOWN_OUTPUT: Final = 4096

Thinking = Literal["no", "budget", "adaptive"]
Api = Literal["chat", "both", "responses"]


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars a million tokens. `cached`: of input that the vendor's cache held; None where it is not told apart."""

    input: float
    output: float
    cached: float | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """`context_window` and `max_output` in tokens. `prefill`: continues an assistant message that stands last.

    `thinking`: whether it thinks aloud when asked to, with a budget of tokens or by an effort it judges itself.
    `system_role`: takes a system message. `sampling`: takes temperature and top_p. `api`: which of OpenAI's two APIs has it.
    `price` is the vendor's list price; who else serves the model has another.
    """

    context_window: int = UNKNOWN_WINDOW
    max_output: int = UNKNOWN_OUTPUT
    vision: bool = False
    tools: bool = False
    prefill: bool = False
    thinking: Thinking = "no"
    system_role: bool = True
    sampling: bool = True
    api: Api = "chat"
    price: Price | None = None


@lru_cache(maxsize=4096)
def profile_of(model: str) -> Profile:
    """By the vendor's spelling of the name, with or without an owner before it and a tag behind it."""
    bare = model.lower().rpartition("/")[2]
    return next((profile for pattern, profile in _FAMILIES if pattern.match(bare)), _UNKNOWN)


def price_of(given: object, taken: object, cached: object = None, *, scale: float = 1.0) -> Price | None:
    """A price from what a vendor lists, number or text; None where it is no price."""
    amounts = [_amount(value, scale) for value in (given, taken, cached)]
    if amounts[0] is None or amounts[1] is None:
        return None
    return Price(amounts[0], amounts[1], amounts[2])


def _amount(value: object, scale: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = round(float(value) * scale, 6)
    except ValueError:
        return None
    return amount if 0 <= amount < 100_000 else None


def _price(given: float, taken: float, cached: float | None = None) -> Price:
    return Price(given, taken, cached)


_UNKNOWN: Final = Profile()
_MI: Final = 1_048_576

# (beginning of the name, what is known); the first that fits counts, so special ones stand first.
_TABLE: Final = (
    # OpenAI
    (r"gpt-oss", Profile(131_072, 32_768, tools=True)),
    (r"gpt-5-chat|chatgpt-4o", Profile(128_000, 16_384, vision=True)),
    (r"gpt-5(\.\d)?-nano", Profile(400_000, 128_000, vision=True, tools=True, thinking="adaptive", sampling=False,
                                   api="both", price=_price(0.05, 0.4, 0.005))),
    (r"gpt-5(\.\d)?-mini", Profile(400_000, 128_000, vision=True, tools=True, thinking="adaptive", sampling=False,
                                   api="both", price=_price(0.25, 2, 0.025))),
    (r"gpt-[5-9][.\d]*-(pro|codex)|o[13]-(pro|deep-research)|o4-mini-deep-research",
     Profile(400_000, 128_000, vision=True, tools=True, thinking="adaptive", sampling=False, api="responses")),
    (r"gpt-5(-2025.*)?$", Profile(400_000, 128_000, vision=True, tools=True, thinking="adaptive", sampling=False,
                                  api="both", price=_price(1.25, 10, 0.125))),
    (r"gpt-[5-9]", Profile(400_000, 128_000, vision=True, tools=True, thinking="adaptive", sampling=False, api="both")),
    (r"gpt-4\.1-nano", Profile(1_047_576, 32_768, vision=True, tools=True, api="both", price=_price(0.1, 0.4, 0.025))),
    (r"gpt-4\.1-mini", Profile(1_047_576, 32_768, vision=True, tools=True, api="both", price=_price(0.4, 1.6, 0.1))),
    (r"gpt-4\.1", Profile(1_047_576, 32_768, vision=True, tools=True, api="both", price=_price(2, 8, 0.5))),
    (r"gpt-4o-mini", Profile(128_000, 16_384, vision=True, tools=True, price=_price(0.15, 0.6, 0.075))),
    (r"gpt-4o", Profile(128_000, 16_384, vision=True, tools=True, price=_price(2.5, 10, 1.25))),
    (r"gpt-4-turbo|gpt-4\.5", Profile(128_000, 4096, vision=True, tools=True)),
    (r"gpt-4", Profile(8192, 4096, tools=True)),
    (r"gpt-3\.5", Profile(16_385, 4096, tools=True, price=_price(0.5, 1.5))),
    (r"o1-(mini|preview)", Profile(128_000, 32_768, sampling=False, thinking="adaptive", system_role=False)),
    (r"o3-mini", Profile(200_000, 100_000, tools=True, sampling=False, thinking="adaptive", api="both",
                         price=_price(1.1, 4.4, 0.55))),
    (r"o4-mini", Profile(200_000, 100_000, vision=True, tools=True, sampling=False, thinking="adaptive", api="both",
                         price=_price(1.1, 4.4, 0.275))),
    (r"o3\b", Profile(200_000, 100_000, vision=True, tools=True, sampling=False, thinking="adaptive", api="both",
                      price=_price(2, 8, 0.5))),
    (r"o[1-9]\b", Profile(200_000, 100_000, vision=True, tools=True, sampling=False, thinking="adaptive", api="both")),
    # Anthropic: from 4.6 on no prefill, from 4.7 on no sampling and no budget
    (r"claude-(2|instant)", Profile(100_000, 4096, prefill=True)),
    (r"claude-3-7|claude-sonnet-4-0|claude-sonnet-4-2|claude-sonnet-4-5",
     Profile(200_000, 64_000, vision=True, tools=True, prefill=True, thinking="budget", price=_price(3, 15, 0.3))),
    (r"claude-3-5-haiku", Profile(200_000, 8192, vision=True, tools=True, prefill=True, price=_price(0.8, 4, 0.08))),
    (r"claude-3-5-sonnet", Profile(200_000, 8192, vision=True, tools=True, prefill=True, price=_price(3, 15, 0.3))),
    (r"claude-3-", Profile(200_000, 4096, vision=True, tools=True, prefill=True)),
    (r"claude-haiku-4-5", Profile(200_000, 64_000, vision=True, tools=True, prefill=True, thinking="budget",
                                  price=_price(1, 5, 0.1))),
    (r"claude-opus-4-5", Profile(200_000, 64_000, vision=True, tools=True, prefill=True, thinking="budget",
                                 price=_price(5, 25, 0.5))),
    (r"claude-opus-4(-[01]\b|-2025)", Profile(200_000, 32_000, vision=True, tools=True, prefill=True, thinking="budget",
                                               price=_price(15, 75, 1.5))),
    (r"claude-opus-4-6", Profile(200_000, 64_000, vision=True, tools=True, thinking="adaptive", price=_price(5, 25, 0.5))),
    (r"claude-sonnet-4-6", Profile(200_000, 64_000, vision=True, tools=True, thinking="adaptive", price=_price(3, 15, 0.3))),
    (r"claude", Profile(200_000, 64_000, vision=True, tools=True, thinking="adaptive", sampling=False)),
    # Google
    (r"gemini-1\.5-pro", Profile(2_097_152, 8192, vision=True, tools=True)),
    (r"gemini-(1|2\.0)", Profile(_MI, 8192, vision=True, tools=True)),
    (r"gemini-2\.5-flash-lite", Profile(_MI, 65_536, vision=True, tools=True, thinking="budget", price=_price(0.1, 0.4, 0.01))),
    (r"gemini-2\.5-flash", Profile(_MI, 65_536, vision=True, tools=True, thinking="budget", price=_price(0.3, 2.5, 0.03))),
    (r"gemini-2\.5-pro", Profile(_MI, 65_536, vision=True, tools=True, thinking="budget", price=_price(1.25, 10, 0.125))),
    (r"gemini", Profile(_MI, 65_536, vision=True, tools=True, thinking="adaptive")),
    (r"gemma-?3n", Profile(32_768, 8192)),
    (r"gemma-?[3-9]", Profile(131_072, 8192, vision=True)),
    (r"gemma", Profile(8192, 4096, system_role=False)),
    # open weights and others
    (r"mistral-(medium|small)|pixtral", Profile(131_072, 32_768, vision=True, tools=True)),
    (r"codestral|devstral", Profile(262_144, 32_768, tools=True)),
    (r"mistral-large|ministral|magistral|open-mistral-nemo|mistral-nemo", Profile(131_072, 32_768, tools=True)),
    (r"mixtral-8x22b", Profile(65_536, 16_384, tools=True)),
    (r"mistral-7b-instruct-v0\.[12]|mixtral-8x7b", Profile(32_768, 8192, system_role=False)),
    (r"mistral|mixtral", Profile(32_768, 8192, tools=True)),
    (r"deepseek", Profile(131_072, 32_768, tools=True)),
    (r"grok-4-(1-)?fast", Profile(2_000_000, 32_768, vision=True, tools=True)),
    (r"grok-[4-9]", Profile(256_000, 32_768, vision=True, tools=True)),
    (r"grok-.*vision", Profile(32_768, 8192, vision=True)),
    (r"grok", Profile(131_072, 32_768, tools=True)),
    (r"(meta-)?llama-?4", Profile(131_072, 16_384, vision=True, tools=True)),
    (r"(meta-)?llama-?3\.2.*vision", Profile(131_072, 16_384, vision=True)),
    (r"(meta-)?llama-?3\.[1-9]", Profile(131_072, 16_384, tools=True)),
    (r"(meta-)?llama-?3", Profile(8192)),
    (r"(meta-)?llama|codellama", Profile(4096, 2048)),
    (r"qwen-?[3-9].*vl", Profile(262_144, 32_768, vision=True, tools=True)),
    (r"qwen-?3-(next|coder|max)|qwen-?3.*2507", Profile(262_144, 32_768, tools=True)),
    (r"qwen-?[3-9]", Profile(40_960, 16_384, tools=True, thinking="adaptive")),
    (r"qwen-?2\.5-?vl|qwen-?2-?vl", Profile(32_768, 8192, vision=True)),
    (r"qwq|qwen", Profile(32_768, 8192, tools=True)),
    (r"kimi-?k2", Profile(262_144, 32_768, tools=True)),
    (r"glm-?4\.\d+v", Profile(65_536, 16_384, vision=True, tools=True)),
    (r"glm", Profile(131_072, 32_768, tools=True)),
    (r"command-(a|r)", Profile(131_072, 8192, tools=True)),
    (r"phi-?4", Profile(16_384)),
    (r"phi-?3", Profile(4096, 2048)),
    (r"blenderbot", Profile(512, 128, system_role=False)),
    (r"(llama-)?.*nemotron", Profile(131_072, 32_768, tools=True)),
    (r"llava", Profile(4096, 2048, vision=True)),
)  # fmt: skip
_FAMILIES: Final = tuple((re.compile(pattern), profile) for pattern, profile in _TABLE)
