"""What readers ask the file for, beside the conversation that they read."""

from dataclasses import dataclass
from typing import Protocol


class Pictures(Protocol):
    """`most_bytes`: of a picture as a `data:` URL; a message holds no larger one."""

    @property
    def most_bytes(self) -> int: ...

    def find(self, id_: str) -> str | None:
        """The picture with this id as a `data:` URL; None where the file holds none that a message can hold."""


@dataclass(frozen=True, slots=True)
class NoPictures:
    """For a preview, which counts them and opens none."""

    most_bytes: int = 0

    def find(self, id_: str) -> str | None:
        return None
