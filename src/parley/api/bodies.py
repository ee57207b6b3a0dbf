"""What a door reads."""

from ninja import Schema
from pydantic import ConfigDict


class Body(Schema):
    """A field that its door does not know is refused by name: whoever mistyped one hears of it."""

    model_config = ConfigDict(extra="forbid")
