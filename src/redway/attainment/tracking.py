"""Is each pupil on track? Teachers' assessments term by term, beside the estimate for the end.

The *estimate* is what pupils alike reached on average. The *expected path* leads to it in equal steps: with
three terms left a pupil on it works three steps below. From an assessment follows the chance to reach the
estimate, allowing for the doubt in an assessment and for how far a pupil may leave the path in the terms that
are left. That chance, by the local rule, is the pupil's standing.

The estimate is an average, so half of all pupils end below theirs whatever the school does. By the usual
limits about a third of the pupils of an average school are at risk and as many exceeding. So a share at risk
is a finding only beside that of other schools or groups; for one pupil it says where to look.

One term is looked at, and every pupil has exactly one standing in it. Those of whom it cannot be said are
listed with the reason and never dropped. Costs one pass over pupils and assessments.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl
from scipy.special import ndtr

from redway.attainment.tracking_rule import TERMS, TrackingRule
from redway.core.errors import NotFound, RedwayError
from redway.core.words import counted, listed
from redway.indicators.intervals import Z95


class TrackingError(RedwayError):
    """Pupils or assessments that cannot be followed as they are."""


class NoSuchTerm(NotFound):
    """A term in which nobody was assessed."""


class Standing(StrEnum):
    """How a pupil stands. The words and not the order are shown."""

    EXCEEDING = "exceeding"
    ON_TRACK = "on track"
    AT_RISK = "at risk"
    NOT_KNOWN = "not known"


ORDER = (Standing.AT_RISK.value, Standing.ON_TRACK.value, Standing.EXCEEDING.value)
"""From the lowest to the highest."""


class Movement(StrEnum):
    """How a standing has changed since the term assessed before."""

    UP = "up"
    SAME = "same"
    DOWN = "down"


class Reason(StrEnum):
    """Why a standing is not known, where the estimate does not say."""

    NO_ESTIMATE = "no estimate is held"
    NO_ASSESSMENT = "never assessed in this subject"
    NOT_THIS_TERM = "not assessed in this term"
    UNPLACED = "assessed, but in no year group on the way to these results"


@dataclass(frozen=True, order=True)
class Term:
    """One term of one school year; terms are in the order of time."""

    year: str
    place: int
    """0 autumn, 1 spring, 2 summer."""

    @property
    def name(self) -> str:
        return TERMS[self.place]

    @property
    def label(self) -> str:
        """'Spring 2025-26'."""
        return f"{self.name.capitalize()} {self.year}"

    @property
    def code(self) -> str:
        """How addresses and commands name it: '2025-26-spring'."""
        return f"{self.year}-{self.name}"


PATH_SCHEMA = {
    "pupil": pl.String,
    "year": pl.String,
    "term": pl.String,
    "terms_left": pl.Int64,
    "assessment": pl.Float64,
    "expected": pl.Float64,
    "distance": pl.Float64,
    "chance": pl.Float64,
    "standing": pl.String,
}


@dataclass(frozen=True)
class Tracked:
    """The pupils of a cohort in one subject, as they stand in one term."""

    pupils: pl.DataFrame
    """One row a pupil, in the order given: the columns given, and ``estimate``, ``estimate_low``,
    ``estimate_high`` (in which 95 of 100 such pupils end), ``terms_left``, ``assessment``, ``expected``,
    ``distance`` (assessment less expected), ``chance``, ``standing``, ``earlier_standing`` (of the term
    assessed before), ``movement`` and ``reason`` (empty where the standing is known)."""
    path: pl.DataFrame
    """One row a pupil and term assessed, up to the term looked at, in order of time: PATH_SCHEMA."""
    rule: TrackingRule
    at: Term | None
    """The term looked at; None when nobody was assessed."""
    terms: tuple[Term, ...]
    """Every term in which somebody of the cohort was assessed in the subject, earliest first."""

    def counts(self) -> dict[Standing, int]:
        """Pupils of each standing; they add up to all pupils."""
        held = dict(self.pupils.group_by("standing").len().iter_rows())
        return {standing: held.get(standing.value, 0) for standing in Standing}

    def missing(self) -> pl.DataFrame:
        """The pupils of whom it cannot be said, with the reason."""
        return self.pupils.filter(pl.col("standing") == Standing.NOT_KNOWN.value)

    def of(self, condition: pl.Expr) -> Tracked:
        """Some of the pupils: those of one school, say."""
        kept = self.pupils.filter(condition)
        path = self.path.join(kept.select("pupil"), on="pupil", how="semi", maintain_order="left")
        return Tracked(kept, path, self.rule, self.at, self.terms)


def track(
    pupils: pl.DataFrame,
    assessments: pl.DataFrame,
    estimates: pl.DataFrame,
    rule: TrackingRule,
    at: Term | None = None,
) -> Tracked:
    """Follow the pupils of a cohort in the rule's subject, as they stand in the term ``at``, else the last.

    ``pupils`` has ``pupil`` (once each) and what else the caller wants to keep; ``assessments`` has
    ``pupil``, ``year``, ``year_group``, ``term``, ``subject``, ``assessment``; ``estimates`` has ``pupil``,
    ``estimate``, ``spread`` (standard deviation of the final result about it) and ``why`` there is none
    (see ``tracking_estimates``). Raises TrackingError when a pupil stands twice, when somebody has two
    assessments in one term, or where a term is none of the three; NoSuchTerm for a term without any.
    """
    _refuse(pupils, assessments)
    known = _assessed(pupils, assessments, rule)
    _refuse_twice(known)
    terms = _terms(known)
    if at is None:
        at = terms[-1] if terms else None
    elif at not in terms:
        said = f"There were: {listed(term.code for term in terms)}." if terms else "There are none."
        raise NoSuchTerm(f"Nobody was assessed in {rule.subject} in {at.label.lower()}.", said)
    path = _path(known, estimates, rule, at)
    return Tracked(_standings(pupils, estimates, known, path, at), path, rule, at, terms)


def terms_left(rule: TrackingRule, year_group: pl.Expr, term: pl.Expr) -> pl.Expr:
    """Terms from a term of a year group to the summer term in which the key stage ends."""
    years = pl.lit(rule.last_year_group) - year_group.cast(pl.Int64)
    return years * len(TERMS) + (len(TERMS) - 1 - _place(term))


def chance_to_reach(
    result: float, assessment: float, left: int, rule: TrackingRule, step: float = 1.0
) -> float:
    """Chance that a pupil assessed so, ``left`` terms before the end, ends at ``result`` or above.

    The same reasoning as for the estimate: a usual pupil comes ``growth`` nearer a term. Results come in
    whole ``step``s, so half a step below counts as reached.
    """
    ahead = assessment + rule.growth * left - (result - step / 2)
    return float(ndtr(ahead / _spread(np.array([left]), rule)[0]))


def doubt_range(assessment: float, rule: TrackingRule) -> tuple[float, float]:
    """Between which a pupil assessed so is working, 95 times in 100."""
    return assessment - Z95 * rule.doubt, assessment + Z95 * rule.doubt


def _refuse(pupils: pl.DataFrame, assessments: pl.DataFrame) -> None:
    twice = pupils.filter(pl.col("pupil").is_duplicated())
    if not twice.is_empty():
        stand = counted(twice["pupil"].n_unique(), "pupil stands", "pupils stand")
        raise TrackingError(
            f"{stand} twice in the list of pupils.",
            "Give each pupil one row: check the file of pupils on roll.",
        )
    strange = assessments.filter(~pl.col("term").is_in(TERMS))["term"].unique().drop_nulls().sort().to_list()
    if strange:
        raise TrackingError(f"'{strange[0]}' is no term.", f"Terms are {', '.join(TERMS)}.")


def _refuse_twice(known: pl.DataFrame) -> None:
    twice = known.filter(pl.struct("pupil", "year", "place").is_duplicated())
    if not twice.is_empty():
        have = counted(twice["pupil"].n_unique(), "pupil has", "pupils have")
        raise TrackingError(
            f"{have} two assessments in the same subject and term, the first in {_term(twice.row(0)).label}.",
            "Keep the one that holds and take the files in again.",
        )


def _term(row: tuple[object, ...]) -> Term:
    """The term of a row of ``_assessed``."""
    return Term(str(row[1]), int(str(row[2])))


def _place(term: pl.Expr) -> pl.Expr:
    return term.replace_strict(list(TERMS), list(range(len(TERMS))), default=None, return_dtype=pl.Int64)


def _assessed(pupils: pl.DataFrame, assessments: pl.DataFrame, rule: TrackingRule) -> pl.DataFrame:
    """(pupil, year, place, terms_left, assessment) of these pupils in the subject, in order of time.

    ``terms_left`` is null where the year group is on no way to these results.
    """
    left = terms_left(rule, pl.col("year_group"), pl.col("term"))
    return (
        assessments.filter((pl.col("subject") == rule.subject) & pl.col("assessment").is_not_null())
        .filter(pl.col("term").is_not_null())
        .join(pupils.select("pupil"), on="pupil", how="semi")
        .select(
            "pupil",
            "year",
            _place(pl.col("term")).alias("place"),
            pl.when(left >= 0).then(left).alias("terms_left"),
            pl.col("assessment").cast(pl.Float64),
        )
        .sort("pupil", "year", "place")
    )


def _terms(known: pl.DataFrame) -> tuple[Term, ...]:
    return tuple(sorted(Term(year, place) for year, place in known.select("year", "place").unique().rows()))


def _path(known: pl.DataFrame, estimates: pl.DataFrame, rule: TrackingRule, at: Term | None) -> pl.DataFrame:
    """Every assessment up to the term looked at, with the chance that follows from it."""
    placed = known.filter(pl.col("terms_left").is_not_null())
    if at is not None:
        earlier = (pl.col("year") < at.year) | ((pl.col("year") == at.year) & (pl.col("place") <= at.place))
        placed = placed.filter(earlier)
    placed = (
        placed.join(estimates.select("pupil", "estimate"), on="pupil", how="left", maintain_order="left")
        .with_columns((pl.col("estimate") - rule.growth * pl.col("terms_left")).alias("expected"))
        .with_columns((pl.col("assessment") - pl.col("expected")).alias("distance"))
    )
    spread = _spread(placed["terms_left"].to_numpy(), rule)
    chance = pl.Series("chance", ndtr(placed["distance"].to_numpy() / spread), dtype=pl.Float64)
    return placed.with_columns(
        chance.fill_nan(None),
        pl.col("place").replace_strict(dict(enumerate(TERMS)), return_dtype=pl.String).alias("term"),
    ).select(
        *(name for name in PATH_SCHEMA if name != "standing"),
        standing_of(pl.col("chance"), rule).alias("standing"),
    )


def _standings(
    pupils: pl.DataFrame,
    estimates: pl.DataFrame,
    known: pl.DataFrame,
    path: pl.DataFrame,
    at: Term | None,
) -> pl.DataFrame:
    """The pupils as they stand in the term looked at."""
    now = pl.lit(False)
    if at is not None:
        now = (pl.col("year") == at.year) & (pl.col("term") == at.name)
    current = path.filter(now).select(
        "pupil", "terms_left", "assessment", "expected", "distance", "chance", "standing"
    )
    before = (
        path.filter(~now)
        .group_by("pupil", maintain_order=True)
        .agg(pl.col("standing").last().alias("earlier_standing"))
    )
    in_term = pl.lit(False)
    if at is not None:
        in_term = (pl.col("year") == at.year) & (pl.col("place") == at.place)
    ever = known.group_by("pupil").agg(in_term.any().alias("_in_term"))
    half = Z95 * pl.col("spread")
    joined = pupils
    for other in (estimates.select("pupil", "estimate", "spread", "why"), current, before, ever):
        joined = joined.join(other, on="pupil", how="left", maintain_order="left")
    return joined.with_columns(
        (pl.col("estimate") - half).alias("estimate_low"),
        (pl.col("estimate") + half).alias("estimate_high"),
        _reason().alias("reason"),
        _movement().alias("movement"),
        pl.col("standing").fill_null(Standing.NOT_KNOWN.value),
    ).drop("spread", "why", "_in_term")


def _reason() -> pl.Expr:
    """Why the standing is not known; empty where it is. The first that holds is told."""
    return (
        pl.when(pl.col("standing").is_not_null())
        .then(pl.lit(""))
        .when(pl.col("estimate").is_null())
        .then(pl.col("why").fill_null(Reason.NO_ESTIMATE.value))
        .when(pl.col("_in_term").is_null())
        .then(pl.lit(Reason.NO_ASSESSMENT.value))
        .when(pl.col("_in_term"))
        .then(pl.lit(Reason.UNPLACED.value))
        .otherwise(pl.lit(Reason.NOT_THIS_TERM.value))
    )


def _movement() -> pl.Expr:
    """Up, down or the same, where both standings are known."""
    ranks = list(range(len(ORDER)))
    rank = {
        name: pl.col(name).replace_strict(list(ORDER), ranks, default=None, return_dtype=pl.Int64)
        for name in ("standing", "earlier_standing")
    }
    return (
        pl.when(rank["standing"] > rank["earlier_standing"])
        .then(pl.lit(Movement.UP.value))
        .when(rank["standing"] < rank["earlier_standing"])
        .then(pl.lit(Movement.DOWN.value))
        .when(rank["standing"] == rank["earlier_standing"])
        .then(pl.lit(Movement.SAME.value))
    )


def _spread(left: np.ndarray, rule: TrackingRule) -> np.ndarray:
    """How far from the path a pupil may turn out to end: doubt now, and drift in the terms that are left."""
    return np.asarray(np.sqrt(rule.doubt**2 + rule.drift**2 * left.astype(np.float64)))


def standing_of(chance: pl.Expr, rule: TrackingRule) -> pl.Expr:
    """The standing that a chance means by the rule; null where there is no chance."""
    return (
        pl.when(chance.is_null())
        .then(pl.lit(None, dtype=pl.String))
        .when(chance < rule.at_risk_below)
        .then(pl.lit(Standing.AT_RISK.value))
        .when(chance > rule.exceeding_above)
        .then(pl.lit(Standing.EXCEEDING.value))
        .otherwise(pl.lit(Standing.ON_TRACK.value))
    )
