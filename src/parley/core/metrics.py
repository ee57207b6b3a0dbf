"""Numbers for Prometheus: what this process counts, and how the numbers of many processes become one page.

Rooms keep their numbers beside what they measure. What happens seldom counts itself: a `Counter`, a `Histogram` of
`prometheus_client` on this `registry`. What runs for every batch of tokens keeps plain integers (`Tally`), which a collector
reads when somebody asks. Names begin with `parley_`, labels have few values: what people may name goes through `Few`.

`prometheus_client` has a way of its own for many processes, files that they all map. It keeps no collectors, and each number
would be written into such a file at once; so here each process answers for itself, and whoever is asked asks the others
(`core.window`).
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson
from prometheus_client import CollectorRegistry, Metric, ProcessCollector, disable_created_metrics, generate_latest
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.samples import Sample

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
OTHER: Final = "other"
MOST_NAMES: Final = 100

registry = CollectorRegistry()
"""What this process counts: each sample goes out with the label `process`."""

shared_registry = CollectorRegistry()
"""What is the same wherever it is asked, since it stands in the database: only the process that is asked answers."""

ProcessCollector(registry=registry)
disable_created_metrics()  # type: ignore[no-untyped-call] # when a counter began: a line for each line, and nobody asks


class Tally:
    """A histogram as plain integers, for what runs hundreds of times a second: to note a value costs a quarter of a
    microsecond. One thread writes; a scrape may see a value in its bucket and not yet in the sum, which harms nobody."""

    def __init__(self, *bounds: float) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def note(self, value: float) -> None:
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def family(self, name: str, documentation: str) -> HistogramMetricFamily:
        buckets, so_far = [], 0
        for bound, count in zip((*self._bounds, float("inf")), self._counts, strict=True):
            so_far += count
            buckets.append(("+Inf" if bound == float("inf") else repr(float(bound)), so_far))
        return HistogramMetricFamily(name, documentation, buckets=buckets, sum_value=self._sum)


class Few:
    """The first `most` names that come by; all later ones are `other`, so that no label grows without end."""

    def __init__(self, most: int = MOST_NAMES) -> None:
        self._most = most
        self._known: set[str] = set()

    def __call__(self, name: str) -> str:
        if name in self._known:
            return name
        if len(self._known) >= self._most:
            return OTHER
        self._known.add(name)
        return name


# --- One page ---------------------------------------------------------------------------------------------------------


def dump_numbers() -> bytes:
    """The numbers of this process for another one that was asked."""
    return orjson.dumps(
        [
            [family.name, family.documentation, family.type, [[s.name, s.labels, s.value] for s in family.samples]]
            for family in registry.collect()
        ]
    )


def load_numbers(numbers: bytes, process: str) -> list[Metric]:
    """What `dump_numbers` of `process` wrote."""
    loaded: list[Any] = orjson.loads(numbers)  # our own JSON, of the form above
    return [_family(name, about, kind, samples, process) for name, about, kind, samples in loaded]


def page_of(processes: Mapping[str, bytes]) -> bytes:
    """The text that Prometheus reads: the numbers of all processes, by name, and what is shared by all."""
    families = [family for process, numbers in processes.items() for family in load_numbers(numbers, process)]
    return generate_latest(_Merged([*families, *shared_registry.collect()]))


def _family(
    name: str, about: str, kind: str, samples: Sequence[tuple[str, dict[str, str], float]], process: str
) -> Metric:
    family = Metric(name, about, kind)
    family.samples = [Sample(sample, {**labels, "process": process}, value) for sample, labels, value in samples]
    return family


class _Merged:
    """Families of one name become one, since the form allows a name but once."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families: dict[str, Metric] = {}
        for family in families:
            known = self._families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            known.samples.extend(family.samples)

    def collect(self) -> Iterable[Metric]:
        return self._families.values()
