"""`python -m bench`: measures every row, prints the table, writes bench/results/latest.json (partial.json for some rows).

`--only NAME` (again and again) measures some rows, and is the only way to those that take minutes (`big`);
`--quick` measures each once and briefly, to see that it works;
`--profile` records beside it where the server spends its time, which makes it slower.
"""

import argparse
import signal
import sys
import time
from dataclasses import replace

from bench.figure import Figure
from bench.limits import raise_file_limit
from bench.processes import Neighbours
from bench.report import disturbed, table, write
from bench.rows import ON_REQUEST, ROWS
from bench.stage import stage


def main() -> int:
    """Measure. Exit code 1 when a figure that was asked for is not reached."""
    parser = argparse.ArgumentParser(prog="bench", description="Measures Parley.")
    parser.add_argument(
        "--only", action="append", choices=[*ROWS, *ON_REQUEST], help="measure this row; may be given again"
    )
    parser.add_argument("--quick", action="store_true", help="each row once and briefly: noisy, but soon done")
    parser.add_argument("--profile", action="store_true", help="record with py-spy where the server spends its time")
    options = parser.parse_args()
    raise_file_limit()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the stage is cleared: no server may outlive us
    figures: list[Figure] = []
    with stage(quick=options.quick, profile=options.profile) as standing:
        for name in options.only or ROWS:
            began_s = time.monotonic()
            print(f"{name} …", file=sys.stderr, flush=True)
            neighbours = Neighbours()
            measured = (ROWS | ON_REQUEST)[name](standing)
            figures += [replace(figure, others_cores=round(neighbours.cores, 3)) for figure in measured]
            for figure in measured:
                print(f"  {figure.label}: {figure.value:.4g} {figure.unit}", file=sys.stderr)
            print(f"  took {time.monotonic() - began_s:.0f} s", file=sys.stderr, flush=True)
    written = write(figures, quick=options.quick, whole=not options.only)
    print(table(figures))
    print(f"\n{disturbed(figures)}Everything else that was seen: {written}")
    return 0 if all(figure.is_reached is not False for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
