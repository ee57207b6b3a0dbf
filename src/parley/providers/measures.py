"""How soon models say their first word, as measured in this process: a moving average for each endpoint and name."""

from typing import Final

NEWEST_SHARE: Final = 0.2  # what the newest call weighs
REMEMBERED: Final = 10_000

_first_token_s: dict[tuple[str, str], float] = {}


def measured(endpoint_id: str, model: str, seconds: float) -> None:
    """A call's first word came after so long."""
    key = endpoint_id, model
    before = _first_token_s.get(key)
    if before is None and len(_first_token_s) >= REMEMBERED:
        _first_token_s.clear()
    _first_token_s[key] = seconds if before is None else before + NEWEST_SHARE * (seconds - before)


def first_token_s(endpoint_id: str, model: str) -> float | None:
    """None: not measured since this process began."""
    return _first_token_s.get((endpoint_id, model))
