"""A success measure through time beside the straight line to its target: one picture for pages and packs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from redway.core.words import MONTHS, day_in_words
from redway.figures.chart import Chart
from redway.figures.chart import Measure as ChartMeasure
from redway.figures.theme import PAGE, Role
from redway.figures.trend import SeriesBreak, TrendLine, TrendPoint, trend_chart
from redway.improvement.action_plan import Reading, SuccessMeasure

READINGS_DRAWN = 8
"""Of the newest; earlier ones would press the years of the plan together."""
_YEAR = 365.25


def target_chart(
    measure: SuccessMeasure,
    readings: Sequence[Reading],
    before: SuccessMeasure | None = None,
    breaks: Sequence[SeriesBreak] = (),
    width: int = PAGE,
) -> Chart:
    """Readings with their intervals, the line from baseline to target, and the line ``before``, if any.

    Each break is at a period of the readings.
    """
    shown = sorted(readings, key=lambda one: one.on)[-READINGS_DRAWN:]
    named = Counter(one.period for one in shown)
    points = [
        TrendPoint(
            # Two readings of one name would lie over one another in the table.
            one.period if named[one.period] == 1 else f"{one.period}, {day_in_words(one.on)}",
            one.on,
            float(one.value),
            None if one.lower is None else float(one.lower),
            None if one.upper is None else float(one.upper),
        )
        for one in shown
    ]
    lines = [TrendLine("Measured", points, Role.HIGHLIGHTED)] if points else []
    lines.append(TrendLine("Straight line to the target", _line(measure, "Baseline", "Target"), Role.ENGLAND))
    if before is not None:
        # Named by their months: two baselines and two targets would crowd the axis.
        old = _line(before, _named(before.baseline_on), _named(before.target_on))
        lines.append(TrendLine("Line before it was re-baselined", old, Role.REGION))
    name = measure.name[:1].lower() + measure.name[1:] if measure.name[1:2].islower() else measure.name
    return trend_chart(
        f"{measure.name}: how near is the target?",
        ChartMeasure(name, measure.unit, measure.decimals),
        lines,
        breaks,
        width,
    )


def _line(measure: SuccessMeasure, first: str, last: str) -> list[TrendPoint]:
    """From baseline to target, with days at even steps between, so that it is drawn in one piece."""
    span = (measure.target_on - measure.baseline_on).days
    steps = max(4, round(span / _YEAR))
    between = [measure.baseline_on + timedelta(days=round(span * at / steps)) for at in range(1, steps)]
    return [
        TrendPoint(first, measure.baseline_on, float(measure.baseline)),
        *(TrendPoint(_named(day), day, float(measure.due_by(day))) for day in between),
        TrendPoint(last, measure.target_on, float(measure.target)),
    ]


def _named(day: date) -> str:
    return f"{MONTHS[day.month - 1][:3]} {day.year}"
