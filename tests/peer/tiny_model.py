"""Make a tiny random causal model, as if it had been downloaded: `tiny_model.py HF_HOME`. Its name is `parley/tiny`.

Runs in the peer's own environment, which has transformers and torch. What it says is noise; how it says it is the test.
"""

import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

REVISION = "0" * 40
TEXT = ["nothing shown or accepted is ever lost", "a reply belongs to the server", "shown means stored"] * 20
TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}</s>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def make(folder: Path) -> None:
    torch.manual_seed(7)
    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    special = ["<s>", "</s>", "<|system|>", "<|user|>", "<|assistant|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    raw.train_from_iterator(
        TEXT, trainers.BpeTrainer(vocab_size=400, special_tokens=special, initial_alphabet=alphabet)
    )
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=raw, bos_token="<s>", eos_token="</s>", pad_token="</s>")
    tokenizer.chat_template = TEMPLATE
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=2048,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def main() -> None:
    """Lay it out as the hub's cache does, where `transformers serve` looks for what it may offer."""
    cached = Path(sys.argv[1]) / "hub" / "models--parley--tiny"
    for folder in (cached / "blobs", cached / "refs", cached / "snapshots" / REVISION):
        folder.mkdir(parents=True, exist_ok=True)
    (cached / "refs" / "main").write_text(REVISION)
    make(cached / "snapshots" / REVISION)


if __name__ == "__main__":
    main()
