"""Make a vendor's words fit to be shown: short, on one line, and without keys."""

import re
from typing import Final

SHOWN_LETTERS: Final = 300

# Vendors like to repeat the key they refuse, sometimes with stars in the middle.
_KEY = re.compile(r"\b(?:(?:sk|pk|gsk|hf|xai|tgp)[-_]|AIza)[-_*A-Za-z0-9.]{8,}|(?i:bearer)\s+[-A-Za-z0-9._~+/=]{8,}")
_TAG = re.compile(r"<[^<>]{0,500}>")
_SPACE = re.compile(r"\s+")
_LOOKED_AT_LETTERS = 4000


def shown(words: str, *, secret: str = "") -> str:
    """`words` for a person's eyes: `secret` and whatever looks like a key are hidden, at most 300 letters are left."""
    words = words[:_LOOKED_AT_LETTERS]
    if len(secret) >= 4:
        words = words.replace(secret, "[key]")
    words = _KEY.sub("[key]", _TAG.sub(" ", words))
    words = _SPACE.sub(" ", words.replace("\0", " ")).strip()
    return words if len(words) <= SHOWN_LETTERS else words[: SHOWN_LETTERS - 1] + "…"
