"""The readings of success measures: from the figures in force, or as they were entered by hand.

A measure with an indicator updates itself: it reads the series of the authority whenever it is shown, and
says which data version its newest value stands on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from redway.core.words import day_in_words
from redway.figures.chart import Chart
from redway.figures.theme import PAGE
from redway.figures.trend import SeriesBreak
from redway.improvement.action_plan import (
    Polarity,
    Reading,
    SuccessMeasure,
    nearness_words,
    off_track_run,
    places_of,
)
from redway.improvement.rebaselined import NUMBERS, Rebaselined
from redway.improvement.target_chart import target_chart
from redway.web.datasets.naming import versions_in_words
from redway.web.improvement.board.models import Measure, MeasureChange
from redway.web.measures.showing import Figure, breaks_of, by_indicator, figures_of, latest, store

_PLACES = Decimal("0.0001")


@dataclass(frozen=True)
class Measured:
    """One success measure with its readings, and what the newest of them stands on."""

    stored: Measure
    today: date
    figures: Sequence[Figure] = ()
    """Of the indicator, where one feeds it."""

    @cached_property
    def measure(self) -> SuccessMeasure:
        return success_measure(self.stored)

    @cached_property
    def rebaselined(self) -> list[Rebaselined]:
        """Every time it was re-baselined, in the order of time."""
        steps = [one for one in self.stored.changes.all() if one.rebaselined]
        courses = [*(_as_it_was(self.measure, one) for one in steps), self.measure]
        return [
            Rebaselined(one.at.date(), was, now, one.reason)
            for one, was, now in zip(steps, courses, courses[1:], strict=False)
        ]

    @property
    def rebaselined_words(self) -> list[str]:
        """A sentence for each time, with the reason, newest first."""
        return [
            " ".join(
                part
                for part in (
                    f"{one.sentence[:1].upper()}{one.sentence[1:]}.",
                    one.off_track_before(self.readings),
                    f"Reason: {one.reason}",
                )
                if part
            )
            for one in reversed(self.rebaselined)
        ]

    @cached_property
    def readings(self) -> list[Reading]:
        """In the order of time; of two entered for one day the later entry."""
        if self.stored.indicator:
            return [
                Reading(
                    one.period,
                    one.period_end,
                    Decimal(str(one.value)).quantize(_PLACES),
                    "",
                    _limit(one.lower),
                    _limit(one.upper),
                )
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
        due = self.measure.due_by(newest.on)
        state = "Off track" if self.run else "On track"
        periods = f" for {self.run} periods running" if self.run > 1 else ""
        line = self.measure.show(due.quantize(_PLACES))
        day = day_in_words(newest.on)
        said = f"{state}{periods}: a straight line to the target stood at {line} on {day}."
        if newest.lower is not None and newest.upper is not None and newest.lower <= due <= newest.upper:
            said += " The 95% interval of the reading holds that value: the difference may be chance."
        return said

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
        before = self.rebaselined[-1].was if self.rebaselined else None
        return target_chart(self.measure, self.readings, before, self.breaks, width)

    @property
    def breaks(self) -> Sequence[SeriesBreak]:
        """Periods from which on the indicator stands on another footing."""
        catalogue = store().catalogue
        code = self.stored.indicator
        return breaks_of(catalogue.get(code)) if code and catalogue.has(code) else ()


def success_measure(one: Measure) -> SuccessMeasure:
    """A stored measure as the rules see it, written with as many places as its figures have."""
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


def _as_it_was(now: SuccessMeasure, one: MeasureChange) -> SuccessMeasure:
    places = max(now.decimals, places_of(one.baseline, one.target))
    course = {name: getattr(one, name) for name in NUMBERS}
    return replace(now, **course, decimals=places)


def _limit(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(_PLACES)


def _indicator_places(code: str) -> int:
    catalogue = store().catalogue
    return catalogue.get(code).decimals if catalogue.has(code) else 0


def series_of(number: str, measures: Sequence[Measure]) -> Mapping[str, Sequence[Figure]]:
    """Indicator -> figures of the authority, for the measures that are fed. One reading of the store."""
    codes = sorted({one.indicator for one in measures if one.indicator})
    if not codes:
        return {}
    return by_indicator(figures_of(store().figures("authority", [number], codes)))
