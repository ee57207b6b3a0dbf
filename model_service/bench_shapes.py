"""What shapes cost: `python -m model_service.bench_shapes SCHEMAS.jsonl.gz`, lines of {"name": …, "schema": …}.

Three tables: how many schemas are accepted, and how fast the others are refused; whether what a random model says by each of
them is valid; and the time of a token with and without a shape, for a tiny model and one of some 100 million parameters.
"""

import argparse
import gzip
import json
import statistics
import sys
import sysconfig
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

import torch
from jsonschema.validators import validator_for  # type: ignore[import-untyped]
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from model_service.decoding.batcher import Batcher, Limits
from model_service.decoding.causal import CausalMachine
from model_service.decoding.prefixes import Prefixes
from model_service.shapes.asked import Asked, ShapeRefused
from model_service.shapes.shaped import Shaped
from model_service.shapes.shapes import Shapes
from model_service.values import Ask, Piece, Sampling

VOCABULARY: Final = 32_000
BUDGET: Final = 1024  # tokens of an answer
CALLERS: Final = 8
TOKENS: Final = 120  # that each of them takes, for the time of one
ROUNDS: Final = 5
LONG: Final = Asked(
    "json",
    json.dumps(
        {
            "type": "array",
            "minItems": 200,
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "age": {"type": "integer"}, "kind": {"enum": ["a", "b"]}},
                "required": ["name", "age", "kind"],
            },
        }
    ),
)
SIZES: Final[dict[str, dict[str, Any]]] = {
    "tiny": {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 2},
    "100 M": {"hidden_size": 640, "intermediate_size": 1728, "num_hidden_layers": 12, "num_attention_heads": 10},
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("schemas", type=Path)
    parser.add_argument("--threads", type=int, default=2, help="of torch")
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    tokenizer = _tokenizer()
    shapes = Shapes(tokenizer, VOCABULARY, [tokenizer.eos_token_id or 0])
    _say_validity(_schemas(chosen.schemas), shapes)
    for name, sizes in SIZES.items():
        _say_times(name, sizes, tokenizer, shapes)
    return 0


# --- Validity ---------------------------------------------------------------------------------------------------------


def _say_validity(schemas: list[Any], shapes: Shapes) -> None:
    refused: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    took_s = []
    for schema in schemas:
        began = time.perf_counter()
        shaped = None
        try:
            shaped = Shaped(shapes, Asked("json", json.dumps(schema)), BUDGET)
        except ShapeRefused as error:
            refused[error.param or ""] += 1
        took_s.append(time.perf_counter() - began)
        if shaped:
            outcomes[_outcome(schema, shaped, shapes)] += 1
    accepted = sum(outcomes.values())
    _say(f"{len(schemas)} schemas: {accepted} accepted, {refused.total()} refused: {dict(refused.most_common())}")
    _say(f"taken or refused within {1000 * max(took_s):.0f} ms each, median {1000 * statistics.median(took_s):.1f} ms")
    _say(f"of the accepted: {dict(outcomes)}")


def _outcome(schema: Any, shaped: Shaped, shapes: Shapes) -> str:
    """What became of one answer of a model that finds all tokens equally good. Formats are notes, and not judged."""
    tokens: list[int] = []
    while len(tokens) < BUDGET:
        logits = torch.randn(VOCABULARY)
        shaped.mask(logits)
        token = int(logits.argmax())
        if token not in shapes.eos_ids:
            tokens.append(token)
        if shaped.take(token):
            break
    if not shaped.is_whole:
        return shaped.error or "cut off"
    value = json.loads(shapes.tokenizer.decode_bytes(tokens))
    return "valid" if validator_for(schema)(schema).is_valid(value) else "not valid"


# --- Time -------------------------------------------------------------------------------------------------------------


def _say_times(name: str, sizes: dict[str, Any], tokenizer: PreTrainedTokenizerFast, shapes: Shapes) -> None:
    torch.manual_seed(7)
    config = LlamaConfig(**sizes, vocab_size=VOCABULARY, max_position_embeddings=2048, tie_word_embeddings=True)
    model = LlamaForCausalLM(config).eval()
    batcher = Batcher(
        CausalMachine(model), tokenizer, frozenset(shapes.eos_ids), Limits(CALLERS, 64, 10**6), Prefixes(0)
    )
    times: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(ROUNDS):  # by turns, so that whatever else the machine does meets both
        for is_shaped in times:
            times[is_shaped].append(_token_ms(batcher, shapes, is_shaped=is_shaped))
    batcher.close()
    free, held = (statistics.median(times[is_shaped]) for is_shaped in (False, True))
    size = sum(parameter.numel() for parameter in model.parameters()) / 1e6
    _say(
        f"{name} ({size:.0f} M parameters), {CALLERS} callers, time of a token: "
        f"free {free:.3f} ms, by a schema {held:.3f} ms: {held / free - 1:+.1%}"
    )


def _token_ms(batcher: Batcher, shapes: Shapes, *, is_shaped: bool) -> float:
    """Of all callers together, over a run in which each takes the same number of tokens."""
    done, ended = threading.Event(), []

    def deliver(piece: Piece) -> None:
        if piece.is_last:
            ended.append(piece.usage.completion)
            if len(ended) == CALLERS:
                done.set()

    began = time.perf_counter()
    for seed in range(CALLERS):
        # The shape believes in more tokens than there are, so that it is not busy with its end.
        shape = Shaped(shapes, LONG, 100 * TOKENS) if is_shaped else None
        batcher.submit(Ask([5, 6, 7], TOKENS, sampling=Sampling(seed=seed), shape=shape), deliver)
    done.wait()
    return 1000 * (time.perf_counter() - began) / sum(ended)


# --- What it stands on ------------------------------------------------------------------------------------------------


def _tokenizer() -> PreTrainedTokenizerFast:
    """Of bytes, learned from Python's own standard library, which every machine has."""
    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    files = sorted(Path(sysconfig.get_path("stdlib")).glob("[a-z]*/*.py"))[:800]
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in files)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    raw.train_from_iterator(
        texts, trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=["</s>"], initial_alphabet=alphabet)
    )
    return PreTrainedTokenizerFast(tokenizer_object=raw, eos_token="</s>", pad_token="</s>")  # noqa: S106  # no password


def _schemas(path: Path) -> list[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["schema"] for line in lines]


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
