"""What shapes cost: `python -m model_service.bench_shapes SCHEMAS.jsonl.gz`, lines of {"name": …, "schema": …}.

How many schemas are accepted, how fast the others are refused, and whether what a random model says by each is valid. What a
token costs with and without a schema: `make bench-models`.
"""

import argparse
import gzip
import json
import statistics
import sys
import sysconfig
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

import torch
from jsonschema.validators import validator_for  # type: ignore[import-untyped]
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from model_service.decoding.shaping import forbidden, keep_shapes
from model_service.shapes.asked import Asked, ShapeRefused
from model_service.shapes.shaped import Shaped
from model_service.shapes.shapes import Shapes

VOCABULARY: Final = 32_000
BUDGET: Final = 1024  # tokens of an answer


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("schemas", type=Path)
    parser.add_argument("--threads", type=int, default=2, help="of torch")
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    tokenizer = _tokenizer()
    shapes = Shapes(tokenizer, VOCABULARY, [tokenizer.eos_token_id or 0])
    _say_validity(_schemas(chosen.schemas), shapes)
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
    """What became of one answer of a model that finds all tokens equally good; formats are judged as well."""
    tokens: list[int] = []
    while len(tokens) < BUDGET:
        logits = torch.randn(VOCABULARY)
        keep_shapes(logits[None], [shaped], forbidden([shaped]))
        token = int(logits.argmax())
        if token not in shapes.eos_ids:
            tokens.append(token)
        if shaped.take(token):
            break
    if not shaped.is_whole:
        return shaped.error or "cut off"
    value = json.loads(shapes.tokenizer.decode_bytes(tokens))
    judge = validator_for(schema)
    if not judge(schema).is_valid(value):
        return "not valid"
    return "valid" if judge(schema, format_checker=judge.FORMAT_CHECKER).is_valid(value) else "valid but for a format"


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
