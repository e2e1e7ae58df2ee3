"""Statistics of pupils by plain sums, apart from Redway's own pass: what tests of the fit start from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from redway.attainment.statistics import SchoolStatistics


def statistics_of(
    design: Mapping[str, Sequence[float]],
    outcome: Sequence[float],
    schools: Sequence[str],
    *,
    slopes: Sequence[str] = (),
    weights: Sequence[float] | None = None,
    intercept: bool = True,
    centred: bool = True,
) -> SchoolStatistics:
    """Statistics of the columns of ``design``, the intercept added in front."""
    y = np.asarray(outcome, dtype=float)
    columns = {"(Intercept)": np.ones_like(y)} if intercept else {}
    columns |= {name: np.asarray(values, dtype=float) for name, values in design.items()}
    z = np.column_stack([*columns.values(), y])
    centre = np.zeros(z.shape[1])
    if centred and len(z):
        varies = [not set(np.unique(values)) <= {0.0, 1.0} for values in z.T]
        centre = np.where(varies, np.median(z, axis=0), 0.0)
    z = z - centre
    w = np.ones_like(y) if weights is None else np.asarray(weights, dtype=float)
    keys, place = np.unique(np.asarray(schools, dtype=str), return_inverse=True)
    sums = np.zeros((len(keys), z.shape[1]))
    np.add.at(sums, place, w[:, None] * z)
    slope_cross = None
    if slopes:
        chosen = [list(columns).index(name) for name in slopes]
        slope_cross = np.zeros((len(keys), len(slopes), z.shape[1]))
        np.add.at(slope_cross, place, (w[:, None] * z[:, chosen])[:, :, None] * z[:, None, :])
    return SchoolStatistics(
        formula="",
        columns=tuple(columns),
        outcome="outcome",
        group="school",
        schools=tuple(keys),
        pupils=np.bincount(place).astype(np.int64),
        weight=np.bincount(place, weights=w),
        sums=sums,
        cross=z.T @ (w[:, None] * z),
        centre=centre,
        slopes=tuple(slopes),
        slope_cross=slope_cross,
        log_weights=float(np.log(w).sum()),
    )
