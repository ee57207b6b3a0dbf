"""The model service inside `parley up --models=inside`: on a thread of this process, and spoken to as if it were elsewhere."""

import asyncio
import secrets
import site
import socket
import sys
import sysconfig
import threading
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import uvicorn

from parley.beside import say_where, take_its_models
from parley.core.env import BadSetting
from parley.fleet.model_service import (
    LOOPBACK,
    REPOSITORY,
    NoModelService,
    model_service_address,
    model_service_program,
)

NEEDED: Final = ("model_service", "torch", "transformers", "fastapi")
GRACE_S: Final = 5  # Parley has ended by then: nobody is left who would read an answer


class Inside:
    """`start` comes before Parley reads its vendors from the environment, where it says where the service will be."""

    def __init__(self, data: Path) -> None:
        """Raises `NoModelService`, which says how to install it, and `BadSetting`."""
        python, env = model_service_program(data / "models")
        borrow_packages(python)
        self._listener = socket.socket()
        self._listener.bind((LOOPBACK, 0))  # until it listens, who calls is refused and need not wait
        self._port, self._key = self._listener.getsockname()[1], secrets.token_urlsafe(24)
        self._settings = _settings(env | model_service_address(self._port, self._key))
        self._server: uvicorn.Server | None = None
        self._is_ending = False
        self._thread = threading.Thread(target=self._serve, name="model service", daemon=True)

    def start(self) -> None:
        """Returns at once; the service needs some seconds, in which Parley already serves."""
        say_where(self._port, self._key)
        self._thread.start()

    def stop(self) -> None:
        """Ends it, and waits for that; but not for one that hangs, which goes with the process."""
        self._is_ending = True
        if self._server:
            self._server.should_exit = True
        self._thread.join(2 * GRACE_S)
        self._listener.close()

    def _serve(self) -> None:
        """On its own loop: here torch is read, which takes seconds."""
        config = import_module("model_service.serving").config_of(self._settings, grace_s=GRACE_S)
        self._server = _Server(config)
        if not self._is_ending:
            self._server.run(sockets=[self._listener])


class _Server(uvicorn.Server):
    """When it answers, what it offers becomes ours."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._taking = asyncio.create_task(asyncio.to_thread(take_its_models))


def borrow_packages(python: str) -> None:
    """What the service's environment has can be imported here, after what is ours. Raises `NoModelService`.

    Both are installed from locks that agree on what they share (`make lock`), so it does not matter whose is read.
    """
    home = str(Path(python).parent.parent)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": home, "platbase": home}))
    if not packages.is_dir():
        this = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise NoModelService(
            f"There is no {packages}: the model service is installed for another Python than this {this}. "
            "Run it beside Parley (--models), or install it for this one and name that in PARLEY_MODELS_PYTHON."
        )
    site.addsitedir(str(packages))
    if str(REPOSITORY) not in sys.path:
        sys.path.append(str(REPOSITORY))
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise NoModelService(f"Neither {home} nor {REPOSITORY} has {missing[0]}. In a checkout, run: make models-setup")


def _settings(env: dict[str, str]) -> Any:  # the service's own `Settings`
    service = import_module("model_service.settings")
    try:
        return service.settings_from(env)
    except service.BadSetting as refused:
        raise BadSetting(str(refused)) from None
