"""What files of pupils must have in common before they are read as one, whichever engine reads them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Protocol

import pyarrow as pa

from redway.core.errors import NotFound
from redway.core.words import counted, listed
from redway.datasets.errors import UnreadableFile
from redway.datasets.pupil_cells import ColumnKind, Wanted, kind_of_type


class NoPupils(UnreadableFile):
    """A file, or files, without a single row of pupils."""


class UnknownColumn(NotFound):
    """A column that was asked for and that a file does not have."""


class AnySource(Protocol):
    """What is asked of a file before it is read."""

    @property
    def name(self) -> str: ...

    @property
    def is_text(self) -> bool: ...

    @property
    def columns(self) -> Sequence[str]: ...

    def type_of(self, column: str) -> pa.DataType: ...


def require_columns(sources: Sequence[AnySource], wanted: Sequence[str]) -> None:
    """Raise UnknownColumn unless every file has these columns, once each."""
    for source in sources:
        for column in wanted:
            count = list(source.columns).count(column)
            if count > 1:
                raise UnknownColumn(
                    f"{source.name} has {counted(count, 'column')} named '{column}'.", "Rename all but one."
                )
            if not count:
                raise _unknown_column(column, source, sources)


def settled_kind(column: str, sources: Sequence[AnySource], wanted: Wanted) -> ColumnKind | None:
    """The kind of a column as the question or the types of the files settle it; None when cells must tell."""
    if column in wanted.words or column in wanted.labels:
        return ColumnKind.WORD
    if column in wanted.numbers:
        return ColumnKind.NUMBER
    typed = {kind_of_type(source.type_of(column)) for source in sources if not source.is_text}
    if ColumnKind.WORD in typed:
        return ColumnKind.WORD
    return None if any(source.is_text for source in sources) else ColumnKind.NUMBER


def require_cells(sources: Sequence[AnySource], wanted: Sequence[str]) -> None:
    """Raise UnreadableFile for a column of dates, lists or bytes."""
    for source in sources:
        for column in wanted:
            kind = source.type_of(column)
            if kind_of_type(kind) is None:
                raise UnreadableFile(
                    f"The column '{column}' of {source.name} holds {kind}, neither numbers nor words.",
                    "Save it as numbers or as text.",
                )


def no_pupils(names: Iterable[str]) -> NoPupils:
    """The error for files of nothing but headers."""
    files = list(names)
    verb = "has" if len(files) == 1 else "have"
    return NoPupils(
        f"{listed(files)} {verb} no rows below the header.", "Check that it is the file you meant."
    )


def _unknown_column(column: str, source: AnySource, sources: Sequence[AnySource]) -> UnknownColumn:
    """The error that says which file lacks a column and what it may have been meant to be."""
    others = [other.name for other in sources if column in other.columns]
    having = f", though {listed(others)} has" if others else ""
    message = f"{source.name} has no column '{column}'{having}."
    return UnknownColumn(message, nearest(column, source.columns))


def nearest(column: str, columns: Sequence[str]) -> str:
    """A suggestion: the column that is spelled most like the one asked for, else all of them.

    >>> nearest("standlrt", ["school", "standLRT"])
    "Did you mean 'standLRT'?"
    """
    folded = {name.casefold(): name for name in columns}
    close = difflib.get_close_matches(column.casefold(), folded, n=1)
    if close:
        return f"Did you mean '{folded[close[0]]}'?"
    shown = ", ".join(columns[:40])
    return f"It has: {shown}{' and more' if len(columns) > 40 else ''}."
