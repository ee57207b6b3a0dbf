"""May this process call that host? Asked once for each request, for every wire (`providers.sessions` sees to it).

Two rules: link-local addresses, where clouds keep their metadata service, are never called. And with
`PARLEY_NO_NETWORK=on` (`forbid_network`), or inside `network_forbidden()`, only this machine is.

Tests: an autouse fixture of the root conftest wraps each test in `network_forbidden()` and fails it if the list that it
yields is not empty at the end; the error alone is not enough, because a turn that fails is a normal thing to an engine.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address, ip_address

from parley.core.errors import EndpointRejected

_forbidden = False

refused_hosts: list[str] = []
"""Whom somebody tried to call while it was forbidden."""


def forbid_network() -> None:
    """Refuse every host but this machine, for as long as the process lives."""
    global _forbidden
    _forbidden = True


@contextmanager
def network_forbidden() -> Iterator[list[str]]:
    """Refuse every host but this machine. Yields the list of hosts that were tried."""
    global _forbidden
    before, _forbidden = _forbidden, True
    refused_hosts.clear()
    try:
        yield refused_hosts
    finally:
        _forbidden = before


def check_host(host: str) -> None:
    """Raises `EndpointRejected` for a host that may not be called."""
    address = _address(host)
    if address is not None and address.is_link_local:
        raise EndpointRejected(
            f"Parley does not call link-local addresses such as {host}. Use the vendor's own address."
        )
    if _forbidden and not (host == "localhost" or (address is not None and address.is_loopback)):
        refused_hosts.append(host)
        raise EndpointRejected(f"PARLEY_NO_NETWORK is on, so {host} was not called; only this machine may be.")


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
