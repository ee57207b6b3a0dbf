"""What a backup holds: every table that Django knows. A column is known by its kind, which is the same on every database."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.apps import apps
from django.db.models import Field, ForeignKey

Kind = Literal["uuid", "time", "date", "flag", "number", "real", "decimal", "text", "address", "json", "bytes"]

KINDS: dict[str, Kind] = {
    "UUIDField": "uuid",
    "DateTimeField": "time",
    "DateField": "date",
    "BooleanField": "flag",
    "AutoField": "number",
    "BigAutoField": "number",
    "SmallAutoField": "number",
    "IntegerField": "number",
    "BigIntegerField": "number",
    "SmallIntegerField": "number",
    "PositiveIntegerField": "number",
    "PositiveBigIntegerField": "number",
    "PositiveSmallIntegerField": "number",
    "FloatField": "real",
    "DecimalField": "decimal",
    "CharField": "text",
    "TextField": "text",
    "EmailField": "text",
    "SlugField": "text",
    "URLField": "text",
    "FileField": "text",
    "GenericIPAddressField": "address",
    "JSONField": "json",
    "BinaryField": "bytes",
}


class NoKind(Exception):
    """A column of a type that no backup was taught to hold. Add its line to `KINDS`, and to the forms in `source.py`."""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind

    @property
    def is_sealed(self) -> bool:
        """Whether it can be read with the instance's secret only; see `core/seal.py`."""
        return self.name.startswith("sealed_")


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    columns: tuple[Column, ...]


def tables() -> list[Table]:
    """In the order of their names. What Django does not know is made anew: full-text indexes, partitions, migrations' notes."""
    return sorted(_tables(), key=lambda table: table.name)


def _tables() -> Iterator[Table]:
    for model in apps.get_models(include_auto_created=True):
        options = model._meta
        if options.managed and not options.proxy and not options.swapped:
            columns = tuple(_column(field) for field in options.local_concrete_fields if not _is_made(field))
            yield Table(options.db_table, columns)


def _column(field: "Field[object, object]") -> Column:
    name = field.column
    assert name is not None  # it is concrete
    while isinstance(field, ForeignKey):
        field = field.target_field
    try:
        return Column(name, KINDS[field.get_internal_type()])
    except KeyError:
        raise NoKind(f"{field.model._meta.db_table}.{name} is a {field.get_internal_type()}") from None


def _is_made(field: "Field[object, object]") -> bool:
    """By the database, out of other columns; or of several columns, as a composite key is."""
    return bool(getattr(field, "generated", False)) or field.column is None
