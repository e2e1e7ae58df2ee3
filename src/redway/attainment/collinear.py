"""Which columns say something that the columns before them do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from redway.attainment.coding import INTERCEPT
from redway.attainment.statistics import Numbers
from redway.core.words import listed

LEFT = 1e-12
"""Share of a column's variance that must be its own; less cannot be told from rounding."""


@dataclass(frozen=True)
class Redundant:
    """A column that others determine."""

    name: str
    of: tuple[str, ...]
    """The columns that determine it; none where the column is the same for every pupil."""

    def __str__(self) -> str:
        if not self.of:
            return f"{self.name} is the same for every pupil"
        return f"{self.name} follows from {listed(self.of)}"


def redundant_columns(
    names: Sequence[str], cross: Numbers, centre: Numbers, weight: float
) -> list[Redundant]:
    """The columns that follow from the columns before them, in order; the earlier column is kept.

    ``cross`` are the cross-products of the (centred) columns, the intercept first where there is one,
    ``centre`` what was taken away before (both without the outcome), ``weight`` the sum of weights.
    Columns are swept out one after the other; what remains of a column is its own variance.
    """
    left = cross.copy()
    size = np.diag(cross).copy()
    constant = size <= 0
    kept: list[int] = []
    if names[0] == INTERCEPT:
        left = swept(left, 0)
        spread = np.diag(left)
        constant = spread <= np.maximum(LEFT * size, weight * (LEFT * centre) ** 2)
        size = spread.copy()
        kept.append(0)
    found: list[Redundant] = []
    for k in range(len(kept), len(names)):
        if constant[k]:
            found.append(Redundant(names[k], ()))
        elif left[k, k] <= LEFT * size[k]:
            found.append(Redundant(names[k], _sources(names, cross, kept, k)))
        else:
            left = swept(left, k)
            kept.append(k)
    return found


def swept(cross: Numbers, column: int) -> Numbers:
    """What remains of the cross-products when ``column`` is accounted for."""
    left: Numbers = cross - np.outer(cross[:, column], cross[:, column]) / cross[column, column]
    return left


def _sources(names: Sequence[str], cross: Numbers, kept: list[int], column: int) -> tuple[str, ...]:
    """The kept columns with a share in ``column``, the intercept left unsaid."""
    share = np.linalg.solve(cross[np.ix_(kept, kept)], cross[kept, column])
    size = np.abs(share) * np.sqrt(np.diag(cross)[kept])
    return tuple(
        names[k]
        for k, part in zip(kept, size, strict=True)
        if part > 1e-6 * np.sqrt(cross[column, column]) and names[k] != INTERCEPT
    )
