"""What these tests stand on: models made by the service's own environment, and a Parley that starts the service beside it."""

import os
import subprocess
from pathlib import Path

from bench.processes import ROOT
from tests.live import Live

PYTHON = Path(os.environ.get("MODELS", ROOT / ".tools" / "models")) / "bin" / "python"
MAKE = (
    "import sys, pathlib; from model_service.tests import tiny; tiny.llama(pathlib.Path(sys.argv[1]), vocab_size=6000)"
)


def make_tiny(folder: Path) -> Path:
    """A tiny Llama of about 1.6 MB, as its makers would publish it."""
    subprocess.run([PYTHON, "-c", MAKE, folder], check=True, cwd=ROOT, capture_output=True)
    return folder


def parley_with_models(folder: Path, **env: str) -> Live:
    """Not yet started. No vendor, no key: only what this machine serves."""
    own = {"PARLEY_MODELS": "on", "PARLEY_MODELS_PYTHON": str(PYTHON), "MODELS_THREADS": "1", "HF_TOKEN": ""}
    return Live(folder, env=own | env)
