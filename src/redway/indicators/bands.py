"""Where a value lies among others: quartiles and tenths. A centre is always named mean or median."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from redway.core.errors import NotEnoughData
from redway.indicators.catalogue import Polarity

FEWEST_FOR_A_BAND = 8
"""Quarters of fewer than eight schools would be pairs; below this no band is made."""


@dataclass(frozen=True)
class Band:
    """The spread of one measure in one period over a named group (``scope`` says whose schools)."""

    n: int
    mean: float
    p10: float
    q1: float
    median: float
    q3: float
    p90: float
    scope: str = ""

    def quarter(self, value: float) -> int:
        """1 for the lowest quarter of values to 4 for the highest; on a boundary, the lower one."""
        return 1 + sum(value > edge for edge in (self.q1, self.median, self.q3))

    def words(self, value: float, polarity: Polarity) -> str:
        """'in the best quarter' and the like; neutral measures are only high or low."""
        return _WORDS[polarity][self.quarter(value) - 1]


_WORDS = {
    Polarity.HIGH: (
        "in the weakest quarter",
        "in the second weakest quarter",
        "in the second best quarter",
        "in the best quarter",
    ),
    Polarity.LOW: (
        "in the best quarter",
        "in the second best quarter",
        "in the second weakest quarter",
        "in the weakest quarter",
    ),
    Polarity.NEUTRAL: (
        "in the lowest quarter",
        "in the second lowest quarter",
        "in the second highest quarter",
        "in the highest quarter",
    ),
}


def band(values: Sequence[float], scope: str = "") -> Band:
    """Spread of the values held (missing ones left out by the caller). Raises NotEnoughData below eight."""
    if len(values) < FEWEST_FOR_A_BAND:
        raise NotEnoughData(
            f"Only {len(values)} values are held; a band needs {FEWEST_FOR_A_BAND}.",
            "Compare with a larger group.",
        )
    array = np.asarray(values, dtype=np.float64)
    p10, q1, median, q3, p90 = np.quantile(array, [0.1, 0.25, 0.5, 0.75, 0.9])
    return Band(
        len(array), float(array.mean()), float(p10), float(q1), float(median), float(q3), float(p90), scope
    )


def decile(value: float, values: Sequence[float]) -> int:
    """Which tenth of the values a value falls in: 1 the lowest to 10 the highest."""
    edges = np.quantile(np.asarray(values, dtype=np.float64), np.arange(1, 10) / 10)
    return int(np.searchsorted(edges, value, side="left")) + 1
