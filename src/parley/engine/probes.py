"""What health asks of the engine: whether its loop runs, and whether other processes are heard."""

import time
from typing import Final

from parley.core.health import health
from parley.core.hints import Hints
from parley.engine.admission import strain

# Far beyond the lag at which questions are refused: a process that is only busy must not send its work to the others,
# which are as busy, and so all of them out of service.
STUCK_S: Final = 5.0
DEAD_S: Final = 60.0


def add_probes(hints: Hints | None) -> None:
    strain.looked_at = time.monotonic()
    health.add("loop", loop_runs)
    health.add_vital("loop", loop_lives)
    if hints:
        health.add(
            "redis",
            lambda: "" if hints.is_up else "Redis does not answer. Nothing is lost, replies come in steps of a second.",
            is_needed=False,
        )


def remove_probes() -> None:
    """A loop that has ended is no loop that hangs."""
    health.remove("loop")
    health.remove("redis")


def loop_runs() -> str:
    return "This process has more to do than it can. Add processes." if _silent_s() > STUCK_S else ""


def loop_lives() -> str:
    return "The loop has not run for a minute." if _silent_s() > DEAD_S else ""


def _silent_s() -> float:
    return max(strain.loop_lag_s, time.monotonic() - strain.looked_at)
