"""How vendors who speak the same wire still differ, by the host in their address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Dialect:
    """What one vendor wants differently.

    `prefill_fields`: vLLM's and llama.cpp's two fields that ask for the last assistant message to be continued. Vendors
    refuse unknown fields, so only hosts that are not listed here get them. (Mistral's `prefix: true` is left out on
    purpose: its answer repeats the prefix.)
    `structured_outputs`: vLLM's field, and our model service's, for shapes other than JSON: an expression, or choices.
    `responses`: OpenAI's newer API is offered beside Chat Completions.
    `key_header`: one that carries the key besides Authorization.
    `key_check`: an address that refuses a wrong key, where the list of models is open to all.
    """

    max_tokens: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    prefill_fields: bool = False
    structured_outputs: bool = False
    responses: bool = False
    key_header: str = ""
    key_check: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


_OWN_SERVER: Final = Dialect(prefill_fields=True, structured_outputs=True)
_PLAIN: Final = Dialect()

DIALECTS: Final[Mapping[str, Dialect]] = {
    # o-series models refuse max_tokens
    "api.openai.com": Dialect(max_tokens="max_completion_tokens", responses=True),
    # for its /models, where somebody has connected it by its OpenAI dialect
    "api.anthropic.com": Dialect(key_header="x-api-key", headers={"anthropic-version": "2023-06-01"}),
    "api.mistral.ai": _PLAIN,
    "generativelanguage.googleapis.com": _PLAIN,
    "api.groq.com": _PLAIN,
    "api.deepseek.com": _PLAIN,
    "api.x.ai": _PLAIN,
    "api.together.xyz": _PLAIN,
    "openrouter.ai": Dialect(key_check="https://openrouter.ai/api/v1/key"),
    "router.huggingface.co": Dialect(key_check="https://huggingface.co/api/whoami-v2"),
}


def dialect_of(base_url: str) -> Dialect:
    return DIALECTS.get(urlsplit(base_url).hostname or "", _OWN_SERVER)
