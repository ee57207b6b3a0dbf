"""The vendor's back door for tests: what was counted, what was asked, and faults on demand.

| call | answer |
|---|---|
| `GET /control/counters` | counts in all and per key, closures by the peer with their time, open calls |
| `GET /control/calls` | the bodies of the newest 1,000 calls, oldest first |
| `GET /control/bills` | each of the newest 20,000 calls: its question, its count, whether the caller was told it, how it ended |
| `GET /control/digests` | `{"digests": [...], "max_lag_ms"}`: a CRC-32 over the stamps of each reply that ended |
| `POST /control/fault` `{"model": "mock-429:2", "times": 1}` | the next calls, whatever their model, behave as that name says |
| `POST /control/reset` | counters and pending faults begin again at nought |
"""

from dataclasses import asdict, dataclass, field

import orjson

from bench.vendor.counters import Counters
from bench.vendor.scripts import Script, read_name
from bench.vendor.wheel import Wheel


@dataclass(slots=True)
class Control:
    """What all connections of this vendor share."""

    counters: Counters = field(default_factory=Counters)
    wheel: Wheel = field(default_factory=Wheel)
    models: tuple[str, ...] = ()
    calls_by_model: dict[str, int] = field(default_factory=dict)
    _pending: list[str] = field(default_factory=list)

    def script_for(self, model: str) -> Script | None:
        """The script of the next call: a fault that was ordered, or what the model's name says."""
        script = read_name(model)
        if script and self._pending:
            return read_name(self._pending.pop(0))
        return script

    def is_flaky_now(self, model: str, failures: int) -> bool:
        """Whether this call of a `flaky` model is one of those that fail."""
        turn = self.calls_by_model.get(model, 0)
        self.calls_by_model[model] = turn + 1
        return turn % (failures + 1) < failures

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, object]:
        """Status and JSON for a request under `/control/`."""
        if method == "GET" and path == "/control/counters":
            return 200, self.counters.report()
        if method == "GET" and path == "/control/calls":
            return 200, list(self.counters.bodies)
        if method == "GET" and path == "/control/bills":
            return 200, [asdict(bill) for bill in self.counters.bills]
        if method == "GET" and path == "/control/digests":
            return 200, {"digests": list(self.counters.digests), "max_lag_ms": self.wheel.max_lag_s * 1000}
        if method == "POST" and path == "/control/fault":
            order = orjson.loads(body)
            if read_name(order["model"]) is None:
                return 422, {"error": f"No script is named {order['model']!r}; see bench/vendor/scripts.py."}
            self._pending.extend([order["model"]] * int(order.get("times", 1)))
            return 200, {"pending": self._pending}
        if method == "POST" and path == "/control/reset":
            self.counters.reset()
            self.calls_by_model.clear()
            self._pending.clear()
            self.wheel.max_lag_s = 0.0
            return 200, {}
        return 404, {"error": "Not a control route; see bench/vendor/control.py."}
