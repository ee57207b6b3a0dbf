"""Vendors that people have connected, and what was announced of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.dispatch import Signal

from parley.providers.actions import (
    add_endpoint,
)
from parley.providers.models import Endpoint
from parley.providers.tests.vendor_server import VendorServer
from tests.people import Person

KEY = "sk-right-1234567890"


@contextmanager
def hearing(*watched: Signal) -> Iterator[list[tuple[Signal, dict[str, Any]]]]:
    """The facts that are announced meanwhile."""
    heard: list[tuple[Signal, dict[str, Any]]] = []

    def hear(signal: Signal, sender: object, **fact: Any) -> None:
        heard.append((signal, fact))

    for signal in watched:
        signal.connect(hear, weak=False)
    try:
        yield heard
    finally:
        for signal in watched:
            signal.disconnect(hear)


def connect(who: Person, server: VendorServer, name: str = "Vendor", key: str = KEY) -> Endpoint:
    return add_endpoint(who.member, name=name, wire="openai", base_url=server.base_url, api_key=key)


def names(endpoint: Endpoint, **which: object) -> list[str]:
    return sorted(endpoint.model_cards.filter(**which).values_list("name", flat=True))
