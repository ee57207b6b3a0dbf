"""Start-up checks of this room."""

from django.core.checks import CheckMessage, Error, register

from parley.core.env import env_bool
from parley.core.faultpoint import is_armed


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
