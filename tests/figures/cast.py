"""Figures of the same made-up school in every chart: Oak Hill School."""

from datetime import date

from redway.core.missing import Missing
from redway.figures.chart import Measure
from redway.figures.trend import TrendPoint

ABSENCE = Measure("secondary absence", "percent")


def trend_points(values: dict[int, float | None], spread: float | None = None) -> list[TrendPoint]:
    """Academic years by the year they start in; None is 'not produced'."""
    return [
        TrendPoint(
            f"{year}-{(year + 1) % 100:02d}",
            date(year + 1, 8, 31),
            value,
            value - spread if value is not None and spread else None,
            value + spread if value is not None and spread else None,
            Missing.NOT_PRODUCED if value is None else None,
        )
        for year, value in values.items()
    ]
