"""The made-up cohorts of the demonstration: files as an authority would bring them, with a known truth.

Three cohorts of key stage 2 and of key stage 4 with results, the entries behind the latter, the pupils on
roll now, and their termly assessments. Schools are those of the register; pupils, results and what schools
add are made up, and every file says so in a column of its own. The same register gives the same files.

Real leavers of 2025 and 2026 have no key stage 2 tests (2020 and 2021 were cancelled); an authority would use
another baseline on the same scale, and so do these files.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from redway.demo.entries import entries_of, grades_for, points_of
from redway.demo.pupils import CHARACTERISTICS, DIFFERENCES, make_pupils, names_of, outcomes_of
from redway.demo.schools import RESULT_YEARS, SEED, YEAR_ON_ROLL, schools_with, true_effects, urns_in

EDITION = 1
"""Raised when the made-up files change, so that a demonstration loaded before takes the new ones."""
MADE_UP = "Made up for demonstration"
"""Header of the column that marks every file."""
YEAR_GROUPS = {"ks2": (3, 4, 5, 6), "ks4": (7, 8, 9, 10, 11)}
TERMS = ("autumn", "spring", "summer")
LAST_TERM = "spring"
"""The last term of the year on roll that has been assessed."""
_LAST_TERM_ASSESSED = TERMS.index(LAST_TERM) + 1
SUBJECTS = {"ks2": ("reading", "writing", "maths"), "ks4": ("attainment8", "english_points", "maths_points")}
"""Key stage -> what teachers assess, named as the outcome it is on the scale of."""
_GROWTH = {"reading": 1.0, "writing": 1.0, "maths": 1.0}
_GROWTH |= {"attainment8": 1.6, "english_points": 0.35, "maths_points": 0.35}
"""Points by which a usual pupil comes closer to the final outcome each term."""
_DOUBT = {"reading": 2.5, "writing": 2.5, "maths": 2.5}
_DOUBT |= {"attainment8": 4.0, "english_points": 1.2, "maths_points": 1.2}
"""Spread of a teacher's assessment about what the pupil is working at."""


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
    scores = {
        "reading": pl.Series(np.clip(np.rint(reading), 80, 120)).set(pl.Series(untested), None),
        "writing": np.select([writing < 98.5, writing < 110.5], [91, 103], 113),
        "maths": pl.Series(np.clip(np.rint(maths), 80, 120)).set(pl.Series(untested), None),
    }
    return pupils.select("pupil", "urn", *CHARACTERISTICS, "prior_attainment").with_columns(**scores)


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
    """Those on roll in primary and secondary years, with names, and the assessments of the last two years."""
    rolls, assessments = [], {RESULT_YEARS[-1]: [], YEAR_ON_ROLL: []}
    for key_stage, year_groups in YEAR_GROUPS.items():
        schools = schools_with(establishments, authority, key_stage)
        effects = true_effects(schools, key_stage)
        groups = _groups(schools, establishments, YEAR_ON_ROLL)
        for year_group in year_groups:
            rng = _generator(key_stage, YEAR_ON_ROLL, year_group)
            pupils = make_pupils(rng, groups, key_stage, f"Y{year_group:02d}")
            pupils = pupils.with_columns(year_group=pl.lit(year_group), **names_of(rng, pupils.height))
            pupils = pupils.with_columns(**_parts_of_prior(rng, pupils["prior_attainment"], key_stage))
            rolls.append(pupils)
            last = year_groups[-1]
            if year_group >= last - 1:
                working = {outcome: _final(rng, pupils, outcome, effects) for outcome in SUBJECTS[key_stage]}
                terms = _terms(YEAR_ON_ROLL, _LAST_TERM_ASSESSED)
                if year_group == last:
                    terms = [*_terms(RESULT_YEARS[-1], len(TERMS)), *terms]
                for year, term, left in terms:
                    extra = 0 if year_group == last else len(TERMS)
                    at = year_group - (year != YEAR_ON_ROLL)
                    assessments[year].append(_assessed(rng, pupils, working, term, left + extra, at))
    columns = ["pupil", "surname", "forename", "urn", "year_group", *CHARACTERISTICS]
    columns += ["prior_attainment", "prior_reading", "prior_writing", "prior_maths"]
    return pl.concat(rolls).select(columns), {year: pl.concat(rows) for year, rows in assessments.items()}


def _terms(year: str, how_many: int) -> list[tuple[str, str, int]]:
    """(year, term, terms left to the final outcome of the year on roll)."""
    before = len(TERMS) if year != YEAR_ON_ROLL else 0
    return [(year, term, before + len(TERMS) - at) for at, term in enumerate(TERMS[:how_many], 1)]


def _final(rng: np.random.Generator, pupils: pl.DataFrame, outcome: str, effects: pl.DataFrame) -> np.ndarray:
    """What each pupil is on the way to."""
    year = RESULT_YEARS[-1]
    if outcome in DIFFERENCES:
        return outcomes_of(rng, pupils, outcome, _of(effects, year, outcome))
    if outcome == "writing":
        return outcomes_of(rng, pupils, "reading", _of(effects, year, "reading"))
    return outcomes_of(rng, pupils, "attainment8", _of(effects, year, "attainment8")) / 5


def _assessed(
    rng: np.random.Generator,
    pupils: pl.DataFrame,
    working: dict[str, np.ndarray],
    term: str,
    left: int,
    year_group: int,
) -> pl.DataFrame:
    """One term's assessments: some pupils were not assessed, and some cells were left blank."""
    parts = []
    highest = {"attainment8": 90, "english_points": 18, "maths_points": 18}
    for subject, final in working.items():
        level = final - _GROWTH[subject] * left + rng.normal(0, _DOUBT[subject], len(final))
        low, high = (0, highest[subject]) if subject in highest else (60, 120)
        value = pl.Series(np.clip(level, low, high).round(0 if subject not in highest else 1))
        blank, absent = rng.random(len(final)) < 0.015, rng.random(len(final)) < 0.03
        rows = pupils.select("pupil", "urn").with_columns(
            year_group=pl.lit(year_group),
            term=pl.lit(term),
            subject=pl.lit(subject),
            assessment=value.set(pl.Series(blank), None),
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
    """(school, urn, pupils) of one cohort: a little more or fewer than usual, by chance."""
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
