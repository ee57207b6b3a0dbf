"""One line of the table: what was asked, what was reached, and what the floor reaches."""

from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """`limit` is what must be reached, None where nothing was asked. `runs` are the values of all repeats, `floor` those of
    the bare relay under the same load. `notes` say what else was seen, `others_cores` what foreign processes took meanwhile."""

    name: str
    label: str
    unit: str
    runs: tuple[float, ...]
    limit: float | None = None
    more_is_better: bool = False
    floor: tuple[float, ...] = ()
    notes: dict[str, object] = field(default_factory=dict)
    others_cores: float = 0.0

    @property
    def value(self) -> float:
        """The median of all runs."""
        return median(self.runs)

    @property
    def ratio(self) -> float | None:
        """How many times the floor; None where there is no floor, or it is nought."""
        return self.value / median(self.floor) if self.floor and median(self.floor) else None

    @property
    def is_reached(self) -> bool | None:
        """Whether the median keeps the limit; None where nothing was asked."""
        if self.limit is None:
            return None
        return self.value >= self.limit if self.more_is_better else self.value <= self.limit
