"""Models as small as they come, with random weights, made and saved as if they had been downloaded."""

from pathlib import Path
from typing import Any, Final

import torch
from peft import LoraConfig, get_peft_model
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import (
    AutoModelForCausalLM,
    BertConfig,
    BertModel,
    BlenderbotConfig,
    BlenderbotForConditionalGeneration,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    MambaConfig,
    MambaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    PreTrainedTokenizerFast,
    T5Config,
    T5ForConditionalGeneration,
)

TEXT: Final = ["nothing shown or accepted is ever lost", "a reply belongs to the server", "shown means stored"] * 20
TEMPLATE: Final = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}"
    "{% if not loop.last or add_generation_prompt %}</s>{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
SPECIAL: Final = ["<s>", "</s>", "<pad>", "<|system|>", "<|user|>", "<|assistant|>"]
WORDS: Final[dict[str, Any]] = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}
SIZES: Final = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}


def tokenizer(*, template: bool = True, ends: bool = False) -> PreTrainedTokenizerFast:
    """Of bytes and a few merges. `ends`: puts an end after every text, as seq2seq tokenizers do."""
    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    raw.train_from_iterator(
        TEXT, trainers.BpeTrainer(vocab_size=400, special_tokens=SPECIAL, initial_alphabet=alphabet)
    )
    if ends:
        raw.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    made = PreTrainedTokenizerFast(tokenizer_object=raw, **WORDS, model_max_length=128)
    if template:
        made.chat_template = TEMPLATE
    return made


def ids(made: PreTrainedTokenizerFast) -> dict[str, Any]:
    return {
        "vocab_size": len(made),
        "bos_token_id": made.bos_token_id,
        "eos_token_id": made.eos_token_id,
        "pad_token_id": made.pad_token_id,
    }


def save(folder: Path, model: Any, made: PreTrainedTokenizerFast) -> Path:
    model.save_pretrained(folder)
    made.save_pretrained(folder)
    return folder


def llama(folder: Path, seed: int = 7, **changes: Any) -> Path:
    torch.manual_seed(seed)
    made = tokenizer()
    config = LlamaConfig(**SIZES | ids(made) | {"num_key_value_heads": 1, "max_position_embeddings": 512} | changes)
    return save(folder, LlamaForCausalLM(config), made)


def mistral(folder: Path) -> Path:
    """With a sliding window that is shorter than the tests' prompts."""
    torch.manual_seed(7)
    made = tokenizer()
    return save(
        folder, MistralForCausalLM(MistralConfig(**SIZES | ids(made), num_key_value_heads=1, sliding_window=6)), made
    )


def gpt2(folder: Path) -> Path:
    """Without chat template, and with a table of places."""
    torch.manual_seed(7)
    made = tokenizer(template=False)
    return save(folder, GPT2LMHeadModel(GPT2Config(n_embd=32, n_layer=2, n_head=2, n_positions=512, **ids(made))), made)


def mamba(folder: Path) -> Path:
    """States, and no keys and values: served a sequence at a time."""
    torch.manual_seed(7)
    made = tokenizer()
    return save(
        folder, MambaForCausalLM(MambaConfig(hidden_size=32, num_hidden_layers=2, state_size=8, **ids(made))), made
    )


def blenderbot(folder: Path) -> Path:
    torch.manual_seed(7)
    made = tokenizer(template=False, ends=True)
    config = BlenderbotConfig(
        d_model=32,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        max_position_embeddings=128,
        decoder_start_token_id=made.bos_token_id,
        forced_eos_token_id=None,
        **ids(made),
    )
    return save(folder, BlenderbotForConditionalGeneration(config), made)


def t5(folder: Path) -> Path:
    torch.manual_seed(7)
    made = tokenizer(template=False, ends=True)
    sizes: dict[str, Any] = {"d_model": 32, "d_kv": 16, "d_ff": 64, "num_layers": 2, "num_heads": 2}
    config = T5Config(**sizes | ids(made) | {"decoder_start_token_id": made.pad_token_id})
    return save(folder, T5ForConditionalGeneration(config), made)


def bert(folder: Path) -> Path:
    torch.manual_seed(7)
    made = tokenizer(template=False)
    return save(folder, BertModel(BertConfig(**SIZES | ids(made), max_position_embeddings=128)), made)


def adapter(folder: Path, of: Path, seed: int) -> Path:
    """A LoRA adapter that changes every answer: its weights are far from zero."""
    torch.manual_seed(seed)
    wrapped = get_peft_model(
        AutoModelForCausalLM.from_pretrained(of),
        LoraConfig(r=4, lora_alpha=64, init_lora_weights=False, task_type="CAUSAL_LM"),
    )
    wrapped.save_pretrained(folder)
    return folder
