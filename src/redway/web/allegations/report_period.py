"""The period of a report as it is chosen: a financial year, a half of a calendar year, or any days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Min
from django.utils import timezone

from redway.core.periods import financial_year
from redway.web.allegations.records import cases_to_count
from redway.web.allegations.statistics_period import Asked, half_year_of, read_asked
from redway.web.people.models import Person

OTHER_DAYS = "other"


@dataclass(frozen=True)
class Choice:
    """One period to choose."""

    start: date
    end: date
    label: str

    @property
    def value(self) -> str:
        """As it stands in an address."""
        return f"{self.start}..{self.end}"


def financial_years(first: date, today: date) -> list[Choice]:
    """From the year of a day to the one now running, the latest first."""
    years = map(financial_year, range(_year_of(today), _year_of(first) - 1, -1))
    return [Choice(one.start, one.end, f"April {one.start:%Y} to March {one.end:%Y}") for one in years]


def half_years(first: date, today: date) -> list[Choice]:
    """Halves of calendar years, from that of a day to the one now running, the latest first."""
    found = []
    start = half_year_of(first)[0]
    while start <= today:
        end = half_year_of(start)[1]
        found.append(Choice(start, end, f"{start:%B} to {end:%B %Y}"))
        start = date(start.year + end.month // 12, end.month % 12 + 1, 1)
    return found[::-1]


def _year_of(day: date) -> int:
    """The year in which the financial year of a day begins."""
    return day.year if day.month >= 4 else day.year - 1


def first_day_of(authority: str, person: Person, today: date) -> date:
    """The day on which the first case reached the authority, of those this person may count; else today."""
    first = cases_to_count(authority, person).aggregate(first=Min("referred_at"))["first"]
    return timezone.localdate(first) if first else today


def read_period(parameters: Mapping[str, str], today: date) -> Asked:
    """The period of an address: one chosen, or any days, or the last financial year that is over."""
    chosen = parameters.get("period", "")
    given = dict(parameters)
    if ".." in chosen:
        given["from"], _, given["to"] = chosen.partition("..")
    elif chosen != OTHER_DAYS and not given.get("from"):
        last = financial_year(_year_of(today) - 1)
        given["from"], given["to"] = str(last.start), str(last.end)
    return read_asked(given, today)
