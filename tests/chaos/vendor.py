"""The mock vendor of a scenario, and its back door: bills, counters and faults to order."""

from dataclasses import dataclass
from typing import Any

from bench.processes import Running
from bench.rest import Rest


@dataclass(frozen=True)
class Bill:
    """One call as the vendor counted it; see `bench.vendor.counters.Bill`."""

    question: str
    model: str
    prompt_tokens: int
    began: float
    tokens: int
    is_told: bool
    end: str
    ended: float


class Vendor:
    """Beside `bench.vendor` in its own process."""

    def __init__(self, running: Running) -> None:
        self.running = running

    @property
    def port(self) -> int:
        return self.running.port

    def bills(self) -> list[Bill]:
        return [Bill(**bill) for bill in self._call("get", "/control/bills")]

    def counters(self) -> dict[str, Any]:
        counted: dict[str, Any] = self._call("get", "/control/counters")
        return counted

    def fault(self, model: str, times: int = 1) -> None:
        """The next calls behave as this model's name says."""
        self._call("post", "/control/fault", {"model": model, "times": times})

    def forget(self) -> None:
        self._call("post", "/control/reset")

    def _call(self, method: str, path: str, body: object = None) -> Any:
        rest = Rest(self.port)
        try:
            return rest.get(path) if method == "get" else rest.post(path, body)
        finally:
            rest.close()
