"""Is each pupil on track? Teachers' assessments term by term, beside the estimate for the end.

The *estimate* is what pupils alike reached on average (see ``targets.pupil_estimates``). The *expected
path* leads to it in equal steps: with three terms left a pupil on it works three steps below. From the
latest assessment follows the chance to reach the estimate, allowing for the doubt in an assessment and
for how far a pupil may leave the path in the terms that are left. That chance, by the local rule, is the
pupil's standing. A year before the end little can be told, so few pupils stand out; near the end more do.

Every pupil has exactly one standing. Those of whom it cannot be said are listed with the reason and never
dropped. Costs one pass over pupils and assessments.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl
from scipy.special import ndtr

from redway.attainment.tracking_rule import LAST_YEAR_GROUP, TERMS, TrackingRule
from redway.core.errors import RedwayError


class TrackingError(RedwayError):
    """Pupils or assessments that cannot be followed as they are."""


class Standing(StrEnum):
    """How a pupil stands. The words and not the order are shown."""

    EXCEEDING = "exceeding"
    ON_TRACK = "on track"
    AT_RISK = "at risk"
    NOT_KNOWN = "not known"


class Reason(StrEnum):
    """Why a standing is not known."""

    NO_ESTIMATE = "no estimate: nothing is held of what the pupil had reached before"
    NO_ASSESSMENT = "not assessed in this subject"


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
    """The pupils of a cohort in one subject."""

    pupils: pl.DataFrame
    """One row a pupil, in the order given: the columns given, and ``estimate``, ``estimate_low``,
    ``estimate_high`` (in which 95 of 100 such pupils end), ``year``, ``term``, ``terms_left``,
    ``assessment``, ``expected``, ``distance`` (assessment less expected), ``chance``, ``standing``,
    ``earlier_standing`` (of the term assessed before) and ``reason``."""
    path: pl.DataFrame
    """One row a pupil and term assessed, in order of time: PATH_SCHEMA."""
    rule: TrackingRule

    def counts(self) -> dict[Standing, int]:
        """Pupils of each standing; they add up to all pupils."""
        held = dict(self.pupils.group_by("standing").len().iter_rows())
        return {standing: held.get(standing.value, 0) for standing in Standing}

    def missing(self) -> pl.DataFrame:
        """The pupils of whom it cannot be said, with the reason."""
        return self.pupils.filter(pl.col("standing") == Standing.NOT_KNOWN.value)


def terms_left(key_stage: str, year_group: pl.Expr, term: pl.Expr) -> pl.Expr:
    """Terms from a term of a year group to the summer term in which the key stage ends.

    Raises KeyError for a key stage that does not end with results.
    """
    order = term.replace_strict(list(TERMS), list(range(len(TERMS))), default=None, return_dtype=pl.Int64)
    years = pl.lit(LAST_YEAR_GROUP[key_stage]) - year_group.cast(pl.Int64)
    return years * len(TERMS) + (len(TERMS) - 1 - order)


def track(
    pupils: pl.DataFrame,
    assessments: pl.DataFrame,
    estimates: pl.DataFrame,
    rule: TrackingRule,
    key_stage: str,
) -> Tracked:
    """Follow the pupils of a cohort in the rule's subject.

    ``pupils`` has ``pupil`` (once each) and what else the caller wants to keep; ``assessments`` has
    ``pupil``, ``year``, ``year_group``, ``term``, ``subject``, ``assessment``; ``estimates`` has ``pupil``,
    ``estimate`` and ``spread`` (standard deviation of the final result about it), null where there is none.
    Raises TrackingError when a pupil stands twice in ``pupils`` or a term is none of the three.
    """
    _refuse(pupils, assessments)
    path = _path(pupils, assessments, estimates, rule, key_stage)
    latest = path.group_by("pupil", maintain_order=True).agg(
        pl.col(
            "year", "term", "terms_left", "assessment", "expected", "distance", "chance", "standing"
        ).last(),
        pl.col("standing").slice(-2, 1).first().alias("earlier_standing"),
        pl.len().alias("assessed"),
    )
    joined = pupils.join(estimates.select("pupil", "estimate", "spread"), on="pupil", how="left").join(
        latest, on="pupil", how="left", maintain_order="left"
    )
    half = 1.959963984540054 * pl.col("spread")
    unknown = pl.col("estimate").is_null()
    followed = joined.with_columns(
        (pl.col("estimate") - half).alias("estimate_low"),
        (pl.col("estimate") + half).alias("estimate_high"),
        pl.col("standing").fill_null(Standing.NOT_KNOWN.value),
        pl.when(pl.col("assessed") > 1).then("earlier_standing").alias("earlier_standing"),
        pl.when(unknown)
        .then(pl.lit(Reason.NO_ESTIMATE.value))
        .when(pl.col("assessment").is_null())
        .then(pl.lit(Reason.NO_ASSESSMENT.value))
        .otherwise(pl.lit(""))
        .alias("reason"),
    ).drop("spread", "assessed")
    return Tracked(followed, path, rule)


def _refuse(pupils: pl.DataFrame, assessments: pl.DataFrame) -> None:
    twice = pupils.filter(pl.col("pupil").is_duplicated())
    if not twice.is_empty():
        raise TrackingError(
            f"{twice['pupil'].n_unique()} pupils stand twice in the list of pupils.",
            "Give each pupil one row: check the file of pupils on roll.",
        )
    strange = assessments.filter(~pl.col("term").is_in(TERMS))["term"].unique().drop_nulls().to_list()
    if strange:
        raise TrackingError(f"'{strange[0]}' is no term.", f"Terms are {', '.join(TERMS)}.")


def _path(
    pupils: pl.DataFrame,
    assessments: pl.DataFrame,
    estimates: pl.DataFrame,
    rule: TrackingRule,
    key_stage: str,
) -> pl.DataFrame:
    """Every assessment of these pupils in the subject, with the chance that follows from it."""
    known = (
        assessments.filter((pl.col("subject") == rule.subject) & pl.col("assessment").is_not_null())
        .select(
            "pupil",
            "year",
            "term",
            terms_left(key_stage, pl.col("year_group"), pl.col("term")).alias("terms_left"),
            pl.col("assessment").cast(pl.Float64),
        )
        .filter(pl.col("terms_left") >= 0)
        .join(pupils.select("pupil"), on="pupil", how="semi")
        .join(estimates.select("pupil", "estimate"), on="pupil", how="left")
        .sort("pupil", pl.col("terms_left"), descending=[False, True])
    )
    left = pl.col("terms_left").cast(pl.Float64)
    placed = known.with_columns((pl.col("estimate") - rule.growth * left).alias("expected")).with_columns(
        (pl.col("assessment") - pl.col("expected")).alias("distance")
    )
    chance = _chance(placed["distance"].to_numpy(), placed["terms_left"].to_numpy(), rule)
    return placed.with_columns(
        pl.Series("chance", chance, dtype=pl.Float64).fill_nan(None),
    ).select(
        *(name for name in PATH_SCHEMA if name != "standing"),
        standing_of(pl.col("chance"), rule).alias("standing"),
    )


def _chance(distance: np.ndarray, left: np.ndarray, rule: TrackingRule) -> np.ndarray:
    """Chance to reach the estimate, for pupils so far above or below the expected path."""
    spread = np.sqrt(rule.doubt**2 + rule.drift**2 * left.astype(np.float64))
    return np.asarray(ndtr(distance / spread))


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
