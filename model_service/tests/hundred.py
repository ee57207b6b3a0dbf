"""A random Llama of about 100 million parameters, with 32,000 tokens: what the model service is measured on.

`python -m model_service.tests.hundred FOLDER` makes it, and a tiny one, as if they had been downloaded: in the hub's cache, where
`transformers serve` looks, and the model service as well. With `--talker` it makes one that talks for long, and nothing else.
"""

import sys
from pathlib import Path

import torch
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from model_service.tests import tiny

REVISION = "0" * 40


def snapshot(cache: Path, name: str) -> Path:
    """The folder of a model in the hub's cache, laid out as the hub's library does."""
    cached = cache / f"models--parley--{name}"
    for folder in (cached / "blobs", cached / "refs", cached / "snapshots" / REVISION):
        folder.mkdir(parents=True)
    (cached / "refs" / "main").write_text(REVISION)
    return cached / "snapshots" / REVISION


def wide_tokenizer() -> PreTrainedTokenizerFast:
    """Of 32,000 tokens, each with a text: a random model hardly ever says the one that ends an answer."""
    made = tiny.tokenizer()
    made.add_tokens([f" word{number}" for number in range(32_000 - len(made))])
    return made


def talker(folder: Path) -> None:
    """Tiny, and made to talk for half a minute."""
    torch.manual_seed(7)
    made = wide_tokenizer()
    sizes = {**tiny.SIZES, "hidden_size": 256, "max_position_embeddings": 8192}
    tiny.save(folder, LlamaForCausalLM(LlamaConfig(**sizes | tiny.ids(made))), made)


def hundred(folder: Path) -> None:
    torch.manual_seed(7)
    made = wide_tokenizer()
    config = LlamaConfig(
        hidden_size=768,
        intermediate_size=2048,
        num_hidden_layers=12,
        num_attention_heads=12,
        num_key_value_heads=12,
        max_position_embeddings=2048,
        tie_word_embeddings=True,
        **tiny.ids(made),
    )
    tiny.save(folder, LlamaForCausalLM(config), made)


if __name__ == "__main__":
    cache = Path(sys.argv[1])
    if "--talker" in sys.argv:
        talker(cache / "talker")
        sys.exit()
    tiny.llama(snapshot(cache, "tiny"), max_position_embeddings=2048)
    hundred(snapshot(cache, "hundred"))
