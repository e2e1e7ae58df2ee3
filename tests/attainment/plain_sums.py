"""Sums of design columns made pupil by pupil, the slow and plain way: what the pass is checked against."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from redway.attainment.statistics import SchoolStatistics

Design = dict[str, Sequence[float]]


def plain_statistics(
    statistics: SchoolStatistics,
    frame: pl.DataFrame,
    design: Design,
    outcome: str,
    group: str,
    weights: str = "",
) -> dict[str, Any]:
    """What each field of the statistics should be, the statistics' own centre taken away (as given)."""
    names = list(design)
    values = np.column_stack([*(np.asarray(design[name], dtype=float) for name in names), frame[outcome]])
    values = values - statistics.centre
    weight = frame[weights].to_numpy().astype(float) if weights else np.ones(frame.height)
    keys = frame[group].cast(pl.String).to_list()
    schools = sorted(set(keys))
    member = np.array([[key == school for key in keys] for school in schools], dtype=float)
    weighted = member * weight
    slopes = [names.index(name) for name in statistics.slopes]
    return {
        "columns": tuple(names),
        "schools": tuple(schools),
        "pupils": member.sum(axis=1),
        "weight": weighted.sum(axis=1),
        "sums": weighted @ values,
        "cross": (values * weight[:, None]).T @ values,
        "slope_cross": np.einsum("jn,nk,nq->jkq", weighted, values[:, slopes], values) if slopes else None,
        "log_weights": math.fsum(np.log(weight)),
    }


def assert_same(statistics: SchoolStatistics, plain: dict[str, Any], tolerance: float = 1e-12) -> None:
    """Every field is what plain sums give, relative to the largest number that could stand there."""
    assert statistics.columns == plain["columns"]
    assert statistics.schools == plain["schools"]
    size = np.sqrt(np.diag(plain["cross"]))
    size = np.where(size > 0, size, 1.0)
    shapes = {
        "pupils": 1.0,
        "weight": np.max(plain["weight"], initial=1.0),
        "sums": size * np.sqrt(np.max(plain["weight"], initial=1.0)),
        "cross": np.outer(size, size),
        "log_weights": 1.0 + abs(plain["log_weights"]),
    }
    if plain["slope_cross"] is not None:
        slopes = [statistics.columns.index(name) for name in statistics.slopes]
        shapes["slope_cross"] = np.outer(size[slopes], size)
    else:
        assert statistics.slope_cross is None
    for name, scale in shapes.items():
        error = np.max(np.abs(getattr(statistics, name) - plain[name]) / scale, initial=0.0)
        assert error <= tolerance, f"{name} is off by {error:.2e}"


def assert_equal_statistics(one: SchoolStatistics, other: SchoolStatistics, tolerance: float = 1e-12) -> None:
    """Two statistics say the same, wherever they are centred."""
    moved = other.recentred(one.centre)
    plain = {name: getattr(moved, name) for name in (
        "columns", "schools", "pupils", "weight", "sums", "cross", "slope_cross", "log_weights")}  # fmt: skip
    assert one.slopes == other.slopes
    assert one.levels == other.levels
    assert one.of_schools == other.of_schools
    assert one.left_out == other.left_out
    assert_same(one, plain, tolerance)
