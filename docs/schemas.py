"""Write the committed contracts: of the socket, of REST and of an archive. Run by `make schemas`."""

import os
from pathlib import Path

import django
import orjson

HERE = Path(__file__).resolve().parent
OPTIONS = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS  # Ninja keys answers by status


def contracts() -> dict[Path, bytes]:
    """Each file's path and what it must hold. Django must be set up."""
    from parley.api.app import api
    from parley.keeping.archive_form import ArchiveForm
    from parley.realtime.schema import socket_schema

    openapi = orjson.dumps(api.get_openapi_schema(), option=OPTIONS) + b"\n"
    archive = orjson.dumps(ArchiveForm.model_json_schema(), option=OPTIONS) + b"\n"
    return {
        HERE / "socket.schema.json": socket_schema(),
        HERE / "openapi.json": openapi,
        HERE / "archive.schema.json": archive,
    }


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings")
    django.setup()
    for path, content in contracts().items():
        path.write_bytes(content)


if __name__ == "__main__":
    main()
