"""Working days: Monday to Friday less the bank holidays of England and Wales.

The holidays are a table, not a rule: in 2020 the early May holiday moved and in 2022 two were added.
A question beyond the years of the table is refused, never answered as if no holiday fell there.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from importlib import resources

from redway.core.errors import OutsideCalendar, ValuesError
from redway.core.words import day_in_words

ENGLAND_AND_WALES = "england-and-wales"
_FEWEST_IN_A_YEAR = 8
"""England and Wales have had at least eight bank holidays in every year since 1978."""
_PUBLISHED = "www.gov.uk/bank-holidays.json"


@dataclass(frozen=True)
class Calendar:
    """Working days over whole years for which the bank holidays are known.

    Every method raises OutsideCalendar when the question or its answer leaves those years.
    """

    bank_holidays: Mapping[date, str]
    """Day -> its name, such as 'Good Friday'."""

    def __post_init__(self) -> None:
        if not self.bank_holidays:
            raise ValuesError("The bank-holiday table is empty.", f"Load the table from {_PUBLISHED}.")
        held = Counter(day.year for day in self.bank_holidays)
        for year in range(min(held), max(held) + 1):
            if held[year] < _FEWEST_IN_A_YEAR:
                raise ValuesError(
                    f"The bank-holiday table holds {held[year]} days for {year}.",
                    "A whole year has eight or more: load a table whose years are complete.",
                )

    @property
    def first_day(self) -> date:
        """First day about which the calendar can answer."""
        return date(min(self.bank_holidays).year, 1, 1)

    @property
    def last_day(self) -> date:
        """Last day about which the calendar can answer."""
        return date(max(self.bank_holidays).year, 12, 31)

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open: neither a weekend nor a bank holiday."""
        self._require(day)
        return day.weekday() < 5 and day not in self.bank_holidays

    def next_working_day(self, day: date) -> date:
        """The first working day after ``day``."""
        return self.add_working_days(day, 1)

    def previous_working_day(self, day: date) -> date:
        """The last working day before ``day``."""
        return self.add_working_days(day, -1)

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day`` (before it when negative).

        ``day`` itself is day 0: counting starts on the next working day, whether or not ``day`` is one.
        Nought gives ``day`` when it is a working day, else the next one.

        >>> load_calendar().add_working_days(date(2026, 4, 2), 1)  # the day before Good Friday
        datetime.date(2026, 4, 7)
        """
        self._require(day)
        before = bisect_right(self._working_days, day)
        if count <= 0 and self.is_working_day(day):
            before -= 1
        place = before + count - (1 if count > 0 else 0)
        if not 0 <= place < len(self._working_days):
            direction = "after" if count > 0 else "before"
            raise self._outside(f"{abs(count)} working days {direction} {day_in_words(day)}")
        return self._working_days[place]

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after ``start``, up to and including ``end``; negative when ``end`` is earlier.

        So ``working_days_between(day, add_working_days(day, n))`` is ``n``.

        >>> load_calendar().working_days_between(date(2026, 12, 24), date(2026, 12, 29))
        1
        """
        self._require(start)
        self._require(end)
        return bisect_right(self._working_days, end) - bisect_right(self._working_days, start)

    @cached_property
    def _working_days(self) -> list[date]:
        days = (self.last_day - self.first_day).days + 1
        every = (self.first_day + timedelta(days=n) for n in range(days))
        return [day for day in every if day.weekday() < 5 and day not in self.bank_holidays]

    def _require(self, day: date) -> None:
        if not self.first_day <= day <= self.last_day:
            raise self._outside(day_in_words(day))

    def _outside(self, what: str) -> OutsideCalendar:
        return OutsideCalendar(
            f"Working days are known from {day_in_words(self.first_day)} to {day_in_words(self.last_day)}; "
            f"{what} lies outside.",
            f"Load a newer table of bank holidays from {_PUBLISHED}.",
        )


def calendar_from_govuk(text: str, division: str = ENGLAND_AND_WALES) -> Calendar:
    """The calendar of a table in the shape of www.gov.uk/bank-holidays.json.

    Raises ValuesError when the text has another shape, a day twice, or a year that is not whole.
    """
    try:
        events = json.loads(text)[division]["events"]
        days = [(date.fromisoformat(event["date"]), str(event["title"])) for event in events]
    except (ValueError, KeyError, TypeError):
        raise ValuesError(
            f"This is no bank-holiday table: it has no dated events for '{division}'.",
            f"Use the file at {_PUBLISHED}.",
        ) from None
    twice = [day for day, times in Counter(day for day, _ in days).items() if times > 1]
    if twice:
        raise ValuesError(f"The bank-holiday table names {day_in_words(twice[0])} twice.", "Delete one.")
    return Calendar(dict(days))


@cache
def load_calendar() -> Calendar:
    """The calendar bundled with Redway (England and Wales since 2005, see ``tables/README.md``)."""
    earlier, published = (
        _bundled(name) for name in ("bank-holidays-2005-to-2011.json", "bank-holidays.json")
    )
    return Calendar({**earlier.bank_holidays, **published.bank_holidays})


def _bundled(name: str) -> Calendar:
    table = resources.files("redway.core") / "tables" / name
    return calendar_from_govuk(table.read_text(encoding="utf-8"))
