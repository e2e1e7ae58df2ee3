"""Attainment 8: which entries fill which slots."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attainment.slots_by_hand import score_by_hand
from redway.attainment.attainment8 import UnfitEntries, attainment8
from redway.attainment.measure_values import NotConfirmed, NotPublished
from redway.attainment.points import UnknownGrade
from redway.attainment.slot_rule import slot_rule
from redway.demo.entries import entries_of, grades_for, points_of

YEAR = "2022-23"
Entry = tuple[str, str, str | None]
LANGUAGE, LITERATURE = "english_language", "english_literature"

SUBJECTS = {
    "Mathematics": "maths",
    "English language": LANGUAGE,
    "English literature": LITERATURE,
    **dict.fromkeys(["Biology", "Chemistry", "Physics", "History", "French"], "ebacc"),
    **dict.fromkeys(["Art", "Music", "Drama", "Business"], "open"),
}
subjects = st.sampled_from(sorted(SUBJECTS))
grades = st.sampled_from(["U", *"123456789"])
taken = st.lists(st.tuples(subjects, grades), min_size=1, max_size=14)


def entries(rows: list[Entry], pupil: str = "p") -> pl.DataFrame:
    """One pupil's entries: (subject, slot, grade)."""
    return pl.DataFrame(
        [(pupil, *row) for row in rows],
        schema={"pupil": pl.String, "subject": pl.String, "slot": pl.String, "grade": pl.String},
        orient="row",
    )


def of(rows: list[tuple[str, str]]) -> pl.DataFrame:
    return entries([(subject, SUBJECTS[subject], grade) for subject, grade in rows])


def result(rows: list[Entry]) -> dict[str, Any]:
    return attainment8(entries(rows), YEAR).row(0, named=True)


def test_english_language_alone_counts_once() -> None:
    found = result([("English language", LANGUAGE, "6")])
    assert found["english_points"] == 6
    assert found["attainment8"] == 6


def test_with_literature_the_better_counts_twice_and_the_other_may_stand_in_an_open_slot() -> None:
    found = result([("English language", LANGUAGE, "6"), ("English literature", LITERATURE, "5")])
    assert found["english_points"] == 12
    assert found["open_points"] == 5


def test_an_ungraded_literature_entry_was_taken() -> None:
    found = result([("English language", LANGUAGE, "6"), ("English literature", LITERATURE, "U")])
    assert found["english_points"] == 12


def test_the_best_three_of_the_english_baccalaureate() -> None:
    found = result([(subject, "ebacc", grade) for subject, grade in zip("abcde", "87965", strict=True)])
    assert found["ebacc_points"] == 24
    assert found["open_points"] == 11, "the other two may stand in open slots"


def test_an_empty_slot_is_worth_nothing() -> None:
    assert result([("History", "ebacc", "7"), ("French", "ebacc", "6")])["ebacc_points"] == 13


def test_maths_counts_twice() -> None:
    assert result([("Mathematics", "maths", "7")])["attainment8"] == 14


def test_the_most_there_is() -> None:
    best = [(subject, slot, "9") for subject, slot in SUBJECTS.items()]
    assert result(best)["attainment8"] == 90 == slot_rule(YEAR).most


def test_the_same_subject_twice_counts_once_the_better() -> None:
    found = result([("History", "ebacc", "5"), ("History", "ebacc", "7")])
    assert found["attainment8"] == 7


def test_a_double_award_fills_two_slots() -> None:
    found = result(
        [("Combined science", "ebacc", "5-4"), ("History", "ebacc", "9"), ("French", "ebacc", "3")]
    )
    assert found["ebacc_points"] == 18
    assert found["open_points"] == 3


def test_half_of_a_double_award_may_stand_in_an_open_slot() -> None:
    rows: list[Entry] = [
        ("Combined science", "ebacc", "5-4"),
        ("History", "ebacc", "9"),
        ("French", "ebacc", "8"),
    ]
    found = result(rows)
    assert (found["ebacc_points"], found["open_points"]) == (21.5, 4.5)


def test_legacy_grades_of_2017() -> None:
    rows: list[Entry] = [("History", "ebacc", "A*"), ("French", "ebacc", "B"), ("Mathematics", "maths", "9")]
    assert attainment8(entries(rows), "2016-17")["attainment8"].to_list() == [32]


def test_points_of_other_qualifications_are_taken_as_given() -> None:
    rows = entries([("Sport BTEC", "open", "Merit"), ("Art", "open", "6")]).with_columns(
        points=pl.Series([5.5, None])
    )
    assert attainment8(rows, YEAR)["attainment8"].to_list() == [11.5]


def test_an_entry_without_a_grade_leaves_the_pupil_without_attainment_8() -> None:
    found = result([("History", "ebacc", None), ("French", "ebacc", "6")])
    assert found["attainment8"] is None
    assert found["entries_without_grade"] == 1


