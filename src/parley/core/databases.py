"""The databases of a process, as Django's settings want them: SQLite in a file, or PostgreSQL from a URL.

The figures for PostgreSQL keep one promise: whoever writes while it is away hears so within three seconds.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from parley.core.env import BadSetting

Database = Mapping[str, Any]  # as Django defines it: strings, numbers, and options of the driver

CONNECT_S = 2  # the least that libpq takes
POOL_S = 2.0  # how long a thread waits for a connection
RECONNECT_S = (
    1.0  # the pool doubles its pauses for this long, then leaves it to the next who asks: nobody waits for a pause
)
STATEMENT_MS = 20_000
LOCK_MS = 2_000
IDLE_IN_TRANSACTION_MS = 20_000
UNANSWERED_MS = 10_000  # a host that vanished without a word; otherwise the kernel waits a quarter of an hour


def sqlite(path: Path, *, test_path: Path) -> Database:
    """One file, one writer."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 10,
            "transaction_mode": "IMMEDIATE",  # no upgrade from read to write, so no deadlock between two writers
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;"
            "PRAGMA wal_autocheckpoint=16000;",  # see engine/upkeep.py, which does it before
        },
        "TEST": {"NAME": test_path},
    }


def postgresql(
    url: str, *, variable: str, most_connections: int, name: str = "parley", patience_s: float = POOL_S
) -> Database:
    """`url` as libpq writes it; several hosts may stand in it, and its query goes to the driver (`sslmode`, …).

    Raises `BadSetting`, which names `variable`.
    """
    parts = urlsplit(url)
    database = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgresql", "postgres") or not parts.netloc or not database:
        raise BadSetting(f"{variable} is no address of a database; write it as postgresql://user:password@host/parley.")
    person, _, hosts = parts.netloc.rpartition("@")
    user, _, password = person.partition(":")
    addresses = [address.rpartition(":") if _has_port(address) else (address, "", "") for address in hosts.split(",")]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database,
        "USER": unquote(user),
        "PASSWORD": unquote(password),
        "HOST": ",".join(host.strip("[]") for host, _, _ in addresses),
        "PORT": ",".join(port for _, _, port in addresses) if any(port for _, _, port in addresses) else "",
        "CONN_HEALTH_CHECKS": True,  # the pool looks whether a connection still lives before it gives it away
        "DISABLE_SERVER_SIDE_CURSORS": True,  # they do not pass a pooler that lends connections by transaction
        "OPTIONS": {
            "pool": {
                "min_size": 1,
                "max_size": most_connections,
                "timeout": patience_s,
                "max_idle": 60.0,
                "reconnect_timeout": RECONNECT_S,
            },
            "connect_timeout": CONNECT_S,
            "tcp_user_timeout": UNANSWERED_MS,
            "keepalives_idle": 10,
            "keepalives_interval": 3,
            "keepalives_count": 3,
            "application_name": name,
            "options": f"-c statement_timeout={STATEMENT_MS} -c lock_timeout={LOCK_MS}"
            f" -c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_MS}",
            **dict(parse_qsl(parts.query)),
        },
    }


def _has_port(address: str) -> bool:
    """`host:5432`, but not `[::1]`."""
    return ":" in address and not address.endswith("]")
