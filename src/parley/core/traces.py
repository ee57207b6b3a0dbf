"""Traces: where the time of one question went, from the browser to the vendor and back (OpenTelemetry, W3C Trace Context).

Off, as Parley comes, a span costs a microsecond and OpenTelemetry's SDK is not even imported. A span holds names, ids and
numbers; what people said, and what an exception says, stays out.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Final, Protocol

from opentelemetry.context import Context
from opentelemetry.trace import (
    INVALID_SPAN,
    Span,
    SpanKind,
    Status,
    StatusCode,
    Tracer,
    get_current_span,
    set_span_in_context,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from parley.core.errors import ParleyError

__all__ = ["NO_SPAN", "Span", "SpanKind"]

NO_SPAN: Final = INVALID_SPAN
LONGEST_TRACEPARENT: Final = 55  # of version 00: "00-", 32 digits, "-", 16 digits, "-", 2 digits

Attributes = Mapping[str, str | int | float | bool]

_form = TraceContextTextMapPropagator()
_tracer: Tracer | None = None
_export: "Export | None" = None


class Export(Protocol):
    """What sends finished spans away; see `core.trace_export`."""

    tracer: Tracer

    def end(self) -> None: ...


def begin_traces(endpoint: str, *, one_in: int, part: str, process: str) -> None:
    """Send one trace in `one_in` to this OTLP/HTTP endpoint. Raises `ImportError` without the SDK (requirements/fleet.txt)."""
    global _export, _tracer
    end_traces()
    _export = import_module("parley.core.trace_export").Otlp(endpoint, one_in=one_in, part=part, process=process)
    _tracer = _export.tracer


def end_traces() -> None:
    """Send what is still here."""
    global _export, _tracer
    _tracer = None
    if _export is not None:
        _export.end()
        _export = None


def are_traced() -> bool:
    return _tracer is not None


@contextmanager
def span(
    name: str, attributes: Attributes | None = None, *, parent: str = "", kind: SpanKind = SpanKind.INTERNAL
) -> Iterator[Span]:
    """What happens within, as a span below `parent` (a traceparent), else below the span around this code.

    Not in an async generator, whose span would be around the code of its readers, too: there, `begun_span`.
    """
    if _tracer is None:
        yield NO_SPAN
        return
    with _tracer.start_as_current_span(
        name,
        _below(parent),
        kind,
        attributes,
        record_exception=False,  # its words may quote somebody
        set_status_on_exception=False,
    ) as current:
        try:
            yield current
        except Exception as error:
            fail(current, error)
            raise


def begun_span(name: str, attributes: Attributes | None = None, *, kind: SpanKind = SpanKind.INTERNAL) -> Span:
    """A span that its caller ends."""
    return _tracer.start_span(name, None, kind, attributes) if _tracer else NO_SPAN


def past_span(name: str, *, begun_ns: int, ended_ns: int) -> None:
    """What has already happened, in nanoseconds since 1970."""
    if _tracer is not None:
        _tracer.start_span(name, start_time=begun_ns).end(max(begun_ns, ended_ns))


def fail(failed: Span, error: Exception) -> None:
    said = error.code if isinstance(error, ParleyError) else type(error).__name__
    failed.set_status(Status(StatusCode.ERROR, said))


def traceparent_of(span: Span | None = None) -> str:
    """What makes other processes go on with the trace of `span`, or of the span around this code; "" when there is none."""
    if _tracer is None:
        return ""
    carrier: dict[str, str] = {}
    _form.inject(carrier, set_span_in_context(span) if span else None)
    return carrier.get("traceparent", "")


def trace_id() -> str:
    """Of the span around this code; "" when there is none."""
    if _tracer is None:
        return ""
    context = get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else ""


def _below(parent: str) -> Context | None:
    """A traceparent that cannot be read begins a trace of its own, as the recommendation has it."""
    if not parent:
        return None
    carrier: Mapping[str, str] = {"traceparent": parent}
    return _form.extract(carrier, Context())
