"""The five bands of Progress 8, from 'well above average' to 'well below average'.

The rule is not even: a score of exactly +0.50 is well above average, one of exactly -0.50 is below average.
It looks at the score and the limits as they are shown, rounded to two places; every band of the school
files of 2017-18 and 2018-19 comes out so.
"""

from __future__ import annotations

from enum import StrEnum

import polars as pl

from redway.attainment.measure_values import is_held, number_in, words_in

PLACES = 2
"""Decimal places of a published score."""


class Band(StrEnum):
    """A band, as it is written."""

    WELL_ABOVE = "Well above average"
    ABOVE = "Above average"
    AVERAGE = "Average"
    BELOW = "Below average"
    WELL_BELOW = "Well below average"

    @property
    def number(self) -> int:
        """Its number in the Department for Education's files: 1 well above average to 5 well below."""
        return list(Band).index(self) + 1


def has_bands(year: str) -> bool:
    """Whether schools were put into bands in a school year."""
    return is_held("progress-8/well-above-from", year)


def is_banded(school_type: str, year: str, *, covers_11_to_16: bool | None = None) -> bool:
    """Whether a school is put into a band: only schools that teach pupils from 11 to 16 are.

    Where that is not known, its type tells (NFTYPE of the national files): university technical colleges and
    studio schools usually begin at 14.
    """
    if covers_11_to_16 is not None:
        return covers_11_to_16
    return school_type not in words_in("progress-8/types-not-banded", "The bands of Progress 8", year)


def band_expression(score: pl.Expr, lower: pl.Expr, upper: pl.Expr, year: str) -> pl.Expr:
    """The band of each school; null where the score is. Raises NotPublished for a year without bands."""
    high = number_in("progress-8/well-above-from", "The bands of Progress 8", year)
    low = number_in("progress-8/well-below-under", "The bands of Progress 8", year)
    shown, above, below = _shown(score), _shown(lower) > 0, _shown(upper) < 0
    return (
        pl.when(score.is_null())
        .then(None)
        .when((shown >= round(high * 100)) & above)
        .then(pl.lit(Band.WELL_ABOVE.value))
        .when(above)
        .then(pl.lit(Band.ABOVE.value))
        .when((shown < round(low * 100)) & below)
        .then(pl.lit(Band.WELL_BELOW.value))
        .when(below)
        .then(pl.lit(Band.BELOW.value))
        .otherwise(pl.lit(Band.AVERAGE.value))
        .alias("band")
    )


def _shown(value: pl.Expr) -> pl.Expr:
    """In whole hundredths, half away from zero, after what binary arithmetic added is gone."""
    hundredths = (value * 100).round(6)
    return (hundredths.abs() + 0.5).floor() * hundredths.sign()


def band(score: float, lower: float, upper: float, year: str) -> Band:
    """The band of one school.

    >>> band(0.50, 0.27, 0.73, "2018-19").value, band(-0.50, -0.72, -0.28, "2018-19").value
    ('Well above average', 'Below average')
    """
    frame = pl.DataFrame({"score": [score], "lower": [lower], "upper": [upper]}, schema_overrides=_FLOATS)
    return Band(frame.select(band_expression(pl.col("score"), pl.col("lower"), pl.col("upper"), year)).item())


_FLOATS = {"score": pl.Float64, "lower": pl.Float64, "upper": pl.Float64}
