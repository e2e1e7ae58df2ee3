"""Progress from key stage 1 to key stage 2, in reading, writing and maths.

A pupil's score is the result at 11 less the national mean of pupils with the same points at 7 (maths
counted twice); a school's is the mean of its pupils, with an interval from one national standard
deviation.
"""

from __future__ import annotations

import polars as pl

from redway.attainment.measure_values import entry_in, is_held, number_in, says_yes
from redway.attainment.measure_years import in_year, require_produced
from redway.attainment.prior_groups import PriorGroups, own_groups
from redway.attainment.progress_scores import (
    ProgressScores,
    Spread,
    given_spread,
    progress_scores,
    require_pupils,
    with_notes,
)
from redway.core.errors import NotFound
from redway.core.words import listed

SUBJECTS = ("reading", "writing", "maths")


def ks2_progress(
    pupils: pl.DataFrame,
    subject: str,
    year: str,
    *,
    averages: PriorGroups | None = None,
    own: bool = False,
    spread: float | None = None,
) -> ProgressScores:
    """Progress in one subject of pupils (pupil, urn, prior_attainment and the subject) and of their
    schools.

    ``prior_attainment`` is the average points at key stage 1 (see ``points.ks1_average_points``).
    Compared with ``averages`` where they are given (with their lowest scores, from 2018), else with one
    another: no table of national averages is held for any year. ``spread`` is the national standard
    deviation, where the year's is not held.

    Raises NotProduced for a year without the measure unless an own comparison or averages are asked for,
    NotFound for no such subject, NotEnoughData and UnfitPupils.
    """
    if subject not in SUBJECTS:
        raise NotFound(f"There is no progress in '{subject}'.", f"Subjects are {listed(SUBJECTS)}.")
    if averages is None and not own:
        require_produced("ks2-progress", year)
    require_pupils(pupils, ("pupil", "urn", "prior_attainment", subject))
    groups = averages or _own(pupils, subject, year)
    given = given_spread(spread)
    found = progress_scores(
        pupils,
        subject,
        groups,
        spread=given or (None if groups.own else national_spread(subject, year)),
        unadjusted_spread=given,
        share_adjusted=number_in(_SHARE, "The share of adjusted scores", year)
        if is_held(_SHARE, year)
        else None,
        adjusts=says_yes(_ADJUSTED, year),
        names={"outcome": f"{subject} result", "prior": "prior attainment at age 7"},
    )
    measure = in_year("ks2-progress", year)
    return found if measure.produced else with_notes(found, measure.words)


_SHARE, _ADJUSTED = "ks2-progress/share-adjusted", "ks2-progress/adjusted"


def national_spread(subject: str, year: str) -> Spread | None:
    """The national standard deviation of pupils' scores in a subject; None where it is not held."""
    name = f"ks2-progress/{subject}/spread"
    if not is_held(name, year):
        return None
    what = f"The national standard deviation of progress in {subject}"
    return Spread(number_in(name, what, year), entry_in(name, what, year).source)


def _own(pupils: pl.DataFrame, subject: str, year: str) -> PriorGroups:
    both = pupils.select(pl.col("prior_attainment", subject).cast(pl.Float64).fill_nan(None)).drop_nulls()
    most = int(number_in("ks2-progress/groups", "The number of groups of prior attainment", year))
    return own_groups(both["prior_attainment"].to_numpy(), both[subject].to_numpy(), most)
