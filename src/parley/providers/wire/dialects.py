"""How vendors who speak the same wire still differ, by the host in their address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Dialect:
    """`prefill`: how to say that the last assistant message is to be continued.

    plain: it stands last, and that is all. mark: it carries `prefix: true` (Mistral). fields: vLLM's and llama.cpp's
    two fields beside the messages, which strict vendors refuse; the way for a host that is not listed here.
    """

    max_tokens: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    prefill: Literal["plain", "mark", "fields"] = "plain"
    key_header: str = ""  # besides Authorization; Anthropic's list of models wants it
    headers: Mapping[str, str] = field(default_factory=dict)


_OWN_SERVER: Final = Dialect(prefill="fields")
_PLAIN: Final = Dialect()

DIALECTS: Final[Mapping[str, Dialect]] = {
    "api.openai.com": Dialect(max_tokens="max_completion_tokens"),  # o-series models refuse max_tokens
    "api.anthropic.com": Dialect(
        key_header="x-api-key", headers={"anthropic-version": "2023-06-01"}
    ),  # for its /models
    "api.mistral.ai": Dialect(prefill="mark"),
    "generativelanguage.googleapis.com": _PLAIN,
    "api.groq.com": _PLAIN,
    "api.deepseek.com": _PLAIN,
    "api.x.ai": _PLAIN,
    "api.together.xyz": _PLAIN,
    "openrouter.ai": _PLAIN,
    "router.huggingface.co": _PLAIN,
}


def dialect_of(base_url: str) -> Dialect:
    return DIALECTS.get(urlsplit(base_url).hostname or "", _OWN_SERVER)
