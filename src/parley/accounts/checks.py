"""What must be right before Parley starts. Each message names the fix. `parley up` runs those tagged "parley"."""

import stat
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from parley.core.secret import NAME

LEAST_CHARACTERS = 32
LEAST_DISTINCT = 10
THE_FIX = (
    'Unset PARLEY_SECRET, so that Parley makes its own, or set it to the output of: python3 -c "import secrets; '
    'print(secrets.token_urlsafe(50))"'
)
# Parts of secrets that stand in tutorials, in peers' repositories and in ours: whoever can read can sign with them.
KNOWN = ("t0p-s3cr3t", "changeme", "change-me", "django-insecure", "secret-key", "your-secret", "example", "password")
LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}


@register("parley")
def check_secret(app_configs: object, **options: Any) -> Sequence[CheckMessage]:
    secret = settings.SECRET_KEY
    if len(secret) < LEAST_CHARACTERS or len(set(secret)) < LEAST_DISTINCT:
        weak = f"The secret is weak: it needs {LEAST_CHARACTERS} random characters."
        return [Error(weak, THE_FIX, id="parley.E001")]
    if any(known in secret.lower() for known in KNOWN):
        return [Error("The secret looks like a published example.", THE_FIX, id="parley.E002")]
    return []


@register("parley")
def check_secret_file(app_configs: object, **options: Any) -> Sequence[CheckMessage]:
    path = settings.DATA_DIR / NAME
    if not path.exists() or not stat.S_IMODE(path.stat().st_mode) & 0o077:
        return []
    return [Error(f"Others on this machine can read {path}.", f"Run: chmod 600 {path}", id="parley.E003")]


@register("parley")
def check_https(app_configs: object, **options: Any) -> Sequence[CheckMessage]:
    open_hosts = sorted(set(settings.ALLOWED_HOSTS) - LOOPBACK)
    if settings.HTTPS or not open_hosts:
        return []
    return [
        checks.Warning(
            f"Parley answers as {', '.join(open_hosts)} without HTTPS: passwords and sessions can be read on the way.",
            "Put a proxy with TLS before it, and set PARLEY_HTTPS=on.",
            id="parley.W001",
        )
    ]
