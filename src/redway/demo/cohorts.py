"""The made-up cohorts of the demonstration: files as an authority would bring them, with a known truth.

Three cohorts of key stage 2 and of key stage 4 with results, the entries behind the latter, the pupils on
roll now, and their termly assessments. Schools are those of the register; pupils, results and what schools
add are made up, and every file says so in a column of its own. The same register gives the same files.

Real leavers of 2025 and 2026 have no key stage 2 tests (2020 and 2021 were cancelled); an authority would use
another baseline on the same scale, and so do these files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from redway.demo.entries import entries_of, grades_for, points_of
from redway.demo.pupils import CHARACTERISTICS, Numbers, make_pupils, names_of, outcomes_of
from redway.demo.schools import RESULT_YEARS, SEED, YEAR_ON_ROLL, schools_with, true_effects, urns_in

EDITION = 2
"""Raised when the made-up files change, so that a demonstration loaded before takes the new ones."""
MADE_UP = "Made up for demonstration"
"""Header of the column that marks every file."""
YEAR_BEFORE = RESULT_YEARS[-1]
YEAR_GROUPS = {"ks2": (3, 4, 5, 6), "ks4": (7, 8, 9, 10, 11)}
TERMS = ("autumn", "spring", "summer")
TERMS_SO_FAR = ("autumn", "spring")
"""Terms of the year on roll that have been assessed."""


@dataclass(frozen=True)
class Scale:
    """How teachers assess one subject, on the scale of its final outcome."""

    least: float
    most: float
    growth: float
    """Points by which a usual pupil comes closer to the final outcome each term."""
    doubt: float
    """Spread of a teacher's assessment about what the pupil is working at."""
    decimals: int


_SCORE = Scale(60, 120, growth=1.0, doubt=2.5, decimals=0)
_POINTS = Scale(0, 18, growth=0.35, doubt=1.2, decimals=1)
SCALES = {
    "reading": _SCORE,
    "writing": _SCORE,
    "maths": _SCORE,
    "attainment8": Scale(0, 90, growth=1.6, doubt=4.0, decimals=1),
    "english_points": _POINTS,
    "maths_points": _POINTS,
}
"""Subject, named as the outcome it is on the scale of -> how it is assessed."""
SUBJECTS = {"ks2": ("reading", "writing", "maths"), "ks4": ("attainment8", "english_points", "maths_points")}


def made_up_files(establishments: pl.DataFrame, authority: str) -> Iterator[tuple[str, pl.DataFrame]]:
    """Every file as (name without extension, rows in canonical columns).

    ``establishments`` is the register's frame.
    """
    for key_stage in ("ks2", "ks4"):
        schools = schools_with(establishments, authority, key_stage)
        effects = true_effects(schools, key_stage)
        for year in RESULT_YEARS:
            groups = _groups(schools, establishments, year)
            if key_stage == "ks2":
                yield f"pupil-results-ks2-{year}", results_ks2(groups, effects, year)
            else:
                results, entries = results_ks4(groups, effects, year)
                yield f"pupil-results-ks4-{year}", results
                yield f"pupil-entries-ks4-{year}", entries
    on_roll, assessments = pupils_now(establishments, authority)
    yield f"pupils-{YEAR_ON_ROLL}", on_roll
    for year, frame in assessments.items():
        yield f"pupil-assessments-{year}", frame


def write_files(establishments: pl.DataFrame, authority: str, folder: Path) -> list[Path]:
    """Write every file as CSV into a folder; returns the paths."""
    paths = []
    for name, frame in made_up_files(establishments, authority):
        path = folder / f"{name}.csv"
        _marked(frame).write_csv(path)
        paths.append(path)
    return paths


