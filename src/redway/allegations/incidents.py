"""When something happened, as people can tell it: a day, a month, a season, a year, or not at all.

An incident without a day is a range. No clock starts from it: clocks start from the day it became known.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from redway.core.errors import RedwayError
from redway.core.words import MONTHS, day_in_words


class InvalidIncidentError(RedwayError):
    """A text that tells no day, month, season or year."""


@dataclass(frozen=True)
class Incident:
    """A day (both ends alike) or a range of days, as it was told."""

    first: date
    last: date
    told: str

    @property
    def is_a_day(self) -> bool:
        """Whether the very day is known."""
        return self.first == self.last


_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11)}
_TERMS = {"autumn term": (9, 12), "spring term": (1, 4), "summer term": (4, 7)}


def read_incident(text: str) -> Incident:
    """Read what a person wrote.

    >>> read_incident("summer 1998").first
    datetime.date(1998, 6, 1)
    >>> read_incident("31 February 2026")
    Traceback (most recent call last):
    redway.allegations.incidents.InvalidIncidentError: There is no 31 February 2026. Check the day.
    """
    told = " ".join(text.split())
    words = told.lower().replace(",", "")
    for read in (_a_day_in_numbers, _a_day_or_month, _a_season_or_term, _years):
        try:
            found = read(words, told)
        except ValueError:
            raise InvalidIncidentError(f"'{told}' is no year that can be.", "Check the year.") from None
        if found is not None:
            return found
    raise InvalidIncidentError(
        f"'{told}' tells no day, month, season or year.",
        "Write it like 2 April 2026, March 2019, summer 1998, 1998, or 1998 to 2001.",
    )


def _a_day_in_numbers(words: str, told: str) -> Incident | None:
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words):
        year, month, day = map(int, found.groups())
        return _on(year, month, day, told)
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", words):
        day, month, year = map(int, found.groups())
        return _on(year, month, day, told)
    return None


def _a_day_or_month(words: str, told: str) -> Incident | None:
    found = re.fullmatch(r"(?:(\d{1,2})(?:st|nd|rd|th)? )?([a-z]+) (\d{4})", words)
    if not found:
        return None
    day, name, year = found.groups()
    month = _month(name)
    if month is None:
        return None
    return _on(int(year), month, int(day), told) if day else _months(int(year), month, month, told)


def _a_season_or_term(words: str, told: str) -> Incident | None:
    found = re.fullmatch(r"([a-z ]+?) (?:of )?(\d{4})", words)
    if not found:
        return None
    name, year = found.group(1), int(found.group(2))
    if name == "winter":
        # The winter that begins in December of the year named.
        return Incident(date(year, 12, 1), _last_of(year + 1, 2), told)
    months = _TERMS.get(name) or _SEASONS.get(name)
    return _months(year, *months, told) if months else None


def _years(words: str, told: str) -> Incident | None:
    if re.fullmatch(r"\d{4}", words):
        return _months(int(words), 1, 12, told)
    found = re.fullmatch(r"(\d{4}) ?(?:-|to) ?(\d{4})", words)
    if not found or int(found.group(1)) > int(found.group(2)):
        return None
    return Incident(date(int(found.group(1)), 1, 1), date(int(found.group(2)), 12, 31), told)


def is_recent(incident: Incident, reported: date, within_years: int) -> bool:
    """Whether an incident counts as recent: its last possible day lies within so many years of the report.

    ``within_years`` is the authority's own cut-off: no national definition is agreed. Whether the child has
    since turned 18 plays no part.
    """
    try:
        cut_off = reported.replace(year=reported.year - within_years)
    except ValueError:
        cut_off = date(reported.year - within_years, 3, 1)
    return incident.last >= cut_off


def refuse_future(incident: Incident, today: date) -> None:
    """Raises InvalidIncidentError when the whole of an incident lies after today."""
    if incident.first > today:
        raise InvalidIncidentError(
            f"{incident.told} has not come yet: today is {day_in_words(today)}.", "Check the year."
        )


def _month(name: str) -> int | None:
    if len(name) < 3:
        return None
    return next((at for at, month in enumerate(MONTHS, 1) if month.lower().startswith(name)), None)


def _on(year: int, month: int, day: int, told: str) -> Incident:
    try:
        when = date(year, month, day)
    except ValueError:
        raise InvalidIncidentError(f"There is no {told}.", "Check the day.") from None
    return Incident(when, when, told)


def _months(year: int, first: int, last: int, told: str) -> Incident:
    return Incident(date(year, first, 1), _last_of(year, last), told)


def _last_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
