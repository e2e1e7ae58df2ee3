"""Points of results by key stage and school year, as the performance tables state them."""

from __future__ import annotations

import polars as pl
import pytest

from redway.attainment.measure_values import NotPublished
from redway.attainment.points import (
    Stage,
    UnknownGrade,
    ks1_average_points,
    ks2_fine_level,
    ks2_fine_points,
    points,
    points_table,
    progress8_baseline,
)


@pytest.mark.parametrize(
    ("stage", "year", "grade", "expected"),
    [
        (Stage.KS1, "2005-06", "W", 3),
        (Stage.KS1, "2005-06", "2B", 15),
        (Stage.KS1, "2005-06", "4+", 27),
        (Stage.KS1, "2022-23", "GDS", 10),
        (Stage.KS2, "2005-06", "B", 15),
        (Stage.KS2, "2005-06", "5", 33),
        (Stage.KS2, "2001-02", "6", 39),
        (Stage.KS3_MATHS, "2004-05", "8", 51),
        (Stage.KS3_MATHS, "2004-05", "N", 15),
        (Stage.KS3_ENGLISH, "2004-05", "N", 21),
        (Stage.KS3_SCIENCE, "2004-05", "2", 15),
        (Stage.GCSE, "2002-03", "A*", 8),
        (Stage.GCSE, "2003-04", "A*", 58),
        (Stage.GCSE, "2014-15", "G", 16),
        (Stage.GCSE_SHORT, "2014-15", "C", 20),
        (Stage.ATTAINMENT_8, "2015-16", "A*", 8),
        (Stage.ATTAINMENT_8, "2016-17", "A*", 8.5),
        (Stage.ATTAINMENT_8, "2016-17", "B", 5.5),
        (Stage.ATTAINMENT_8, "2017-18", "F", 1.5),
        (Stage.ATTAINMENT_8, "2017-18", "9", 9),
        (Stage.ATTAINMENT_8, "2023-24", "5-4", 4.5),
        (Stage.ATTAINMENT_8, "2023-24", "U", 0),
    ],
)
def test_points_of_a_grade(stage: Stage, year: str, grade: str, expected: float) -> None:
    assert points(pl.Series([grade]), points_table(stage, year)).to_list() == [expected]


def test_a_code_without_a_result_is_missing_and_not_nought() -> None:
    found = points(pl.Series(["2A", "A", "D", "M", None, " "]), points_table(Stage.KS1, "2005-06"))
    assert found.to_list() == [17, None, None, None, None, None]


def test_lost_and_annulled_tests_are_no_result() -> None:
    found = points(pl.Series(["4", "T", "lost", "Annulled"]), points_table(Stage.KS2, "2005-06"))
    assert found.to_list() == [27, None, None, None]


def test_spaces_and_small_letters_do_not_matter() -> None:
    assert points(pl.Series([" 2b "]), points_table(Stage.KS1, "2005-06")).to_list() == [15]


def test_what_is_no_grade_is_named_with_how_often() -> None:
    with pytest.raises(
        UnknownGrade, match=r"'10' and 'A' are no grade of attainment-8 in 2022-23 \(3 rows\)"
    ):
        points(pl.Series(["9", "10", "10", "A"]), points_table(Stage.ATTAINMENT_8, "2022-23"))


@pytest.mark.parametrize(
    ("stage", "year"),
    [
        (Stage.KS1, "2012-13"),
        (Stage.KS2, "2012-13"),
        (Stage.GCSE, "2015-16"),
        (Stage.ATTAINMENT_8, "2014-15"),
        (Stage.KS3_ENGLISH, "2009-10"),
    ],
)
def test_a_year_without_published_points_is_refused(stage: Stage, year: str) -> None:
    with pytest.raises(NotPublished, match=f"No points of {stage} are held for {year}"):
        points_table(stage, year)


def test_level_6_was_reached_in_2002_only() -> None:
    with pytest.raises(UnknownGrade):
        points(pl.Series(["6"]), points_table(Stage.KS2, "2002-03"))


def test_fine_points_of_the_worked_example() -> None:
    """4Matrix, article 136: 52 of 41 to 69 marks at level 4 is 4.38, which is 26.28 points."""
    marks = pl.DataFrame({"level": [4], "mark": [52], "lowest": [41], "highest": [69]})
    level = ks2_fine_level(pl.col("level"), pl.col("mark"), pl.col("lowest"), pl.col("highest"))
    found = marks.select(level.alias("level"), ks2_fine_points(level).alias("points"))
    assert found.row(0) == (4.38, 26.28)


def test_fine_points_are_of_the_rounded_level() -> None:
    """5.46 is 32.76; the article once prints 32.75, by a slip."""
    found = pl.DataFrame({"level": [5.46]}).select(ks2_fine_points(pl.col("level")))
    assert found.item() == 32.76


def test_baseline_of_progress_8_of_the_worked_example() -> None:
    found = pl.DataFrame({"english": [26.28], "maths": [32.76]}).select(
        progress8_baseline(pl.col("english"), pl.col("maths"))
    )
    assert found.item() == 4.9


def test_a_baseline_without_one_subject_is_missing() -> None:
    found = pl.DataFrame({"english": [26.28], "maths": [None]}, schema_overrides={"maths": pl.Float64})
    assert found.select(progress8_baseline(pl.col("english"), pl.col("maths"))).item() is None


def test_average_points_at_key_stage_1_count_maths_twice() -> None:
    """Reading 2B, writing 2C, maths 3: English 14, maths 21, average 17.5."""
    found = pl.DataFrame({"r": [15], "w": [13], "m": [21]}).select(
        ks1_average_points(pl.col("r"), pl.col("w"), pl.col("m"))
    )
    assert found.item() == 17.5
