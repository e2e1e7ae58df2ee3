"""Which period a file or a row is about: from a column, fixed by the format, or from the file's name."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

import polars as pl

from redway.core.errors import InvalidPeriod
from redway.core.periods import (
    Period,
    PeriodKind,
    academic_year,
    calendar_year,
    day,
    financial_year,
    parse_period,
)
from redway.datasets.cells import look_up
from redway.datasets.format import PeriodRule

FOLDERS_LOOKED_AT = 3
"""A name is looked for in the file's name and then in this many folders above it, nearest first."""

_FULL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_. ]?(0[1-9]|1[0-2])[-_. ]?(0[1-9]|[12]\d|3[01])(?!\d)")
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_. ](0[1-9]|1[0-2])(?![\d])")
_TWO_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_./ ]?((?:19|20)?\d\d)(?!\d)")
_ONE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_MONTH_LABEL = re.compile(r"^(\d{4})-(\d{2})$")
_ANY_YEAR = re.compile(r"(\d{4})(?:[-/](\d{2}|\d{4}))?")


def period_from_name(path: str, rule: PeriodRule) -> Period | None:
    """The one period that a file's name, or a folder above it, stands for; None when none does or several do.

    >>> period_from_name("performance/2016-2017/england_abs.csv", PeriodRule(PeriodKind.ACADEMIC)).label
    '2016-17'
    >>> period_from_name("abs_2017.parquet", PeriodRule(PeriodKind.ACADEMIC)).label
    '2016-17'
    """
    parts = PurePath(path).parts
    for name in (parts[-1], *reversed(parts[-1 - FOLDERS_LOOKED_AT : -1])):
        found = _periods_in(name, rule)
        if len(found) == 1:
            return found.pop()
        if found:
            return None
    return None


def _periods_in(name: str, rule: PeriodRule) -> set[Period]:
    if rule.kind is PeriodKind.DAY:
        dates = {date(int(m[1]), int(m[2]), min(int(m[3]), _last(m))) for m in _FULL_DATE.finditer(name)}
        if not dates:
            dates = {_month_end(int(m[1]), int(m[2])) for m in _MONTH.finditer(name)}
        return {day(on) for on in dates}
    without_dates = _FULL_DATE.sub(" ", name)
    if rule.kind in (PeriodKind.ACADEMIC, PeriodKind.FINANCIAL):
        pairs = {
            int(m[1]) for m in _TWO_YEARS.finditer(without_dates) if (int(m[1]) + 1) % 100 == int(m[2]) % 100
        }
        if pairs:
            return {_split(first, rule.kind) for first in pairs}
    years = {int(m[1]) for m in _ONE_YEAR.finditer(without_dates)} or {
        int(m[1]) for m in _FULL_DATE.finditer(name)
    }
    return {_single_year(year, rule) for year in years}


def _last(match: re.Match[str]) -> int:
    return calendar.monthrange(int(match[1]), int(match[2]))[1]


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _split(first: int, kind: PeriodKind) -> Period:
    return academic_year(first) if kind is PeriodKind.ACADEMIC else financial_year(first)


def _single_year(year: int, rule: PeriodRule) -> Period:
    if rule.kind in (PeriodKind.ACADEMIC, PeriodKind.FINANCIAL):
        return _split(year if rule.year_is_start else year - 1, rule.kind)
    return calendar_year(year)


def read_label(text: str, rule: PeriodRule, kind: PeriodKind | None = None) -> Period:
    """One label as the format's rule reads it. Raises InvalidPeriod."""
    label = text.strip().removesuffix(".0")
    kind = kind or rule.kind
    if rule.as_written:
        return Period(*_guess(label), PeriodKind.POOLED, label)
    if kind is PeriodKind.DAY:
        label = re.sub(r"[ T]00:00(:00(\.0+)?)?$", "", label)
        if match := _MONTH_LABEL.match(label):
            return day(_month_end(int(match[1]), int(match[2])))
        if re.fullmatch(r"\d{8}", label):
            label = f"{label[:4]}-{label[4:6]}-{label[6:]}"
        if match := re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", label):
            label = f"{match[3]}-{match[2]}-{match[1]}"
    if (
        rule.year_is_start
        and re.fullmatch(r"\d{4}", label)
        and kind in (PeriodKind.ACADEMIC, PeriodKind.FINANCIAL)
    ):
        return _split(int(label), kind)
    return parse_period(label, kind)


def _guess(label: str) -> tuple[date, date]:
    """First and last day a label kept as written may stand for: used to tell which file reaches furthest."""
    years = [int(first) for first, _ in _ANY_YEAR.findall(label)]
    ends = [
        int(first[:2] + second[-2:]) if second else int(first) for first, second in _ANY_YEAR.findall(label)
    ]
    sensible = [year for year in (*years, *ends) if 1900 <= year <= 2100]
    if not sensible:
        raise InvalidPeriod(f"'{label}' names no year.", "Write the period with a year of four digits.")
    return date(min(sensible), 1, 1), date(max(sensible), 12, 31)


@dataclass
class Span:
    """The periods met in a file, so that the whole file has a label: one period, or 'first..last'."""

    met: dict[str, Period]

    @property
    def period(self) -> Period | None:
        if not self.met:
            return None
        first = min(self.met.values(), key=lambda period: (period.start, period.end))
        last = max(self.met.values(), key=lambda period: (period.end, period.start))
        if len(self.met) == 1:
            return first
        return Period(first.start, last.end, PeriodKind.POOLED, f"{first.label}..{last.label}")


def read_periods(
    text: pl.Series, kinds: pl.Series | None, rule: PeriodRule, span: Span, *, is_date: bool
) -> tuple[pl.Series, pl.Series]:
    """The period label of each row, and a mask of the rows whose label cannot be read.

    The periods met are noted in ``span``. ``kinds`` is the text of the column that says what kind of year
    each label is, where the format has one.
    """
    if is_date:
        days = text.unique().drop_nulls()
        labels = look_up(text, days, days.cast(pl.String))
        ends = (text.min(), text.max())
        if isinstance(ends[0], date) and isinstance(ends[1], date):
            span.met |= {end.isoformat(): day(end) for end in ends if isinstance(end, date)}
        return labels, labels.is_null()
    if kinds is None:
        distinct = text.unique().drop_nulls()
        read = pl.Series([_label(label, rule, None, span) for label in distinct], dtype=pl.String)
        labels = look_up(text, distinct, read)
        return labels, labels.is_null()
    frame = pl.DataFrame({"label": text, "kind": kinds.str.strip_chars().fill_null("")})
    pairs = frame.unique().drop_nulls("label")
    read = pl.Series(
        [_label(label, rule, rule.kinds.get(kind), span) for label, kind in pairs.rows()], dtype=pl.String
    )
    labels = frame.join(
        pairs.with_columns(read=read),
        on=["label", "kind"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )["read"]
    return labels, labels.is_null()


def _label(text: str, rule: PeriodRule, kind: PeriodKind | None, span: Span) -> str | None:
    """The label as it is stored, None when it cannot be read. Called for distinct labels only."""
    try:
        period = read_label(text, rule, kind)
    except (InvalidPeriod, ValueError):
        return None
    span.met[period.label] = period
    return period.label
