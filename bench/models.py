"""`python -m bench.models`, or `make bench-models`: the model service against `transformers serve`, on the same two models.

Eight callers stream answers of so many tokens, one after another, with different prompts; both servers in turn, on the same
cores. What is told is tokens a second over all callers, and the time to the first one. Tokens are those that the servers count.
`--only shapes` measures what a schema costs (`bench/shapes.py`), `--only peer` leaves that out.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import aiohttp

from bench import shapes
from bench.processes import ROOT, Running
from tests.servers import free_port

CALLERS = 8
MUST = 1.5  # times as many tokens a second
MODELS = {"parley/tiny": (4, 128), "parley/hundred": (2, 64)}  # answers a caller, and tokens of each


@dataclass(frozen=True, slots=True)
class Seen:
    """Of one run: tokens a second over all callers, and seconds to the first token, the median."""

    tokens_s: float
    first_s: float


def main() -> int:
    """Exit code 1 when the model service is less than 1.5 times as fast, or a schema costs more than a tenth."""
    parser = argparse.ArgumentParser(prog="bench.models", description="Measures the model service.")
    parser.add_argument("--service", type=Path, default=ROOT / ".tools" / "models", help="its environment")
    parser.add_argument("--peer", type=Path, default=ROOT / ".tools" / "peer", help="that of transformers serve")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=11, help="of answers with and without a schema, by turns")
    parser.add_argument("--only", choices=["peer", "shapes"])
    parser.add_argument("--batching", action="store_true", help="let the peer batch too, by its --continuous-batching")
    parser.add_argument(
        "--set", action="append", default=[], metavar="MODELS_X=Y", help="a setting of the model service"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        hub = Path(home) / "hub"
        python = options.service / "bin" / "python"
        subprocess.run([python, "-m", "model_service.tests.hundred", str(hub)], check=True, cwd=ROOT)
        subprocess.run([python, "-m", "model_service.tests.hundred", str(hub), "--talker"], check=True, cwd=ROOT)
        settings = dict(setting.split("=", 1) for setting in options.set)
        reached = [_compare(model, hub, options, settings) for model in MODELS if options.only != "shapes"]
        if options.only != "peer":
            with _service(options.service, hub, settings) as base:
                reached += shapes.compare(base, options.rounds)
    return 0 if all(reached) else 1


def _compare(model: str, hub: Path, options: argparse.Namespace, settings: dict[str, str]) -> bool:
    with _service(options.service, hub, settings) as base:
        ours = asyncio.run(_measure(base, model, options.repeat))
    with _peer(options.peer, hub, batching=options.batching) as base:
        theirs = asyncio.run(_measure(base, model, options.repeat))
    ratio = ours.tokens_s / theirs.tokens_s
    print(
        f"{model}: model service {ours.tokens_s:.0f} tokens/s, first after {1000 * ours.first_s:.0f} ms; "
        f"transformers serve {theirs.tokens_s:.0f} tokens/s, first after {1000 * theirs.first_s:.0f} ms; {ratio:.2f} times",
        flush=True,
    )
    return ratio >= MUST


@contextmanager
def _service(environment: Path, hub: Path, settings: dict[str, str]) -> Iterator[str]:
    chosen = {"MODELS_PORT": "0", "MODELS_FOLDER": str(hub), "MODELS_DATA": str(hub.parent / "data")} | settings
    running = Running("models", [str(environment / "bin" / "python"), "-m", "model_service"], "is ready at", chosen)
    try:
        yield f"http://127.0.0.1:{running.port}/v1"
    finally:
        running.end()


@contextmanager
def _peer(environment: Path, hub: Path, *, batching: bool) -> Iterator[str]:
    port = free_port()
    command = [str(environment / "bin" / "transformers"), "serve", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--continuous-batching"] if batching else []
    offline = {"HF_HOME": str(hub.parent), "HF_HUB_OFFLINE": "1"}
    running = Running("peer", command, "Application startup complete", offline)
    try:
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        running.end()


async def _measure(base: str, model: str, repeat: int) -> Seen:
    """The median of so many runs, after one that warms up."""
    answers, tokens = MODELS[model]
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=600)) as session:
        await _run(session, base, model, 1, 8)
        runs = [await _run(session, base, model, answers, tokens) for _ in range(repeat)]
    return Seen(median(run.tokens_s for run in runs), median(run.first_s for run in runs))


async def _run(session: aiohttp.ClientSession, base: str, model: str, answers: int, tokens: int) -> Seen:
    began = time.monotonic()
    each = await asyncio.gather(*(_caller(session, base, model, caller, answers, tokens) for caller in range(CALLERS)))
    took_s = time.monotonic() - began
    return Seen(sum(count for count, _ in each) / took_s, median(first for _, firsts in each for first in firsts))


async def _caller(
    session: aiohttp.ClientSession, base: str, model: str, caller: int, answers: int, tokens: int
) -> tuple[int, list[float]]:
    """How many tokens it got in all, and the seconds to the first of each answer."""
    count, firsts = 0, []
    for number in range(answers):
        content = f"Caller {caller}, question {number}: is anything that was shown or accepted ever lost?"
        got, first_s = await _answer(session, base, model, content, tokens)
        count += got
        firsts.append(first_s)
    return count, firsts


async def _answer(
    session: aiohttp.ClientSession, base: str, model: str, content: str, tokens: int
) -> tuple[int, float]:
    body = {
        "model": model,
        "messages": [{"role": "user", "content": content}],
        "max_tokens": tokens,
        "temperature": 0,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    began, first_s, counted = time.monotonic(), 0.0, 0
    async with session.post(f"{base}/chat/completions", json=body) as answer:
        answer.raise_for_status()
        async for line in answer.content:
            if not line.startswith(b"data: {"):
                continue
            chunk = json.loads(line[6:])
            first_s = first_s or (time.monotonic() - began if _has_text(chunk) else 0.0)
            counted = (chunk.get("usage") or {}).get("completion_tokens", counted)
    return counted, first_s


def _has_text(chunk: dict[str, list[dict[str, dict[str, str]]]]) -> bool:
    return any(choice.get("delta", {}).get("content") for choice in chunk.get("choices") or [])


if __name__ == "__main__":
    sys.exit(main())
