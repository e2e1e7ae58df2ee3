"""The charts of the value-added pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise as in_pairs

from redway.core.missing import Missing
from redway.core.periods import PeriodKind, parse_period
from redway.core.words import listed
from redway.figures.caterpillar import Segment, caterpillar_chart
from redway.figures.chart import Chart, Measure
from redway.figures.theme import PAGE, Role
from redway.figures.trend import SeriesMark, TrendLine, TrendPoint, trend_chart
from redway.web.attainment.formulas import Outcome
from redway.web.attainment.value_added.asked import Asked
from redway.web.attainment.value_added.estimates import Estimate, Estimates
from redway.web.attainment.value_added.progress import SchoolProgress

FEWEST_UNNAMED = 5
"""A crowd of fewer schools could be told by name from their estimates, so it is not drawn."""
FEWEST_YEARS = 2
"""One year is no trend."""


def measure_of(outcome: Outcome) -> Measure:
    """Progress in an outcome as charts name and write it."""
    return Measure(f"progress in {outcome.label}", outcome.unit, outcome.decimals)


def caterpillar_of(
    estimates: Estimates,
    asked: Asked,
    authority: str,
    names: Mapping[str, str],
    own: str = "",
    width: int = PAGE,
) -> Chart:
    """Every school that may be shown. ``names`` are of those that the reader may know; ``own`` is a key."""
    shown = [one for one in estimates.shown if one.school in names]
    crowd = [one for one in estimates.shown if one.school not in names]
    if len(crowd) >= FEWEST_UNNAMED:
        shown += crowd
    pairwise = estimates.pairwise if asked.pairwise else {}
    title = f"Progress in {asked.outcome.label}, {asked.period}: how far is each school from the average?"
    return caterpillar_chart(
        title,
        measure_of(asked.outcome),
        [_segment(one, names.get(one.school, ""), pairwise.get(one.school)) for one in shown],
        f"average school of {authority}",
        names.get(own, ""),
        pairwise=asked.pairwise,
        width=width,
    )


def _segment(one: Estimate, name: str, pairwise: tuple[float, float] | None) -> Segment:
    # A picture's description is open to whoever sees the picture: no more digits than can be read from it.
    value, lower, upper = (round(number, 2) for number in (one.value, one.lower, one.upper))
    return Segment(name, value, lower, upper, one.pupils, pairwise)


def has_trend(progress: SchoolProgress) -> bool:
    """Are there estimates of at least two years?"""
    return sum(one is not None for one in progress.by_year.values()) >= FEWEST_YEARS


def trend_of(progress: SchoolProgress, authority: str, width: int = PAGE) -> Chart:
    """One school through the years, each year beside the average school of that year."""
    points = [_point(year, one) for year, one in progress.by_year.items()]
    name = progress.school.shown_name
    average = TrendLine(
        f"Average school of {authority}", [_nought(point) for point in points], Role.AUTHORITY
    )
    return trend_chart(
        f"Progress in {progress.asked.outcome.label}: has the school moved beside the average?",
        measure_of(progress.asked.outcome),
        [TrendLine(name, points, Role.HIGHLIGHTED), average],
        marks=changes_of_number(progress.numbers),
        width=width,
    )


def _point(year: str, one: Estimate | None) -> TrendPoint:
    end = parse_period(year, PeriodKind.ACADEMIC).end
    if one is None:
        return TrendPoint(year, end, None, missing=Missing.NOT_AVAILABLE)
    return TrendPoint(year, end, one.value, one.lower, one.upper)


def _nought(point: TrendPoint) -> TrendPoint:
    return TrendPoint(point.period, point.end, 0.0)


def changes_of_number(numbers: Mapping[str, Sequence[str]]) -> list[SeriesMark]:
    """Where a school's pupils came under another URN: the line goes on, and the mark says so.

    >>> [one.period for one in changes_of_number({"2022-23": ["100000"], "2023-24": ["100020"]})]
    ['2023-24']
    """
    return [
        SeriesMark(
            year,
            "new URN",
            f"From {year} the school has URN {listed(urns)}, before that URN {listed(numbers[before])}",
        )
        for (before, year), urns in zip(in_pairs(numbers), list(numbers.values())[1:], strict=True)
        if set(urns) != set(numbers[before])
    ]
