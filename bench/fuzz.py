"""`python -m bench.fuzz --streams 1000000`: spoiled answers over all wires, on every core; `make fuzz`.

Prints how many were read, how long one took, and the first failures with their seeds. Ends with 1 if there were any.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from os import cpu_count

from parley.providers.tests import fuzz
from parley.providers.tests.emulated import DIALECTS

BATCH = 5000
SHOWN = 5


def failures_of(first: int, *, count: int) -> list[str]:
    """What went wrong among `count` seeds from `first` on."""
    failures = []
    for seed in range(first, first + count):
        try:
            fuzz.check(seed)
        except AssertionError as error:
            failures.append(str(error))
    return failures


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="bench.fuzz", description="Spoiled answers over all wires.")
    parser.add_argument("--streams", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0, help="where to begin: the same seeds are the same streams")
    parser.add_argument("--processes", type=int, default=cpu_count() or 1)
    return parser.parse_args(argv)


def main() -> None:
    """Try them all."""
    options = arguments()
    firsts = range(options.seed, options.seed + options.streams, BATCH)
    began = time.monotonic()
    with ProcessPoolExecutor(options.processes) as pool:
        failures = [failure for batch in pool.map(partial(failures_of, count=BATCH), firsts) for failure in batch]
    took_s = time.monotonic() - began
    streams = len(firsts) * BATCH
    for failure in islice(failures, SHOWN):
        print(failure[:2000], file=sys.stderr)
    wires = ", ".join(dialect.WIRE for dialect in DIALECTS)
    print(f"{streams:,} spoiled streams over {wires}: {len(failures)} uncaught, {took_s / streams * 1e6:.0f} µs each")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
