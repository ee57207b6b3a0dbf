"""The commands `python -m model_service.command pull NAME`, `… add NAME FOLDER` and `… list`, on the folder of a service that
may run or not.

They print JSON, for the programs that call them. `pull`: the row of the download, a line whenever it has changed; it ends with 0
when the model is whole. Interrupted, it pauses, and the same command goes on. `add`: the row of the model. `list`: the models,
and the downloads.
"""

import argparse
import json
import logging
import sys
import time
from pathlib import Path
from typing import Final

from model_service.errors import Refused
from model_service.hub.downloads import Downloads
from model_service.hub.rows import UNDER_WAY
from model_service.settings import BadSetting, Settings, settings_from
from model_service.shelf.register import Register

_LOOKS_S: Final = 0.2


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m model_service.command", description="Models of this machine.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    pull = commands.add_parser("pull", help="download a model of the hub, or go on")
    pull.add_argument("name", help="as the hub has it: owner/model")
    pull.add_argument("--revision", default="main", help="a branch, a tag or a commit; default: %(default)s")
    add = commands.add_parser("add", help="offer the model in a folder, where it lies")
    add.add_argument("name")
    add.add_argument("folder", type=Path)
    commands.add_parser("list", help="the models that are offered, and the downloads")
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    try:
        settings = settings_from()
        if chosen.command == "list":
            return _list(settings)
        if chosen.command == "add":
            return _add(settings, chosen.name, chosen.folder)
        return _pull(settings, chosen.name, chosen.revision)
    except (BadSetting, Refused, OSError) as refused:
        sys.stderr.write(f"{refused}\n")
        return 1


def _list(settings: Settings) -> int:
    register = Register(settings.data)
    register.add_all_within(settings.folder)
    downloads = Downloads(settings.folder, register).rows.all()
    _say(
        {
            "models": [row.model_dump(mode="json") for row in register.models()],
            "downloads": [row.model_dump(mode="json") for row in downloads],
        }
    )
    return 0


def _add(settings: Settings, name: str, folder: Path) -> int:
    _say(Register(settings.data).add_model(name, folder).model_dump(mode="json"))
    return 0


def _pull(settings: Settings, said: str, revision: str) -> int:
    register = Register(settings.data)
    name = Downloads(settings.folder, register).ask(said, revision).name
    downloads = Downloads(settings.folder, register, only=name)
    downloads.start()
    try:
        return _follow(downloads, name)
    except KeyboardInterrupt:
        downloads.rows.pause(name)
        return 1
    finally:
        downloads.close()


def _follow(downloads: Downloads, name: str) -> int:
    """Until it has ended, whoever fetches it. A line with null: somebody has cancelled it."""
    said: object = ""
    while True:
        row = downloads.rows.find(name)
        now = row.model_dump(mode="json") if row else None
        if now != said:
            _say(now)
            said = now
        if row is None or row.state not in UNDER_WAY:
            return 0 if row and row.state == "done" else 1
        time.sleep(_LOOKS_S)


def _say(document: object) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
