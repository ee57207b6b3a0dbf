"""A clock: what day and time it is, which no language model can know."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from parley.tools.values import Arguments, Tool, ToolFailed


def _run(arguments: Arguments) -> str:
    name = arguments.get("zone", "UTC")
    try:
        zone = UTC if name == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of the zones' tree, such as "Europe"
        raise ToolFailed(f"There is no time zone '{name[:60]}'. Write one like Europe/Berlin.") from None
    return f"{datetime.now(zone):%A, %Y-%m-%d %H:%M:%S} {name}"


CLOCK: Final = Tool(
    name="current_time",
    label="Clock",
    description="Tells the current date and time.",
    parameters={
        "type": "object",
        "properties": {
            "zone": {"type": "string", "description": "an IANA time zone such as Europe/Berlin", "maxLength": 60}
        },
        "additionalProperties": False,
    },
    run=_run,
)
