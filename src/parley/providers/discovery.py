"""Vendors that the environment names, and an Ollama on this machine. Looks; `actions.sync_environment` saves."""

import logging
import socket
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from parley.core.env import env_str
from parley.core.errors import Invalid
from parley.providers.addresses import clean_base_url
from parley.providers.keys import clean_key
from parley.providers.vendors import MODEL_SERVICE, OLLAMA, VENDORS, Vendor

logger = logging.getLogger(__name__)

OLLAMA_TIMEOUT_S: Final = 0.3
OLLAMA_PORT: Final = 11434


@dataclass(frozen=True, slots=True)
class Found:
    """An endpoint as the environment describes it. `name` is how people will see it."""

    vendor: Vendor
    name: str
    base_url: str
    api_key: str = field(default="", repr=False)


def vendors_in_environment() -> list[Found]:
    """Every vendor whose key or address is set. A value that cannot be used is logged, and its vendor left out."""
    found = []
    for vendor in VENDORS:
        key = env_str(vendor.key_variable) if vendor.key_variable else ""
        address = env_str(vendor.url_variable) if vendor.url_variable else ""
        if not key and not address:
            continue
        try:
            found.append(_found(vendor, key, address))
        except Invalid as error:
            names = " and ".join(filter(None, (vendor.key_variable, vendor.url_variable)))
            logger.warning("%s from the environment is left out; see %s: %s", vendor.label, names, error.message)
    return found


def find_ollama() -> Found | None:
    """An Ollama that answers at its usual place on this machine. Quick and quiet when there is none."""
    try:
        with socket.create_connection(("127.0.0.1", OLLAMA_PORT), timeout=OLLAMA_TIMEOUT_S):
            return Found(OLLAMA, OLLAMA.label, OLLAMA.base_url)
    except OSError:
        return None


def _found(vendor: Vendor, key: str, address: str) -> Found:
    if vendor is OLLAMA and address:
        address = _ollama_address(address)
    if vendor is MODEL_SERVICE and address:
        address = f"{address.rstrip('/').removesuffix('/v1')}/v1"
    base_url = clean_base_url(address or vendor.base_url)
    host = urlsplit(base_url).netloc
    is_vendors_own = vendor in (OLLAMA, MODEL_SERVICE) or host == urlsplit(vendor.base_url).netloc
    return Found(vendor, vendor.label if is_vendors_own else host, base_url, clean_key(key))


def _ollama_address(said: str) -> str:
    """OLLAMA_HOST as Ollama reads it: `host`, `host:port` or a URL; 0.0.0.0 is where a server listens, not where it is."""
    if "://" not in said:
        said = f"http://{said}"
    try:
        parts = urlsplit(said)
        port = parts.port or (OLLAMA_PORT if parts.scheme == "http" else 443)
    except ValueError:
        raise Invalid("OLLAMA_HOST cannot be read. Write something like 127.0.0.1:11434.") from None
    host = parts.hostname or "127.0.0.1"
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - we do not listen there
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}:{port}{parts.path.rstrip('/')}"
