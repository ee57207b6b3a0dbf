"""What the sockets of this process tell Prometheus. Read where it stands, when somebody asks."""

from collections.abc import Iterator

from prometheus_client import Counter, Metric
from prometheus_client.core import GaugeMetricFamily

from parley.core.metrics import registry
from parley.realtime.directory import installed_directory

handshakes = Counter(
    "parley_handshakes",
    "Sockets that were asked for, by the answer: accepted, signed_out, foreign, busy, too_many, stopping.",
    ("outcome",),
    registry=registry,
)


class _Sockets:
    def collect(self) -> Iterator[Metric]:
        directory = installed_directory()
        yield GaugeMetricFamily("parley_sockets_open", "Open sockets.", value=len(directory) if directory else 0)


registry.register(_Sockets())
