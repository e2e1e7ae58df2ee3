"""What a school's cohort may reach, from the results and the pupils in force.

Estimates allow for prior attainment, gender and month of birth (see ``formulas.ESTIMATES_ALLOW_FOR``).

The cohort are the pupils of the year's results where those are held, else the pupils on roll in the year
group that takes the tests then. The model is that of the newest results before the year of the target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import polars as pl

from redway.attainment.model import Model
from redway.attainment.target_levels import Level, least_share_estimated, three_year_progress
from redway.attainment.targets import CohortEstimates, Outlook, cohort_estimates
from redway.core.errors import RedwayError
from redway.core.periods import PeriodKind, parse_period
from redway.web.attainment.cohorts import ON_ROLL, Source, results_of, rows_in, source_of, years_in
from redway.web.attainment.formulas import ESTIMATES_ALLOW_FOR
from redway.web.attainment.models_in_force import fitted
from redway.web.attainment.targets.measures import LAST_YEAR_GROUP, Measure, last_day, year_after

OUTTURNS = 2
"""So many last outturns stand beside a target."""
PROGRESS_YEARS = 3


@dataclass(frozen=True)
class Sources:
    """What is in force for one authority and key stage. Asks the ledger when it is made: once a page."""

    results: Source
    on_roll: Source

    @property
    def numbers(self) -> tuple[int, ...]:
        return (*self.results.numbers, *self.on_roll.numbers)

    def years_to_set(self, on: date) -> tuple[str, ...]:
        """The years for which targets are set: of the two oldest year groups on roll, if not over yet."""
        held = years_in(self.on_roll)
        years = (held[-1], year_after(held[-1], 1)) if held else ()
        return tuple(year for year in years if last_day(year) >= on)


def sources_of(authority: str, key_stage: str) -> Sources:
    """The results and the pupils on roll in force."""
    return Sources(results_of(authority, key_stage), source_of(authority, ON_ROLL))


@dataclass(frozen=True)
class PastOutturn:
    """What an earlier cohort of the school reached."""

    year: str
    value: float
    pupils: int


@dataclass(frozen=True)
class Reach:
    """What a cohort may reach in one measure, or why that cannot be said."""

    measure: Measure
    year: str
    pupils: pl.DataFrame | None
    """The cohort, one row a pupil in canonical columns; None when nobody is held."""
    estimates: CohortEstimates | None
    refusal: str
    """Why there are no estimates, in words; empty when there are."""
    outturns: Sequence[PastOutturn]
    progress: float | None
    """Progress of the last three years together, in units of the outcome."""
    model_year: str
    model: Model | None
    versions: tuple[int, ...]

    @property
    def cohort(self) -> int:
        return 0 if self.pupils is None else self.pupils.height

    @property
    def outlook(self) -> Outlook | None:
        if self.estimates is None:
            return None
        return Outlook(self.estimates, self.measure.threshold_for(self.year))

    @property
    def estimated(self) -> int:
        """How many pupils of the cohort have an estimate of their own."""
        return self.estimates.estimated if self.estimates else 0


def reach_of(sources: Sources, school: str, measure: Measure, year: str, on: date) -> Reach:
    """What one school's cohort of a year may reach. ``school`` is its continuing key."""
    pupils = cohort_of(sources, school, measure.key_stage, year)
    earlier = [held for held in years_in(sources.results) if held < year]
    estimates, refusal, model = None, "", None
    try:
        model = (
            fitted(sources.results, measure.outcome, tuple(earlier[-1:]), ESTIMATES_ALLOW_FOR)
            if earlier
            else None
        )
        if pupils is None:
            refusal = f"No pupils of the cohort of {year} are held."
        elif model is None:
            refusal = f"No results of {measure.shown.name} are held from before {year}."
        else:
            estimates = cohort_estimates(pupils, model, least_share_estimated(on))
    except RedwayError as error:
        refusal = f"{error.message} {error.next_step}".strip()
    return Reach(
        measure,
        year,
        pupils,
        estimates,
        refusal,
        _outturns(sources.results, school, measure, earlier[-OUTTURNS:]),
        _progress(sources.results, school, measure, earlier[-PROGRESS_YEARS:], on),
        earlier[-1] if earlier else "",
        model,
        sources.numbers,
    )


def cohort_of(sources: Sources, school: str, key_stage: str, year: str) -> pl.DataFrame | None:
    """The pupils whose results of ``year`` a target is about; None when nobody is held."""
    if year in years_in(sources.results):
        frame = rows_in(sources.results, (year,))
    else:
        frame = _year_group(sources.on_roll, key_stage, year)
    found = None if frame is None else frame.filter(pl.col("school") == school)
    return None if found is None or found.is_empty() else found


def schools_with_cohort(sources: Sources, key_stage: str, year: str) -> dict[str, int]:
    """School -> pupils in the cohort of a year: who can be asked for a target."""
    if year in years_in(sources.results):
        frame = rows_in(sources.results, (year,))
    else:
        frame = _year_group(sources.on_roll, key_stage, year)
    if frame is None:
        return {}
    return dict(frame.group_by("school").len().sort("school").iter_rows())


@lru_cache(maxsize=16)
def _year_group(on_roll: Source, key_stage: str, year: str) -> pl.DataFrame | None:
    """The pupils on roll who will be in the last year group of the key stage in ``year``."""
    held = years_in(on_roll)
    if not held:
        return None
    later = _first(year) - _first(held[-1])
    frame = rows_in(on_roll, held[-1:])
    return None if frame is None else frame.filter(pl.col("year_group") == LAST_YEAR_GROUP[key_stage] - later)


def _first(year: str) -> int:
    return parse_period(year, PeriodKind.ACADEMIC).start.year


def _outturns(results: Source, school: str, measure: Measure, years: Sequence[str]) -> list[PastOutturn]:
    """The school's own results of these years, the newest first."""
    found = []
    for year in reversed(years):
        outturn = outturn_in_force(results, school, measure, year)
        if outturn is not None:
            found.append(PastOutturn(year, *outturn))
    return found


def outturn_in_force(results: Source, school: str, measure: Measure, year: str) -> tuple[float, int] | None:
    """(value, pupils) that the results in force give for one cohort; None when there are none."""
    frame = rows_in(results, (year,))
    own = None if frame is None else frame.filter(pl.col("school") == school)
    return None if own is None else measure.outturn_of(own, year)


def _progress(results: Source, school: str, measure: Measure, years: Sequence[str], on: date) -> float | None:
    """What the school added in the last years, weighted towards the newest."""
    effects, pupils = [], []
    for year in reversed(years):
        effect, count = _effect(results, school, measure.outcome, year)
        effects.append(effect)
        pupils.append(count)
    return three_year_progress(effects, pupils, on)


def _effect(results: Source, school: str, outcome: str, year: str) -> tuple[float | None, int]:
    try:
        model = fitted(results, outcome, (year,), ESTIMATES_ALLOW_FOR)
    except RedwayError:
        return None, 0
    if model is None or school not in model.effects.group:
        return None, 0
    at = model.effects.group.index(school)
    return float(model.effects.effect[at]), int(model.effects.n[at])


def levels_of(reach: Reach, levels: Sequence[Level]) -> list[tuple[Level, float, float, float]]:
    """(level, estimate, lower, upper) of each level of challenge; none where nothing can be said."""
    outlook = reach.outlook
    if outlook is None:
        return []
    found = []
    for level in levels:
        estimate = outlook.at(level)
        found.append((level, estimate.value, estimate.lower, estimate.upper))
    return found