def results_ks2(groups: pl.DataFrame, effects: pl.DataFrame, year: str) -> pl.DataFrame:
    """Results of one cohort at key stage 2: scaled scores, and points for the teacher's word on writing."""
    rng = _generator("ks2", year)
    pupils = make_pupils(rng, groups, "ks2", f"KS2-{year[2:]}")
    reading = outcomes_of(rng, pupils, "reading", _of(effects, year, "reading"))
    maths = outcomes_of(rng, pupils, "maths", _of(effects, year, "maths"))
    writing = reading + rng.normal(0, 3, len(reading))
    untested = rng.random(len(reading)) < np.where(pupils["special_needs"] == "plan", 0.25, 0.006)
    return pupils.select("pupil", "urn", *CHARACTERISTICS, "prior_attainment").with_columns(
        reading=_scores(reading, untested),
        writing=np.select([writing < 98.5, writing < 110.5], [91, 103], 113),
        maths=_scores(maths, untested),
    )


def _scores(reached: Numbers, untested: npt.NDArray[np.bool_]) -> pl.Series:
    """Scaled scores, whole and from 80 to 120; none for those who did not sit the test."""
    return pl.Series(np.clip(np.rint(reached), 80, 120)).set(pl.Series(untested), None)


def results_ks4(groups: pl.DataFrame, effects: pl.DataFrame, year: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(results, entries) of one cohort at key stage 4; Attainment 8 is what the entries come to."""
    rng = _generator("ks4", year)
    pupils = make_pupils(rng, groups, "ks4", f"KS4-{year[2:]}")
    scores = outcomes_of(rng, pupils, "attainment8", _of(effects, year, "attainment8"))
    grades, weights = grades_for(rng, scores)
    results = pupils.select("pupil", "urn", *CHARACTERISTICS, "prior_attainment").with_columns(
        **_parts_of_prior(rng, pupils["prior_attainment"], "ks4")
    )
    results = results.drop("prior_writing").with_columns(points_of(grades, weights))
    return results, entries_of(rng, pupils, grades, weights)


def pupils_now(establishments: pl.DataFrame, authority: str) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Those on roll, with names; by year, the assessments of the last two year groups of each key stage."""
    rolls: list[pl.DataFrame] = []
    assessed: dict[str, list[pl.DataFrame]] = {YEAR_BEFORE: [], YEAR_ON_ROLL: []}
    for key_stage, year_groups in YEAR_GROUPS.items():
        schools = schools_with(establishments, authority, key_stage)
        effects = true_effects(schools, key_stage)
        groups = _groups(schools, establishments, YEAR_ON_ROLL)
        for year_group in year_groups:
            rng = _generator(key_stage, YEAR_ON_ROLL, year_group)
            pupils = make_pupils(rng, groups, key_stage, f"Y{year_group:02d}").with_columns(
                pl.lit(year_group).alias("year_group")
            )
            pupils = pupils.with_columns(**names_of(rng, pupils.height))
            pupils = pupils.with_columns(**_parts_of_prior(rng, pupils["prior_attainment"], key_stage))
            rolls.append(pupils)
            years_left = year_groups[-1] - year_group
            if years_left < 2:
                finals = {subject: _final(rng, pupils, subject, effects) for subject in SUBJECTS[key_stage]}
                for year, term, terms_left in _terms(years_left):
                    assessed[year].append(_assessed(rng, pupils, finals, year, term, terms_left))
    columns = ["pupil", "surname", "forename", "urn", "year_group", *CHARACTERISTICS]
    columns += ["prior_attainment", "prior_reading", "prior_writing", "prior_maths"]
    return pl.concat(rolls).select(columns), {year: pl.concat(rows) for year, rows in assessed.items()}


def _terms(years_left: int) -> list[tuple[str, str, int]]:
    """(year, term, terms left until the final outcome) of the terms in which a year group was assessed.

    Those in the last year were assessed last year too.
    """
    now = [(YEAR_ON_ROLL, term, 3 - at + 3 * years_left) for at, term in enumerate(TERMS_SO_FAR, 1)]
    before = [(YEAR_BEFORE, term, 6 - at) for at, term in enumerate(TERMS, 1)]
    return now if years_left else [*before, *now]


def _final(rng: np.random.Generator, pupils: pl.DataFrame, subject: str, effects: pl.DataFrame) -> Numbers:
    """What each pupil is on the way to, in one subject; the schools add what they added last year."""
    source = {"writing": "reading", "english_points": "attainment8", "maths_points": "attainment8"}
    outcome = source.get(subject, subject)
    final = outcomes_of(rng, pupils, outcome, _of(effects, YEAR_BEFORE, outcome))
    # English and maths are each counted twice: a fifth of Attainment 8.
    return final / 5 if subject.endswith("_points") else final


def _assessed(
    rng: np.random.Generator,
    pupils: pl.DataFrame,
    finals: Mapping[str, Numbers],
    year: str,
    term: str,
    terms_left: int,
) -> pl.DataFrame:
    """One term's assessments: some pupils were not assessed, and some cells were left blank."""
    parts = []
    for subject, final in finals.items():
        scale = SCALES[subject]
        level = final - scale.growth * terms_left + rng.normal(0, scale.doubt, len(final))
        value = pl.Series(np.clip(level, scale.least, scale.most).round(scale.decimals))
        blank, absent = rng.random(len(final)) < 0.015, rng.random(len(final)) < 0.03
        rows = pupils.select(
            "pupil",
            "urn",
            pl.col("year_group") - (0 if year == YEAR_ON_ROLL else 1),
            pl.lit(term).alias("term"),
            pl.lit(subject).alias("subject"),
            value.set(pl.Series(blank), None).alias("assessment"),
        )
        parts.append(rows.filter(~pl.Series(absent)))
    return pl.concat(parts)


def _parts_of_prior(rng: np.random.Generator, prior: pl.Series, key_stage: str) -> dict[str, pl.Series]:
    """Reading, writing and maths whose average (maths twice, at key stage 1) is the prior attainment."""
    apart = pl.Series(np.rint(rng.normal(0, 3 if key_stage == "ks4" else 1, len(prior))))
    if key_stage == "ks2":
        return {"prior_reading": prior + apart, "prior_writing": prior, "prior_maths": prior - apart / 2}
    # Both within the test's 80 to 120, and their average the prior attainment.
    least, most = (2 * prior - 120).clip(lower_bound=80), (2 * prior - 80).clip(upper_bound=120)
    reading = (prior + apart).floor().clip(least, most)
    unwritten = pl.repeat(None, len(prior), dtype=pl.Float64, eager=True)
    return {"prior_reading": reading, "prior_writing": unwritten, "prior_maths": 2 * prior - reading}


def _groups(schools: pl.DataFrame, establishments: pl.DataFrame, year: str) -> pl.DataFrame:
    """(school, urn, pupils, intake) of one cohort: a little more or fewer than usual, by chance.

    ``intake`` is how deprived the places are that a school's pupils come from, the same every year.
    """
    intake = _generator("intake").beta(2.2, 11, schools.height)
    schools = schools.with_columns(intake=pl.Series(intake))
    rng = _generator("sizes", year)
    groups = schools.join(urns_in(establishments, schools, year), on="school", how="inner")
    chance = rng.normal(1, 0.06, groups.height)
    usual = groups["pupils"].to_numpy()
    sizes = np.where(usual <= 5, usual, np.maximum(6, np.rint(usual * chance))).astype(np.int64)
    return groups.with_columns(pupils=pl.Series(sizes))


def _of(effects: pl.DataFrame, year: str, outcome: str) -> dict[str, float]:
    chosen = effects.filter((pl.col("year") == year) & (pl.col("outcome") == outcome))
    return dict(chosen.select("school", "effect").iter_rows())


def _generator(*of: str | int) -> np.random.Generator:
    """A stream of chance of its own for each part, so that one may change without the others."""
    words = [part if isinstance(part, int) else int.from_bytes(part.encode(), "big") for part in of]
    return np.random.default_rng([SEED, *words])


def _marked(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame under headers that no other column could be taken for, and with the mark."""
    counted = {"month_of_birth": "Month of birth from September"}
    return frame.rename(counted, strict=False).with_columns(pl.lit("yes").alias(MADE_UP))
