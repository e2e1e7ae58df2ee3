"""The readings of success measures: from the figures in force, or as they were entered by hand.

A measure with an indicator updates itself: it reads the series of the authority whenever it is shown, and
says which data version its newest value stands on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from redway.core.words import MONTHS, day_in_words
from redway.figures.chart import Chart
from redway.figures.chart import Measure as ChartMeasure
from redway.figures.theme import PAGE, Role
from redway.figures.trend import SeriesBreak, TrendLine, TrendPoint, trend_chart
from redway.improvement.action_plan import (
    Polarity,
    Reading,
    SuccessMeasure,
    nearness_words,
    off_track_run,
    places_of,
)
from redway.web.datasets.naming import versions_in_words
from redway.web.improvement.board.models import Measure
from redway.web.measures.showing import Figure, breaks_of, by_indicator, figures_of, latest, store

_PLACES = Decimal("0.0001")
_READINGS_DRAWN = 8
_YEAR = 365.25


@dataclass(frozen=True)
class Measured:
    """One success measure with its readings, and what the newest of them stands on."""

    stored: Measure
    today: date
    figures: Sequence[Figure] = ()
    """Of the indicator, where one feeds it."""

    @cached_property
    def measure(self) -> SuccessMeasure:
        one = self.stored
        places = places_of(one.baseline, one.target)
        if one.indicator:
            places = max(places, _indicator_places(one.indicator))
        return SuccessMeasure(
            one.name,
            one.unit,
            Polarity(one.polarity),
            one.baseline,
            one.baseline_on,
            one.target,
            one.target_on,
            one.source,
            one.indicator,
            places,
        )

    @cached_property
    def readings(self) -> list[Reading]:
        """In the order of time; of two entered for one day the later entry."""
        if self.stored.indicator:
            return [
                Reading(one.period, one.period_end, Decimal(str(one.value)).quantize(_PLACES), "")
                for one in sorted(self.figures, key=lambda one: one.period_end)
                if one.value is not None
            ]
        by_day = {one.on: one for one in self.stored.readings.all() if one.on <= self.today}
        return [Reading(one.period, one.on, one.value, one.source) for _, one in sorted(by_day.items())]

    @property
    def newest(self) -> Reading | None:
        """The newest reading since the baseline; an older one says nothing of the plan."""
        found = [one for one in self.readings if one.on >= self.measure.baseline_on]
        return found[-1] if found else None

    @property
    def nearness(self) -> str:
        return nearness_words(self.measure, self.newest)

    @property
    def way_done(self) -> int | None:
        return None if self.newest is None else self.measure.way_done(self.newest.value)

    @property
    def bar(self) -> int:
        """The way done, within 0 and 100, for a bar."""
        return max(0, min(100, self.way_done or 0))

    @property
    def run(self) -> int:
        """Periods running that it was off track, up to the newest."""
        return off_track_run(self.measure, self.readings)

    @property
    def track(self) -> str:
        """On or off track, in a sentence; the line it is held against is the straight one."""
        newest = self.newest
        if newest is None or newest.on <= self.measure.baseline_on:
            return "Nothing has been measured since the baseline."
        due = self.measure.show(self.measure.due_by(newest.on).quantize(_PLACES))
        state = "Off track" if self.run else "On track"
        periods = f" for {self.run} periods running" if self.run > 1 else ""
        return f"{state}{periods}: a straight line to the target stood at {due} on {day_in_words(newest.on)}."

    @cached_property
    def stands_on(self) -> str:
        """The data version, or who entered the newest reading and from where."""
        if self.stored.indicator:
            figure = self._newest_figure
            named = versions_in_words([figure.version]) if figure else []
            return f"Updates itself from: {named[0]}." if named else "No figure is held yet."
        if not self.readings:
            return "Readings are entered by hand; there is none yet."
        entered = self.stored.readings.all()
        last = [one for one in entered if one.on == self.readings[-1].on][-1]
        where = "" if last.source == self.stored.source else f" Source: {last.source}."
        return f"Entered by hand on {day_in_words(last.at.date())}.{where}"

    @property
    def lineage(self) -> str:
        """Address of where the newest figure came from; empty for readings entered by hand."""
        return self._newest_figure.lineage if self._newest_figure else ""

    @property
    def _newest_figure(self) -> Figure | None:
        found = latest(self.figures)
        return found if found is not None and found.value is not None else None

    def chart(self, width: int = PAGE) -> Chart:
        """Readings through time beside the straight line from baseline to target."""
        one = self.measure
        shown = self.readings[-_READINGS_DRAWN:]
        points = [TrendPoint(each.period, each.on, float(each.value)) for each in shown]
        aim = [
            TrendPoint("Baseline", one.baseline_on, float(one.baseline)),
            *(TrendPoint(_named(day), day, float(one.due_by(day))) for day in self._between()),
            TrendPoint("Target", one.target_on, float(one.target)),
        ]
        lines = [TrendLine("Measured", points, Role.HIGHLIGHTED)] if points else []
        name = one.name[:1].lower() + one.name[1:] if one.name[1:2].islower() else one.name
        return trend_chart(
            f"{one.name}: how near is the target?",
            ChartMeasure(name, one.unit, one.decimals),
            [*lines, TrendLine("Straight line to the target", aim, Role.ENGLAND)],
            self._breaks(),
            width,
        )

    def _between(self) -> list[date]:
        """Days at even steps from baseline to target, so that the line is drawn in one piece."""
        first, last = self.measure.baseline_on, self.measure.target_on
        span = (last - first).days
        steps = max(4, round(span / _YEAR))
        return [first + timedelta(days=round(span * at / steps)) for at in range(1, steps)]

    def _breaks(self) -> Sequence[SeriesBreak]:
        catalogue = store().catalogue
        code = self.stored.indicator
        return breaks_of(catalogue.get(code)) if code and catalogue.has(code) else ()


def _named(day: date) -> str:
    return f"{MONTHS[day.month - 1][:3]} {day.year}"


def _indicator_places(code: str) -> int:
    catalogue = store().catalogue
    return catalogue.get(code).decimals if catalogue.has(code) else 0


def series_of(number: str, measures: Sequence[Measure]) -> Mapping[str, Sequence[Figure]]:
    """Indicator -> figures of the authority, for the measures that are fed. One reading of the store."""
    codes = sorted({one.indicator for one in measures if one.indicator})
    if not codes:
        return {}
    return by_indicator(figures_of(store().figures("authority", [number], codes)))
