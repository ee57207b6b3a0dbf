"""The command: `python -m model_service`. What may be chosen is in the environment; see settings.py."""

import logging
import sys

import uvicorn

from model_service.app import create_app
from model_service.settings import BadSetting, settings_from


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        settings = settings_from()
    except BadSetting as refused:
        sys.stderr.write(f"model service: {refused}\n")
        return 1
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=20,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
