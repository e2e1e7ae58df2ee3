"""The pupils of a year group followed in a subject, from what is in force. Kept by version and day.

All pupils of the authority are followed at once; a school's are a part of them. So a school is held beside
the others by the same reckoning, and the second school that is asked for costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256

import polars as pl

from redway.attainment.group_gaps import band_bounds, with_prior_band
from redway.attainment.model import Model
from redway.attainment.tracking import Term, Tracked, track
from redway.attainment.tracking_estimates import no_estimates, tracking_estimates
from redway.attainment.tracking_rule import SUBJECTS, YEAR_GROUPS, rule_for
from redway.core.errors import RedwayError
from redway.web.attainment.cohorts import (
    ASSESSMENTS,
    ON_ROLL,
    RESULTS,
    Source,
    results_of,
    rows_in,
    source_of,
    years_in,
)
from redway.web.attainment.formulas import ESTIMATES_ALLOW_FOR, Outcome, outcome_named
from redway.web.attainment.models_in_force import fitted

_NO_ASSESSMENTS = {
    "pupil": pl.String,
    "year": pl.String,
    "year_group": pl.Int64,
    "term": pl.String,
    "subject": pl.String,
    "assessment": pl.Float64,
}


@dataclass(frozen=True)
class Sources:
    """What is in force for one authority. Asks the ledger when it is made: once a page."""

    on_roll: Source
    assessments: Source
    results: Mapping[str, Source]
    """By key stage."""

    @property
    def every(self) -> tuple[Source, ...]:
        return (self.on_roll, self.assessments, *self.results.values())

    @property
    def build(self) -> str:
        """A short name of all of it, for folders of pictures."""
        parts = "".join(source.build for source in self.every)
        return f"tracking_{self.on_roll.authority}-{sha256(parts.encode()).hexdigest()[:16]}"

    @property
    def year(self) -> str:
        """The school year of the pupils on roll; empty when none are held."""
        return (years_in(self.on_roll) or ("",))[-1]

    def behind(self, key_stage: str) -> tuple[Source, ...]:
        """The sources of what is said about the pupils on the way to one key stage's results."""
        return (self.on_roll, self.assessments, self.results[key_stage])


def sources_of(authority: str) -> Sources:
    """The pupils on roll, their assessments and the results in force."""
    results = {stage: results_of(authority, stage) for stage in RESULTS}
    return Sources(source_of(authority, ON_ROLL), source_of(authority, ASSESSMENTS), results)


@dataclass(frozen=True)
class Followed:
    """A year group of an authority, or some of its pupils, in one subject."""

    subject: Outcome
    year_group: int
    year: str
    """School year in which they are on roll."""
    tracked: Tracked
    model: Model | None
    model_year: str
    """Year of the results that estimates come from; empty when there are none."""
    refusal: str
    """Why there are no estimates at all; empty when there are."""

    @property
    def pupils(self) -> pl.DataFrame:
        return self.tracked.pupils

    def of(self, condition: pl.Expr) -> Followed:
        """Some of the pupils."""
        return Followed(
            self.subject,
            self.year_group,
            self.year,
            self.tracked.of(condition),
            self.model,
            self.model_year,
            self.refusal,
        )


def year_groups_of(sources: Sources, school: str) -> tuple[int, ...]:
    """The year groups a school has on roll that are on the way to results, lowest first."""
    frame = rows_in(sources.on_roll, (sources.year,))
    if frame is None:
        return ()
    own = frame.filter(pl.col("school") == school)["year_group"].drop_nulls().unique().cast(pl.Int64)
    return tuple(sorted(group for group in own.to_list() if key_stage_of(group)))


def key_stage_of(year_group: int) -> str:
    """The key stage whose results a year group is on the way to; empty for none.

    >>> key_stage_of(9), key_stage_of(6), key_stage_of(13)
    ('ks4', 'ks2', '')
    """
    return next((stage for stage, (first, last) in YEAR_GROUPS.items() if first <= year_group <= last), "")


def subjects_of(year_group: int) -> tuple[Outcome, ...]:
    """The subjects in which a year group is followed."""
    return tuple(outcome_named(code) for code in SUBJECTS.get(key_stage_of(year_group), ()))


def followed(
    sources: Sources, subject: Outcome, year_group: int, on: date, at: Term | None = None
) -> Followed | None:
    """The pupils of an authority's year group; None when nobody is on roll in it.

    ``at`` is the term looked at, else the last one assessed; a term without assessments counts as the last.
    Raises TrackingError where pupils or assessments cannot be followed.
    """
    behind = sources.behind(subject.key_stage)
    newest = _followed(*behind, subject, year_group, None, on)
    if newest is None or at is None or at not in newest.tracked.terms:
        return newest
    return _followed(*behind, subject, year_group, at, on)


@lru_cache(maxsize=64)
def _followed(
    on_roll: Source,
    assessments: Source,
    results: Source,
    subject: Outcome,
    year_group: int,
    at: Term | None,
    on: date,
) -> Followed | None:
    years = years_in(on_roll)[-1:]
    frame = rows_in(on_roll, years)
    pupils = None if frame is None else frame.filter(pl.col("year_group") == year_group)
    if pupils is None or pupils.is_empty():
        return None
    pupils = (
        with_prior_band(pupils, band_bounds(pupils["prior_attainment"])) if _has_prior(pupils) else pupils
    )
    earlier = [year for year in years_in(results) if year < years[0]]
    model, refusal, estimates = None, "", None
    try:
        model = _model(results, subject, earlier)
        estimates = tracking_estimates(pupils, model)
    except RedwayError as error:
        refusal = f"{error.message} {error.next_step}".strip()
        estimates = no_estimates(pupils, "no estimate: there is no model to make it with")
    held = _assessments(assessments)
    tracked = track(pupils, held, estimates, rule_for(subject.code, on), at)
    return Followed(subject, year_group, years[0], tracked, model, earlier[-1] if model else "", refusal)


def _has_prior(pupils: pl.DataFrame) -> bool:
    return "prior_attainment" in pupils.columns


class NoResults(RedwayError):  # noqa: N818 - says what happened, as in core
    """No results from which estimates could be made."""


def _model(results: Source, subject: Outcome, earlier: list[str]) -> Model:
    """The model of the newest results before the year. Raises NoResults, or what the fit raises."""
    model = fitted(results, subject.code, tuple(earlier[-1:]), ESTIMATES_ALLOW_FOR) if earlier else None
    if model is None:
        raise NoResults(
            f"No earlier results in {subject.label} are held, so there is nothing to estimate from.",
            "Import the results of an earlier year.",
        )
    return model


def _assessments(source: Source) -> pl.DataFrame:
    years = years_in(source)
    frame = rows_in(source, years) if years else None
    return pl.DataFrame(schema=_NO_ASSESSMENTS) if frame is None else frame
