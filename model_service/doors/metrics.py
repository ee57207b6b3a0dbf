"""GET /metrics, for Prometheus. An autoscaler reads `model_service_load`."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from model_service.shelf.shelf import Ready, Shelf

router = APIRouter()


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Models(request.app.state.shelf))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class _Models:
    """What the models in memory do at this moment."""

    def __init__(self, shelf: Shelf) -> None:
        self._held = shelf.held()

    def collect(self) -> Iterator[Metric]:
        deciding = [ready for ready in self._held if ready.loaded.found.kind != "embedding"]
        yield self._gauge("memory_bytes", "Weights in memory", {ready: ready.loaded.size_bytes for ready in self._held})
        yield self._gauge("running", "Answers being decoded", {ready: ready.batcher.running for ready in deciding})
        yield self._gauge("waiting", "Answers that wait", {ready: ready.batcher.waiting for ready in deciding})
        yield self._gauge(
            "load",
            "Running and waiting, of the slots; above 1 they wait",
            {ready: ready.batcher.load for ready in deciding},
        )
        tokens = CounterMetricFamily(
            "model_service_tokens", "Tokens chosen since the model was loaded", labels=["model"]
        )
        for ready in deciding:
            tokens.add_metric([ready.name], ready.batcher.tokens)
        yield tokens

    @staticmethod
    def _gauge(name: str, what: str, values: dict[Ready, Any]) -> Metric:
        gauge = GaugeMetricFamily(f"model_service_{name}", what, labels=["model"])
        for ready, value in values.items():
            gauge.add_metric([ready.name], value)
        return gauge
