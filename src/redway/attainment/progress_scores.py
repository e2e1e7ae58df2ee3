"""Progress as the national tables measure it: a pupil beside those of like prior attainment, a school's
mean, and the interval around it from one national standard deviation.

There is no shrinkage and no model here; see ``effects.py`` for those. Progress 8 and progress at key
stage 2 are the same sum on different scales.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from redway.attainment.measure_values import Numbers
from redway.attainment.prior_groups import OUTSIDE, PriorGroups, lowest_scores
from redway.core.errors import NotEnoughData, RedwayError
from redway.core.words import counted

DEVIATIONS = 1.96
"""Standard errors to each side of a published 95% interval."""


class UnfitPupils(RedwayError):  # noqa: N818 - says what happened, as in core
    """Pupils who cannot be measured as they stand: a column that is not there, a pupil twice."""


@dataclass(frozen=True)
class Spread:
    """The standard deviation of pupils' scores that intervals are made from."""

    value: float
    source: str
    own: bool = False
    """Whether it is that of the pupils at hand, and not the national one."""


@dataclass(frozen=True)
class ProgressScores:
    """Progress of pupils and of their schools in one measure."""

    pupils: pl.DataFrame
    """pupil, urn, prior_attainment, outcome, group (from 1), estimate, score, adjusted_score, left_out (why
    the pupil has no score; null for one who has)."""
    schools: pl.DataFrame
    """urn, pupils, in_measure, adjusted (pupils whose score was raised), outcome (mean), score, lower,
    upper, unadjusted, unadjusted_lower, unadjusted_upper; null scores for a school with no pupil in the
    measure."""
    groups: PriorGroups
    spread: Spread
    unadjusted_spread: Spread
    left_out: Mapping[str, int]
    """Reason -> pupils without a score."""
    is_adjusted: bool
    notes: tuple[str, ...]
    """What a reader must know of these figures, in sentences."""

    @property
    def is_own(self) -> bool:
        """Whether the pupils were compared with one another, which is no published measure."""
        return self.groups.own

    @property
    def in_measure(self) -> int:
        """Pupils with a score."""
        return int(self.pupils["score"].count())


def suppressed(schools: pl.DataFrame, smallest: int) -> pl.DataFrame:
    """Schools as they may be seen by others: ``hidden`` says why a school shows nothing but its key.

    Schools with no more than ``smallest`` pupils in the measure are hidden. As the mean of all may be
    known, a single hidden school could be found from the others; the next smallest is then hidden with
    it. Counts that would tell of few pupils otherwise (those without a score, those whose score was
    raised) are left out for all, and so is what is not adjusted.
    """
    size = pl.col("in_measure")
    few = schools["in_measure"] <= smallest
    if few.sum() == 1 and schools.height > 1:
        rank = schools.select(pl.when(size > smallest).then(size).rank("ordinal")).to_series()
        few |= (rank == 1).fill_null(value=False)
    figures = [
        name for name in ("in_measure", "outcome", "score", "lower", "upper", "band") if name in schools
    ]
    why = f"Hidden: {smallest} pupils or fewer, or would reveal another"
    return schools.select("urn", *figures).with_columns(
        pl.when(~few).then(pl.col(*figures)), pl.when(few).then(pl.lit(why)).alias("hidden")
    )


def with_notes(found: ProgressScores, *notes: str) -> ProgressScores:
    """The same with something more to be known of it."""
    return replace(found, notes=(*found.notes, *notes))


def interval(score: pl.Expr, pupils: pl.Expr, spread: float) -> tuple[pl.Expr, pl.Expr]:
    """Lower and upper 95% limit of a school's mean score: score -/+ 1.96 spread / sqrt(pupils)."""
    reach = DEVIATIONS * spread / pupils.cast(pl.Float64).sqrt()
    return (score - reach).alias("lower"), (score + reach).alias("upper")