def test_pupils_come_in_the_order_of_their_first_entry() -> None:
    both = pl.concat([entries([("Art", "open", "4")], "b"), entries([("Art", "open", "5")], "a")])
    assert attainment8(both, YEAR).select("pupil", "attainment8").rows() == [("b", 4), ("a", 5)]


def test_numbers_may_name_pupils() -> None:
    both = pl.concat([entries([("Art", "open", "4")]), entries([("Music", "open", "5")])])
    numbered = both.with_columns(pupil=pl.Series([7, 3]))
    assert attainment8(numbered, YEAR).select("pupil", "attainment8").rows() == [(7, 4), (3, 5)]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("Art", "arts", "4")], "1 entry has a slot that Attainment 8 of 2022-23 does not know: 'arts'"),
        ([("Art", "", "4")], "does not know: a blank"),
        ([("", "open", "4")], "1 entry has no subject"),
    ],
)
def test_an_entry_that_can_stand_nowhere_is_refused(rows: list[Entry], why: str) -> None:
    with pytest.raises(UnfitEntries, match=why):
        attainment8(entries(rows), YEAR)


def test_an_unknown_grade_is_refused() -> None:
    with pytest.raises(UnknownGrade, match=r"'Merit' is no grade of attainment-8 in 2022-23 \(1 row\)"):
        attainment8(entries([("Sport", "open", "Merit")]), YEAR)


def test_points_beyond_the_scale_are_refused() -> None:
    with pytest.raises(UnfitEntries, match="points that cannot be: the first, entry 1, has 58"):
        attainment8(entries([("Sport", "open", "x")]).with_columns(points=pl.Series([58.0])), YEAR)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(UnfitEntries, match="no column 'slot'"):
        attainment8(entries([("Art", "open", "4")]).drop("slot"), YEAR)


def test_there_was_no_attainment_8_in_2014() -> None:
    with pytest.raises(NotPublished, match="The slots of Attainment 8 of 2013-14 cannot be given"):
        attainment8(entries([("Art", "open", "4")]), "2013-14")


def test_proposed_slots_are_refused_unless_asked_for() -> None:
    with pytest.raises(NotConfirmed, match="not confirmed: Consultation of February 2026"):
        slot_rule("2027-28")
    proposed = slot_rule("2027-28", unconfirmed=True)
    assert [element.name for element in proposed.elements] == [
        "english",
        "maths",
        "science",
        "breadth",
        "choice",
    ]
    assert proposed.most == 90


def test_the_proposal_is_another_sum() -> None:
    rows = entries(
        [
            ("Biology", "science", "8"),
            ("Physics", "science", "7"),
            ("Chemistry", "science", "6"),
            ("History", "breadth", "5"),
            ("Art", "open", "4"),
        ]
    )
    found = attainment8(rows, "2027-28", unconfirmed=True).row(0, named=True)
    assert (found["science_points"], found["breadth_points"], found["choice_points"]) == (15, 5, 10)


def test_the_entries_made_up_for_the_demo_add_up_to_its_results() -> None:
    rng = np.random.default_rng(3)
    marks, weights = grades_for(rng, rng.normal(45, 20, 500))
    people = pl.DataFrame({"pupil": [f"p{at}" for at in range(500)], "urn": ["100001"] * 500})
    made = entries_of(rng, people, marks, weights)
    found = people.join(attainment8(made, YEAR), on="pupil", how="left", maintain_order="left")
    assert found["attainment8"].to_list() == points_of(marks, weights)["attainment8"].to_list()


@given(taken)
def test_every_result_is_that_of_a_sum_by_hand(rows: list[tuple[str, str]]) -> None:
    assert attainment8(of(rows), YEAR)["attainment8"].to_list() == [score_by_hand(rows, SUBJECTS)]


@given(taken)
def test_attainment_8_is_between_0_and_90(rows: list[tuple[str, str]]) -> None:
    assert 0 <= attainment8(of(rows), YEAR)["attainment8"].item() <= 90


@given(taken, subjects, grades)
def test_another_entry_never_lowers_it(rows: list[tuple[str, str]], subject: str, grade: str) -> None:
    before = attainment8(of(rows), YEAR)["attainment8"].item()
    assert attainment8(of([*rows, (subject, grade)]), YEAR)["attainment8"].item() >= before


@given(taken, taken, st.randoms(use_true_random=False))
def test_the_order_of_entries_does_not_matter(
    first: list[tuple[str, str]], second: list[tuple[str, str]], rng: random.Random
) -> None:
    rows = pl.concat([of(first), of(second).with_columns(pupil=pl.lit("q"))])
    places = list(range(rows.height))
    rng.shuffle(places)
    found, shuffled = attainment8(rows, YEAR), attainment8(rows[places], YEAR)
    assert shuffled.sort("pupil").equals(found.sort("pupil"))
