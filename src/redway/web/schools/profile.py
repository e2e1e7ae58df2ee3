"""What a school's profile says, put together from the register and the figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from redway.core.errors import NotEnoughData
from redway.core.identifiers import ENGLAND
from redway.core.missing import Missing
from redway.indicators.bands import Band
from redway.indicators.catalogue import Indicator, load_catalogue
from redway.indicators.chance import two_falls
from redway.indicators.groups import ALL
from redway.indicators.pooling import Cohort, can_be_rated, pool
from redway.indicators.store import SeriesStore
from redway.web.measures.showing import (
    Figure,
    allowed,
    by_indicator,
    each_once,
    figures_of,
    in_period,
    latest,
)
from redway.web.register.models import School
from redway.web.schools.access import Line
from redway.web.schools.likeness import similar_figures, similar_median

HEADLINES = (
    "ks2-reading-writing-maths",
    "ks2-scaled-score-reading",
    "ks2-scaled-score-maths",
    "ks4-progress8",
    "ks4-attainment8",
    "ks4-english-and-maths-grade-5",
    "a-level-average-points",
    "overall-absence",
    "persistent-absence-10",
)
"""What an adviser looks at first, in this order; a school shows those it has a figure of."""

HEADLINES_SHOWN = 6
CONTEXT = (
    "pupils-on-roll",
    "free-school-meals-ever-6",
    "free-school-meals",
    "english-as-additional-language",
    "sen-support",
    "ehc-plans",
    "pupil-teacher-ratio",
)
INSPECTION = "inspection-grade"


@dataclass(frozen=True)
class Standing:
    """One measure of the school in its latest period, beside what it can be compared with."""

    indicator: Indicator
    figure: Figure
    england: Figure | None
    authority: Figure | None
    similar: float | None
    """Median of the similar schools, where at least eight have a figure."""
    band: Band | None
    band_group: str

    @property
    def is_small(self) -> bool:
        """Too few pupils to be compared on one year?"""
        cohort = self.figure.denominator
        return cohort is not None and not can_be_rated(cohort)

    @property
    def quarter(self) -> str:
        """'In the second best quarter', or nothing where no band can be made or one year says too little."""
        if self.band is None or self.figure.value is None or self.is_small:
            return ""
        return self.band.words(self.figure.value, self.indicator.polarity).capitalize()

    @property
    def quarter_of(self) -> str:
        """'of 3,412 secondary schools in England'."""
        if self.band is None:
            return ""
        schools = "schools" if self.band_group == ALL else f"{self.band_group.lower()} schools"
        where = "in England" if self.band.scope == "England" else f"of {self.band.scope}"
        return f"of {self.band.n:,} {schools} {where}"


@dataclass(frozen=True)
class Gap:
    """How many figures are not there for one reason."""

    reason: Missing
    figures: int
    measures: tuple[Indicator, ...]


@dataclass(frozen=True)
class Profile:
    """A school's figures, with those of its authority and of England that they are read against."""

    line: Line
    indicators: tuple[Indicator, ...]
    """Measures that the person may see."""
    own: Mapping[str, Sequence[Figure]]
    authority: Mapping[str, Sequence[Figure]]
    england: Mapping[str, Sequence[Figure]]
    similar: Mapping[str, Sequence[Figure]]
    bands: Mapping[tuple[str, str], tuple[Band, str]]
    build: str

    @property
    def school(self) -> School:
        return self.line.school

    def counterpart(self, indicator: Indicator) -> str:
        """Code under which England and the authority publish the same thing for this phase."""
        return indicator.counterpart.get(self.school.phase, indicator.code)

    @cached_property
    def standings(self) -> list[Standing]:
        """Every measure with a figure, in its latest period, in catalogue order. Grades stand apart."""
        found = []
        for indicator in self.indicators:
            figure = latest(self.own.get(indicator.code, ()))
            if figure is None or indicator.is_grade:
                continue
            code = self.counterpart(indicator)
            band, group = self.bands.get((indicator.code, figure.period), (None, ""))
            found.append(
                Standing(
                    indicator,
                    figure,
                    in_period(self.england.get(code, ()), figure.period),
                    in_period(self.authority.get(code, ()), figure.period),
                    similar_median(self.similar.get(indicator.code, ()), figure.period),
                    band,
                    group,
                )
            )
        return found

    @cached_property
    def headlines(self) -> list[Standing]:
        """The few to look at first."""
        by_code = {one.indicator.code: one for one in self.standings if one.figure.value is not None}
        return [by_code[code] for code in HEADLINES if code in by_code][:HEADLINES_SHOWN]

    @property
    def context(self) -> list[Standing]:
        """Whom the school serves."""
        by_code = {one.indicator.code: one for one in self.standings}
        return [by_code[code] for code in CONTEXT if code in by_code]

    @property
    def inspections(self) -> list[Figure]:
        """Grades given, newest first, under whichever number was inspected."""
        return sorted(self.own.get(INSPECTION, ()), key=lambda one: one.period_end, reverse=True)

    @cached_property
    def gaps(self) -> list[Gap]:
        """Figures that are not there, counted by reason, the most frequent first."""
        counted: dict[Missing, list[Indicator]] = {}
        for indicator in self.indicators:
            for figure in self.own.get(indicator.code, ()):
                if figure.reason is not None:
                    counted.setdefault(figure.reason, []).append(indicator)
        gaps = [Gap(why, len(every), each_once(every)) for why, every in counted.items()]
        return sorted(gaps, key=lambda gap: (-gap.figures, gap.reason))

    def trend(self, indicator: Indicator) -> list[Figure]:
        """The school's figures of one measure through time, one a period.

        Where a predecessor and the school itself both have one, the later establishment's counts.
        """
        chosen: dict[str, Figure] = {}
        for figure in sorted(self.own.get(indicator.code, ()), key=lambda one: self._place(one.entity)):
            before = chosen.get(figure.period)
            if before is None or before.value is None or figure.value is not None:
                chosen[figure.period] = figure
        return sorted(chosen.values(), key=lambda one: one.period_end)

    def _place(self, urn: str) -> int:
        return self.line.urns.index(urn) if urn in self.line.urns else -1

    def pooled(self, indicator: Indicator) -> str:
        """Three years together, in words, for a measure whose latest cohort is too small to be compared."""
        latest_held = next((one for one in self.headlines if one.indicator.code == indicator.code), None)
        if latest_held is None or not latest_held.is_small or indicator.unit != "percent":
            return ""
        years = [Cohort(one.period, one.numerator, one.denominator) for one in self.trend(indicator)]
        try:
            together = pool(years)
        except NotEnoughData as refusal:
            return f"{refusal.message}"
        return (
            f"{together.label}: {indicator.show(together.share * 100)} of {together.cohort:,.0f} pupils, "
            f"95% range {indicator.show(together.interval.lower * 100)} to "
            f"{indicator.show(together.interval.upper * 100)}. One year has too few pupils to be compared."
        )

    def formats(self) -> set[str]:
        """Codes of the kinds of file that the figures shown came from."""
        return {one.figure.format for one in self.standings} | {one.format for one in self.inspections}

    def chance_of(self, indicator: Indicator) -> str:
        """What to say of two falls in a row; nothing where there were none or no ranges are held."""
        held = [figure for figure in self.trend(indicator) if figure.value is not None][-3:]
        if len(held) < 3 or indicator.break_between(held[0].period, held[-1].period):
            return ""
        ranged = [one for one in held if one.lower is not None and one.upper is not None]
        if len(ranged) < 3:
            return ""
        said = two_falls(
            [one.value or 0.0 for one in ranged],
            [one.lower or 0.0 for one in ranged],
            [one.upper or 0.0 for one in ranged],
        )
        return said or ""


