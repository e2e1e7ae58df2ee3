"""Plain value added: a pupil beside the national median, or later the mean, of pupils with the same input.

From key stage 1 to 2 and from 2 to 3 (2003 to 2007) schools' scores lie around 100; from key stage 2 to 4
around 1,000 (2002 to 2005 by the median, 2011 to 2015 by the mean). Nothing but prior attainment is
allowed for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl

from redway.attainment.measure_values import Numbers, number_in, words_in
from redway.attainment.measure_years import MEASURES
from redway.attainment.progress_scores import UnfitPupils, require_pupils
from redway.core.errors import NotEnoughData


class Stages(StrEnum):
    """From which key stage to which."""

    KS1_KS2 = "ks1-ks2"
    KS2_KS3 = "ks2-ks3"
    KS2_KS4 = "ks2-ks4"


@dataclass(frozen=True)
class Line:
    """What pupils of each input reach: the median line, or the line of means."""

    inputs: Numbers
    """Every input value there is, in order."""
    outcomes: Numbers
    source: str
    own: bool = False
    """Whether it is that of the pupils at hand, and not the nation's."""

    def __post_init__(self) -> None:
        if len(self.inputs) != len(self.outcomes) or not len(self.inputs):
            raise UnfitPupils(f"The line of {self.source} needs as many outcomes as inputs.")
        if not (np.diff(self.inputs) > 0).all():
            raise UnfitPupils(f"The inputs of {self.source} are not in order, or one is there twice.")


def line_of(pupils: pl.DataFrame, outcome: str, centre: str = "median") -> Line:
    """The line of the pupils themselves: the ``centre`` ('median' or 'mean') of the outcome for every
    input.

    Pupils lacking input or outcome are left out. Raises NotEnoughData when that leaves none.
    """
    both = pupils.select(pl.col("prior_attainment", outcome).cast(pl.Float64).fill_nan(None)).drop_nulls()
    if both.is_empty():
        raise NotEnoughData("No pupil has both prior attainment and a result.", "Check the two columns.")
    middle = pl.col(outcome).median() if centre == "median" else pl.col(outcome).mean()
    line = both.group_by("prior_attainment").agg(middle).sort("prior_attainment")
    return Line(
        line["prior_attainment"].to_numpy(), line[outcome].to_numpy(), "the pupils themselves", own=True
    )


@dataclass(frozen=True)
class ValueAdded:
    """Value added of pupils and of their schools."""

    pupils: pl.DataFrame
    """pupil, urn, prior_attainment, outcome, expected, value_added, left_out (why none, else null)."""
    schools: pl.DataFrame
    """urn, pupils, in_measure, mean (of the pupils' value added), score (the mean around 100 or 1,000),
    withheld (why the score is not shown, and then null; else null)."""
    centre: float
    left_out: Mapping[str, int]
    notes: tuple[str, ...]


def value_added(
    pupils: pl.DataFrame, outcome: str, stages: Stages, year: str, *, line: Line | None = None
) -> ValueAdded:
    """Value added of pupils (pupil, urn, prior_attainment, the ``outcome``; joined_late where it is known).

    ``line`` is the national line; without one the pupils' own stands in and the result says so. Where
    ``joined_late`` is known, a school's score is withheld when fewer than half of its pupils had been
    there from the start.

    Raises NotPublished for a year in which there was no such measure, NotEnoughData and UnfitPupils.
    """
    what = MEASURES[f"value-added-{stages}"].capitalize()
    (middle,) = words_in(f"value-added-{stages}/line", what, year)
    centre = number_in(f"value-added-{stages}/centre", what, year)
    require_pupils(pupils, ("pupil", "urn", "prior_attainment", outcome))
    used = line or line_of(pupils, outcome, middle)
    table = _expected(pupils, outcome, used)
    counts = table["left_out"].drop_nulls().value_counts(sort=True)
    notes = [
        f"Compared with the {middle} of "
        + ("these pupils themselves: no published measure." if used.own else f"{used.source}.")
    ]
    share = number_in("value-added/least-share-there-from-the-start", what, year)
    if "joined_late" not in pupils.columns:
        notes.append("Who joined the school late is not known, so no score is withheld for it.")
    return ValueAdded(
        table.drop("joined_late"),
        _schools(table, centre, share),
        centre,
        dict(zip(counts["left_out"], counts["count"], strict=True)),
        tuple(notes),
    )


def _expected(pupils: pl.DataFrame, outcome: str, line: Line) -> pl.DataFrame:
    """Every pupil with the outcome of the line at the same input; an input not on the line has none."""
    late = pl.col("joined_late") if "joined_late" in pupils.columns else pl.lit(None, pl.Boolean)
    table = pupils.select(
        "pupil",
        "urn",
        pl.col("prior_attainment").cast(pl.Float64).fill_nan(None),
        pl.col(outcome).cast(pl.Float64).fill_nan(None).alias("outcome"),
        late.alias("joined_late"),
    )
    on_line = pl.DataFrame({"prior_attainment": line.inputs, "expected": line.outcomes})
    return (
        table.join(on_line, on="prior_attainment", how="left", maintain_order="left")
        .with_columns(
            pl.when(pl.col("urn").is_null())
            .then(pl.lit("no school"))
            .when(pl.col("prior_attainment").is_null())
            .then(pl.lit("no prior attainment"))
            .when(pl.col("outcome").is_null())
            .then(pl.lit("no result"))
            .when(pl.col("expected").is_null())
            .then(pl.lit("prior attainment not on the line"))
            .alias("left_out")
        )
        .with_columns(
            pl.when(pl.col("left_out").is_null())
            .then(pl.col("outcome") - pl.col("expected"))
            .alias("value_added")
        )
    )


def _schools(table: pl.DataFrame, centre: float, least_share: float) -> pl.DataFrame:
    there = (~pl.col("joined_late")).mean()
    withheld = f"Fewer than {least_share:.0%} of the pupils had been there from the start"
    return (
        table.filter(pl.col("urn").is_not_null())
        .group_by("urn")
        .agg(
            pl.len().alias("pupils"),
            pl.col("value_added").count().alias("in_measure"),
            pl.col("value_added").mean().alias("mean"),
            pl.when(there < least_share).then(pl.lit(withheld)).alias("withheld").first(),
        )
        .with_columns(pl.when(pl.col("withheld").is_null()).then(pl.col("mean")))
        .with_columns((centre + pl.col("mean")).alias("score"))
        .select("urn", "pupils", "in_measure", "mean", "score", "withheld")
        .sort("urn")
    )
