"""Start-up checks of this room."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004 - Django calls it so

from parley.core.env import env_bool
from parley.core.faultpoint import is_armed


@register("parley")
def check_role(**_: object) -> list[CheckMessage]:
    if settings.ROLE == "web" and not settings.REDIS_URL:
        return [
            Warning(
                "This web process has no Redis: replies are written by workers, and shown a second late.",
                hint="Set PARLEY_REDIS_URL, for this process and for the workers.",
                id="parley.W302",
            )
        ]
    return []


@register("parley")
def check_faultpoint(**_: object) -> list[CheckMessage]:
    if is_armed() and not env_bool("PARLEY_CHAOS", default=False):
        return [
            Error(
                "PARLEY_FAULTPOINTS is set, so this process may be told to kill itself.",
                hint="Unset it. Only the chaos suite, which also sets PARLEY_CHAOS=on, has a use for it.",
                id="parley.E301",
            )
        ]
    return []
