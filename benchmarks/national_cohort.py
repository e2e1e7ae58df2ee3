"""A made-up national cohort of pupils as Parquet: the same pupils for the same seed, whoever makes it.

Usage: python benchmarks/national_cohort.py FILE [COHORTS]

600,000 pupils in 3,100 schools for each cohort, in no order. The columns have the names and spreads that a
cohort at the end of key stage 4 has; no figure is of a real pupil or school.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

PUPILS, SCHOOLS = 600_000, 3_100
PUPILS_OF_AN_AUTHORITY, SCHOOLS_OF_AN_AUTHORITY = 34_000, 210
SEED = 2010

FORMULA = (
    "attainment8 ~ prior_attainment + I((prior_attainment - 100)**2) + I(prior_reading - prior_attainment)"
    " + I(prior_maths - prior_attainment) + gender + special_needs"
    " + prior_attainment*english_additional_language + joined_late + month_of_birth + in_care"
    " + ethnicity*free_school_meals + deprivation + school_mean(prior_attainment) + (1 | school)"
)
"""In the manner of contextual value added: 25 predictors of 13 columns."""

ETHNICITIES = {"asian": 0.12, "black": 0.06, "chinese": 0.005, "mixed": 0.06, "other": 0.025, "white": 0.73}
NEEDS = {"none": 0.83, "plan": 0.045, "support": 0.125}


def cohort(pupils: int = PUPILS, schools: int = SCHOOLS, seed: int = SEED) -> pa.Table:
    """One cohort of pupils, in no order."""
    chance = np.random.default_rng(seed)
    sizes = chance.lognormal(0, 0.45, schools)
    school = chance.choice(schools, pupils, p=sizes / sizes.sum()).astype(np.int32)
    intake = chance.normal(0, 1, schools)[school]
    effect = chance.normal(0, 4.5, schools)[school]
    ability = chance.normal(0, 1, pupils) + 0.4 * intake
    reading, maths, grammar = (
        np.clip(np.round(104 + 6.5 * ability + chance.normal(0, 5, pupils)), 80, 120) for _ in range(3)
    )
    prior = np.round((reading + maths + grammar) / 3, 1)
    deprivation = np.round(np.clip(chance.beta(1.6, 7, pupils) - 0.03 * intake, 0, 1), 3)
    meals = chance.random(pupils) < np.clip(0.05 + 0.9 * deprivation, 0, 1)
    ethnicity = chance.choice(len(ETHNICITIES), pupils, p=list(ETHNICITIES.values())).astype(np.int8)
    language = chance.random(pupils) < np.where(ethnicity == 5, 0.04, 0.45)
    needs = chance.choice(len(NEEDS), pupils, p=list(NEEDS.values())).astype(np.int8)
    male = chance.random(pupils) < 0.51
    care, late = chance.random(pupils) < 0.006, chance.random(pupils) < 0.07
    month = chance.integers(1, 13, pupils)
    score = (
        47
        + effect
        + 1.15 * (prior - 104)
        + 0.02 * (prior - 104) ** 2
        + 0.1 * (reading - prior)
        - 4 * male
        - np.array([0.0, 9.0, 5.0])[needs]
        + language * (3 - 0.1 * (prior - 104))
        - 8 * care
        - 6 * late
        - 0.1 * month
        + np.array([3.5, 1.5, 8.0, 0.5, 2.0, 0.0])[ethnicity]
        - meals * np.array([1.5, 2.0, 0.5, 4.0, 2.5, 6.5])[ethnicity]
        - 12 * deprivation
        + 1.2 * intake
        + chance.normal(0, 12, pupils)
    )
    return pa.table(
        {
            "pupil": pa.array([f"P{number:07d}" for number in range(pupils)]),
            "school": _words([f"{136_000 + number}" for number in range(schools)], school),
            "gender": _words(["F", "M"], male.astype(np.int8)),
            "ethnicity": _words(list(ETHNICITIES), ethnicity),
            "free_school_meals": meals,
            "special_needs": _words(list(NEEDS), needs),
            "english_additional_language": language,
            "in_care": care,
            "joined_late": late,
            "month_of_birth": month,
            "deprivation": deprivation,
            "prior_attainment": prior,
            "prior_reading": reading,
            "prior_maths": maths,
            "attainment8": np.clip(np.round(score * 2) / 2, 0, 90),
        }
    )


def _words(words: list[str], codes: np.ndarray) -> pa.Array:
    return pa.array(words).take(pa.array(codes))


def write(path: Path, cohorts: int = 1, pupils: int = PUPILS, schools: int = SCHOOLS) -> None:
    """Write cohorts to one Parquet file; the schools of every cohort are the same."""
    writer = None
    for number in range(cohorts):
        table = cohort(pupils, schools, SEED + number)
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=122_880)
    if writer is not None:
        writer.close()


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
