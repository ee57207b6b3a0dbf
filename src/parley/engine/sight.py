"""A turn as logs and traces see it: its lines name it, and its span goes on with the trace of the question."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from parley.core import traces
from parley.core.ids import made_at_s
from parley.core.log import binding
from parley.engine.values import Turn

NS = 1_000_000_000


@contextmanager
def in_sight(turn: Turn) -> Iterator[None]:
    """Around all that is done for one turn in this process."""
    with (
        binding(generation=turn.generation_id, user=turn.user_id, workspace=turn.workspace_id),
        traces.span(
            "reply",
            {"parley.generation": str(turn.generation_id), "parley.attempt": turn.attempt},
            parent=turn.trace,
            kind=traces.SpanKind.CONSUMER,
        ),
    ):
        if turn.attempt == 1:
            asked_ns = int(made_at_s(turn.generation_id) * NS)
            traces.past_span("queue wait", begun_ns=asked_ns, ended_ns=time.time_ns())
        yield
