"""Read the environment with types. A value that cannot be read stops the start with a sentence that says what to write."""

import ipaddress
import os
from pathlib import Path

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


class BadSetting(Exception):
    """An environment variable holds something else than it should."""


def env_str(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, *, default: bool) -> bool:
    value = env_str(name).lower()
    if not value:
        return default
    if value in TRUE | FALSE:
        return value in TRUE
    raise BadSetting(f"{name} is {value!r}; write 'on' or 'off'.")


def env_int(name: str, default: int, *, least: int = 0) -> int:
    value = env_str(name)
    if not value:
        return default
    try:
        number = int(value)
    except ValueError:
        raise BadSetting(f"{name} is {value!r}; write a whole number, for example {default}.") from None
    if number < least:
        raise BadSetting(f"{name} is {number}; the least is {least}.")
    return number


def env_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    value = env_str(name, default).lower()
    if value not in choices:
        raise BadSetting(f"{name} is {value!r}; write one of: {', '.join(choices)}.")
    return value


def env_list(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Comma-separated words."""
    value = env_str(name)
    return [word.strip() for word in value.split(",") if word.strip()] if value else list(default)


def env_networks(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Addresses and networks, as `10.0.0.7` and `10.0.0.0/8`."""
    networks = env_list(name, default)
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            raise BadSetting(f"{name} has {network!r}; write addresses or networks, as 10.0.0.7,10.1.0.0/16.") from None
    return networks


def env_address(name: str) -> tuple[str, int] | None:
    """(host, port); None when there is none."""
    value = env_str(name)
    host, _, port = value.rpartition(":")
    if not value:
        return None
    if not host or not port.isdigit() or int(port) > 65535:
        raise BadSetting(f"{name} is {value!r}; write a host and a port, for example 127.0.0.1:9464.")
    return host.strip("[]"), int(port)


def env_path(name: str, default: Path) -> Path:
    return Path(env_str(name, str(default))).expanduser().resolve()


def data_dir() -> Path:
    """The data folder; in a checkout, `data` unless another is named."""
    return env_path("PARLEY_DATA", Path(__file__).resolve().parents[3] / "data")
