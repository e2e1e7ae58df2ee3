"""A new data key, and everything sealed encrypted anew under it, in small transactions while Redway runs.

It can be stopped at any moment and run again: what is done stays done, and the run goes on with the same
key. Each value is replaced only if it is still the one that was read, so a change that somebody saves
meanwhile is never undone. Former keys stay: a process may still be writing with one, and a former backup
is opened with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from redway.core.errors import RedwayError
from redway.web.allegations import document_store
from redway.web.allegations.encryption import SealedText, decrypt, encrypt, new_key
from redway.web.allegations.models import DataKey
from redway.web.audit import services as audit

_AT_ONCE = 200
"""Rows of one transaction: others wait for it no longer than a moment."""
_PASSES = 5
"""So often everything is walked again for what was written with a former key meanwhile."""

Progress = Callable[[int], None]


class RotationUnfinishedError(RedwayError):
    """Something was still written with a former key each time all was walked."""


@dataclass(frozen=True)
class Rotated:
    """What was encrypted anew: number of the key, how much, and whether a former run was finished."""

    key: int
    values: int
    documents: int
    resumed: bool


@dataclass(frozen=True)
class SealedColumn:
    """One encrypted column of one table."""

    table: str
    column: str
    primary_key: str


def sealed_columns() -> Iterator[SealedColumn]:
    """Every encrypted column of every table, whichever room it belongs to."""
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy:
            continue
        for field in model._meta.local_fields:
            if isinstance(field, SealedText):
                key = model._meta.pk
                yield SealedColumn(model._meta.db_table, str(field.column), str(key.column))


def rotate(progress: Progress = lambda values: None) -> Rotated:
    """Encrypt everything sealed under a new key; go on with the newest where a former run was stopped.

    Raises CannotOpenError for a value that no key opens (nothing of its rows is changed then), and
    RotationUnfinishedError when somebody went on writing with a former key all the while.
    """
    newest = DataKey.objects.filter(purpose="content").order_by("-number").first()
    unfinished = newest is not None and newest.number > _first_key() and _remains(newest.number)
    key = newest.number if newest is not None and unfinished else _begin()
    done = documents = 0
    for _ in range(_PASSES):
        found = _walk(key, progress)
        done += found
        again = sum(1 for _ in document_store.encrypt_anew(key))
        documents += again
        if not found and not again:
            break
    if _remains(key):
        raise RotationUnfinishedError(
            "Something is still being written with a former key.",
            "Restart the servers and workers of this installation, then run the command again.",
        )
    with transaction.atomic():
        audit.record(
            None, "allegation.finish_rotation", "data key", key, {"values": done, "documents": documents}
        )
    return Rotated(key, done, documents, unfinished)


def outstanding(key: int) -> int:
    """How many values are encrypted with another key than this one."""
    found = 0
    for place in sealed_columns():
        with connection.cursor() as cursor:
            counting = f"SELECT COUNT(*) FROM {_named(place.table)} WHERE {_other(place)}"  # noqa: S608
            cursor.execute(counting, _led_by(key))
            found += cursor.fetchone()[0]
    return found


def _remains(key: int) -> bool:
    return outstanding(key) > 0 or document_store.outstanding(key) > 0


def _first_key() -> int:
    first = DataKey.objects.filter(purpose="content").order_by("number").first()
    return first.number if first is not None else 0


def _begin() -> int:
    with transaction.atomic():
        key = new_key().number
        audit.record(None, "allegation.begin_rotation", "data key", key)
    return key


def _walk(key: int, progress: Progress) -> int:
    """Everything under another key, once. Returns how many values were replaced."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # What was replaced is overwritten in the file, not only forgotten.
            cursor.execute("PRAGMA secure_delete = ON")
    replaced = 0
    for place in sealed_columns():
        while rows := _next_rows(place, key):
            changed = _replace(place, rows)
            replaced += changed
            progress(changed)
            if not changed:
                break  # somebody else has replaced every one of them; the next pass looks again
    return replaced


def _next_rows(place: SealedColumn, key: int) -> list[tuple[Any, bytes]]:
    table, column, primary_key = map(_named, (place.table, place.column, place.primary_key))
    where = f"WHERE {_other(place)} ORDER BY {primary_key} LIMIT {_AT_ONCE}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {primary_key}, {column} FROM {table} {where}", _led_by(key))  # noqa: S608
        return [(row[0], bytes(row[1])) for row in cursor.fetchall()]


def _replace(place: SealedColumn, rows: list[tuple[Any, bytes]]) -> int:
    table, column, primary_key = map(_named, (place.table, place.column, place.primary_key))
    update = f"UPDATE {table} SET {column} = %s WHERE {primary_key} = %s AND {column} = %s"  # noqa: S608
    changed = 0
    with transaction.atomic(), connection.cursor() as cursor:
        for row, sealed in rows:
            anew = encrypt(decrypt(sealed))
            cursor.execute(update, [anew, row, sealed])
            changed += cursor.rowcount
    return changed


def _other(place: SealedColumn) -> str:
    """The condition that a value is led by the number of another key."""
    column = _named(place.column)
    return f"{column} IS NOT NULL AND substr({column}, 1, %s) <> %s"


def _led_by(key: int) -> list[Any]:
    mark = f"{key}:".encode()
    return [len(mark), mark]


def _named(name: str) -> str:
    """A name of the models, never of a request, quoted for the database."""
    return connection.ops.quote_name(name)
