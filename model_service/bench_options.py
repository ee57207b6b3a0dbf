"""`python -m model_service.bench_options`: what MODELS_QUANTISE brings, on a random model of about 100 million parameters.

Eight answers of 48 tokens are decoded together, a few times with each form of the weights in turn, in this process. Told are
tokens a second (the best round, since neighbours only ever slow one down), the weights in memory, and whether the likeliest words
stay the same.
"""

import argparse
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

import torch

from model_service.settings import Quantise, Settings
from model_service.shelf.folders import look_into
from model_service.shelf.loader import load
from model_service.shelf.register import ModelRow
from model_service.shelf.shelf import Ready
from model_service.tests.hundred import hundred
from model_service.values import Ask, Piece, Sampling

_CALLERS: Final = 8
_TOKENS: Final = 48
_PROMPT: Final = 64


@dataclass(frozen=True, slots=True)
class Seen:
    tokens_s: float
    ids: list[list[int]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="model_service.bench_options", description="Measures forms of weights.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", type=Path, help="a folder; else a random model is made")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        folder = chosen.model or Path(home) / "hundred"
        if not chosen.model:
            hundred(folder)
        held = {how: _ready(folder, how) for how in get_args(Quantise)}
        seen = {how: [_run(ready) for _ in range(chosen.rounds + 1)][1:] for how, ready in held.items()}
        plain = seen["none"][0].ids
        for how, runs in seen.items():
            same = sum(one[:8] == other[:8] for one, other in zip(plain, runs[0].ids, strict=True))
            sys.stdout.write(
                f"{how:<9} {max(run.tokens_s for run in runs):7.0f} tokens/s  "
                f"{held[how].loaded.size_bytes / 1e6:6.0f} MB  first 8 tokens as without: {same} of {_CALLERS}\n"
            )
        for ready in held.values():
            ready.close()
    return 0


def _ready(folder: Path, how: Quantise) -> Ready:
    settings = Settings(quantise=how, prefix_mb=0, slots=_CALLERS)
    found = look_into(folder)
    row = ModelRow(name=how, folder=str(folder), kind=found.kind, size_bytes=found.size_bytes, context=found.context)
    return Ready(row, load(found, settings), settings)


def _run(ready: Ready) -> Seen:
    done = threading.Semaphore(0)

    def deliver(piece: Piece) -> None:
        if piece.is_last:
            done.release()

    chance = torch.Generator().manual_seed(1)
    prompts = torch.randint(500, 30_000, (_CALLERS, _PROMPT), generator=chance).tolist()
    began = time.monotonic()
    asked = [
        ready.batcher.submit(Ask(prompt, _TOKENS, sampling=Sampling(temperature=0)), deliver) for prompt in prompts
    ]
    for _ in asked:
        done.acquire()
    took_s = time.monotonic() - began
    return Seen(sum(len(one.ids) for one in asked) / took_s, [one.ids for one in asked])


if __name__ == "__main__":
    sys.exit(main())
