"""Months and years after a day, as the procedure counts them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month where it has no such day.

    >>> months_after(date(2026, 1, 31), 1), months_after(date(2024, 2, 29), 12)
    (datetime.date(2026, 2, 28), datetime.date(2025, 2, 28))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def birthday(born: date, years: int) -> date:
    """The day on which somebody turns so many years: 1 March in a common year for those born on 29 February.

    >>> birthday(date(1988, 2, 29), 67)
    datetime.date(2055, 3, 1)
    """
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def within_months(opened: date, closed: date, months: int) -> bool:
    """Whether something was over within so many months: on the last day is still within."""
    return closed <= months_after(opened, months)
