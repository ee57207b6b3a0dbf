"""Parley's own settings over a data folder that lives as long as the tests: no run may touch, or trust, a real one."""

import atexit
import os
import shutil
import tempfile

DATA = tempfile.mkdtemp(prefix="parley-tests-")
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
for name in [name for name in os.environ if name.startswith("PARLEY_")]:
    del os.environ[name]
os.environ["PARLEY_DATA"] = DATA

from parley.settings import *  # noqa: E402, F403 - the folder must be named before the settings are read
