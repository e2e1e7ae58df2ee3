"""One school's progress, put together for its page, its files and its paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import polars as pl

from redway.core.errors import RedwayError
from redway.figures.disclosure import Rule
from redway.web.attainment.cohorts import Source, results_of, rows_in, years_in
from redway.web.attainment.formulas import KEY_STAGES, Outcome, Predictor, outcomes_of, predictors_in
from redway.web.attainment.models_in_force import fitted
from redway.web.attainment.value_added.asked import Asked
from redway.web.attainment.value_added.estimates import Estimate, Estimates, estimates_of
from redway.web.attainment.value_added.left_out import LeftOut, left_out
from redway.web.register.models import School

MOST_YEARS = 5
"""Years of a trend: the newest ones."""


@dataclass(frozen=True)
class SchoolProgress:
    """What is known of one school's progress, as asked for."""

    school: School
    asked: Asked
    source: Source
    rule: Rule
    estimates: Estimates | None
    refusal: str
    """Why there is no model, in words; empty when there is one."""
    left_out: Sequence[LeftOut]
    offered: Sequence[Predictor]
    """What may be ticked: the predictors whose columns the results have."""
    by_year: Mapping[str, Estimate | None]
    """Year -> the school's estimate from that year's own model; None where none may be shown."""
    by_outcome: Mapping[Outcome, Estimate | None]
    numbers: Mapping[str, Sequence[str]]
    """Year -> the URNs under which the school's pupils were, where any were."""

    @property
    def own(self) -> Estimate | None:
        """The school's own estimate; None where it may not be shown or there is no model."""
        return self.estimates.of(self.school.key) if self.estimates else None

    @property
    def chosen(self) -> tuple[Predictor, ...]:
        """What the model allows for beside prior attainment."""
        return tuple(one for one in self.offered if one.code in self.asked.predictors)

    @property
    def is_small(self) -> bool:
        """Whether the school has so few results here that nothing may be shown of it."""
        return self.estimates is not None and self.school.key in self.estimates.small

    @property
    def is_hidden(self) -> bool:
        """Whether nothing may be shown of the school: it is small, or protects one that is."""
        return self.estimates is not None and self.school.key in self.estimates.hidden


@dataclass(frozen=True)
class Held:
    """The results in force of an authority's key stages, and the years that a page may ask for."""

    sources: Mapping[str, Source]
    years: Mapping[str, Sequence[str]]
    """Key stage -> years, earliest first."""


def held_of_school(school: School) -> Held:
    """The results that one school has: the years in which any of its pupils has one."""
    sources = {stage: results_of(school.authority, stage) for stage in KEY_STAGES}
    years = {
        stage: [year for year in years_in(source) if _own_rows(source, (year,), school.key) is not None]
        for stage, source in sources.items()
    }
    return Held(sources, years)


def progress_of(school: School, asked: Asked, held: Held, rule: Rule) -> SchoolProgress:
    """Everything the page says about one school."""
    source, years = held.sources[asked.key_stage], held.years[asked.key_stage]
    cohort = rows_in(source, asked.years)
    columns = [] if cohort is None else cohort.columns
    offered = predictors_in(columns)
    chosen = [one for one in offered if one.code in asked.predictors]
    own = _own_rows(source, asked.years, school.key)
    is_held = asked.outcome.code in columns
    estimates, refusal = estimated(source, asked, rule)
    return SchoolProgress(
        school=school,
        asked=asked,
        source=source,
        rule=rule,
        estimates=estimates,
        refusal=refusal,
        left_out=left_out(own, asked.outcome, chosen) if own is not None and is_held else [],
        offered=offered,
        by_year={
            year: _own_estimate(source, replace(asked, years=(year,)), school.key, rule)
            for year in years[-MOST_YEARS:]
        },
        by_outcome={
            outcome: _own_estimate(source, replace(asked, outcome=outcome), school.key, rule)
            for outcome in outcomes_of(asked.key_stage)
            if outcome.code in columns
        },
        numbers={
            year: tuple(sorted(rows["urn"].unique().to_list()))
            for year in years
            if (rows := _own_rows(source, (year,), school.key)) is not None
        },
    )


def estimated(source: Source, asked: Asked, rule: Rule) -> tuple[Estimates | None, str]:
    """The estimates of all schools, or None and why there are none."""
    try:
        found = _estimates(source, asked.outcome.code, asked.years, asked.predictors, rule)
    except RedwayError as error:
        return None, f"{error.message} {error.next_step}".strip()
    if found is None:
        return None, f"The results held for {asked.period} have no column of {asked.outcome.label}."
    return found, ""


@lru_cache(maxsize=256)
def _estimates(
    source: Source, outcome: str, years: tuple[str, ...], predictors: frozenset[str], rule: Rule
) -> Estimates | None:
    model, cohort = fitted(source, outcome, years, predictors), rows_in(source, years)
    if model is None or cohort is None:
        return None
    return estimates_of(model, rule, dict(cohort.group_by("school").len().iter_rows()))


def _own_estimate(source: Source, asked: Asked, school: str, rule: Rule) -> Estimate | None:
    estimates, _ = estimated(source, asked, rule)
    return estimates.of(school) if estimates else None


def _own_rows(source: Source, years: tuple[str, ...], school: str) -> pl.DataFrame | None:
    """The school's pupils in these years; None when it has none."""
    cohort = rows_in(source, years)
    rows = None if cohort is None else cohort.filter(pl.col("school") == school)
    return None if rows is None or rows.is_empty() else rows
