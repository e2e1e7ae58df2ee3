"""Period labels as national files write them: '2018 (Rev)', '2016-17 (OT)', '2014-16', '2013/14-15/16'.

A bare year means different days in different files (a school year, 31 March, the January census), so the
kind of year comes from the file's dictionary and is written in the catalogue.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from redway.core.errors import InvalidPeriod
from redway.core.periods import Period, PeriodKind, parse_period
from redway.datasets.format import Edition
from redway.indicators.catalogue import YearType

_SUFFIX = re.compile(r"\s*\((\w+)\)$")
_EDITIONS = {"prov": Edition.PROVISIONAL, "rev": Edition.REVISED, "final": Edition.FINAL, "ot": Edition.FINAL}
_POOLED_YEARS = re.compile(r"^(\d{4})-(\d{2})$")
_POOLED_SPLIT_YEARS = re.compile(r"^(\d{4}/\d{2})-(\d{2}/\d{2})$")
_KINDS = {
    YearType.ACADEMIC: PeriodKind.ACADEMIC,
    YearType.FINANCIAL: PeriodKind.FINANCIAL,
    YearType.CALENDAR: PeriodKind.CALENDAR,
}
_DAYS = {YearType.MARCH: (3, 31), YearType.JANUARY: (1, 31), YearType.SEPTEMBER: (9, 30)}


@dataclass(frozen=True)
class Label:
    """A period, and the edition when the label itself names one ('Rev', 'prov'; 'OT' is the outturn)."""

    period: Period
    edition: Edition | None


def read_label(text: str, year_type: YearType) -> Label:
    """Read a published label. Raises InvalidPeriod for one that is no period (such as the stray '0').

    >>> read_label("2018 (Rev)", YearType.ACADEMIC).period.label
    '2017-18'
    >>> read_label("2014-16", YearType.CALENDAR).period.label
    '2014 to 2016'
    """
    value, edition = text.strip(), None
    if match := _SUFFIX.search(value):
        edition = _EDITIONS.get(match[1].lower())
        if edition is None:
            raise InvalidPeriod(
                f"'{text}' ends in a word that is no edition.", "Known: Rev, prov, Final, OT."
            )
        value = value[: match.start()]
    return Label(_period(value, year_type), edition)


def _period(value: str, year_type: YearType) -> Period:
    if year_type in _DAYS:
        year = parse_period(value, PeriodKind.CALENDAR)
        on = date(year.end.year, *_DAYS[year_type])
        return Period(on, on, PeriodKind.DAY, year.label)
    kind = _KINDS[year_type]
    if match := _POOLED_SPLIT_YEARS.match(value):
        century = match[1][:2]
        return _pooled(parse_period(match[1], kind), parse_period(century + match[2], kind))
    if kind is PeriodKind.CALENDAR and (match := _POOLED_YEARS.match(value)):
        return _pooled(parse_period(match[1], kind), parse_period(match[1][:2] + match[2], kind))
    return parse_period(value, kind)


def _pooled(first: Period, last: Period) -> Period:
    if last.end <= first.end:
        raise InvalidPeriod(
            f"'{first.label} to {last.label}' runs backwards.", "Check the label in the file."
        )
    return Period(first.start, last.end, PeriodKind.POOLED, f"{first.label} to {last.label}")
