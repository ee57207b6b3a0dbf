"""How far each download is, in SQL. The row is the truth: whoever asks, pauses or follows one may be another process."""

from datetime import UTC, datetime
from typing import Any, Final, Literal, cast

from sqlalchemy import update
from sqlalchemy.engine import CursorResult
from sqlmodel import Field, SQLModel, col, select

from model_service.errors import UnknownModel
from model_service.shelf.register import Register

State = Literal["waiting", "running", "paused", "failed", "done"]
UNDER_WAY: Final = ("waiting", "running")


def _now() -> datetime:
    return datetime.now(UTC)


class DownloadRow(SQLModel, table=True):
    """`revision` as it was asked for, `commit` what it was then. `code` and `problem`: why it failed, or is held up."""

    __tablename__ = "download"

    name: str = Field(primary_key=True)
    revision: str
    commit: str = ""
    state: str = "waiting"
    done_bytes: int = 0
    total_bytes: int = 0
    code: str = ""
    problem: str = ""
    asked_at: datetime = Field(default_factory=_now)


class DownloadRows:
    """Each change names the states that it may change, so that of two at the same moment one counts."""

    def __init__(self, register: Register) -> None:
        self._register = register
        SQLModel.metadata.create_all(register.engine)

    def all(self) -> list[DownloadRow]:
        """Those asked for first come first."""
        with self._register.session() as session:
            return list(session.exec(select(DownloadRow).order_by(col(DownloadRow.asked_at))))

    def find(self, name: str) -> DownloadRow | None:
        with self._register.session() as session:
            return session.get(DownloadRow, name)

    def ask(self, name: str, revision: str) -> DownloadRow:
        """Begin, or go on. One that is under way stays as it is; one of another revision, or done, is looked up anew."""
        with self._register.session() as session:
            row = session.get(DownloadRow, name)
            if row is None:
                row = DownloadRow(name=name, revision=revision)
            elif row.state == "done" or row.revision != revision:
                row.revision, row.commit, row.done_bytes, row.total_bytes = revision, "", 0, 0
            if row.state not in UNDER_WAY:
                row.state, row.code, row.problem, row.asked_at = "waiting", "", "", _now()
            session.add(row)
        return row

    def claim(self, name: str) -> bool:
        """It runs now. False: somebody has paused or cancelled it."""
        return self._change(name, UNDER_WAY, state="running", code="", problem="")

    def tell(self, name: str, **changes: object) -> bool:
        """Of one that runs. False: it is to run no longer."""
        return self._change(name, ("running",), **changes)

    def pause(self, name: str) -> None:
        """Raises `UnknownModel`. One that has ended stays so."""
        self._change(name, UNDER_WAY, state="paused", code="", problem="")
        if self.find(name) is None:
            raise UnknownModel(f"There is no download of {name!r} here", param="name")

    def forget(self, name: str) -> DownloadRow:
        """Raises `UnknownModel`."""
        with self._register.session() as session:
            row = session.get(DownloadRow, name)
            if row is None:
                raise UnknownModel(f"There is no download of {name!r} here", param="name")
            session.delete(row)
        return row

    def forget_done(self, name: str) -> None:
        """Its model is offered no longer; one that is not done stays."""
        with self._register.session() as session:
            row = session.get(DownloadRow, name)
            if row and row.state == "done":
                session.delete(row)

    def _change(self, name: str, states: tuple[str, ...], **changes: Any) -> bool:  # Any: values of several columns
        asked = update(DownloadRow).where(col(DownloadRow.name) == name, col(DownloadRow.state).in_(states))
        with self._register.session() as session:
            done = cast("CursorResult[Any]", session.connection().execute(asked.values(**changes)))
        return done.rowcount == 1
