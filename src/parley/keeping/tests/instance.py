"""An installation in a folder of its own, on either database, that is spoken to by the command line alone."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.house import ROOT
from tests.servers import Postgres

PARLEY = [sys.executable, "-c", "import sys; from parley.cli import main; sys.exit(main())"]
PASSWORD = "a good long pass phrase"
Done = subprocess.CompletedProcess[str]


@dataclass
class Instance:
    """`url` empty: SQLite."""

    folder: Path
    url: str = ""
    more: dict[str, str] = field(default_factory=dict)

    def parley(self, *words: str, typed: str = "") -> Done:
        return self._run([*PARLEY, *words, "--data", str(self.folder)], typed)

    def must(self, *words: str, typed: str = "") -> str:
        done = self.parley(*words, typed=typed)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def python(self, code: str) -> str:
        """What it prints, with Django set up."""
        done = self._run([sys.executable, "-c", f"import django; django.setup()\n{code}"])
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def found(self, conversations: int = 12) -> "Instance":
        """With an owner, a vendor's key that is sealed, and rows in every table."""
        self.must("user", "create", "ada@example.org", "--admin", "--password-stdin", typed=PASSWORD + "\n")
        self.python(SEALED)
        self._seed("fill", str(conversations))
        return self

    def told(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = json.loads(self._seed("tell"))
        return found

    @property
    def database(self) -> Path:
        return self.folder / "parley.sqlite3"

    def _seed(self, *words: str) -> str:
        done = self._run([sys.executable, "-m", "parley.keeping.tests.seed", *words])
        assert done.returncode == 0, done.stderr
        return done.stdout

    def environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("PARLEY", "DJANGO", "AWS"))}
        return {
            **ours,
            "PARLEY_DATA": str(self.folder),
            "PARLEY_DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "parley.settings",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            **self.more,
        }

    def _run(self, command: list[str], typed: str = "") -> Done:
        return subprocess.run(
            command, input=typed, env=self.environment(), capture_output=True, text=True, timeout=300, check=False
        )


SEALED = """
from parley.accounts.models import Workspace
from parley.providers.models import Endpoint
endpoint = Endpoint(workspace=Workspace.objects.get(), name="Sealed", wire="openai", base_url="http://127.0.0.1:9/v1")
endpoint.api_key = "sk-very-secret"
endpoint.save()
"""


def without_nul(told: dict[str, list[str]]) -> dict[str, list[str]]:
    """As it reads in PostgreSQL."""
    return {
        name: sorted(row.replace("before\\x00after", "before\ufffdafter") for row in rows)
        for name, rows in told.items()
    }


def empty_database(cluster: Postgres, name: str) -> str:
    """Its URL."""
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return cluster.url_of(name)
