"""School terms: the steps in which inspections are looked back on and ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from redway.improvement.errors import Hindsight
from redway.improvement.publication import values

_STARTS = ((1, 1), (4, 1), (9, 1))
_ENDS = ((3, 31), (7, 19), (12, 31))
"""Last day on which an inspection of the term may start."""


@dataclass(frozen=True, order=True)
class Window:
    """Days in which an inspection counts; both are inside."""

    start: date
    end: date

    @property
    def years(self) -> float:
        return ((self.end - self.start).days + 1) / 365.25

    @property
    def public_from(self) -> date:
        """The day by which every inspection in the window is public."""
        return self.end + timedelta(days=values().whole_number_on("inspection-report", self.end))


def terms_between(first: date, last: date) -> tuple[Window, ...]:
    """Terms that start on or after ``first`` and end by ``last``."""
    found = [
        Window(date(year, *start), date(year, *end))
        for year in range(first.year, last.year + 1)
        for start, end in zip(_STARTS, _ENDS, strict=True)
    ]
    return tuple(window for window in found if first <= window.start and window.end <= last)


def window_from(decision: date, months: int, record_ends: date) -> Window:
    """The window of a question asked on a day; shorter where the record of inspections ends before it."""
    end = months_later(decision, months) - timedelta(days=1)
    # No inspection starts in the last days of July or in August, so none need be waited for.
    if date(end.year, 7, 19) < end <= date(end.year, 8, 31):
        end = date(end.year, 7, 19)
    return Window(decision, min(end, record_ends))


def months_later(day: date, months: int) -> date:
    """The first of the month so many months after the month of a day; before it for a negative number."""
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, 1)


def months_between(window: Window) -> int:
    """The length of a window in whole years, as months: windows are one or two years long."""
    return 12 * max(1, round(window.years))


def terms_ahead(window: Window) -> tuple[Window, ...]:
    """The terms, whole or in part, that a window is made of."""
    every = terms_between(date(window.start.year - 1, 9, 1), date(window.end.year + 1, 8, 31))
    return tuple(
        Window(max(term.start, window.start), min(term.end, window.end))
        for term in every
        if term.start <= window.end and term.end >= window.start
    )


def closed_before(windows: Sequence[Window], decision: date) -> tuple[Window, ...]:
    """Those whose outcome was public on the decision date."""
    return tuple(window for window in windows if window.public_from <= decision)


def refuse_open(windows: Sequence[Window], decision: date) -> None:
    """Raise Hindsight when a training window had not closed, its reports public, by the decision date."""
    late = sorted(window for window in windows if window.public_from > decision)
    if late:
        raise Hindsight(
            f"The training window {late[0].start} to {late[0].end} had not closed by {decision}: its last "
            f"reports are public from {late[0].public_from}.",
            "Train on windows that closed before the decision date.",
        )


def dates_needed(decisions: Sequence[date], look_back: int, months: int = 12) -> tuple[date, ...]:
    """The decision dates a panel must have rows of, to learn for these and to calibrate on earlier ones."""
    asked = {
        earlier
        for decision in decisions
        for earlier in (decision, *(months_later(decision, -max(12, months) * back) for back in (1, 2)))
    }
    first = min(asked)
    start = first.year - (first.month < 9) - look_back
    return tuple(sorted(asked | {term.start for term in terms_between(date(start, 9, 1), max(asked))}))
