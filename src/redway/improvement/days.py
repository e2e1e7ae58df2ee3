"""Days of support: allotted, used and planned, with over-use told. Days are exact decimals, in half days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from redway.core.errors import RedwayError
from redway.core.words import plural
from redway.improvement.support_errors import ProgrammeRefused

HALF = Decimal("0.5")
NONE = Decimal(0)
MOST_IN_A_VISIT = Decimal(5)
_FIRST_MONTH = 9


@dataclass(frozen=True)
class Account:
    """Days of one school, or of one adviser, in one school year."""

    allotted: Decimal | None
    """None where nobody has allotted any: that is not the same as none."""
    used: Decimal = NONE
    planned: Decimal = NONE
    """Of visits that have not been held yet."""

    @property
    def left(self) -> Decimal | None:
        """What is left of the allotment after what is used; below zero when too much is used."""
        return None if self.allotted is None else self.allotted - self.used

    @property
    def over(self) -> Decimal:
        """How many days more than allotted are used."""
        return NONE if self.left is None else max(NONE, -self.left)

    @property
    def would_be_over(self) -> Decimal:
        """How many days more than allotted are used once what is planned has been held."""
        return NONE if self.left is None else max(NONE, self.planned - self.left)

    @property
    def rating(self) -> str:
        """Red over the allotment, Amber when what is planned goes over it, Green within, else in words."""
        if self.allotted is None:
            return "Not allotted" if self.used + self.planned else ""
        if self.over:
            return "Red"
        return "Amber" if self.would_be_over else "Green"

    @property
    def words(self) -> str:
        """'9.5 of 8 days used: 1.5 days over'."""
        if self.allotted is None:
            return f"{in_days(self.used)} used; no days are allotted"
        start = f"{shown(self.used)} of {in_days(self.allotted)} used"
        if self.over:
            return f"{start}: {in_days(self.over)} over"
        if self.would_be_over:
            return f"{start}; with what is planned it is {in_days(self.would_be_over)} over"
        return f"{start}: {in_days(self.allotted - self.used)} left"


def shown(days: Decimal) -> str:
    """A number of days without needless zeros.

    >>> shown(Decimal("9.50")), shown(Decimal("8.00"))
    ('9.5', '8')
    """
    text = f"{days:.2f}".rstrip("0").rstrip(".")
    return text or "0"


def in_days(days: Decimal) -> str:
    """'1 day', '1.5 days'."""
    return f"{shown(days)} {plural(days, 'day')}"


def refuse_days(days: Decimal, most: Decimal = MOST_IN_A_VISIT) -> None:
    """Days are counted in halves, more than none. Raises ProgrammeRefused."""
    if days <= NONE or days % HALF:
        raise ProgrammeRefused(
            f"{shown(days)} days cannot be counted.", "Give days in halves, such as 0.5, 1 or 1.5."
        )
    if days > most:
        raise ProgrammeRefused(f"{in_days(days)} is more than {in_days(most)}.", "Check the number.")


def school_year(day: date) -> str:
    """The school year of a day.

    >>> school_year(date(2026, 11, 24)), school_year(date(2026, 8, 31))
    ('2026-27', '2025-26')
    """
    start = day.year if day.month >= _FIRST_MONTH else day.year - 1
    return f"{start}-{(start + 1) % 100:02d}"


def days_of(year: str) -> tuple[date, date]:
    """First and last day of a school year such as ``2026-27``. Raises RedwayError."""
    start = year[:4]
    if not (start.isdecimal() and year == f"{start}-{(int(start) + 1) % 100:02d}"):
        raise RedwayError(f"'{year}' is no school year.", "Write it as 2026-27.")
    return date(int(start), _FIRST_MONTH, 1), date(int(start) + 1, 8, 31)
