"""What the engine of this process knows of itself, for Prometheus.

A token costs nothing here. A batch costs one note of three integers (`press.note`), a reply some counters; all else is read
where it stands anyway, when somebody asks.
"""

import time
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, Q
from django.db.models.functions import Now
from prometheus_client import Counter, Histogram, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from parley.core.ids import made_at_s
from parley.core.metrics import Tally, registry, shared_registry
from parley.engine.admission import strain
from parley.engine.lease import installed_runner, queue_age_s
from parley.engine.models import Generation
from parley.engine.values import Ending, Turn
from parley.providers.meters import FIRST_WORD_S, name_of, name_of_endpoint, name_of_model
from parley.providers.routed import RoutedModel

LATENCIES_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
PAGES = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)

_first_token = Histogram(
    "parley_first_token_seconds",
    "From a person's question to the first word of its answer, before it is stored.",
    ("endpoint", "model"),
    buckets=FIRST_WORD_S,
    registry=registry,
)
_answers = Counter(
    "parley_answers", "Answers by how they ended; the code of a failure.", ("outcome", "code"), registry=registry
)
_tokens = Counter(
    "parley_tokens",
    "Tokens, as vendors counted them or by estimate.",
    ("direction", "endpoint", "model"),
    registry=registry,
)
takeovers = Counter(
    "parley_takeovers",
    "Answers taken over from a process that died or stopped, by what was done: write, interrupt, stop.",
    ("step",),
    registry=registry,
)


class PressMeter:
    """What the one writer of this process does."""

    def __init__(self) -> None:
        self.commits, self.pages, self.lag = Tally(*LATENCIES_S), Tally(*PAGES), Tally(*LATENCIES_S)

    def note(self, *, commit_s: float, pages: int, lag_s: float) -> None:
        """One batch: how long its commit took, how many answers it carried, how old its oldest word was when stored."""
        self.commits.note(commit_s)
        self.pages.note(pages)
        self.lag.note(lag_s)


press = PressMeter()


def heard(turn: Turn, model: RoutedModel) -> None:
    """The model has said its first word. A later attempt is none of the model's slowness."""
    if turn.attempt == 1:
        waited_s = time.time() - made_at_s(turn.generation_id)
        _first_token.labels(name_of(model.route), name_of_model(model.name)).observe(max(0.0, waited_s))


def count_ending(turn: Turn, ending: Ending) -> None:
    """A watcher of turns."""
    _answers.labels(ending.outcome, ending.error_code).inc()
    if spent := ending.spent:
        names = name_of_endpoint(spent.endpoint_id), name_of_model(spent.model)
        _tokens.labels("in", *names).inc(spent.input_tokens)
        _tokens.labels("out", *names).inc(spent.output_tokens)


class _Engine:
    """Read where it stands."""

    def collect(self) -> Iterator[Metric]:
        yield _gauge("parley_streams_open", "Answers that this process writes now.", strain.live)
        yield _gauge("parley_streams_limit", "Answers that it may write at once.", settings.MAX_STREAMS)
        yield _gauge("parley_loop_lag_seconds", "How late the loop runs.", strain.loop_lag_s)
        yield _gauge(
            "parley_commit_lag_seconds", "How long the last commit took, or the one under way.", strain.commit_lag_s
        )
        runner = installed_runner()
        if runner:
            yield _gauge(
                "parley_followers", "Tapes that are being read here, each as often as it is.", runner.hub.follower_count
            )
        yield press.commits.family("parley_commit_seconds", "The commit of one batch of all answers' news.")
        yield press.pages.family("parley_commit_pages", "Answers in one batch.")
        yield press.lag.family("parley_tape_lag_seconds", "From the oldest word of a batch to its commit.")
        refused = CounterMetricFamily(
            "parley_refusals", "Questions refused with Retry-After, by the reason.", labels=["reason"]
        )
        for reason, count in strain.refused.items():
            refused.add_metric([reason], count)
        yield refused


class _Queue:
    """The same in all processes, since it stands in the database."""

    def collect(self) -> Iterator[Metric]:
        try:
            age_s = queue_age_s()
            counts = Generation.objects.filter(status__in=Generation.LIVE).aggregate(
                queued=Count("id", filter=Q(status=Generation.Status.QUEUED)),
                unowned=Count("id", filter=Q(status=Generation.Status.RUNNING, lease_until__lt=Now())),
            )
        except DatabaseError:
            yield _gauge("parley_database_up", "Whether the database answers.", 0)
            return
        finally:
            if not connection.in_atomic_block:
                connection.close()  # the thread of a scrape ends with it
        yield _gauge("parley_database_up", "Whether the database answers.", 1)
        yield _gauge("parley_queue_depth", "Answers that wait for a worker.", counts["queued"])
        yield _gauge("parley_queue_age_seconds", "How long the oldest of them has waited.", age_s)
        yield _gauge("parley_answers_abandoned", "Answers whose writer has fallen silent.", counts["unowned"])


def _gauge(name: str, documentation: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, documentation, value=value)


registry.register(_Engine())
shared_registry.register(_Queue())
