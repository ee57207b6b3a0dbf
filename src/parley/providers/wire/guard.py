"""May this process call that host? Asked once for each request, for every wire (`providers.sessions` sees to it).

Two rules: link-local addresses, where clouds keep their metadata service, are never called. And with
`PARLEY_NO_NETWORK=on` (`forbid_network`), or inside `network_forbidden()`, only this machine is.

Tests: an autouse fixture of the root conftest wraps each test in `network_forbidden()` and fails it if the list that it
yields is not empty at the end; the error alone is not enough, because a turn that fails is a normal thing to an engine.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from parley.core.errors import EndpointRejected

_REMEMBERED: Final = 100

# Hosts that were tried while all but this machine were forbidden. None: they are not.
_refused: list[str] | None = None


def forbid_network() -> None:
    """Refuse every host but this machine, for as long as the process lives."""
    global _refused
    _refused = []


@contextmanager
def network_forbidden() -> Iterator[list[str]]:
    """Refuse every host but this machine. Yields the list of hosts that were tried."""
    global _refused
    before, _refused = _refused, []
    try:
        yield _refused
    finally:
        _refused = before


def check_host(host: str) -> None:
    """Raises `EndpointRejected` for a host that may not be called."""
    check_never_called(host)
    address = _address(host)
    if _refused is not None and not (host == "localhost" or (address is not None and address.is_loopback)):
        if len(_refused) < _REMEMBERED:
            _refused.append(host)
        raise EndpointRejected(f"PARLEY_NO_NETWORK is on, so {host} was not called; only this machine may be.")


def check_never_called(host: str) -> None:
    """Raises `EndpointRejected` for a link-local address."""
    address = _address(host)
    if address is not None and address.is_link_local:
        raise EndpointRejected(f"Parley calls no link-local address such as {host}. Use the vendor's own.")


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