def profile_of(line: Line, store: SeriesStore, topics: frozenset[str] | None) -> Profile:
    """Read a school's figures and what they are compared with.

    Three readings of the store, and some more the first time a build is met: England's figures, the
    spreads and the intakes are the same for every school. ``topics`` are the subjects the person may
    see; None means all.
    """
    indicators = tuple(allowed(load_catalogue().at_level("school"), topics))
    phase = line.school.phase
    areas = {one.counterpart.get(phase, one.code) for one in indicators}
    build = store.build
    return Profile(
        line=line,
        indicators=indicators,
        own=by_indicator(figures_of(store.figures("school", line.urns))),
        authority=by_indicator(figures_of(store.figures("authority", [line.school.authority], areas))),
        england=_england(store, build),
        similar=similar_figures(line, HEADLINES, store),
        bands=_bands(store, build, phase),
        build=build,
    )


@lru_cache(maxsize=2)
def _england(store: SeriesStore, build: str) -> Mapping[str, Sequence[Figure]]:
    return by_indicator(figures_of(store.figures("england", [ENGLAND])))


@lru_cache(maxsize=32)
def _bands(store: SeriesStore, build: str, phase: str) -> Mapping[tuple[str, str], tuple[Band, str]]:
    """(measure, period) -> the spread over schools of the phase, else over all schools."""
    found: dict[tuple[str, str], tuple[Band, str]] = {}
    for group in (ALL, phase):
        for row in store.bands("school", group).iter_rows(named=True):
            spread = Band(**{name: row[name] for name in Band.__dataclass_fields__})
            found[row["indicator"], row["period"]] = (spread, group)
    return found
