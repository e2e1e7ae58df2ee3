"""The oracle files: teaching data, and two-level models fitted to them by trusted tools."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from attainment.dense import statistics_of
from redway.attainment.statistics import SchoolStatistics

FOLDER = Path(__file__).parent / "oracles"

DATA = {
    "exam": ("mlmRevCRAN_Exam", "normexam"),
    "tutorial": ("R2MLwiN_tutorial", "normexam"),
    "hsb82": ("mlmRevCRAN_Hsb82", "mAch"),
    "nlschools": ("MASS_nlschools", "lang"),
}


@cache
def pupils(name: str) -> pl.DataFrame:
    """The pupils of a teaching data set, by the name of its file."""
    groups = {"school": pl.String, "class": pl.String}
    return pl.read_csv(FOLDER / f"{name}.csv", schema_overrides=groups, null_values="NA")


@cache
def reference(name: str) -> dict[str, Any]:
    """A fit by a trusted tool."""
    return json.loads((FOLDER / f"{name}.json").read_text())


def column(frame: pl.DataFrame, term: str) -> np.ndarray:
    """The design column of a term as R names it: ``sexM``, ``I(x^2)``, ``meanses:cses``."""
    if ":" in term:
        first, second = term.split(":")
        return column(frame, first) * column(frame, second)
    if term.startswith("I("):
        name, power = term[2:-1].split("^")
        return frame[name].to_numpy() ** int(power)
    if term in frame.columns:
        return frame[term].to_numpy().astype(float)
    name = max((name for name in frame.columns if term.startswith(name)), key=len)
    return (frame[name] == term.removeprefix(name)).to_numpy().astype(float)


def statistics_from(
    frame: pl.DataFrame,
    outcome: str,
    terms: Iterable[str],
    *,
    group: str = "school",
    slopes: Iterable[str] = (),
    weights: str = "",
) -> SchoolStatistics:
    """Statistics of the terms of a model; the intercept is one of them or is left out."""
    terms = list(terms)
    return statistics_of(
        {term: column(frame, term) for term in terms if term != "(Intercept)"},
        frame[outcome].to_numpy(),
        frame[group].to_numpy(),
        slopes=list(slopes),
        weights=frame[weights].to_numpy() if weights else None,
        intercept="(Intercept)" in terms,
    )


def statistics_for(name: str) -> SchoolStatistics:
    """Statistics of the pupils and the columns of one reference fit."""
    fit = reference(name)
    file, outcome = DATA[name.split("_")[0]]
    (group,) = fit["groups"]
    (random,) = fit["ranef"].values()
    slopes = [term for term in random["effect"] if term != "(Intercept)"]
    return statistics_from(pupils(file), outcome, fit["fixef"], group=group, slopes=slopes)


def further(name: str, method: str) -> tuple[SchoolStatistics, dict[str, Any]]:
    """One of the further references, and the statistics of its pupils."""
    expected = reference("further_references")[method][name]
    if name.startswith("hsb82"):
        frame = pupils("mlmRevCRAN_Hsb82").with_columns(minority=(pl.col("minrty") == "Yes").cast(pl.Float64))
        slopes, outcome = ["cses", "minority"], "mAch"
    else:
        frame = pupils("mlmRevCRAN_Exam").with_row_index("place", offset=1)
        frame = frame.with_columns(weight=(pl.col("place").cast(pl.Float64) % 4 + 1) / 2)
        slopes, outcome = ["standLRT"] * ("slope" in name) + ["sexM"] * ("two_slopes" in name), "normexam"
        if name.startswith("twenty"):
            frame = frame.filter(pl.col("school").cast(pl.Int64) <= 20)
    weights = "weight" if "weighted" in name else ""
    return statistics_from(frame, outcome, expected["fixed"], slopes=slopes, weights=weights), expected
