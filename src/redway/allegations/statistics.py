"""Statistics of a period, counted from the cases: every table adds up to the same number of cases.

One pass over the cases. A table is a list of counts of one thing (sector, category, ...); each case is
counted in each table exactly once, those of which it is not known under 'not recorded', so that totals
cannot disagree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from redway.allegations.outcomes import Category, Outcome, Sector
from redway.allegations.spans import months_after, within_months
from redway.core.errors import RedwayError
from redway.core.words import day_in_words
from redway.figures.table import Column, Kind, Table

NOT_RECORDED = "not recorded"
STILL_OPEN = "still open"
NOT_MET = "not met"
ADVICE = "advice only"
"""Of what does not meet the threshold no outcome is found, and no timescale is asked."""
TIMESCALES = (1, 3, 12)
"""Months in which cases are resolved, as every annual report asks."""


class StatisticsError(RedwayError):
    """A period or a case of which no statistics can be made."""


@dataclass(frozen=True)
class CaseRecord:
    """What statistics ask of one case. Nothing in it names anybody."""

    referred_on: date
    closed_on: date | None = None
    sector: Sector | None = None
    category: Category | None = None
    """The main category, one for each case."""
    source: str = ""
    """Who referred it: employer, Ofsted, police, parent, ..."""
    outcome: Outcome | None = None
    met_threshold: bool | None = None
    strands: frozenset[str] = frozenset()
    """The strands that were opened."""
    working_days_to_meeting: int | None = None
    suspended: bool = False
    onward: frozenset[str] = frozenset()
    """Bodies it was referred on to."""
    recent: bool | None = None
    """Whether the incident is recent by the authority's own cut-off; None where that is not known."""
    closed_over: bool = False
    """Whether a manager closed it over what was outstanding, with a reason."""

    def __post_init__(self) -> None:
        if self.closed_on is not None and self.closed_on < self.referred_on:
            raise StatisticsError(
                f"A case referred on {day_in_words(self.referred_on)} is said to have been closed before, "
                f"on {day_in_words(self.closed_on)}.",
                "Check the two dates.",
            )


@dataclass(frozen=True)
class Resolved:
    """How many cases were resolved in so many months: of those closed, and of all old enough to tell."""

    months: int
    closed: int
    closed_within: int
    old_enough: int
    """Cases referred so long ago that the time has passed, open or closed."""
    old_enough_within: int
    target: int | None = None
    """Percent, where the edition in force had one."""

    @property
    def percent_of_closed(self) -> float | None:
        return _percent(self.closed_within, self.closed)

    @property
    def percent_of_old_enough(self) -> float | None:
        """The fairer of the two: long cases that are still open count in it."""
        return _percent(self.old_enough_within, self.old_enough)

    @property
    def meets_target(self) -> bool | None:
        """Whether the share of those closed reaches the target, before any rounding; None without either.

        79.96% is shown as 80.0% and still misses 80%.
        """
        if self.target is None or not self.closed:
            return None
        return Fraction(100 * self.closed_within, self.closed) >= self.target


@dataclass(frozen=True)
class Statistics:
    """Counts of one period. ``start`` and ``end`` are both inside it; ``as_at`` is the day of counting."""

    start: date
    end: date
    as_at: date
    cases: int
    tables: Mapping[str, Mapping[str, int]]
    """What is counted -> word -> cases. Each adds up to ``cases``."""
    several: Mapping[str, Mapping[str, int]]
    """Things of which a case may have several (strands, onward referrals): these need not add up."""
    resolved: tuple[Resolved, ...]
    """Without advice."""
    median_days_to_meeting: float | None
    meetings: int
    suspended: int
    closed_over: int


TABLES = ("sector", "category", "source", "outcome", "threshold", "incident")
_ALWAYS: Mapping[str, Sequence[str]] = {
    "sector": [sector.value for sector in Sector],
    "category": [category.value for category in Category],
}
"""Words that a table shows even where nobody was counted: nought is an answer."""


