"""Made-up GCSE entries whose Attainment 8 is a given score: maths, English, three EBacc and three open slots.

Maths counts twice, and so does the better of English language and literature where both are taken; the other
of the two stands in the third open slot. A pupil with a low score takes fewer subjects.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

Grades = npt.NDArray[np.int64]

_ORDER = (2, 5, 0, 3, 6, 1, 4, 7)
"""In which order slots are changed: 0 maths, 1 English, 2-4 EBacc, 5-7 open (7 the other English grade)."""
LONGEST = 120
_EBACC = ["Biology", "Chemistry", "Physics", "Geography", "History", "French", "Spanish", "Computer science"]
_OPEN = ["Art and design", "Business", "Design and technology", "Drama", "Food preparation and nutrition"]
_OPEN += ["Music", "Physical education", "Religious studies", "Sociology"]
FEW_ENTRIES = 14
"""Below this score a pupil takes no English literature and two subjects of the EBacc."""


def grades_for(rng: np.random.Generator, scores: npt.NDArray[np.float64]) -> tuple[Grades, Grades]:
    """(grades, weights), pupils x 8 slots, whose weighted sum is the score rounded and kept in reach."""
    count = len(scores)
    weights = np.tile(np.array([2, 2, 1, 1, 1, 1, 1, 1], dtype=np.int64), (count, 1))
    few = scores < FEW_ENTRIES
    # Language alone counts once, and a slot that is not filled is worth nothing.
    weights[few, 1], weights[few, 4], weights[few, 7] = 1, 0, 0
    wanted = np.clip(np.rint(scores), 0, 9 * weights.sum(axis=1)).astype(np.int64)
    usual = wanted / weights.sum(axis=1)
    grades: Grades = np.clip(np.rint(usual[:, None] + rng.normal(0, 0.9, (count, 8))), 0, 9).astype(np.int64)
    # The better of the two English grades is the one that counts twice.
    grades[:, [1, 7]] = np.sort(grades[:, [1, 7]], axis=1)[:, ::-1]
    for turn in range(LONGEST):
        lacking = wanted - (grades * weights).sum(axis=1)
        if not lacking.any():
            break
        # One slot a turn, so that no subject takes all of the difference.
        slot = _ORDER[turn % len(_ORDER)]
        step = np.sign(lacking) * (np.abs(lacking) >= weights[:, slot]) * (weights[:, slot] > 0)
        after = np.clip(grades[:, slot] + step, 0, 9)
        if slot == 7:
            after = np.minimum(after, grades[:, 1])
        elif slot == 1:
            after = np.maximum(after, grades[:, 7])
        grades[:, slot] = after
    return grades, weights


def points_of(grades: Grades, weights: Grades) -> pl.DataFrame:
    """Attainment 8 and its four parts."""
    points = (grades * weights).astype(np.float64)
    return pl.DataFrame(
        {
            "attainment8": points.sum(axis=1),
            "english_points": points[:, 1],
            "maths_points": points[:, 0],
            "ebacc_points": points[:, 2:5].sum(axis=1),
            "open_points": points[:, 5:8].sum(axis=1),
        }
    )


def entries_of(
    rng: np.random.Generator, pupils: pl.DataFrame, grades: Grades, weights: Grades
) -> pl.DataFrame:
    """One row an entry: pupil, urn, qualification, subject, slot, grade (U where it is worth nothing)."""
    count = pupils.height
    ebacc, others = _choose(rng, _EBACC, count, 3), _choose(rng, _OPEN, count, 2)
    subjects: list[tuple[str, npt.NDArray[np.str_], int, npt.NDArray[np.bool_]]] = [
        ("maths", np.full(count, "Mathematics"), 0, np.full(count, True)),
        ("english_language", np.full(count, "English language"), 1, np.full(count, True)),
        ("english_literature", np.full(count, "English literature"), 7, weights[:, 7] > 0),
    ]
    subjects += [("ebacc", ebacc[:, at], 2 + at, weights[:, 2 + at] > 0) for at in range(3)]
    subjects += [("open", others[:, at], 5 + at, np.full(count, True)) for at in range(2)]
    parts = [
        pupils.select("pupil", "urn")
        .with_columns(
            pl.concat_str(pl.lit("GCSE "), pl.Series(subject)).alias("qualification"),
            pl.Series(subject).alias("subject"),
            pl.lit(slot).alias("slot"),
            pl.Series(grades[:, at]).cast(pl.String).replace("0", "U").alias("grade"),
        )
        .filter(pl.Series(taken))
        for slot, subject, at, taken in subjects
    ]
    return pl.concat(parts)


def _choose(rng: np.random.Generator, subjects: list[str], count: int, how_many: int) -> npt.NDArray[np.str_]:
    """Different subjects for each pupil: count x how_many."""
    order = rng.random((count, len(subjects))).argsort(axis=1)[:, :how_many]
    chosen: npt.NDArray[np.str_] = np.array(subjects)[order]
    return chosen
