"""Inserts and updates that run for every message: composed once, where the ORM composes the same SQL each time.

Of one small `objects.create`, three quarters of 250 µs go into that. Values still take the way of the model's own fields. What
the ORM does beside it is left out: no signals of `save`, no returned columns.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeAlias, TypeVar

from django.db import connection, models
from django.db.models.expressions import BaseExpression
from django.db.models.sql import Query

from parley.core.prepared import prepared_cursor

M = TypeVar("M", bound=models.Model)
Column: TypeAlias = "models.Field[Any, Any]"
Sql: TypeAlias = tuple[str, list[Any]]  # a text, and what the database driver takes as its parameters
Rows: TypeAlias = "tuple[str, str, list[Column | list[Any]]]"  # what comes before the rows, a row, and what fills it


class Insert(Generic[M]):
    """`INSERT` of whole rows. `expressions` are for the database to evaluate, in the place of a field's value."""

    def __init__(self, model: type[M], **expressions: BaseExpression) -> None:
        self._model = model
        self._expressions = expressions
        self._composed: dict[str, Rows] = {}

    def __call__(self, *rows: M) -> None:
        """One statement for all `rows`. Raises what Django raises for the constraint they break."""
        head, row_sql, columns = self._compose()
        parameters = [value for row in rows for column in columns for value in _saved(row, column)]
        with prepared_cursor() as cursor:
            cursor.execute(head + ", ".join([row_sql] * len(rows)), parameters)

    def _compose(self) -> Rows:
        if found := self._composed.get(connection.vendor):
            return found
        fields = [
            field for field in self._model._meta.local_concrete_fields if field is not self._model._meta.auto_field
        ]
        texts: list[str] = []
        columns: list[Column | list[Any]] = []
        for field in fields:
            expression = self._expressions.get(field.attname)
            text, constants = _compiled(self._model, expression) if expression else ("%s", [])
            texts.append(text)
            columns.append(constants if expression else field)
        names = ", ".join(_quoted(field) for field in fields)
        table = connection.ops.quote_name(self._model._meta.db_table)
        head = f"INSERT INTO {table} ({names}) VALUES "  # noqa: S608 - names of columns, no values
        self._composed[connection.vendor] = composed = head, f"({', '.join(texts)})", columns
        return composed


class Update:
    """`UPDATE` of the rows in which the fields `where` have given values; the fields that change are the same at each call."""

    def __init__(self, model: type[models.Model], *, where: Sequence[str], **expressions: BaseExpression) -> None:
        self._model = model
        self._where = where
        self._expressions = expressions
        self._composed: dict[str, Sql] = {}

    def __call__(self, where: Mapping[str, object], **values: object) -> int:
        """How many rows were changed."""
        text, constants = self._compose(values)
        field_of = self._field_of
        parameters = [field_of(name).get_db_prep_save(value, connection) for name, value in values.items()]
        parameters += constants
        parameters += [field_of(name).get_db_prep_value(where[name], connection) for name in self._where]
        with prepared_cursor() as cursor:
            cursor.execute(text, parameters)
            return int(cursor.rowcount)

    def _compose(self, values: Mapping[str, object]) -> Sql:
        if found := self._composed.get(connection.vendor):
            return found
        field_of = self._field_of
        sets, constants = [f"{_quoted(field_of(name))} = %s" for name in values], []
        for name, expression in self._expressions.items():
            text, parameters = _compiled(self._model, expression)
            sets.append(f"{_quoted(field_of(name))} = {text}")
            constants += parameters
        table = connection.ops.quote_name(self._model._meta.db_table)
        conditions = " AND ".join(f"{_quoted(field_of(name))} = %s" for name in self._where)
        self._composed[connection.vendor] = composed = (
            f"UPDATE {table} SET {', '.join(sets)} WHERE {conditions}",  # noqa: S608 - names of columns, no values
            constants,
        )
        return composed

    def _field_of(self, name: str) -> Any:  # a Field; django-stubs thinks of relations too
        return self._model._meta.get_field(name)


def _saved(row: models.Model, column: "Column | list[Any]") -> list[Any]:
    if isinstance(column, list):
        return column
    return [column.get_db_prep_save(column.pre_save(row, add=True), connection)]


def _compiled(model: type[models.Model], expression: BaseExpression) -> Sql:
    query = Query(model)
    text, parameters = query.get_compiler(connection=connection).compile(expression.resolve_expression(query))
    return text, list(parameters)


def _quoted(field: Any) -> str:
    return connection.ops.quote_name(field.column)
