"""The table on the screen and the JSON beside it."""

import json
import platform
import subprocess
from dataclasses import asdict
from datetime import UTC, datetime
from math import isnan
from pathlib import Path

import psutil

from bench.figure import Figure
from bench.processes import ROOT

RESULTS = ROOT / "bench" / "results"
QUIET_CORES = 0.1
MARKS = {True: "yes", False: "NO", None: ""}


def number(value: float) -> str:
    """Three significant digits, and no more zeros than needed."""
    if isnan(value):
        return "none"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def cells(figure: Figure) -> tuple[str, ...]:
    """A row of the table."""
    asked = (
        "" if figure.limit is None else f"{'≥' if figure.more_is_better else '≤'} {number(figure.limit)} {figure.unit}"
    )
    span = f" ({number(min(figure.runs))} to {number(max(figure.runs))})" if len(set(figure.runs)) > 1 else ""
    floor = number(sorted(figure.floor)[len(figure.floor) // 2]) if figure.floor else ""
    ratio = f"× {number(figure.ratio)}" if figure.ratio is not None else ""
    reached = f"{number(figure.value)} {figure.unit}{span}"
    return figure.label, asked, reached, MARKS[figure.is_reached], floor, ratio


def table(figures: list[Figure]) -> str:
    """A Markdown table that reads well on a screen too."""
    rows = [("", "must reach", "reached (min to max)", "", "bare relay", "ratio"), *map(cells, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def disturbed(figures: list[Figure]) -> str:
    """A warning where foreign processes took part of the machine; empty when it was quiet."""
    noisy = [f"{figure.name} ({figure.others_cores:.2f})" for figure in figures if figure.others_cores > QUIET_CORES]
    if not noisy:
        return ""
    return f"The machine was not quiet. Cores that other processes took meanwhile: {', '.join(noisy)}.\n"


def machine() -> dict[str, object]:
    """What it ran on."""
    names = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    return {
        "cores": psutil.cpu_count(),
        "cpu": names[0] if names else platform.processor(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text().splitlines() if file.exists() else []


def commit() -> str:
    """The commit that was measured; a plus sign says that files were changed since."""
    command = ["git", "describe", "--always", "--dirty=+"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def write(figures: list[Figure], *, quick: bool, whole: bool) -> Path:
    """Write all figures as JSON, with everything needed to judge them. A run of some rows never overwrites one of all."""
    lines = [
        asdict(figure) | {"value": figure.value, "ratio": figure.ratio, "ok": figure.is_reached} for figure in figures
    ]
    result = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "quick": quick,
        "machine": machine(),
        "figures": lines,
    }
    path = RESULTS / ("latest.json" if whole and not quick else "partial.json")
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    return path
