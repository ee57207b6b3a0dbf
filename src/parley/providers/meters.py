"""What this process knows of its vendors, for Prometheus and traces: each try of a call, its first word, its end."""

import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Final
from urllib.parse import urlsplit

from prometheus_client import Counter, Histogram, Metric
from prometheus_client.core import GaugeMetricFamily

from parley.core import traces
from parley.core.errors import EndpointError
from parley.core.metrics import Few, registry
from parley.providers.breaker import open_breakers
from parley.providers.values import Route

FIRST_WORD_S: Final = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 30, 60)

_hosts, _models = Few(), Few()
_host_of_endpoint: dict[str, str] = {}
# The trace that the request under way belongs to. Set around the sending of one, so not for its answer's readers.
outgoing_trace: ContextVar[str] = ContextVar("outgoing_trace", default="")

_calls = Counter(
    "parley_vendor_calls",
    "Tries to call a vendor, by how they ended: answered, left (stopped by a person or a process), or the error's code.",
    ("endpoint", "outcome"),
    registry=registry,
)
_first_words = Histogram(
    "parley_vendor_first_token_seconds",
    "From a request to a vendor to the first word of its answer.",
    ("endpoint", "model"),
    buckets=FIRST_WORD_S,
    registry=registry,
)


def name_of(route: Route) -> str:
    """A vendor as metrics and traces call it: its host, or the wire of what has none."""
    return _hosts(urlsplit(route.base_url).hostname or route.wire)


def name_of_endpoint(endpoint_id: str) -> str:
    """The same, of an endpoint that was called before."""
    return _host_of_endpoint.get(endpoint_id, "unknown")


def name_of_model(model: str) -> str:
    return _models(model)


class Try:
    """One try of a call. Ends once, whatever is called how often."""

    def __init__(self, route: Route, model: str, *, number: int) -> None:
        self._endpoint, self._model = name_of(route), name_of_model(model)
        _host_of_endpoint[route.endpoint_id] = self._endpoint
        self._begun = time.perf_counter()
        self._outcome = "left"
        self._span = traces.begun_span(
            "vendor call",
            {"server.address": self._endpoint, "gen_ai.request.model": self._model, "parley.try": number},
            kind=traces.SpanKind.CLIENT,
        )
        if traces.are_traced():
            outgoing_trace.set(traces.traceparent_of(self._span))

    def begun(self, heard: Callable[[], None] | None) -> None:
        """The first word is here."""
        _first_words.labels(self._endpoint, self._model).observe(time.perf_counter() - self._begun)
        self._span.add_event("first token")
        if heard:
            heard()

    def ended(self) -> None:
        self._outcome = "answered"

    def failed(self, error: EndpointError) -> None:
        self._outcome = error.code
        traces.fail(self._span, error)

    def close(self) -> None:
        if traces.are_traced():
            outgoing_trace.set("")
        self._span.set_attribute("parley.outcome", self._outcome)
        self._span.end()
        _calls.labels(self._endpoint, self._outcome).inc()


class _Breakers:
    def collect(self) -> Iterator[Metric]:
        open_here = GaugeMetricFamily(
            "parley_breaker_open",
            "Whether this process has stopped to ask a vendor (1) after failures.",
            labels=["endpoint"],
        )
        states: dict[str, bool] = {}
        for endpoint_id, is_open in open_breakers().items():
            name = name_of_endpoint(endpoint_id)
            states[name] = states.get(name, False) or is_open
        for name, is_open in states.items():
            open_here.add_metric([name], float(is_open))
        yield open_here


registry.register(_Breakers())
