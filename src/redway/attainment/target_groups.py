"""Curricular target groups: pupils whom teaching in the next half-term may bring back to the path.

Three layers by the chance to reach the estimate. *Must*: just below the path, and likely to get there with
help. *Should*: further below. *Could*: far below, for whom more than a target group is needed as well. Pupils
whose chance is even or better are in no group; those of whom it is not known are listed by ``tracking`` and
not here. Where the layers begin is a local rule.
"""

from __future__ import annotations

from enum import StrEnum

import polars as pl

from redway.attainment.tracking import Tracked


class Layer(StrEnum):
    """A layer of a target group, nearest first."""

    MUST = "must"
    SHOULD = "should"
    COULD = "could"


def target_group(tracked: Tracked) -> pl.DataFrame:
    """The pupils of a target group, nearest to the path first; ties keep the order of pupils given.

    The columns of ``tracked.pupils`` and ``layer``.
    """
    rule, chance = tracked.rule, pl.col("chance")
    layer = (
        pl.when(chance >= rule.must_from)
        .then(pl.lit(Layer.MUST.value))
        .when(chance >= rule.should_from)
        .then(pl.lit(Layer.SHOULD.value))
        .otherwise(pl.lit(Layer.COULD.value))
    )
    below = tracked.pupils.filter(chance.is_not_null() & (chance < rule.must_below))
    return below.with_columns(layer.alias("layer")).sort("chance", descending=True, maintain_order=True)