def count_cases(
    cases: Iterable[CaseRecord],
    start: date,
    end: date,
    as_at: date,
    targets: Mapping[int, int] | None = None,
) -> Statistics:
    """Count the cases referred from ``start`` to ``end``, both included, as they stood on ``as_at``.

    ``targets``: months -> percent, from the edition in force. Raises StatisticsError when the period ends
    before it starts.
    """
    if end < start:
        raise StatisticsError(
            f"A period from {day_in_words(start)} to {day_in_words(end)} ends before it starts.",
            "Exchange the two dates.",
        )
    chosen = [case for case in cases if start <= case.referred_on <= min(end, as_at)]
    counted: dict[str, Counter[str]] = {
        name: Counter(dict.fromkeys(_ALWAYS.get(name, ()), 0)) for name in TABLES
    }
    several: dict[str, Counter[str]] = {"strand": Counter(), "onward referral": Counter()}
    days: list[int] = []
    suspended = closed_over = 0
    for case in chosen:
        for name, word in _words(case, as_at):
            counted[name][word] += 1
        several["strand"].update(case.strands)
        several["onward referral"].update(case.onward)
        suspended += case.suspended
        closed_over += case.closed_over and case.closed_on is not None and case.closed_on <= as_at
        if case.working_days_to_meeting is not None:
            days.append(case.working_days_to_meeting)
    wanted = targets or {}
    return Statistics(
        start,
        end,
        as_at,
        len(chosen),
        {name: dict(counts) for name, counts in counted.items()},
        {name: dict(counts) for name, counts in several.items()},
        tuple(_resolved(chosen, months, as_at, wanted.get(months)) for months in TIMESCALES),
        _median(days),
        len(days),
        suspended,
        closed_over,
    )


def _words(case: CaseRecord, as_at: date) -> Iterable[tuple[str, str]]:
    closed = case.closed_on is not None and case.closed_on <= as_at
    yield "sector", case.sector.value if case.sector else NOT_RECORDED
    yield "category", case.category.value if case.category else NOT_RECORDED
    yield "source", case.source or NOT_RECORDED
    yield "outcome", _outcome(case, closed)
    yield "threshold", _answer(case.met_threshold, "met", NOT_MET)
    yield "incident", _answer(case.recent, "recent", "non-recent")


def _outcome(case: CaseRecord, closed: bool) -> str:
    if case.met_threshold is False:
        return ADVICE
    if not closed:
        return STILL_OPEN
    return case.outcome.value if case.outcome else NOT_RECORDED


def _answer(answer: bool | None, yes: str, no: str) -> str:
    return NOT_RECORDED if answer is None else yes if answer else no


def _resolved(cases: Sequence[CaseRecord], months: int, as_at: date, target: int | None) -> Resolved:
    cases = [case for case in cases if case.met_threshold is not False]
    closed = [case for case in cases if case.closed_on is not None and case.closed_on <= as_at]
    within = [
        case for case in closed if case.closed_on and within_months(case.referred_on, case.closed_on, months)
    ]
    # The last day is still in time, so only the day after tells.
    old = [case for case in cases if months_after(case.referred_on, months) < as_at]
    old_within = [case for case in within if months_after(case.referred_on, months) < as_at]
    return Resolved(months, len(closed), len(within), len(old), len(old_within), target)


def _median(days: list[int]) -> float | None:
    if not days:
        return None
    ordered, middle = sorted(days), len(days) // 2
    return float(ordered[middle]) if len(days) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def table_of(statistics: Statistics, name: str) -> Table:
    """One table with its total and percentages, for inside the authority: see ``annual_report`` to publish.

    Raises KeyError for a name that is not in TABLES.
    """
    counts = statistics.tables[name]
    rows: list[dict[str, str | int | float | None]] = [
        {"word": word.capitalize(), "cases": count, "percent": _percent(count, statistics.cases)}
        for word, count in counts.items()
    ]
    rows.append(
        {"word": "Total", "cases": statistics.cases, "percent": _percent(statistics.cases, statistics.cases)}
    )
    period = f"{day_in_words(statistics.start)} to {day_in_words(statistics.end)}"
    return Table(
        f"Cases by {name}, {period}",
        (
            Column("word", name.capitalize()),
            Column("cases", "Cases", Kind.NUMBER),
            Column("percent", "Share of all", Kind.PERCENT),
        ),
        rows,
    )


@dataclass(frozen=True)
class Revision:
    """One figure of a report that a later correction changed."""

    table: str
    word: str
    before: int
    now: int


def revisions(reported: Statistics, now: Statistics) -> tuple[Revision, ...]:
    """What has changed since a report was made: both the old and the new figure are shown.

    Raises StatisticsError when the two are of different periods.
    """
    if (reported.start, reported.end) != (now.start, now.end):
        raise StatisticsError("The two reports are of different periods.", "Compare reports of one period.")
    return tuple(
        Revision(name, word, before.get(word, 0), after.get(word, 0))
        for name in TABLES
        for before, after in [(reported.tables[name], now.tables[name])]
        for word in dict.fromkeys([*before, *after])
        if before.get(word, 0) != after.get(word, 0)
    )
