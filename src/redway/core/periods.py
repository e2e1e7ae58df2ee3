"""Academic, financial and calendar years, written one way and ordered in time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from redway.core.errors import InvalidPeriod


class PeriodKind(StrEnum):
    """What a period label stands for; it decides the first and last day."""

    ACADEMIC = "academic"
    FINANCIAL = "financial"
    CALENDAR = "calendar"
    DAY = "day"
    POOLED = "pooled"


_TWO_YEARS = re.compile(r"^(\d{4})\s*[-/–]\s*(\d{2}|\d{4})$")
_SIX_DIGITS = re.compile(r"^(\d{4})(\d{2})$")
_YEAR = re.compile(r"^(\d{4})$")
_FIRST_MONTH = {PeriodKind.ACADEMIC: 9, PeriodKind.FINANCIAL: 4}


@dataclass(frozen=True, order=True)
class Period:
    """A named stretch of time. ``start`` and ``end`` are both inside it; periods sort by start."""

    start: date
    end: date
    kind: PeriodKind
    label: str

    def __str__(self) -> str:
        return self.label


def _split_year(first: int, kind: PeriodKind) -> Period:
    month = _FIRST_MONTH[kind]
    last_day = {9: (8, 31), 4: (3, 31)}[month]
    label = f"{first}-{(first + 1) % 100:02d}"
    return Period(date(first, month, 1), date(first + 1, *last_day), kind, label)


def academic_year(first: int) -> Period:
    """The school year that starts in September of ``first``.

    >>> academic_year(2016).label
    '2016-17'
    """
    return _split_year(first, PeriodKind.ACADEMIC)


def financial_year(first: int) -> Period:
    """The council year that starts on 1 April of ``first``."""
    return _split_year(first, PeriodKind.FINANCIAL)


def calendar_year(year: int) -> Period:
    """1 January to 31 December; also used for 'as at 31 March' figures, labelled by the year."""
    return Period(date(year, 1, 1), date(year, 12, 31), PeriodKind.CALENDAR, str(year))


def day(on: date) -> Period:
    """A single day, labelled in ISO form."""
    return Period(on, on, PeriodKind.DAY, on.isoformat())


def parse_period(text: object, kind: PeriodKind) -> Period:
    """Read '2016-17', '2016/17', '2016/2017', '201617', '2017' or '2017-03-31'.

    A single year means the year *ending* in it for academic and financial periods (a file of
    "2017" results is the year 2016-17), and that calendar year otherwise. Raises InvalidPeriod.

    >>> parse_period("201617", PeriodKind.ACADEMIC).label
    '2016-17'
    """
    value = str(text).strip()
    if kind is PeriodKind.DAY:
        try:
            return day(date.fromisoformat(value))
        except ValueError:
            raise InvalidPeriod(f"'{text}' is not a date.", "Write it as 2017-03-31.") from None
    if kind is PeriodKind.CALENDAR and (match := _YEAR.match(value)):
        return calendar_year(int(match[1]))
    if kind in _FIRST_MONTH:
        if match := _TWO_YEARS.match(value) or _SIX_DIGITS.match(value):
            first, second = int(match[1]), int(match[2]) % 100
            if (first + 1) % 100 == second:
                return _split_year(first, kind)
        elif match := _YEAR.match(value):
            return _split_year(int(match[1]) - 1, kind)
    raise InvalidPeriod(
        f"'{text}' is not a {kind.value} year.", "Write it as 2016-17, or 2017 for a calendar year."
    )
