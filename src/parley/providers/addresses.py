"""Base URLs that people type: what is taken, and in which form it is kept."""

from typing import Final
from urllib.parse import SplitResult, urlsplit

from parley.core.errors import EndpointRejected, Invalid
from parley.providers.wire.guard import check_never_called

LONGEST: Final = 500
EXAMPLE: Final = "Write something like https://api.example.com/v1."

_PASTED_TOO_MUCH: Final = (
    "/chat/completions",
    "/completions",
    "/models",
    "/embeddings",
    "/messages",
    "/responses",
    "/api/chat",
)


def clean_base_url(typed: str) -> str:
    """The address without what was pasted too much. Raises `Invalid`, naming what is wrong with it.

    Loopback and private addresses are welcome, since models run there; only admins get here. Whatever makes two readers
    see two hosts in one address (userinfo, backslashes, control characters) is not.
    """
    url = typed.strip()
    if len(url) > LONGEST:
        raise Invalid(f"The base URL is longer than {LONGEST} characters.")
    if not url.isascii() or not url.isprintable() or any(letter in url for letter in ' \\"<>^`{|}'):
        raise Invalid(f"The base URL holds characters that no address may hold. {EXAMPLE}")
    parts = _split(url)
    if parts.scheme not in ("http", "https"):
        raise Invalid(f"The base URL must begin with http:// or https://. {EXAMPLE}")
    if "@" in parts.netloc:
        raise Invalid("The base URL must not hold a user or password. Put the key into its own field.")
    if not parts.hostname or "%" in parts.netloc:
        raise Invalid(f"The base URL names no host. {EXAMPLE}")
    if parts.query or parts.fragment or url.endswith(("?", "#")):
        raise Invalid(f"The base URL must end with its path, without ? and #. {EXAMPLE}")
    try:
        check_never_called(parts.hostname)
    except EndpointRejected as error:
        raise Invalid(error.message) from None
    return _without_excess(url)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for one that is no number or out of range
    except ValueError:
        raise Invalid(f"The base URL cannot be read. {EXAMPLE}") from None
    return parts


def _without_excess(url: str) -> str:
    url = url.rstrip("/")
    for excess in _PASTED_TOO_MUCH:
        url = url.removesuffix(excess)
    return url.rstrip("/")
