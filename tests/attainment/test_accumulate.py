"""The pass against plain sums pupil by pupil: any split, any order, any block, every kind of predictor."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attainment.plain_sums import Design, assert_equal_statistics, assert_same, plain_statistics
from redway.attainment import accumulate as the_pass
from redway.attainment import cross_tables
from redway.attainment.accumulate import Accumulator, accumulate
from redway.attainment.formula import UnknownPredictor
from redway.attainment.pupil_values import UnfitColumn
from redway.attainment.statistics import SchoolStatistics
from redway.core.errors import NotEnoughData


def cohort(pupils: int = 400, schools: int = 12, seed: int = 1) -> pl.DataFrame:
    """Made-up pupils: nothing is missing."""
    chance = np.random.default_rng(seed)
    prior = np.round(chance.normal(27, 4, pupils), 1)
    fsm = chance.random(pupils) < 0.2
    return pl.DataFrame(
        {
            "school": [f"S{number:02d}" for number in chance.integers(0, schools, pupils)],
            "prior": prior,
            "score": 400 + 15 * (prior - 27) - 25 * fsm + chance.normal(0, 60, pupils),
            "gender": chance.choice(["F", "M"], pupils),
            "fsm": fsm,
            "ethnicity": chance.choice(
                ["white", "asian", "black", "mixed"], pupils, p=[0.7, 0.15, 0.1, 0.05]
            ),
            "band": chance.integers(1, 12, pupils),
            "deprivation": chance.beta(2, 8, pupils),
            "weight": chance.uniform(0.5, 2, pupils),
        }
    )


UNSORTED = pl.Enum(["nobody's", "white", "asian", "mixed", "black"])


def is_(frame: pl.DataFrame, column: str, value: object) -> np.ndarray:
    return (frame[column] == value).to_numpy().astype(float)


def design_of(formula: str, frame: pl.DataFrame) -> Design:
    return DESIGNS[formula](frame)


def _ones(frame: pl.DataFrame) -> np.ndarray:
    return np.ones(frame.height)


DESIGNS: dict[str, Callable[[pl.DataFrame], Any]] = {
    "score ~ 1 + (1 | school)": lambda f: {"(Intercept)": _ones(f)},
    "score ~ prior + I(prior**2) + deprivation + (1 | school)": lambda f: {
        "(Intercept)": _ones(f),
        "prior": f["prior"],
        "I(prior**2)": f["prior"] ** 2,
        "deprivation": f["deprivation"],
    },
    "score ~ prior + gender + fsm + ethnicity + (1 | school)": lambda f: {
        "(Intercept)": _ones(f),
        "prior": f["prior"],
        "gender M": is_(f, "gender", "M"),
        "fsm yes": is_(f, "fsm", True),
        "ethnicity black": is_(f, "ethnicity", "black"),
        "ethnicity mixed": is_(f, "ethnicity", "mixed"),
        "ethnicity white": is_(f, "ethnicity", "white"),
    },
    "score ~ prior * gender + fsm * ethnicity + prior:deprivation + (1 | school)": lambda f: {
        "(Intercept)": _ones(f),
        "prior": f["prior"],
        "gender M": is_(f, "gender", "M"),
        "fsm yes": is_(f, "fsm", True),
        "ethnicity black": is_(f, "ethnicity", "black"),
        "ethnicity mixed": is_(f, "ethnicity", "mixed"),
        "ethnicity white": is_(f, "ethnicity", "white"),
        "prior:gender M": f["prior"] * is_(f, "gender", "M"),
        "fsm yes:ethnicity black": is_(f, "fsm", True) * is_(f, "ethnicity", "black"),
        "fsm yes:ethnicity mixed": is_(f, "fsm", True) * is_(f, "ethnicity", "mixed"),
        "fsm yes:ethnicity white": is_(f, "fsm", True) * is_(f, "ethnicity", "white"),
        "prior:deprivation": f["prior"] * f["deprivation"],
    },
    "score ~ fsm + prior:gender + (1 | school)": lambda f: {
        "(Intercept)": _ones(f),
        "fsm yes": is_(f, "fsm", True),
        "prior:gender F": f["prior"] * is_(f, "gender", "F"),
        "prior:gender M": f["prior"] * is_(f, "gender", "M"),
    },
    "score ~ C(band) + gender:fsm + (1 | school)": lambda f: {
        "(Intercept)": _ones(f),
        **{f"C(band) {band}": is_(f, "band", band) for band in sorted(set(f["band"]))[1:]},
        "gender F:fsm no": is_(f, "gender", "F") * is_(f, "fsm", False),
        "gender M:fsm no": is_(f, "gender", "M") * is_(f, "fsm", False),
        "gender F:fsm yes": is_(f, "gender", "F") * is_(f, "fsm", True),
        "gender M:fsm yes": is_(f, "gender", "M") * is_(f, "fsm", True),
    },
    "score ~ 0 + gender + fsm + prior + (1 | school)": lambda f: {
        "gender F": is_(f, "gender", "F"),
        "gender M": is_(f, "gender", "M"),
        "fsm yes": is_(f, "fsm", True),
        "prior": f["prior"],
    },
    "score ~ prior + gender + fsm + (1 + prior + gender | school)": lambda f: {
        "(Intercept)": _ones(f),
        "prior": f["prior"],
        "gender M": is_(f, "gender", "M"),
        "fsm yes": is_(f, "fsm", True),
    },
}
FORMULAS = list(DESIGNS)
EVERYTHING = (
    "score ~ prior * gender + fsm * ethnicity + prior:deprivation + C(band) + (1 + prior + gender | school)"
)


def plain_of(formula: str, frame: pl.DataFrame, found: SchoolStatistics, weights: str = "") -> dict[str, Any]:
    return plain_statistics(found, frame, design_of(formula, frame), "score", "school", weights)


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_pass_sums_what_the_formula_means(formula: str) -> None:
    frame = cohort()
    found = accumulate(frame, formula)
    assert_same(found, plain_of(formula, frame, found))
    assert found.left_out == {}


@pytest.mark.parametrize("formula", FORMULAS)
def test_pupils_can_be_weighted(formula: str) -> None:
    frame = cohort()
    found = accumulate(frame, formula, weights="weight")
    assert_same(found, plain_of(formula, frame, found, "weight"))


@pytest.mark.parametrize("formula", FORMULAS)
def test_many_categories_are_summed_two_by_two(formula: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cross_tables, "MOST_CELLS", 1)
    monkeypatch.setattr(cross_tables, "CELLS_OF_A_PACK", 3)
    frame = cohort()
    found = accumulate(frame, formula)
    assert_same(found, plain_of(formula, frame, found))


def test_only_the_cross_products_of_the_centred_columns_are_kept() -> None:
    found = accumulate(cohort(), "score ~ prior + gender + (1 | school)")
    assert np.allclose(found.sums.sum(axis=0)[[1, 3]], 0, atol=1e-8)
    assert found.centre[2] == 0


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_order_any_split_and_any_block_give_the_same(data: st.DataObject) -> None:
    frame = cohort(90, schools=5, seed=data.draw(st.integers(0, 20)))
    shuffled = frame.sample(fraction=1.0, shuffle=True, seed=data.draw(st.integers(0, 99)))
    cuts = sorted(data.draw(st.lists(st.integers(0, 90), max_size=6)))
    block = data.draw(st.sampled_from([1, 7, 32, 40_960]))
    whole = accumulate(frame, EVERYTHING)
    accumulator = Accumulator(EVERYTHING)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(the_pass, "PUPILS_OF_A_BLOCK", block)
        for start, end in zip([0, *cuts], [*cuts, 90], strict=True):
            accumulator.take(shuffled[start:end])
    assert_equal_statistics(accumulator.finish(), whole)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_statistics_of_any_parts_add_up_to_those_of_the_whole(data: st.DataObject) -> None:
    frame = cohort(90, schools=5, seed=data.draw(st.integers(0, 20)))
    part = np.array(data.draw(st.lists(st.integers(0, 3), min_size=90, max_size=90)))
    parts = [accumulate(frame.filter(part == number), EVERYTHING) for number in set(part.tolist())]
    added = parts[0]
    for one in parts[1:]:
        added = added + one
    assert_equal_statistics(added, accumulate(frame, EVERYTHING))


@pytest.mark.parametrize("formula", FORMULAS)
def test_parts_that_lack_each_others_categories_add_up(formula: str) -> None:
    frame = cohort()
    of_girls = (pl.col("gender") == "F") & (pl.col("ethnicity") != "asian") & (pl.col("band") > 3)
    parts = [
        frame.filter(of_girls),
        frame.filter(~of_girls & ~pl.col("fsm")),
        frame.filter(~of_girls & pl.col("fsm")),
    ]
    first, second, third = (accumulate(part, formula) for part in parts)
    assert_equal_statistics(first + (second + third), accumulate(frame, formula))
    assert_equal_statistics(third + first + second, accumulate(frame, formula))


def test_a_category_met_late_is_a_column_for_all() -> None:
    frame = cohort().sort("ethnicity", descending=True).sort("gender", maintain_order=True)
    accumulator = Accumulator(EVERYTHING)
    for start in range(0, frame.height, 50):
        accumulator.take(frame[start : start + 50])
    assert_equal_statistics(accumulator.finish(), accumulate(frame, EVERYTHING))


@pytest.mark.parametrize(
    "shape",
    [
        lambda frame: frame.to_arrow(),
        lambda frame: pa.RecordBatch.from_pydict(frame.to_dict(as_series=False)),
        lambda frame: frame.with_columns(pl.col("gender", "school", "ethnicity").cast(pl.Categorical)),
        lambda frame: frame.with_columns(pl.col("ethnicity").cast(UNSORTED)),
        lambda frame: frame.with_columns(pl.col("band").cast(pl.Float64)),
        lambda frame: frame.with_columns(pl.col("fsm").replace_strict({True: " yes", False: "no"})),
        lambda frame: pl.concat([frame[:10], frame[10:11], frame[11:]], rechunk=False),
    ],
    ids=["table", "batch", "dictionaries", "enum", "floats", "words", "chunks"],
)  # fmt: skip
def test_the_same_pupils_in_another_shape(shape: Callable[[pl.DataFrame], Any]) -> None:
    assert_equal_statistics(accumulate(shape(cohort()), EVERYTHING), accumulate(cohort(), EVERYTHING))


def test_a_million_added_to_a_predictor_changes_nothing() -> None:
    frame = cohort().with_columns((pl.col("prior") * 8).round() / 8)
    moved = frame.with_columns(pl.col("prior") + 1_000_000)
    formula = "score ~ prior + gender + (1 + prior | school)"
    here, there = accumulate(frame, formula), accumulate(moved, formula)
    assert np.allclose(here.cross, there.cross, rtol=1e-9, atol=1e-7)
    assert np.allclose(here.slope_cross, there.slope_cross, rtol=1e-9, atol=1e-6)
    assert there.centre[1] == pytest.approx(here.centre[1] + 1_000_000)


def test_each_pupil_left_out_is_counted_under_one_reason() -> None:
    frame = pl.DataFrame(
        {
            "school": ["A", None, "  ", "nan", "A", "A", "B", "B", "B", "B"],
            "score": [1.0, 2.0, 3.0, 4.0, None, float("nan"), float("inf"), 5.0, 6.0, 7.0],
            "prior": [1.0, None, 1.0, 1.0, None, 1.0, 1.0, float("-inf"), 2.0, 3.0],
            "gender": ["F", "M", "F", "F", "F", "F", "F", "F", None, "M"],
        }
    )
    found = accumulate(frame, "score ~ prior + gender + (1 | school)")
    assert found.left_out == {
        "school is missing": 3,
        "score is missing": 2,
        "score is infinite": 1,
        "prior is infinite": 1,
        "gender is missing": 1,
    }
    assert found.schools == ("A", "B")
    assert found.pupils.tolist() == [1, 1]
    assert sum(found.left_out.values()) + found.pupils.sum() == frame.height


def test_a_school_is_never_called_nan() -> None:
    frame = cohort(40).with_columns(
        urn=pl.when(pl.int_range(40) < 4).then(float("nan")).otherwise(136_000.0 + pl.int_range(40) % 3)
    )
    found = accumulate(frame, "score ~ prior + (1 | urn)")
    assert found.schools == ("136000", "136001", "136002")
    assert found.left_out == {"urn is missing": 4}


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_missing_pupils_change_nothing_for_the_others(data: st.DataObject) -> None:
    frame = cohort(60, schools=4, seed=3)
    spoilt = frame
    rows = set()
    for column in ("school", "prior", "score", "gender", "fsm", "band", "deprivation"):
        gone = data.draw(st.sets(st.integers(0, 59), max_size=5), label=column)
        rows |= gone
        spoilt = spoilt.with_columns(
            pl.when(pl.int_range(60).is_in(list(gone))).then(None).otherwise(pl.col(column)).alias(column)
        )
    rest = frame.filter(~pl.int_range(60).is_in(list(rows)))
    found = accumulate(spoilt, EVERYTHING)
    assert sum(found.left_out.values()) == len(rows)
    assert_equal_statistics(accumulate(rest, EVERYTHING), SchoolStatistics(**{**vars(found), "left_out": {}}))


def test_text_among_numbers_is_counted_and_never_nought() -> None:
    frame = cohort(20).with_columns(
        score=pl.when(pl.int_range(20) == 3).then(pl.lit("absent"))
        .when(pl.int_range(20) == 4).then(pl.lit(" "))
        .otherwise(pl.col("score").cast(pl.String))
    )  # fmt: skip
    found = accumulate(frame, "score ~ prior + (1 | school)")
    assert found.left_out == {"score is not a number": 1, "score is missing": 1}
    assert found.pupils.sum() == 18


def test_arithmetic_that_cannot_be_worked_out_is_a_reason_of_its_own() -> None:
    frame = cohort(20).with_columns(prior=pl.when(pl.int_range(20) < 2).then(-1.0).otherwise(pl.col("prior")))
    found = accumulate(frame, "score ~ log(prior) + (1 | school)")
    assert found.left_out == {"log(prior) cannot be worked out": 2}


def test_weights_must_be_above_nought() -> None:
    frame = cohort(20).with_columns(weight=pl.Series([0.0, -1.0, None, *[2.0] * 17]))
    found = accumulate(frame, "score ~ prior + (1 | school)", weights="weight")
    assert found.left_out == {"weight is missing": 1, "weight, the weight, is not above nought": 2}
    assert found.weight.sum() == 34
    assert found.pupils.sum() == 17


def test_a_school_may_be_named_by_two_columns() -> None:
    frame = cohort(40).with_columns(
        authority=pl.when(pl.int_range(40) < 20).then(pl.lit("825")).otherwise(pl.lit("826")),
        estab=4000 + pl.int_range(40) % 2,
    )
    found = accumulate(frame, "score ~ prior + (1 | authority:estab)")
    assert found.schools == ("825:4000", "825:4001", "826:4000", "826:4001")
    assert found.group == "authority:estab"
    assert found.pupils.tolist() == [10, 10, 10, 10]


def test_values_of_the_school_can_stand_in_the_formula() -> None:
    frame = cohort()
    found = accumulate(frame, "score ~ prior + school_mean(prior) + school_spread(prior) + (1 | school)")
    of_school = frame.select(
        mean=pl.col("prior").mean().over("school"), spread=pl.col("prior").std(ddof=0).over("school")
    )
    design = {
        "(Intercept)": _ones(frame),
        "prior": frame["prior"],
        "school_mean(prior)": of_school["mean"],
        "school_spread(prior)": of_school["spread"],
    }
    assert_same(found, plain_statistics(found, frame, design, "score", "school"), 1e-11)


def test_names_with_spaces_are_columns_like_others() -> None:
    frame = cohort().rename({"prior": "prior points", "school": "School name"})
    formula = "score ~ `prior points` + school_mean(`prior points`) + school_spread(`prior points`)"
    found = accumulate(frame, f"{formula} + (1 | `School name`)")
    assert found.columns[1:3] == ("`prior points`", "school_mean(`prior points`)")
    plain = accumulate(cohort(), "score ~ prior + school_mean(prior) + school_spread(prior) + (1 | school)")
    assert np.array_equal(found.cross, plain.cross)


def test_an_accumulator_can_be_sent_to_another_process() -> None:
    frame = cohort()
    accumulator = Accumulator(EVERYTHING)
    accumulator.take(frame[:100])
    sent = pickle.loads(pickle.dumps(accumulator))
    sent.take(frame[100:])
    assert_equal_statistics(sent.finish(), accumulate(frame, EVERYTHING))
    assert accumulator.finish().pupils.sum() == 100


def test_a_column_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownPredictor, match="Did you mean 'deprivation'"):
        accumulate(cohort(), "score ~ deprivatoin + (1 | school)")


@pytest.mark.parametrize(
    ("column", "why"),
    [
        (pl.date_range(pl.date(2020, 1, 1), pl.date(2020, 1, 20), eager=True), "neither numbers nor words"),
        (pl.Series([[1]] * 20), "neither numbers nor words"),
    ],
)
def test_a_column_of_dates_is_refused(column: pl.Series, why: str) -> None:
    with pytest.raises(UnfitColumn, match=why):
        accumulate(cohort(20).with_columns(gender=column), "score ~ gender + (1 | school)")


def test_a_name_is_no_category() -> None:
    frame = cohort(1200).with_columns(surname=pl.int_range(1200).cast(pl.String))
    with pytest.raises(UnfitColumn, match="more than 1,000 different values"):
        accumulate(frame, "score ~ surname + (1 | school)")


def test_interactions_of_hundreds_of_categories_are_refused_and_many_categories_are_not() -> None:
    chance = np.random.default_rng(4)
    many = {f"code{number}": chance.integers(0, 90, 1_000).astype(str) for number in range(12)}
    frame = cohort(1_000).with_columns(**{name: pl.Series(values) for name, values in many.items()})
    with pytest.raises(UnfitColumn, match="too many combinations"):
        accumulate(frame, "score ~ code1*code2 + (1 | school)")
    with pytest.raises(UnfitColumn, match="too many combinations"):
        accumulate(frame, "score ~ prior*gender*code1*code2 + (1 | school)")
    found = accumulate(frame, f"score ~ {' + '.join(many)} + (1 | school)")
    assert found.cross.shape == (1 + 12 * 89 + 1,) * 2
    assert found.cross[0, 0] == 1_000


def test_numbers_in_one_part_and_words_in_another_are_refused() -> None:
    accumulator = Accumulator("score ~ band + (1 | school)")
    accumulator.take(cohort(20))
    with pytest.raises(UnfitColumn, match="numbers in one part"):
        accumulator.take(cohort(20).with_columns(pl.col("band").cast(pl.String)))


def test_nothing_taken_is_an_error_and_pupils_of_whom_all_is_missing_are_not() -> None:
    with pytest.raises(NotEnoughData):
        Accumulator("score ~ prior + (1 | school)").finish()
    nobody = cohort(10).with_columns(gender=None)
    found = accumulate(nobody, "score ~ prior + gender + (1 | school)")
    assert found.schools == ()
    assert found.left_out == {"gender is missing": 10}
    both = found + accumulate(cohort(), "score ~ prior + gender + (1 | school)")
    assert both.pupils.sum() == 400
    assert both.left_out == {"gender is missing": 10}
    assert accumulate(cohort()[:0], EVERYTHING).schools == ()
