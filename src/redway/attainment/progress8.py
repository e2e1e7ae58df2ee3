"""Progress 8: a pupil's Attainment 8 beside the national average of pupils with the same results at age 11.

A pupil's score is a tenth of the difference, a school's the mean of its pupils, and the interval comes
from one national standard deviation. Pupils without results at age 11 are left out and counted; pupils
with them and without a single grade are in it with an Attainment 8 of nought.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from redway.attainment.measure_values import (
    NotPublished,
    entry_in,
    is_held,
    number_in,
    numbers_in,
    says_yes,
    school_year,
)
from redway.attainment.measure_years import in_year, require_produced
from redway.attainment.prior_groups import PriorGroups, own_groups
from redway.attainment.progress_bands import band_expression, has_bands
from redway.attainment.progress_scores import (
    ProgressScores,
    Spread,
    UnfitPupils,
    given_spread,
    progress_scores,
    require_pupils,
    with_notes,
)
from redway.core.words import counted

TENTH = 10.0
"""Attainment 8 counts ten times (eight slots, two of them twice); Progress 8 is per slot."""
MOST_GROUPS = 34
"""Groups of the national table of 2023; an own comparison makes no more."""
_NAMES = {"outcome": "Attainment 8", "prior": "prior attainment at age 11"}


def national_estimates(year: str) -> PriorGroups:
    """The national averages of a school year, in points of Attainment 8. NotPublished when not held."""
    name, what = "attainment-8-estimates/", "The national averages of Attainment 8 by prior attainment"
    entry = entry_in(f"{name}attainment8", what, year)
    return PriorGroups(
        numbers_in(f"{name}lowest", what, year),
        numbers_in(f"{name}highest", what, year),
        numbers_in(f"{name}attainment8", what, year) * TENTH,
        f"the national averages of {school_year(year)} ({entry.source})",
    )


def progress8(
    pupils: pl.DataFrame,
    year: str,
    *,
    estimates: PriorGroups | None = None,
    own: bool = False,
    spread: float | None = None,
) -> ProgressScores:
    """Progress 8 of pupils (pupil, urn, prior_attainment, attainment8) and of their schools.

    Compared with ``estimates`` where they are given, else with the national averages of the year where
    they are held, else, or with ``own``, with one another: then it is an own comparison and says so.
    ``spread`` is the national standard deviation of pupils' scores, where the one of the year is not
    held.

    ``outcome`` of the result is Attainment 8; schools have a ``band`` where the year had bands and the
    comparison is with the nation. Raises NotProduced for a year without the measure unless an own
    comparison or other estimates are asked for, NotEnoughData and UnfitPupils.
    """
    if estimates is None and not own:
        require_produced("progress-8", year)
    require_pupils(pupils, ("pupil", "urn", "prior_attainment", "attainment8"))
    _require_range(pupils)
    groups = estimates or (None if own else _held(year)) or _own(pupils)
    found = progress_scores(
        pupils,
        "attainment8",
        groups,
        divisor=TENTH,
        spread=_spread(year, groups, spread, "progress-8/spread"),
        unadjusted_spread=_spread(year, groups, spread, "progress-8/spread-unadjusted"),
        share_adjusted=_share(year),
        adjusts=says_yes("progress-8/adjusted", year),
        names=_NAMES,
    )
    measure = in_year("progress-8", year)
    return _banded(found, year) if measure.produced else with_notes(found, measure.words)


def _require_range(pupils: pl.DataFrame) -> None:
    score = pupils["attainment8"].cast(pl.Float64)
    wrong = (score < 0) | (score > 90) | score.is_infinite()
    if wrong.any():
        row = int(wrong.arg_true()[0])
        raise UnfitPupils(
            f"{counted(int(wrong.sum()), 'pupil has', 'pupils have')} an Attainment 8 that cannot be: "
            f"pupil {pupils['pupil'][row]} has {score[row]:g}.",
            "Attainment 8 is 0 to 90 points.",
        )


def _held(year: str) -> PriorGroups | None:
    try:
        return national_estimates(year)
    except NotPublished:
        return None


def _own(pupils: pl.DataFrame) -> PriorGroups:
    both = pupils.select(
        pl.col("prior_attainment", "attainment8").cast(pl.Float64).fill_nan(None)
    ).drop_nulls()
    return own_groups(both["prior_attainment"].to_numpy(), both["attainment8"].to_numpy(), MOST_GROUPS)


def _spread(year: str, groups: PriorGroups, given: float | None, name: str) -> Spread | None:
    """The national standard deviation; None where the pupils' own must stand in."""
    if given is not None:
        return given_spread(given)
    if groups.own or not is_held(name, year):
        return None
    entry = entry_in(name, "The national standard deviation of Progress 8", year)
    return Spread(number_in(name, name, year), entry.source)


def _share(year: str) -> float | None:
    name = "progress-8/share-adjusted"
    return number_in(name, "The share of adjusted scores", year) if is_held(name, year) else None


def _banded(found: ProgressScores, year: str) -> ProgressScores:
    """With bands, where there are any: they say how a school stands to the nation, not to its neighbours."""
    if found.is_own or not has_bands(year):
        return found
    band = band_expression(pl.col("score"), pl.col("lower"), pl.col("upper"), year)
    return with_notes(
        replace(found, schools=found.schools.with_columns(band)),
        "A band means nothing for a school that does not teach pupils from 11 to 16: none is published.",
    )


def pupils_from_entries(pupils: pl.DataFrame, results: pl.DataFrame) -> pl.DataFrame:
    """Pupils (pupil, urn, prior_attainment) with the Attainment 8 of their entries.

    ``results`` is what ``attainment8`` gives. A pupil without an entry has an Attainment 8 of nought; one
    with an entry that has no grade has none.
    """
    joined = pupils.join(results, on="pupil", how="left", maintain_order="left")
    has_entries = pl.col("entries_without_grade").is_not_null()
    points = [name for name in results.columns if name not in ("pupil", "entries_without_grade")]
    return joined.with_columns(
        pl.when(has_entries).then(pl.col(*points)).otherwise(pl.lit(0.0)).name.keep(),
        pl.col("entries_without_grade").fill_null(0),
    )
