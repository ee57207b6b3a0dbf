"""Images inside a request: only what travels with it. An address would make the vendor, or us, fetch it."""

import re
from typing import Final

from parley.core.errors import EndpointRejected
from parley.providers.values import Image

_DATA_URL: Final = re.compile(r"data:(image/[a-z0-9.+-]{1,40});base64,([A-Za-z0-9+/=_\-\s]*)")


def data_url_of(image: Image) -> str:
    """Raises `EndpointRejected` for an image that is not a `data:` URL."""
    if not image.url.startswith("data:"):
        raise EndpointRejected("An image must travel inside the message, as a data: URL.")
    return image.url


def picture_of(image: Image) -> tuple[str, str]:
    """(media type, base64) of an image. Raises `EndpointRejected` for anything but a base64 `data:` URL of one."""
    found = _DATA_URL.fullmatch(data_url_of(image))
    if found is None:
        raise EndpointRejected("An image must be a data: URL of the form data:image/png;base64,….")
    return found[1], found[2]
