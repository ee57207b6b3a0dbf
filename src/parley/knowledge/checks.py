"""Start-up checks that name the fix."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from django.apps.config import AppConfig
from django.conf import settings
from django.core import checks
from django.db import connection


@checks.register("parley")
def handbook_is_there(app_configs: Sequence[AppConfig] | None, **options: object) -> list[checks.CheckMessage]:
    folder = Path(settings.HANDBOOK_DIR)
    if any(folder.glob("*.md")):
        return []
    return [
        checks.Warning(
            f"There are no handbook pages in {folder}, so the built-in guide has nothing to quote.",
            hint="Set PARLEY_HANDBOOK to the folder docs/handbook of a Parley checkout.",
            id="knowledge.W001",
        )
    ]


@checks.register("parley")
def sqlite_can_search(app_configs: Sequence[AppConfig] | None, **options: object) -> list[checks.CheckMessage]:
    if connection.vendor != "sqlite" or _has_fts5():
        return []
    return [
        checks.Error(
            f"This Python's SQLite {sqlite3.sqlite_version} was built without full-text search (FTS5).",
            hint="Use the Python of your Linux distribution, of python.org or of uv: all of them have it.",
            id="knowledge.E001",
        )
    ]


def _has_fts5() -> bool:
    with sqlite3.connect(":memory:") as memory:
        options = {row[0] for row in memory.execute("PRAGMA compile_options")}
    memory.close()
    return "ENABLE_FTS5" in options
