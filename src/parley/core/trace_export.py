"""OpenTelemetry's SDK, imported only where traces are on: it samples, batches in a thread, and sends OTLP over HTTP."""

from importlib.metadata import version
from typing import Final
from urllib.parse import urlsplit

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

PATH: Final = "/v1/traces"
TIMEOUT_S: Final = 5
EVERY_MS: Final = 2000
FLUSH_MS: Final = 3000


class Otlp:
    """See `core.traces.Export`."""

    def __init__(self, endpoint: str, *, one_in: int, part: str, process: str) -> None:
        resource = Resource.create(
            {
                "service.name": "parley",
                "service.version": version("parley"),
                "service.instance.id": process,
                "parley.part": part,
            }
        )
        # The id of a trace decides, in every process alike: a browser's wish to be traced binds nobody.
        share = TraceIdRatioBased(1 / one_in)
        sampler = ParentBased(share, remote_parent_sampled=share, remote_parent_not_sampled=share)
        self._provider = TracerProvider(sampler=sampler, resource=resource, shutdown_on_exit=False)
        self._batches = BatchSpanProcessor(
            OTLPSpanExporter(endpoint=_address(endpoint), timeout=TIMEOUT_S), schedule_delay_millis=EVERY_MS
        )
        self._provider.add_span_processor(self._batches)
        self.tracer = self._provider.get_tracer("parley")

    def end(self) -> None:
        self._batches.force_flush(FLUSH_MS)
        self._provider.shutdown()


def _address(endpoint: str) -> str:
    """An endpoint without a path is the collector's base, as OTEL_EXPORTER_OTLP_ENDPOINT has it."""
    return endpoint if urlsplit(endpoint).path.strip("/") else endpoint.rstrip("/") + PATH
