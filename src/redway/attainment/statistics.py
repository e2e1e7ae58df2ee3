"""What is kept of the pupils: counts, sums and cross-products by school. Nothing of one pupil is kept."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class SchoolStatistics:
    """Sufficient statistics of a two-level model: J schools, p design columns, q = p + 1 with the outcome.

    Every column is centred before it is summed: ``centre`` (q) is what was taken away, zero for the
    intercept and for columns of noughts and ones.
    """

    formula: str
    columns: tuple[str, ...]
    """Names of the design columns, the intercept first where there is one: ``(Intercept)``, ``gender M``."""
    outcome: str
    group: str
    schools: tuple[str, ...]
    """Keys of the schools, sorted."""
    pupils: NDArray[np.int64]
    """Pupils of each school (J)."""
    weight: Numbers
    """Sum of weights of each school (J); the same as ``pupils`` where pupils are not weighted."""
    sums: Numbers
    """Weighted sums of the centred columns of each school (J x q)."""
    cross: Numbers
    """Weighted cross-products of the centred columns over all pupils (q x q)."""
    centre: Numbers
    slopes: tuple[str, ...] = ()
    """Columns with a random slope, beside the random intercept."""
    slope_cross: Numbers | None = None
    """Cross-products of each school's slope columns with all columns (J x len(slopes) x q), centred."""
    log_weights: float = 0.0
    """Sum of the logarithms of the weights, for the likelihood."""
    left_out: dict[str, int] = field(default_factory=dict)
    """Pupils not used, by reason in words."""
