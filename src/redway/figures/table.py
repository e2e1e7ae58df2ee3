"""A table as a plain description: columns with a kind and a precision, rows, notes.

Sheets, documents, charts and pages all show the same ``Table``, so a figure reads the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from redway.core.errors import RedwayError
from redway.core.missing import Missing
from redway.core.money import Money
from redway.core.words import day_in_words, number, percent, rounded


class Kind(StrEnum):
    """What a column holds; it decides how a cell is written and aligned."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    """On the scale 0 to 100."""
    MONEY = "money"
    """``Money``, or pounds as a number."""
    DATE = "date"
    RATE = "rate"
    """Events per so many people; the heading says per how many."""


NUMERIC = frozenset({Kind.NUMBER, Kind.PERCENT, Kind.MONEY, Kind.RATE})
_USUAL_PRECISION = {Kind.NUMBER: 0, Kind.PERCENT: 1, Kind.MONEY: 2, Kind.RATE: 1}


@dataclass(frozen=True)
class Hidden:
    """A figure withheld by the disclosure rule. ``label`` is what a reader sees in its place."""

    label: str


Cell = str | int | float | Decimal | Money | date | Missing | Hidden | None
Row = Mapping[str, Cell]
"""Column key -> cell. A key that is absent counts as None: nothing is held."""


@dataclass(frozen=True)
class Column:
    """One column. ``precision`` is the number of decimal places shown and exported."""

    key: str
    heading: str
    kind: Kind = Kind.TEXT
    precision: int | None = None

    @property
    def is_numeric(self) -> bool:
        """Whether its cells are numbers: right-aligned with tabular figures."""
        return self.kind in NUMERIC

    @property
    def align(self) -> str:
        """'right' for numbers, else 'left'."""
        return "right" if self.is_numeric else "left"

    @property
    def places(self) -> int:
        """Decimal places, as stated or usual for the kind."""
        return self.precision if self.precision is not None else _USUAL_PRECISION.get(self.kind, 0)

    def show(self, cell: Cell) -> str:
        """The cell as a reader sees it; what is missing or hidden says so in words.

        >>> Column("rate", "Reached the standard", Kind.PERCENT).show(43.333)
        '43.3%'
        >>> Column("rate", "Reached the standard", Kind.PERCENT).show(Missing.NO_ENTRIES)
        'No pupils were entered'
        """
        if cell is None:
            return "No figure held" if self.is_numeric else ""
        if isinstance(cell, Missing | Hidden):
            return cell.label
        if isinstance(cell, date):
            return day_in_words(cell)
        if isinstance(cell, str | bool | Money):
            return str(cell)
        return self._show_number(cell)

    def exported(self, cell: Cell) -> str | int | float | date:
        """The cell for a spreadsheet: numbers and dates stay what they are, rounded as shown.

        Money becomes pounds. What is missing or hidden becomes its words.
        """
        match cell:
            case Money():
                return float(cell.pounds)
            case date() if self.kind is Kind.DATE:
                return cell
            case bool():
                return str(cell)
            case int() | float() | Decimal() if self.is_numeric:
                kept = rounded(_finite(cell, self), self.places)
                return int(kept) if self.places == 0 else float(kept)
        return self.show(cell)

    def _show_number(self, value: int | float | Decimal) -> str:
        _finite(value, self)
        match self.kind:
            case Kind.PERCENT:
                return percent(value, self.places)
            case Kind.MONEY:
                amount = number(value, self.places)
                return f"-£{amount[1:]}" if amount.startswith("-") else f"£{amount}"
            case Kind.NUMBER | Kind.RATE:
                return number(value, self.places)
        return str(value)


def _finite(value: int | float | Decimal, column: Column) -> int | float | Decimal:
    # NaN is how libraries spell "missing without a reason"; here the reason is required.
    if not Decimal(value).is_finite():
        raise RedwayError(
            f"'{column.heading}' holds {value}, which is no figure.", "Give the reason it is missing instead."
        )
    return value


@dataclass(frozen=True)
class Table:
    """Columns, rows and notes. ``rows`` may be read once only when it is given as an iterator."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Row]
    notes: Sequence[str] = ()

    def shown(self) -> list[list[str]]:
        """Every cell as a reader sees it, row by row, in the order of the columns."""
        return [[column.show(row.get(column.key)) for column in self.columns] for row in self.rows]


def figure(value: float | None, missing: str | None) -> float | Missing:
    """One figure from its two columns in a frame: the value, else the reason there is none.

    >>> figure(None, "suppressed")
    <Missing.SUPPRESSED: 'suppressed'>
    """
    if value is not None:
        return value
    return Missing(missing) if missing else Missing.BLANK


def rows_of(records: Iterable[Mapping[str, Any]], missing: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows for a table from records (``frame.to_dicts()``), each null joined with its reason.

    ``missing`` names, for a figure's key, the key that holds its reason: ``{"value": "missing"}``.
    """
    return [
        {**record, **{key: figure(record[key], record.get(reason)) for key, reason in missing.items()}}
        for record in records
    ]
