"""Lives here: wires, each one HTTP dialect of model vendors. Plain Python without Django.

Does not live here: where to ask and with which key (`providers.models`), retry and breaker (`providers.client`).
May call: `providers.client`. A new wire is one file that fills in `base.Wire`, and one line in WIRES.
"""

from collections.abc import Mapping
from typing import Final

from parley.core.errors import EndpointRejected
from parley.providers.wire.anthropic import Anthropic
from parley.providers.wire.base import Wire
from parley.providers.wire.google import Google
from parley.providers.wire.guide import GuideWire
from parley.providers.wire.huggingface import HuggingFace
from parley.providers.wire.mock import Mock
from parley.providers.wire.ollama import Ollama
from parley.providers.wire.openai import OpenAI
from parley.providers.wire.responses import Responses

WIRES: Final[Mapping[str, Wire]] = {
    "anthropic": Anthropic(),
    "google": Google(),
    "guide": GuideWire(),
    "huggingface": HuggingFace(),
    "mock": Mock(),
    "ollama": Ollama(),
    "openai": OpenAI(),
    "responses": Responses(),
}

ON_SCREEN: Final = ("openai", "anthropic", "google", "huggingface", "ollama", "responses")
"""Wires that people may choose for an endpoint of their own."""


def wire_named(name: str) -> Wire:
    """Raises `EndpointRejected` for a name that no wire has."""
    try:
        return WIRES[name]
    except KeyError:
        raise EndpointRejected(f"This Parley speaks no wire called '{name}'; it speaks: {', '.join(WIRES)}.") from None