def require_pupils(pupils: pl.DataFrame, columns: tuple[str, ...]) -> None:
    """Raise UnfitPupils unless every column is there and no pupil is there twice."""
    missing = [name for name in columns if name not in pupils.columns]
    if missing:
        raise UnfitPupils(
            f"The pupils have no column {', '.join(repr(name) for name in missing)}.",
            f"There are {', '.join(pupils.columns)}.",
        )
    twice = pupils["pupil"].drop_nulls().is_duplicated()
    if twice.any():
        ids = pupils["pupil"].drop_nulls().filter(twice).unique(maintain_order=True)
        shown = ", ".join(str(one) for one in ids.head(5))
        raise UnfitPupils(
            f"{counted(len(ids), 'pupil is', 'pupils are')} there more than once: {shown}"
            f"{' and more' if len(ids) > 5 else ''}.",
            "Each pupil has one row; keep the right one.",
        )


def progress_scores(
    pupils: pl.DataFrame,
    outcome: str,
    groups: PriorGroups,
    *,
    divisor: float = 1.0,
    spread: Spread | None = None,
    unadjusted_spread: Spread | None = None,
    share_adjusted: float | None = None,
    adjusts: bool = False,
    names: Mapping[str, str] | None = None,
) -> ProgressScores:
    """The scores of pupils (pupil, urn, prior_attainment and the ``outcome``) and of their schools.

    A score is (outcome - mean of the group) / ``divisor``. ``adjusts`` raises scores below the lowest of
    their group to it: the groups' own lowest scores or, in an own comparison, those under which
    ``share_adjusted`` of the pupils lie. Where no national ``spread`` is given, that of the pupils'
    scores stands in and is named so.

    Raises NotEnoughData when no pupil has a score, and when pupils of one school would be compared with
    themselves.
    """
    said = {"outcome": outcome, "prior": "prior attainment", **(names or {})}
    table, reasons = _scored(pupils, outcome, groups, divisor, said)
    in_it = table.filter(pl.col("left_out").is_null())
    if in_it.is_empty():
        why = "; ".join(f"{reason}: {counted(count, 'pupil')}" for reason, count in reasons.items())
        raise NotEnoughData(
            f"No pupil can be given a score ({why or 'there are no pupils'}).",
            "Check the columns of schools, prior attainment and results.",
        )
    if groups.own and in_it["urn"].n_unique() == 1:
        raise NotEnoughData(
            "All pupils are of one school: beside one another they have made no progress at all.",
            "Add the pupils of other schools, or give a table of national averages.",
        )
    notes = [_compared_with(groups, in_it.height)]
    minimum = _minimum(in_it, groups, share_adjusted if adjusts else None)
    if adjusts and minimum is None:
        notes.append("Extremely low scores are not raised: the lowest scores of the groups are not held.")
    table = _adjusted(table, minimum)
    national = unadjusted_spread or (None if adjusts else spread)
    unadjusted = national or _own_spread(table["score"])
    used = (spread or _own_spread(table["adjusted_score"])) if minimum is not None else unadjusted
    if used.own:
        notes.append("Intervals use the standard deviation of these pupils' scores, not the national one.")
    return ProgressScores(
        table,
        _schools(table, used.value, unadjusted.value),
        groups,
        used,
        unadjusted,
        reasons,
        minimum is not None,
        tuple(notes),
    )


def _scored(
    pupils: pl.DataFrame, outcome: str, groups: PriorGroups, divisor: float, said: Mapping[str, str]
) -> tuple[pl.DataFrame, dict[str, int]]:
    prior = pupils["prior_attainment"].cast(pl.Float64).fill_nan(None)
    placed = groups.place(prior.fill_null(float("nan")).to_numpy())
    group = pl.Series("group", placed).replace(OUTSIDE, None)
    estimate = np.append(groups.mean, np.nan)[placed]
    table = pupils.select(
        "pupil",
        "urn",
        prior.alias("prior_attainment"),
        pl.col(outcome).cast(pl.Float64).fill_nan(None).alias("outcome"),
        (group + 1).alias("group"),
        pl.Series("estimate", estimate).fill_nan(None),
    )
    no_prior, no_outcome = f"no {said['prior']}", f"no {said['outcome']}"
    outside = f"{said['prior']} outside the groups ({groups.span})"
    table = table.with_columns(
        pl.when(_is_blank("urn"))
        .then(pl.lit("no school"))
        .when(pl.col("prior_attainment").is_null())
        .then(pl.lit(no_prior))
        .when(pl.col("group").is_null())
        .then(pl.lit(outside))
        .when(pl.col("outcome").is_null())
        .then(pl.lit(no_outcome))
        .alias("left_out")
    ).with_columns(
        pl.when(pl.col("left_out").is_null())
        .then((pl.col("outcome") - pl.col("estimate")) / divisor)
        .alias("score")
    )
    counts = table["left_out"].drop_nulls().value_counts(sort=True)
    return table, dict(zip(counts["left_out"], counts["count"], strict=True))


