"""A made-up country of 900 schools through six years, small enough to learn from in a second.

Worse progress makes a fall likelier; schools are inspected every four or five school years. Nobody in it is
real, and every table has the shape the national files are read in.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from redway.improvement.inspections import HISTORY, MANAGEMENT_INFORMATION
from redway.improvement.national_sources import NationalSources

SCHOOLS = 900
SPECIAL = 5
DEPRIVATION = pl.DataFrame(
    {
        "lsoa11_code": [f"E0100{at:04d}" for at in range(100)],
        "idaci_rank": [float(at + 1) for at in range(100)],
    }
)


def country(seed: int = 1) -> NationalSources:
    """All tables of the made-up country."""
    rng = np.random.default_rng(seed)
    urns = [str(100000 + at) for at in range(SCHOOLS)]
    quality = rng.normal(0, 1, SCHOOLS)
    poverty = rng.normal(0, 1, SCHOOLS)
    return NationalSources(
        establishments=_establishments(urns),
        history=_history(rng, urns, quality),
        listings=pl.DataFrame(schema=MANAGEMENT_INFORMATION),
        absence=_yearly(rng, urns, {"overall_absence": 5 + 0.5 * poverty - 0.4 * quality}),
        census=_yearly(
            rng,
            urns,
            {
                "pupils": 300 + 40 * rng.normal(0, 1, SCHOOLS),
                "free_meals_percent": 20 + 6 * poverty,
                "free_meals_ever6_percent": 25 + 7 * poverty,
                "eal_percent": 10 + 3 * rng.normal(0, 1, SCHOOLS),
                "statement_percent": 2 + 0.3 * rng.normal(0, 1, SCHOOLS),
                "statement_or_action_plus_percent": np.full(SCHOOLS, np.nan),
                "school_action_percent": 10 + rng.normal(0, 1, SCHOOLS),
                "ehcp_percent": np.full(SCHOOLS, np.nan),
                "sen_support_percent": np.full(SCHOOLS, np.nan),
            },
        ),
        workforce=_yearly(
            rng,
            urns,
            {
                "teachers_fte": 15 + rng.normal(0, 1, SCHOOLS),
                "teaching_assistants_fte": 8 + rng.normal(0, 1, SCHOOLS),
                "pupil_teacher_ratio": 20 + rng.normal(0, 1, SCHOOLS),
                "mean_teacher_salary": 37_000 + 900 * rng.normal(0, 1, SCHOOLS),
            },
        ),
        finance=_yearly(
            rng,
            urns,
            {
                "income": np.full(SCHOOLS, 1e6),
                "expenditure": np.full(SCHOOLS, 1e6),
                "in_year_balance": 1e4 * rng.normal(0, 1, SCHOOLS),
            },
            month=3,
        ),
        ks2=_yearly(
            rng,
            urns,
            {
                "eligible_pupils": np.full(SCHOOLS, 30.0),
                "reading_writing_maths_expected": 60 + 10 * quality - 5 * poverty,
                "reading_score": 103 + quality,
                "maths_score": 103 + quality,
                "reading_progress": 2 * quality,
                "writing_progress": 2 * quality,
                "maths_progress": 2 * quality,
            },
        ),
        ks4=pl.DataFrame(schema=_SECONDARY),
        ks4_provisional=pl.DataFrame(schema=_SECONDARY),
        deprivation=DEPRIVATION,
    )


_SECONDARY = {
    "urn": pl.String,
    "period_end": pl.Date,
    **dict.fromkeys(("pupils", "attainment8", "progress8", "progress8_upper"), pl.Float64),
}
FIRST, LAST = 2011, 2018


def _establishments(urns: list[str]) -> pl.DataFrame:
    size = len(urns)
    special = [at >= size - SPECIAL for at in range(size)]
    return pl.DataFrame(
        {
            "urn": urns,
            "school": urns,
            "name": [f"Made-up School {at}" for at in range(size)],
            "la_code": [str(801 + at % 9) for at in range(size)],
            "type": ["Community special school" if one else "Community school" for one in special],
            "status": ["Open"] * size,
            "phase": ["Not applicable" if one else "Primary" for one in special],
            "open_date": [date(1990, 9, 1)] * size,
            "close_date": [None] * size,
            "lsoa11_code": [f"E0100{at % 100:04d}" for at in range(size)],
            "easting": [0.0] * size,
            "northing": [0.0] * size,
            "on_stem": [True] * size,
        },
        schema_overrides={"close_date": pl.Date},
    )


def _yearly(
    rng: np.random.Generator, urns: list[str], middles: dict[str, np.ndarray], month: int = 8
) -> pl.DataFrame:
    years = []
    for year in range(FIRST, LAST + 1):
        figures = {
            name: values + 0.1 * _spread(values) * rng.normal(0, 1, len(urns))
            for name, values in middles.items()
        }
        years.append(
            pl.DataFrame({"urn": urns, "period_end": [date(year, month, 31)] * len(urns), **figures})
        )
    return pl.concat(years).with_columns(pl.col(pl.Float64).fill_nan(None)).sort("urn", "period_end")


def _spread(values: np.ndarray) -> float:
    return 0.0 if np.isnan(values).all() else float(np.nanstd(values))


def _history(rng: np.random.Generator, urns: list[str], quality: np.ndarray) -> pl.DataFrame:
    rows = []
    for urn, good in zip(urns, quality, strict=True):
        started = date(2006, 9, 20) + timedelta(days=int(rng.integers(0, 1300)))
        while started <= date(2018, 7, 19):
            if started.month not in (7, 8):
                falls = rng.random() < 1 / (1 + np.exp(1.2 + 1.8 * good))
                grade = "Requires improvement" if falls else "Outstanding" if good > 1.3 else "Good"
                if started < date(2012, 9, 1) and falls:
                    grade = "Satisfactory"
                rows.append((urn, started, grade))
            started += timedelta(days=int(rng.integers(1300, 1800)))
    return pl.DataFrame(rows, schema=HISTORY, orient="row").sort("urn", "inspection_date")
