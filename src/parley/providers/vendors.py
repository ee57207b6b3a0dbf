"""The vendors Parley knows by name. A new one is one line here; what its models can do stands in `catalogue`."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Vendor:
    """`key_variable`, `url_variable`: what to look for in the environment. `key_url`: where a person gets a key.

    `is_original`: serves models of its own making, so that what is known of their families, prices too, holds there.
    """

    id: str
    label: str
    base_url: str
    key_url: str = ""
    key_variable: str = ""
    url_variable: str = ""
    needs_key: bool = True
    wire: str = "openai"
    is_original: bool = False


VENDORS: Final = (
    Vendor(
        "openai",
        "OpenAI",
        "https://api.openai.com/v1",
        key_url="https://platform.openai.com/api-keys",
        key_variable="OPENAI_API_KEY",
        url_variable="OPENAI_BASE_URL",
        is_original=True,
    ),
    Vendor(
        "anthropic",
        "Anthropic",
        "https://api.anthropic.com/v1",
        key_url="https://console.anthropic.com/settings/keys",
        key_variable="ANTHROPIC_API_KEY",
        url_variable="ANTHROPIC_BASE_URL",
        wire="anthropic",
        is_original=True,
    ),
    Vendor(
        "google",
        "Google Gemini",
        "https://generativelanguage.googleapis.com/v1beta",
        key_url="https://aistudio.google.com/apikey",
        key_variable="GEMINI_API_KEY",
        wire="google",
        is_original=True,
    ),
    Vendor(
        "huggingface",
        "Hugging Face",
        "https://router.huggingface.co/v1",
        key_url="https://huggingface.co/settings/tokens",
        key_variable="HF_TOKEN",
        wire="huggingface",
    ),
    Vendor(
        "openrouter",
        "OpenRouter",
        "https://openrouter.ai/api/v1",
        key_url="https://openrouter.ai/keys",
        key_variable="OPENROUTER_API_KEY",
    ),
    Vendor(
        "mistral",
        "Mistral",
        "https://api.mistral.ai/v1",
        key_url="https://console.mistral.ai/api-keys",
        key_variable="MISTRAL_API_KEY",
    ),
    Vendor(
        "groq",
        "Groq",
        "https://api.groq.com/openai/v1",
        key_url="https://console.groq.com/keys",
        key_variable="GROQ_API_KEY",
    ),
    Vendor(
        "deepseek",
        "DeepSeek",
        "https://api.deepseek.com/v1",
        key_url="https://platform.deepseek.com/api_keys",
        key_variable="DEEPSEEK_API_KEY",
    ),
    Vendor(
        "together",
        "Together",
        "https://api.together.xyz/v1",
        key_url="https://api.together.xyz/settings/api-keys",
        key_variable="TOGETHER_API_KEY",
    ),
    Vendor("xai", "xAI", "https://api.x.ai/v1", key_url="https://console.x.ai", key_variable="XAI_API_KEY"),
    Vendor("ollama", "Ollama", "http://127.0.0.1:11434", url_variable="OLLAMA_HOST", needs_key=False, wire="ollama"),
    Vendor(
        "parley",
        "Models of this machine",
        "http://127.0.0.1:8100/v1",
        key_variable="PARLEY_MODEL_SERVICE_KEY",
        url_variable="PARLEY_MODEL_SERVICE",
        needs_key=False,
    ),
    Vendor("vllm", "vLLM", "http://127.0.0.1:8000/v1", needs_key=False),
    Vendor("llamacpp", "llama.cpp", "http://127.0.0.1:8080/v1", needs_key=False),
    Vendor("lmstudio", "LM Studio", "http://127.0.0.1:1234/v1", needs_key=False),
    Vendor(
        "huggingface-endpoint",
        "Hugging Face Endpoint of your own",
        "",
        key_url="https://huggingface.co/settings/tokens",
        wire="huggingface",
    ),
    Vendor("custom", "Another server that speaks OpenAI's API", "", needs_key=False),
    Vendor(
        "custom-responses", "Another server that speaks OpenAI's Responses API", "", needs_key=False, wire="responses"
    ),
    Vendor("custom-anthropic", "Another server that speaks Anthropic's API", "", needs_key=False, wire="anthropic"),
)

OLLAMA: Final = next(vendor for vendor in VENDORS if vendor.id == "ollama")
MODEL_SERVICE: Final = next(vendor for vendor in VENDORS if vendor.id == "parley")


def find_vendor(base_url: str) -> Vendor | None:
    """Whose address this is, by host and port; an Ollama may stand on any host."""
    place = urlsplit(base_url).netloc
    if place.endswith(":11434"):
        return OLLAMA
    return next((vendor for vendor in VENDORS if vendor.base_url and urlsplit(vendor.base_url).netloc == place), None)
