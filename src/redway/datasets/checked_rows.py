"""A table that somebody typed or exported, checked cell by cell: taken in whole, or refused with every fault.

Money may be written £1,234.56, 1234.56, -500 or (500.00); pupils are whole numbers; a year is 2026-27; a day
is 2026-04-02 or 02/04/2026. A cell that holds anything else is named with its row, its column and its value;
it is never read as nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from redway.core.errors import InvalidIdentifier, InvalidMoney, InvalidPeriod, RedwayError
from redway.core.identifiers import urn as urn_of
from redway.core.money import Money
from redway.core.periods import PeriodKind, parse_period
from redway.core.words import counted, listed
from redway.datasets.text_rows import TextRow

_LONGEST_SHOWN = 40
_MOST_NAMED = 50


class TableRefused(RedwayError):  # noqa: N818 - says what is wrong in the words of the domain
    """A table of which nothing was taken in; ``problems`` holds a sentence for everything wrong in it."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            f"Nothing was taken in: {counted(len(problems), 'thing is', 'things are')} wrong. "
            + " ".join(self.problems[:_MOST_NAMED]),
            "Mend these in the file and send it again.",
        )


def heading_problems(found: Sequence[str], needed: Mapping[str, str], also: Mapping[str, str]) -> list[str]:
    """What is wrong with the headings: one missing, one unknown, one twice."""
    known = {**needed, **also}
    problems = [f"The column '{name}' is missing: {needed[name]}." for name in needed if name not in found]
    problems += [
        f"There is no column '{name}' in this kind of table: it has {listed(tuple(known))}."
        for name in dict.fromkeys(found)
        if name and name not in known
    ]
    problems += [f"The column '{name}' is there twice." for name in known if list(found).count(name) > 1]
    return problems


class Cells:
    """One row, read cell by cell; what is wrong is noted on the way."""

    def __init__(self, row: TextRow) -> None:
        self.row = row
        self.problems: list[str] = []

    def text(self, column: str, *, needed: bool = False) -> str:
        """What stands in a cell, with single spaces."""
        text = " ".join(self.row.cells.get(column, "").split())
        if needed and not text:
            self.wrong(column, "is empty")
        return text

    def money(self, column: str, *, needed: bool = True) -> Money | None:
        """An amount; None for an empty cell, which is wrong when it is needed."""
        text = self.text(column, needed=needed)
        if not text:
            return None
        try:
            return Money.parse(text)
        except InvalidMoney:
            self.wrong(column, "is no amount of money: write it as 1234.56, or leave the row out", text)
            return None

    def whole(self, column: str, *, needed: bool = True) -> int | None:
        """A whole number from nought on."""
        text = self.text(column, needed=needed)
        if not text:
            return None
        bare = text.replace(",", "")
        if bare.endswith(".0"):
            bare = bare[:-2]
        if not (bare.isascii() and bare.isdecimal() and len(bare) < 9):
            self.wrong(column, "is no whole number from 0 on", text)
            return None
        return int(bare)

    def number(self, column: str, *, needed: bool = True, below_nothing: bool = False) -> Decimal | None:
        """A number with decimals, from nought on unless it may be ``below_nothing``."""
        text = self.text(column, needed=needed)
        if not text:
            return None
        try:
            value = Decimal(text.replace(",", ""))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or (value < 0 and not below_nothing):
            self.wrong(column, "is no number" if below_nothing else "is no number from 0 on", text)
            return None
        return value

    def day(self, column: str, *, needed: bool = True) -> date | None:
        """A day, as 2026-04-02 or 02/04/2026."""
        text = self.text(column, needed=needed)
        if not text:
            return None
        bare = text.removesuffix(" 00:00:00")
        for order, sign in (((0, 1, 2), "-"), ((2, 1, 0), "/")):
            parts = bare.split(sign)
            if len(parts) == len(order) and all(part.isascii() and part.isdecimal() for part in parts):
                year, month, day = (int(parts[at][:4]) for at in order)
                try:
                    return date(year, month, day)
                except ValueError:
                    break
        self.wrong(column, "is no day: write it as 2026-04-02 or 02/04/2026", text)
        return None

    def year(self, column: str) -> str:
        """A financial year as Redway writes it; empty when it is wrong."""
        text = self.text(column, needed=True)
        if not text:
            return ""
        try:
            return parse_period(text, PeriodKind.FINANCIAL).label
        except InvalidPeriod:
            self.wrong(column, "is no financial year: write it as 2026-27", text)
            return ""

    def urn(self, column: str) -> str:
        """A URN; empty when it is wrong."""
        text = self.text(column, needed=True).removesuffix(".0")
        if not text:
            return ""
        try:
            return urn_of(text)
        except InvalidIdentifier:
            self.wrong(column, "is no URN: it has six digits", text)
            return ""

    def one_of(self, column: str, words: Iterable[str]) -> str:
        """One of a few words; empty when it is wrong."""
        text, allowed = self.text(column, needed=True).lower(), list(words)
        if text and text not in allowed:
            self.wrong(column, f"is none of {listed(allowed, 'or')}", text)
            return ""
        return text

    def wrong(self, column: str, what: str, value: str = "") -> None:
        """Note what is wrong with a cell."""
        shown = f" '{value[:_LONGEST_SHOWN]}'" if value else ""
        self.problems.append(f"Row {self.row.number}, {column}:{shown} {what}.")
