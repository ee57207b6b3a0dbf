"""How much disk the Python environment of one process takes."""

import subprocess
import sys
from pathlib import Path

from bench.figure import Figure
from bench.processes import ROOT
from bench.stage import Stage

MB = 1_000_000


def install(stage: Stage) -> list[Figure]:
    """A fresh environment with the locked requirements of one process, byte-compiled as `make setup` does it."""
    folder = stage.folder / "venv"
    uv = next(path for path in (ROOT / ".tools/bin/uv", ROOT / ".venv/bin/uv") if path.exists())
    locked = ["--require-hashes", "--compile-bytecode", "-r", "requirements/base.txt"]
    for step in (
        ["venv", "--python", sys.executable, str(folder)],
        ["pip", "install", "--python", str(folder), *locked],
    ):
        subprocess.run([str(uv), "--quiet", *step], check=True, cwd=ROOT, stdout=sys.stderr)
    size = size_bytes(folder) / MB
    notes: dict[str, object] = {"front_end_mb": size_bytes(ROOT / "frontend" / "dist") / MB}
    return [Figure("install", "install: Python environment of one process", "MB", (size,), limit=300, notes=notes)]


def size_bytes(folder: Path) -> int:
    """What `du` would say, whether or not files are shared with a cache by hard links."""
    return sum(path.lstat().st_blocks * 512 for path in folder.rglob("*"))