def _is_blank(column: str) -> pl.Expr:
    text = pl.col(column).cast(pl.String).str.strip_chars()
    return text.is_null() | (text == "")


def _compared_with(groups: PriorGroups, pupils: int) -> str:
    if groups.own:
        return (
            f"Own comparison: the {counted(pupils, 'pupil')} are compared with one another in "
            f"{counted(len(groups.mean), 'group')} of prior attainment, not with England. "
            "The mean of all is nought. It is no published measure."
        )
    return f"Compared with {groups.source}."


def _minimum(in_it: pl.DataFrame, groups: PriorGroups, share: float | None) -> Numbers | None:
    """The lowest score of each group; None where scores are not adjusted, or no lowest score is held."""
    if share is None:
        return None
    if groups.minimum is not None:
        return groups.minimum
    if not groups.own:
        return None
    return lowest_scores(in_it["score"].to_numpy(), in_it["group"].to_numpy() - 1, len(groups.mean), share)


def _adjusted(table: pl.DataFrame, minimum: Numbers | None) -> pl.DataFrame:
    """Scores below the lowest of their group raised to it; only negative scores ever are."""
    if minimum is None:
        return table.with_columns(pl.col("score").alias("adjusted_score"))
    capped = np.where(np.isnan(minimum), -np.inf, np.minimum(minimum, 0.0))
    placed = table["group"].fill_null(1).to_numpy() - 1
    lowest = pl.Series("lowest", capped[placed])
    return table.with_columns(pl.max_horizontal("score", lowest).alias("adjusted_score")).with_columns(
        pl.when(pl.col("score").is_not_null()).then(pl.col("adjusted_score"))
    )


def given_spread(value: float | None) -> Spread | None:
    """A standard deviation that somebody states. Raises UnfitPupils for one that cannot be."""
    if value is None:
        return None
    if not 0 < value < float("inf"):
        raise UnfitPupils(f"A standard deviation of {value:g} cannot be.", "Give a number above nought.")
    return Spread(value, "as given")


def _own_spread(scores: pl.Series) -> Spread:
    value = scores.std()
    if not isinstance(value, float):
        raise NotEnoughData(
            "One pupil's score alone does not tell how far scores differ.",
            "Add pupils, or give the national standard deviation.",
        )
    return Spread(value, "these pupils' scores", own=True)


def _schools(table: pl.DataFrame, spread: float, unadjusted_spread: float) -> pl.DataFrame:
    score, unadjusted = pl.col("score"), pl.col("unadjusted")
    in_measure = pl.col("in_measure")
    lower, upper = interval(score, in_measure, spread)
    first, last = interval(unadjusted, in_measure, unadjusted_spread)
    return (
        table.filter(~_is_blank("urn"))
        .group_by("urn")
        .agg(
            pl.len().alias("pupils"),
            score.count().alias("in_measure"),
            (pl.col("adjusted_score") > score).sum().alias("adjusted"),
            pl.col("outcome").mean(),
            pl.col("adjusted_score").mean().alias("score"),
            score.mean().alias("unadjusted"),
        )
        .with_columns(lower, upper, first.alias("unadjusted_lower"), last.alias("unadjusted_upper"))
        .sort("urn")
        .select(
            "urn",
            "pupils",
            "in_measure",
            "adjusted",
            "outcome",
            "score",
            "lower",
            "upper",
            "unadjusted",
            "unadjusted_lower",
            "unadjusted_upper",
        )
    )
