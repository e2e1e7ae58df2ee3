"""Points of results, by key stage and school year: a level, a grade, a mark becomes a number.

A code that stands for no result (absent, disapplied, missing) is missing, never nought. A word that is
neither is refused, with the rows it stands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NoReturn

import polars as pl

from redway.attainment.measure_values import (
    NotPublished,
    is_held,
    refuse_unconfirmed,
    school_year,
    table_in,
    why_not_held,
    words_in,
)
from redway.core.errors import RedwayError
from redway.core.words import counted, listed, plural


class Stage(StrEnum):
    """Whose points: a key stage, or a use of GCSE grades."""

    KS1 = "ks1"
    KS2 = "ks2"
    KS3_ENGLISH = "ks3-english"
    KS3_MATHS = "ks3-maths"
    KS3_SCIENCE = "ks3-science"
    GCSE = "gcse"
    """Average and capped points, to 2015."""
    GCSE_SHORT = "gcse-short"
    """The same for a short course."""
    ATTAINMENT_8 = "attainment-8"
    """Attainment 8 and Progress 8, from 2016."""


class UnknownGrade(RedwayError):  # noqa: N818 - says what happened, as in core
    """Results that are no grade of the stage in that year."""


@dataclass(frozen=True)
class PointsTable:
    """The points of one stage in one school year."""

    stage: Stage
    year: str
    points: dict[str, Decimal]
    """Level or grade, in capitals -> points."""
    disregarded: frozenset[str]
    """Codes that stand for no result."""
    double: frozenset[str]
    """Grades of a double award, which fills two slots with these points in each."""
    sources: tuple[str, ...]


def points_table(stage: Stage, year: str, *, unconfirmed: bool = False) -> PointsTable:
    """The points of a stage in a school year.

    Raises NotPublished for a year whose points nobody published or that are not held, and NotConfirmed for
    points told at second hand unless ``unconfirmed`` ones are asked for.
    """
    period = school_year(year)
    entries = table_in(f"points-{stage}", year)
    if not entries:
        raise NotPublished(
            f"No points of {stage} are held for {period}: {_years_held(stage, year)}.",
            "Choose another year, or give points of your own in a column 'points'.",
        )
    refuse_unconfirmed(list(entries.values()), f"The points of {stage} in {period}", unconfirmed=unconfirmed)
    return PointsTable(
        stage,
        period.label,
        {grade: Decimal(str(entry.value)) for grade, entry in entries.items()},
        frozenset(_words(f"disregarded-{stage}", year)),
        frozenset(_words(f"double-awards-{stage}", year)),
        tuple(dict.fromkeys(entry.source for entry in entries.values())),
    )


def _words(name: str, year: str) -> tuple[str, ...]:
    return words_in(name, name, year) if is_held(name, year) else ()


def _years_held(stage: Stage, year: str) -> str:
    return why_not_held(f"points-{stage}/{_USUAL[stage]}", school_year(year))


_USUAL = {
    Stage.KS1: "2B",
    Stage.KS2: "4",
    Stage.KS3_ENGLISH: "5",
    Stage.KS3_MATHS: "5",
    Stage.KS3_SCIENCE: "5",
    Stage.GCSE: "C",
    Stage.GCSE_SHORT: "C",
    Stage.ATTAINMENT_8: "9",
}
"""A grade of each stage that every year with points has."""


def points(grades: pl.Series, table: PointsTable) -> pl.Series:
    """The points of each grade (Float64); null for a blank and for a code that is disregarded.

    Capitals and spaces around do not matter. Raises UnknownGrade naming what is no grade and how often.
    """
    texts = grades.cast(pl.String)
    codes = {text: text.strip().upper() for text in texts.drop_nulls().unique()}
    unknown = unknown_grades(codes, table)
    if unknown:
        refuse_grades(unknown, int(texts.is_in(unknown).sum()), table)
    worth = {text: float(table.points[code]) for text, code in codes.items() if code in table.points}
    return texts.replace_strict(
        list(worth), list(worth.values()), default=None, return_dtype=pl.Float64
    ).alias("points")


def unknown_grades(texts: Iterable[str], table: PointsTable) -> list[str]:
    """Those of some texts that are neither a grade, nor a code without a result, nor blank."""
    known = {*table.points, *table.disregarded, ""}
    return sorted(text for text in texts if text.strip().upper() not in known)


_OTHERS = " Other qualifications need their points in a column 'points'."


def refuse_grades(unknown: Sequence[str], rows: int, table: PointsTable) -> NoReturn:
    """Raise UnknownGrade for some texts that stand in so many rows."""
    shown = listed([f"'{text}'" for text in unknown[:10]])
    others = _OTHERS if table.stage is Stage.ATTAINMENT_8 else ""
    without = f"; without a result {', '.join(sorted(table.disregarded))}" if table.disregarded else ""
    raise UnknownGrade(
        f"{shown} {plural(len(unknown), 'is', 'are')} no grade of {table.stage} in {table.year} "
        f"({counted(rows, 'row')}).",
        f"Grades are {', '.join(table.points)}{without}.{others}",
    )


def ks2_fine_level(level: pl.Expr, mark: pl.Expr, lowest: pl.Expr, highest: pl.Expr) -> pl.Expr:
    """Level and place within it, to two places: level + (mark - lowest)/(highest - lowest + 1), halves up.

    ``lowest`` and ``highest`` are the first and last mark of the level in that test. Marks are whole.
    Source: 4Matrix, article 136.
    """
    width = (highest - lowest + 1).cast(pl.Int64)
    # In whole hundredths, so that a half is a half.
    hundredths = (200 * (mark - lowest).cast(pl.Int64) + width) // (2 * width)
    return (level.cast(pl.Int64) * 100 + hundredths) / 100


def ks2_fine_points(fine_level: pl.Expr) -> pl.Expr:
    """Fine points: six for each level, of the fine level already rounded to two places."""
    return ((fine_level * 100).round().cast(pl.Int64) * 6) / 100


def progress8_baseline(*fine_points: pl.Expr) -> pl.Expr:
    """Prior attainment of Progress 8 to 2020: the mean fine level of English and maths to one place."""
    total = (pl.sum_horizontal(*fine_points, ignore_nulls=False) * 100).round().cast(pl.Int64)
    sixths = 6 * len(fine_points)
    # Hundredths of points -> tenths of a level, halves up.
    return ((2 * total + 10 * sixths) // (20 * sixths)) / 10


def ks1_average_points(reading: pl.Expr, writing: pl.Expr, maths: pl.Expr) -> pl.Expr:
    """Average points at key stage 1 with maths counted twice, so that English and maths weigh alike.

    A pupil without all three has none. Source: primary school accountability in 2019, technical guide.
    """
    return (reading + writing + 2 * maths) / 4
