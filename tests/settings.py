"""Parley's own settings over a data folder that lives as long as the tests: no run may touch, or trust, a real one.

`PARLEY_TEST_DATABASE=postgresql` runs the tests on a PostgreSQL that lives just as long; else they run on SQLite.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.servers import Postgres

DATA = tempfile.mkdtemp(prefix="parley-tests-")
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
database = os.environ.get("PARLEY_TEST_DATABASE", "sqlite")
for name in [name for name in os.environ if name.startswith("PARLEY_")]:
    del os.environ[name]
os.environ["PARLEY_DATA"] = DATA

if database == "postgresql":
    cluster = Postgres(Path(DATA) / "postgres", durable=False)
    atexit.register(cluster.end)
    os.environ["PARLEY_DATABASE_URL"] = cluster.url
    os.environ["PARLEY_DATABASE_CONNECTIONS"] = "40"  # a test's threads keep theirs, and each of them may be the loop's

from parley.settings import *  # noqa: E402, F403 - the folder must be named before the settings are read
