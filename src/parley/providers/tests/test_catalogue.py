"""What is known of models, and what vendors say of theirs."""

import pytest

from parley.providers.catalogue import Facts, facts_of, may_chat, may_embed
from parley.providers.wire.base import ListedModel
from parley.providers.wire.openai_models import listed_models

ELSEWHERE = "https://vendor.example/v1"


@pytest.mark.parametrize(
    "name",
    [
        "text-embedding-3-small",
        "whisper-1",
        "tts-1-hd",
        "dall-e-3",
        "gpt-image-1",
        "gpt-4o-audio-preview",
        "gpt-4o-mini-transcribe",
        "gpt-realtime",
        "omni-moderation-latest",
        "babbage-002",
        "gpt-3.5-turbo-instruct",
        "sora-2",
        "bge-m3",
        "all-minilm:latest",
        "nomic-embed-text",
        "mxbai-embed-large",
        "llama-guard3",
        "imagen-4.0-ultra",
        "gemini-2.5-flash-image",
        "veo-3",
        "mistral-ocr-latest",
        "mistral-embed",
        "stable-diffusion-xl",
        "flux-1-schnell",
        "rerank-english",
    ],
)
def test_what_cannot_converse_is_not_talked_to(name: str) -> None:
    assert not may_chat(ListedModel(name))


@pytest.mark.parametrize(
    "name",
    [
        "text-embedding-3-small",
        "mistral-embed",
        "nomic-embed-text",
        "mxbai-embed-large:latest",
        "gemini-embedding-001",
        "BAAI/bge-m3",
        "intfloat/e5-large-v2",
        "all-minilm:latest",
        "thenlper/gte-small",
        "jina-embeddings-v3",
    ],
)
def test_models_for_embeddings_are_known_by_name(name: str) -> None:
    assert facts_of(ListedModel(name), ELSEWHERE).embeds


@pytest.mark.parametrize(
    "name", ["gpt-4o", "bge-reranker-v2-m3", "whisper-1", "gemma-2-9b-it", "dall-e-3", "bert-base"]
)
def test_others_are_not_taken_for_them(name: str) -> None:
    assert not may_embed(ListedModel(name))


def test_what_the_vendor_says_of_embeddings_goes_before_the_name() -> None:
    items = [
        {"id": "m2-retrieval", "type": "embedding"},
        {"id": "some/model", "architecture": {"output_modalities": ["embeddings"]}},
        {"id": "embed-chat", "type": "chat"},
    ]
    told = {model.name: may_embed(model) for model in listed_models({"data": items})}
    assert told == {"m2-retrieval": True, "some/model": True, "embed-chat": False}


@pytest.mark.parametrize(
    "name",
    [
        "gpt-4o",
        "gpt-5-mini",
        "o3",
        "o4-mini",
        "chatgpt-4o-latest",
        "claude-sonnet-4-5",
        "gemini-2.5-pro",
        "mistral-small-latest",
        "deepseek-chat",
        "grok-4",
        "llama3.2:3b",
        "qwen2.5-coder:7b-instruct",
        "meta-llama/Llama-3.3-70B-Instruct",
        "openai/gpt-5-pro",
        "o1-pro",
        "gpt-5.3-codex",
        "gpt-oss:20b",
        "mock-echo",
        "my-own-model",
        "parley-guide",
    ],
)
def test_what_converses_gets_one(name: str) -> None:
    assert may_chat(ListedModel(name))


def test_the_vendors_own_word_on_chat_counts() -> None:
    assert not may_chat(ListedModel("gpt-4o", chats=False))


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("gpt-4o-2024-11-20", Facts(128_000, vision=True, tools=True)),
        ("openai/gpt-4.1-mini", Facts(1_047_576, vision=True, tools=True)),
        ("claude-opus-4-1", Facts(200_000, vision=True, tools=True)),
        ("Qwen/Qwen3-8B", Facts(40_960, tools=True)),
        ("llama3:8b", Facts(8192)),
        ("nobody-knows-me", Facts(8192)),
    ],
)
def test_families_are_known_by_their_names(name: str, facts: Facts) -> None:
    assert facts_of(ListedModel(name), ELSEWHERE) == facts


def test_what_the_vendor_says_goes_before_what_is_known() -> None:
    said = ListedModel("gpt-4o", context_window=1000, vision=False, tools=False, prefill=True)
    assert facts_of(said, ELSEWHERE) == Facts(1000, prefill=True)


def test_ollama_cuts_prompts_early_and_continues_answers() -> None:
    assert facts_of(ListedModel("llama3.2:3b"), "http://127.0.0.1:11434") == Facts(4096, tools=True, prefill=True)


def test_a_window_beyond_reason_is_brought_back() -> None:
    assert facts_of(ListedModel("m", context_window=2**31), ELSEWHERE).context_window == 20_000_000
    assert facts_of(ListedModel("m", context_window=1), ELSEWHERE).context_window == 512


@pytest.mark.parametrize(
    ("item", "model"),
    [
        ({"id": "m"}, ListedModel("m")),
        ({"id": "models/gemini-x"}, ListedModel("gemini-x")),
        ({"id": "m", "max_model_len": 4096, "owned_by": "vllm"}, ListedModel("m", context_window=4096, prefill=True)),
        (
            {"id": "m", "owned_by": "llamacpp", "meta": {"n_ctx_train": 99}},
            ListedModel("m", context_window=99, prefill=True),
        ),
        (
            {
                "id": "a/m",
                "name": "A: M",
                "context_length": 9,
                "architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]},
                "supported_parameters": ["tools", "seed"],
            },
            ListedModel("a/m", "A: M", 9, vision=True, tools=True, chats=True),
        ),
        (
            {
                "id": "m",
                "max_context_length": 9,
                "capabilities": {"completion_chat": True, "function_calling": False, "vision": True},
            },
            ListedModel("m", context_window=9, vision=True, tools=False, chats=True),
        ),
        (
            {"id": "m", "providers": [{"context_length": 9, "supports_tools": False}, {"supports_tools": True}, 5]},
            ListedModel("m", context_window=9, tools=True),
        ),
        ({"id": "m", "type": "image", "context_length": -1}, ListedModel("m", chats=False)),
        ({"id": "m", "type": "model", "display_name": "M"}, ListedModel("m", "M", chats=True)),
        ({"id": "m", "context_length": "9", "capabilities": 5, "architecture": [], "providers": {}}, ListedModel("m")),
    ],
)
def test_each_vendors_words_about_a_model_are_understood(item: dict[str, object], model: ListedModel) -> None:
    assert listed_models({"data": [item]}) == [model]
    assert listed_models([item]) == [model]


def test_what_has_no_name_is_left_out() -> None:
    assert listed_models({"data": [{}, {"id": ""}, {"id": 5}, None, "m"]}) == []
