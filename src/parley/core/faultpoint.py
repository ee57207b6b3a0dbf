"""Named points at which the chaos suite kills this process. Free of cost and of effect unless the suite arms one.

`PARLEY_FAULTPOINT=ask.committed:3` kills the process, as `kill -9` does, the third time it passes that point.
"""

import os
import signal

from parley.core.env import env_str

_name, _, _times = env_str("PARLEY_FAULTPOINT").partition(":")
_left = int(_times or 1)


def is_armed() -> bool:
    return bool(_name)


def faultpoint(name: str) -> None:
    """Die here, if this is the armed point and its time has come."""
    global _left
    if name == _name:
        _left -= 1
        if _left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
