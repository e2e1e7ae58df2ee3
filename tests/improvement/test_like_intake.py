"""Figures beside schools of like intake."""

from __future__ import annotations

import numpy as np
import polars as pl

from redway.improvement.panel import Panel


def test_a_figure_beside_like_schools_does_not_hang_on_whom_a_school_serves(panel: Panel) -> None:
    rows = panel.rows.filter(
        pl.col("attainment_like").is_not_null() & (pl.col("decision") == pl.date(2017, 9, 1))
    )
    assert abs(np.corrcoef(rows["attainment"], rows["free_meals"])[0, 1]) > 0.3
    assert abs(np.corrcoef(rows["attainment_like"], rows["free_meals"])[0, 1]) < 1e-9
    assert abs(rows["attainment_like"].mean()) < 1e-9


def test_it_is_public_when_the_last_of_what_it_stands_on_was(panel: Panel) -> None:
    rows = panel.rows.filter(pl.col("attainment_like").is_not_null())
    assert (rows["public:results_like"] >= rows["public:results"]).all()
    assert (rows["public:results_like"] >= rows["public:census"]).all()
    assert (rows["public:results_like"] <= rows["decision"]).all()


def test_a_special_school_is_compared_with_nobody(panel: Panel) -> None:
    special = panel.rows.filter(pl.col("not_scored") == "special school")
    assert special["absence_like"].null_count() == special.height
