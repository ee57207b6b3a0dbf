"""The suite's side of `parley.core.faultpoint`: arm a point, count what was passed, let a halted process go on."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Action = Literal["SIGKILL", "SIGTERM", "SIGSTOP", "halt"]

REACHED_S = 60.0


@dataclass(frozen=True)
class Killer:
    """One folder for all processes of a Parley, which get its name in `env`."""

    folder: Path

    @property
    def env(self) -> dict[str, str]:
        self.folder.mkdir(parents=True, exist_ok=True)
        return {"PARLEY_CHAOS": "on", "PARLEY_FAULTPOINTS": str(self.folder)}

    def arm(self, point: str, times: int = 1, action: Action = "SIGKILL", *, role: str = "any") -> None:
        """The process of `role` that passes `point` for the so-manieth time from now on acts, once."""
        for name in ("reached", "go"):
            (self.folder / name).unlink(missing_ok=True)
        draft = self.folder / "armed.draft"
        draft.write_text(f"{role}/{point} {times} {action}")
        draft.rename(self.folder / "armed")

    def disarm(self) -> bool:
        """Take the order back. False: it has been obeyed."""
        try:
            (self.folder / "armed").unlink()
        except FileNotFoundError:
            return False
        return True

    @property
    def has_acted(self) -> bool:
        return not (self.folder / "armed").exists()

    def go(self) -> None:
        """Let the halted process go on."""
        (self.folder / "go").touch()

    def passed(self) -> Counter[tuple[str, str]]:
        """How often each (role, point) was passed since `forget`."""
        log = self.folder / "passed"
        if not log.exists():
            return Counter()
        lines = (line.partition(" ") for line in log.read_text().splitlines())
        return Counter((role, point) for role, _, point in lines)

    def forget(self) -> None:
        """Count anew."""
        log = self.folder / "passed"
        if log.exists():
            log.write_text("")  # truncated, not removed: the processes hold it open
