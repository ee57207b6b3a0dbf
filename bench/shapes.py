"""What a schema costs: the same model, the same callers and the same number of tokens, with and without one, by turns.

Part of `make bench-models`. The schema asks for a longer list than there are tokens, and the models know so many words that they
hardly ever say the one that ends an answer: all answers are of one length, and drawn at temperature 1. Runs alternate, since
the machine's own mood changes by the minute; what is told is the median of the rounds' ratios, each of two runs in a row.
"""

import asyncio
import json
import time
from statistics import median, quantiles
from typing import Final

import aiohttp

MUST: Final = 1.1  # times the time of a token
CALLERS: Final = (1, 8)
TOKENS: Final = {"talker": 300, "parley/hundred": 48}  # of an answer; both models know 32,000
_ITEM: Final = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}, "kind": {"enum": ["a", "b"]}},
    "required": ["name", "age", "kind"],
}
_SCHEMA: Final = {"type": "array", "minItems": 400, "items": _ITEM}
_SHAPE: Final = {"response_format": {"type": "json_schema", "json_schema": {"name": "list", "schema": _SCHEMA}}}


def compare(base: str, rounds: int) -> list[bool]:
    """Print a line for each model and number of callers; whether each is within the promise."""
    return [asyncio.run(_compare(base, model, callers, rounds)) for model in TOKENS for callers in CALLERS]


async def _compare(base: str, model: str, callers: int, rounds: int) -> bool:
    times: dict[bool, list[float]] = {False: [], True: []}
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=600)) as session:
        for number in range(rounds + 1):
            for is_shaped in (False, True) if number % 2 else (True, False):
                took_ms = await _token_ms(session, base, model, callers, is_shaped=is_shaped)
                if number:  # the first one warms up
                    times[is_shaped].append(took_ms)
    ratios = [held / free for free, held in zip(times[False], times[True], strict=True)]
    low, _, high = quantiles(ratios, n=4)
    print(
        f"{model}, callers: {callers}, time of a token: free {median(times[False]):.3f} ms, "
        f"by a schema {median(times[True]):.3f} ms; {median(ratios) - 1:+.1%} "
        f"(half of {rounds} rounds between {low - 1:+.1%} and {high - 1:+.1%})",
        flush=True,
    )
    return median(ratios) <= MUST


async def _token_ms(session: aiohttp.ClientSession, base: str, model: str, callers: int, *, is_shaped: bool) -> float:
    """Over all callers together."""
    began = time.perf_counter()
    counts = await asyncio.gather(*(_tokens(session, base, model, number, is_shaped) for number in range(callers)))
    return 1000 * (time.perf_counter() - began) / sum(counts)


async def _tokens(session: aiohttp.ClientSession, base: str, model: str, caller: int, is_shaped: bool) -> int:
    body = {
        "model": model,
        "messages": [{"role": "user", "content": f"List them for caller {caller}."}],
        "max_tokens": TOKENS[model],
        "seed": caller,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    counted = 0
    async with session.post(f"{base}/chat/completions", json=body | (_SHAPE if is_shaped else {})) as answer:
        answer.raise_for_status()
        async for line in answer.content:
            if b'"completion_tokens"' in line:
                counted = json.loads(line[6:])["usage"]["completion_tokens"]
    return counted
