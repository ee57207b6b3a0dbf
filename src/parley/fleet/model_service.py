"""The model service as a part: a program from an environment of its own, which `make models-setup` installs."""

import os
from pathlib import Path
from typing import Final

from parley.core.env import env_str
from parley.core.errors import ParleyError
from parley.fleet.part import Part
from parley.fleet.ready import answers

REPOSITORY: Final = Path(__file__).resolve().parents[3]
LOOPBACK: Final = "127.0.0.1"
READY_WITHIN_S: Final = 120.0  # it reads torch and transformers, gigabytes of them, when the machine has just started
# Of our environment, what it has business with; keys of vendors and our own secret are not.
PASSED_ON: Final = (
    *("PATH", "HOME", "LANG", "TZ", "TMPDIR", "CUDA_VISIBLE_DEVICES", "HF_TOKEN", "HF_ENDPOINT", "HF_HOME"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR"),
)


class NoModelService(ParleyError):
    """Its environment is not installed."""


def model_service_program(folder: Path) -> tuple[str, dict[str, str]]:
    """The Python of its environment, and the variables that it is started with. Raises `NoModelService`."""
    python = Path(env_str("PARLEY_MODELS_PYTHON") or REPOSITORY / ".tools" / "models" / "bin" / "python")
    if not python.exists():
        raise NoModelService(f"The model service is not installed: there is no {python}. Run: make models-setup")
    given = {name: value for name, value in os.environ.items() if name.startswith("MODELS_") or name in PASSED_ON}
    return str(python), {**given, "MODELS_DATA": str(folder), "PYTHONPATH": str(REPOSITORY)}


def model_service_address(port: int, key: str) -> dict[str, str]:
    """The variables that say where it listens, and what callers must show."""
    return {"MODELS_HOST": LOOPBACK, "MODELS_PORT": str(port), "MODELS_KEY": key}


def model_service_part(folder: Path, *, port: int, key: str) -> Part:
    """`folder`: for its register and its models. Raises `NoModelService`, which says how to install it."""
    python, env = model_service_program(folder)
    return Part(
        "models",
        (python, "-m", "model_service"),
        answers(port, "/"),
        env=env | model_service_address(port, key),
        folder=REPOSITORY,
        grace_s=30.0,
        ready_within_s=READY_WITHIN_S,
    )
