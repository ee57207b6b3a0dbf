"""The register of models and adapters, in SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Field, Session, SQLModel, create_engine, select

from model_service.errors import BadRequest, NotServable, UnknownModel
from model_service.shelf.folders import look_into, look_into_adapter, models_within


def _now() -> datetime:
    return datetime.now(UTC)


class ModelRow(SQLModel, table=True):
    """`size_bytes` on disk; `context` in tokens."""

    __tablename__ = "model"

    name: str = Field(primary_key=True)
    folder: str
    kind: str
    size_bytes: int
    context: int
    added_at: datetime = Field(default_factory=_now)


class AdapterRow(SQLModel, table=True):
    """A LoRA adapter. Its name is asked for as a model's is."""

    __tablename__ = "adapter"

    name: str = Field(primary_key=True)
    model: str = Field(foreign_key="model.name", index=True, ondelete="CASCADE")
    folder: str
    added_at: datetime = Field(default_factory=_now)


class WithdrawnRow(SQLModel, table=True):
    """A folder whose model is offered no longer: it may lie where models are offered from, and is passed over there."""

    __tablename__ = "withdrawn"

    folder: str = Field(primary_key=True)


class Register:
    """`data`: the folder of its SQLite file."""

    def __init__(self, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.engine: Engine = create_engine(f"sqlite:///{data / 'register.sqlite3'}")
        SQLModel.metadata.create_all(self.engine)

    def models(self) -> list[ModelRow]:
        with self.session() as session:
            return list(session.exec(select(ModelRow).order_by(ModelRow.name)))

    def adapters(self, model: str | None = None) -> list[AdapterRow]:
        asked = select(AdapterRow).order_by(AdapterRow.name)
        with self.session() as session:
            return list(session.exec(asked.where(AdapterRow.model == model) if model else asked))

    def model_for(self, name: str) -> tuple[ModelRow, AdapterRow | None]:
        """What serves this name: a model, or an adapter's model with the adapter. Raises `UnknownModel`."""
        with self.session() as session:
            adapter = session.get(AdapterRow, name)
            model = session.get(ModelRow, adapter.model if adapter else name)
        if model is None:
            raise UnknownModel(f"There is no model {name!r} here; GET /v1/models lists them", param="model")
        return model, adapter

    def add_model(self, name: str, folder: Path) -> ModelRow:
        """Or look at it anew. Raises `NotServable`, or `BadRequest` where the name is taken by an adapter."""
        found = look_into(folder.resolve())
        with self.session() as session:
            if session.get(AdapterRow, name):
                raise BadRequest(f"{name!r} is the name of an adapter", param="name")
            row = session.get(ModelRow, name) or ModelRow(name=name, folder="", kind="", size_bytes=0, context=0)
            row.folder, row.kind = str(found.folder), found.kind
            row.size_bytes, row.context = found.size_bytes, found.context
            session.add(row)
            if withdrawn := session.get(WithdrawnRow, row.folder):
                session.delete(withdrawn)
        return row

    def add_adapter(self, name: str, model: str, folder: Path) -> AdapterRow:
        """Raises `NotServable`, `UnknownModel`, or `BadRequest` where the name is taken."""
        look_into_adapter(folder.resolve())
        with self.session() as session:
            if session.get(ModelRow, model) is None:
                raise UnknownModel(f"There is no model {model!r} here", param="model")
            if session.get(ModelRow, name) or session.get(AdapterRow, name):
                raise BadRequest(f"The name {name!r} is taken", param="name")
            row = AdapterRow(name=name, model=model, folder=str(folder.resolve()))
            session.add(row)
        return row

    def remove(self, name: str) -> ModelRow | AdapterRow:
        """A model with its adapters, or an adapter; its files stay. Raises `UnknownModel`."""
        with self.session() as session:
            row = session.get(AdapterRow, name) or session.get(ModelRow, name)
            if row is None:
                raise UnknownModel(f"There is no model {name!r} here", param="name")
            for adapter in session.exec(select(AdapterRow).where(AdapterRow.model == name)):
                session.delete(adapter)
            session.flush()
            session.delete(row)
            if isinstance(row, ModelRow):
                session.merge(WithdrawnRow(folder=row.folder))
        return row

    def add_all_within(self, root: Path) -> list[str]:
        """What lies in this folder and is new, and was not withdrawn. Names what cannot be served, with the reason."""
        known = {Path(row.folder) for row in self.models()} | self._withdrawn()
        refused = []
        for name, folder in models_within(root).items():
            if folder.resolve() not in known:
                try:
                    self.add_model(name, folder)
                except (NotServable, BadRequest) as error:
                    refused.append(str(error))
        return refused

    def _withdrawn(self) -> set[Path]:
        with self.session() as session:
            return {Path(row.folder) for row in session.exec(select(WithdrawnRow))}

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Rows stay readable after it; what was added is committed."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session
