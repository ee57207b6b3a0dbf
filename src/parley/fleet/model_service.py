"""The model service as a part: a program from an environment of its own, which `make models-setup` installs."""

import os
from pathlib import Path
from typing import Final

from parley.core.env import env_str
from parley.core.errors import ParleyError
from parley.fleet.part import Part
from parley.fleet.ready import answers

REPOSITORY: Final = Path(__file__).resolve().parents[3]
READY_WITHIN_S: Final = 120.0  # it reads torch and transformers, gigabytes of them, when the machine has just started
# Of our environment, what it has business with; keys of vendors and our own secret are not.
PASSED_ON: Final = ("PATH", "HOME", "LANG", "TZ", "TMPDIR", "CUDA_VISIBLE_DEVICES", "HF_TOKEN", "HF_ENDPOINT")


class NoModelService(ParleyError):
    """Its environment is not installed."""


def model_service_part(folder: Path, *, port: int, key: str) -> Part:
    """`folder`: for its register and its models. Raises `NoModelService`, which says how to install it."""
    python = Path(env_str("PARLEY_MODELS_PYTHON") or REPOSITORY / ".tools" / "models" / "bin" / "python")
    if not python.exists():
        raise NoModelService(f"The model service is not installed: there is no {python}. Run: make models-setup")
    own = {
        "MODELS_HOST": "127.0.0.1",
        "MODELS_PORT": str(port),
        "MODELS_KEY": key,
        "MODELS_DATA": str(folder),
        "PYTHONPATH": str(REPOSITORY),
    }
    given = {name: value for name, value in os.environ.items() if name.startswith("MODELS_") or name in PASSED_ON}
    return Part(
        "models",
        (str(python), "-m", "model_service"),
        answers(port, "/"),
        env={**given, **own},
        folder=REPOSITORY,
        grace_s=30.0,
        ready_within_s=READY_WITHIN_S,
    )
