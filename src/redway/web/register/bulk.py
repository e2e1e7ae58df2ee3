"""Many rows at once, in SQL that SQLite and PostgreSQL both understand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db import connection, models

T = TypeVar("T")
PARAMETERS = 16_000
"""Values a statement: SQLite allows 32,766."""


def held(model: type[models.Model], fields: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The rows as the store holds them, in the form that ``adapted`` gives to rows about to be written."""
    columns = ", ".join(_named(each) for each in _columns(model, fields))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {_named(model._meta.db_table)}")  # noqa: S608 - names are the models'
        while some := cursor.fetchmany(10_000):
            yield from some


def adapted(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """Rows with their dates as the database takes and gives them back."""
    adapt = connection.ops.adapt_datefield_value
    return (tuple(adapt(value) if type(value) is date else value for value in row) for row in rows)


def upsert(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows, or bring those with the same primary key up to date; other columns stay as they are.

    ``fields`` are attribute names (``school_id`` for a foreign key); the primary key is one of them.
    ``rows`` are ``adapted``. Returns how many rows were written.
    """
    key = _column(model, "pk")
    columns = _columns(model, fields)
    updates = ", ".join(f"{_named(each)} = excluded.{_named(each)}" for each in columns if each != key)
    return _insert(model, columns, rows, f" ON CONFLICT ({_named(key)}) DO UPDATE SET {updates}")


def insert(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows whose key the database gives. Returns how many."""
    columns = _columns(model, fields)
    return _insert(model, columns, rows, "")


def _insert(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], ending: str
) -> int:
    start = f"INSERT INTO {_named(model._meta.db_table)} ({', '.join(map(_named, columns))}) VALUES "  # noqa: S608
    one = f"({', '.join(['%s'] * len(columns))})"
    written = 0
    with connection.cursor() as cursor:
        for some in _batches(rows, PARAMETERS // len(columns)):
            values = [value for row in some for value in row]
            cursor.execute(start + ", ".join([one] * len(some)) + ending, values)
            written += len(some)
    return written


def delete(model: type[models.Model], keys: Iterable[Any]) -> int:
    """Delete rows by primary key, many at a time. Returns how many."""
    gone = 0
    for some in _batches(keys, 5000):
        gone += model._default_manager.filter(pk__in=some)._raw_delete(connection.alias)
    return gone


def _batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    waiting = iter(rows)
    while some := list(islice(waiting, size)):
        yield some


def _columns(model: type[models.Model], fields: Sequence[str]) -> list[str]:
    return [_column(model, name) for name in fields]


def _column(model: type[models.Model], name: str) -> str:
    field = model._meta.pk if name == "pk" else model._meta.get_field(name.removesuffix("_id"))
    if not isinstance(field, models.Field) or field.column is None:
        raise FieldDoesNotExist(name)
    return field.column


def _named(name: str) -> str:
    return connection.ops.quote_name(name)
