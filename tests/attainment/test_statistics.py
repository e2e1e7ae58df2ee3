"""Statistics added, taken apart, given values of schools, stored, and made fit to be shared."""

from __future__ import annotations

import dataclasses

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attainment.plain_sums import assert_equal_statistics
from attainment.test_accumulate import EVERYTHING, cohort
from redway.attainment.accumulate import accumulate
from redway.attainment.packed_arrays import PackingError
from redway.attainment.sharing import POOLED, pooled, small_counts
from redway.attainment.statistics import SchoolStatistics, StatisticsError
from redway.attainment.two_level import fit

MODEL = "score ~ prior + gender + (1 | school)"


def test_a_school_in_both_has_the_pupils_of_both() -> None:
    frame = cohort(60, schools=3)
    first, second = accumulate(frame[:25], MODEL), accumulate(frame[25:], MODEL)
    both = first + second
    assert both.schools == ("S00", "S01", "S02")
    assert both.pupils.sum() == 60
    assert_equal_statistics(both, accumulate(frame, MODEL))
    assert_equal_statistics(second + first, both)


def test_cohorts_of_other_schools_stand_beside_each_other() -> None:
    frame = cohort(60, schools=3)
    renamed = frame.with_columns(school=pl.lit("2025 ") + pl.col("school"))
    both = accumulate(frame, MODEL) + accumulate(renamed, MODEL)
    assert len(both.schools) == 6
    assert both.schools == tuple(sorted(both.schools))


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_pupils_taken_away_and_added_again(data: st.DataObject) -> None:
    frame = cohort(80, schools=4, seed=data.draw(st.integers(0, 9)))
    gone = np.array(data.draw(st.lists(st.booleans(), min_size=80, max_size=80)))
    whole, part = accumulate(frame, EVERYTHING), accumulate(frame.filter(gone), EVERYTHING)
    rest = whole - part
    assert rest.pupils.sum() == 80 - gone.sum()
    assert_equal_statistics(rest + part, whole, 1e-10)


def test_a_school_taken_away_is_gone() -> None:
    frame = cohort()
    one = accumulate(frame.filter(pl.col("school") == "S03"), MODEL)
    rest = accumulate(frame, MODEL) - one
    assert "S03" not in rest.schools
    assert_equal_statistics(rest, accumulate(frame.filter(pl.col("school") != "S03"), MODEL), 1e-11)
    with pytest.raises(StatisticsError, match="cannot be taken from school S03"):
        rest - one


def test_models_of_two_kinds_do_not_add() -> None:
    frame = cohort()
    here = accumulate(frame, MODEL)
    with pytest.raises(StatisticsError, match="formula of one is"):
        here + accumulate(frame, "score ~ prior + (1 | school)")
    numbers = accumulate(frame, "score ~ band + (1 | school)")
    words = accumulate(frame.with_columns(pl.col("band").cast(pl.String)), "score ~ band + (1 | school)")
    with pytest.raises(StatisticsError, match="band holds numbers in one and categories in the other"):
        numbers + words


def test_reasons_are_added_and_taken_away() -> None:
    frame = cohort(40).with_columns(
        score=pl.when(pl.int_range(40) % 10 == 0).then(None).otherwise(pl.col("score"))
    )
    whole, part = accumulate(frame, MODEL), accumulate(frame[:11], MODEL)
    assert (whole + part).left_out == {"score is missing": 6}
    assert (whole - part).left_out == {"score is missing": 2}


def test_fewer_columns_are_a_smaller_model() -> None:
    frame = cohort()
    kept = accumulate(frame, EVERYTHING).keep(["prior", "gender M"])
    plain = accumulate(frame, "score ~ prior + gender + (1 + prior + gender | school)")
    assert kept.columns == ("(Intercept)", "prior", "gender M")
    for name in ("sums", "cross", "centre", "slope_cross", "weight"):
        assert np.allclose(getattr(kept, name), getattr(plain, name), rtol=1e-12, atol=1e-8)
    assert accumulate(frame, EVERYTHING).keep(["fsm yes"]).slope_cross is None
    with pytest.raises(StatisticsError, match="hold no fsm maybe"):
        kept.keep(["fsm maybe"])


def test_the_mean_and_spread_of_a_school_come_without_its_pupils() -> None:
    frame = cohort().with_columns(
        average=pl.col("prior").mean().over("school"), spread=pl.col("prior").std(ddof=0).over("school")
    )
    formula = "score ~ prior + average + spread + gender + (1 + prior | school)"
    direct = accumulate(frame, formula)
    after = accumulate(frame, "score ~ prior + gender + (1 + prior | school)", spreads=["prior"])
    after = after.with_school_mean("prior").with_school_spread("prior")
    assert after.columns[-2:] == ("school_mean(prior)", "school_spread(prior)")
    order = [0, 1, 4, 2, 3, 5]
    here = after.recentred(
        np.array([0, direct.centre[1], 0, direct.centre[2], direct.centre[3], direct.centre[5]])
    )
    assert np.allclose(here.sums, direct.sums[:, order], rtol=1e-11, atol=1e-8)
    assert np.allclose(here.cross, direct.cross[np.ix_(order, order)], rtol=1e-11, atol=1e-7)
    assert np.allclose(here.slope_cross, direct.slope_cross[:, :, order], rtol=1e-11, atol=1e-7)
    assert after.school_values()["school_mean(prior)"] == pytest.approx(
        dict(frame.select("school", "average").unique().iter_rows())
    )


def test_values_of_schools_follow_when_pupils_are_added() -> None:
    frame = cohort()
    formula = "score ~ prior + gender + school_mean(prior) + school_spread(prior) + (1 | school)"
    parts = accumulate(frame[:150], formula) + accumulate(frame[150:], formula)
    assert_equal_statistics(parts, accumulate(frame, formula), 1e-10)
    assert_equal_statistics(parts - accumulate(frame[150:], formula), accumulate(frame[:150], formula), 1e-10)


def test_values_of_schools_follow_when_a_part_lacks_a_category() -> None:
    """Statistics of one file have pupils of one gender only; those of the next have both."""
    frame = cohort().sort("gender")
    formula = "score ~ prior + gender + school_mean(prior) + (1 | school)"
    parts = accumulate(frame[:20], formula) + accumulate(frame[20:], formula)
    assert_equal_statistics(parts, accumulate(frame, formula), 1e-10)


def test_a_spread_that_was_not_asked_for_is_not_made_up() -> None:
    with pytest.raises(StatisticsError, match="was not kept"):
        accumulate(cohort(), MODEL).with_school_spread("prior")


def test_a_school_of_one_pupil_has_that_pupils_mean_and_no_spread() -> None:
    frame = pl.concat([cohort(30, schools=2), cohort(1).with_columns(school=pl.lit("alone"), prior=30.0)])
    found = accumulate(frame, "score ~ prior + school_mean(prior) + school_spread(prior) + (1 | school)")
    assert found.pupils[found.schools.index("alone")] == 1
    assert found.school_values()["school_mean(prior)"]["alone"] == pytest.approx(30)
    assert found.school_values()["school_spread(prior)"]["alone"] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    "formula", [MODEL, EVERYTHING, "score ~ prior + school_spread(prior) + (1 | school)"]
)
def test_statistics_stored_and_read_are_the_same(formula: str) -> None:
    frame = cohort().with_columns(school=pl.lit("Bürgerschule ") + pl.col("school"))
    found = accumulate(frame.vstack(frame[:3].with_columns(score=pl.lit(None, pl.Float64))), formula)
    read = SchoolStatistics.from_bytes(found.to_bytes())
    for one in dataclasses.fields(found):
        before, after = getattr(found, one.name), getattr(read, one.name)
        if isinstance(before, np.ndarray):
            assert np.array_equal(before, after)
            assert before.dtype == after.dtype
        elif one.name == "squares":
            assert list(before) == list(after)
            assert all(np.array_equal(before[name], after[name]) for name in before)
        else:
            assert before == after
    assert read.to_bytes() == found.to_bytes()
    assert_equal_statistics(read + read - read, found, 1e-11)


def test_no_pupil_is_in_the_file() -> None:
    frame = cohort().with_columns(pupil=pl.lit("A pupil"), surname=pl.lit("Nobody"))
    stored = accumulate(frame, MODEL).to_bytes()
    assert b"A pupil" not in stored
    assert b"Nobody" not in stored
    assert len(stored) < 3_000


@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_a_damaged_file_is_refused(data: st.DataObject) -> None:
    stored = accumulate(cohort(20, schools=2), MODEL).to_bytes()
    if data.draw(st.booleans()):
        damaged = stored[: data.draw(st.integers(0, len(stored) - 1))]
    else:
        place = data.draw(st.integers(0, len(stored) - 1))
        damaged = (
            stored[:place]
            + bytes([stored[place] ^ (1 << data.draw(st.integers(0, 7)))])
            + stored[place + 1 :]
        )
    with pytest.raises(PackingError):
        SchoolStatistics.from_bytes(damaged)


def test_a_file_of_another_kind_or_version_says_so() -> None:
    stored = accumulate(cohort(20, schools=2), MODEL).to_bytes()
    with pytest.raises(PackingError, match="not a file of: Redway statistics of schools"):
        SchoolStatistics.from_bytes(b"PAR1 and so on")
    with pytest.raises(PackingError, match="of version 2; this Redway reads version 1"):
        SchoolStatistics.from_bytes(stored.replace(b"version 1", b"version 2", 1))


def uneven() -> pl.DataFrame:
    """Schools of 30, 20, 3 and 1 pupils."""
    return cohort(54).with_columns(
        school=pl.Series(["large"] * 30 + ["middle"] * 20 + ["small"] * 3 + ["tiny"])
    )


def test_small_schools_are_shared_as_one() -> None:
    frame = uneven().with_columns(school=pl.col("school").replace("middle", "little"))
    frame = frame.with_columns(
        school=pl.when(pl.int_range(54) < 6).then(pl.lit("six")).otherwise(pl.col("school"))
    )
    found = pooled(accumulate(frame, MODEL))
    assert dict(zip(found.schools, found.pupils.tolist(), strict=True)) == {
        "large": 24,
        "little": 20,
        POOLED: 10,
    }
    assert np.allclose(found.cross, accumulate(frame, MODEL).cross)
    plain = accumulate(
        frame.with_columns(school=pl.col("school").replace(["small", "tiny", "six"], POOLED)), MODEL
    )
    assert_equal_statistics(found, plain)


def test_nothing_of_a_small_school_can_be_got_back() -> None:
    frame = uneven()
    found = pooled(accumulate(frame, MODEL))
    assert min(found.pupils) > 5
    alone = frame.filter(pl.col("school") == "tiny")["score"].item()
    totals = found.sums[:, -1] + found.pupils * found.centre[-1]
    for one, other in [(total, rest) for total in [0.0, *totals] for rest in totals]:
        assert abs(abs(one - other) - alone) > 1


def test_the_mean_of_a_few_pupils_does_not_stay_behind() -> None:
    frame = uneven()
    few = accumulate(frame[:4], MODEL)
    shared = pooled(few + accumulate(frame[4:7], MODEL))
    assert shared.centre[-1] == pytest.approx(frame[:7]["score"].mean())
    assert shared.centre[-1] != pytest.approx(few.centre[-1])


def test_a_model_fits_pooled_statistics_nearly_as_well() -> None:
    frame = pl.concat(
        [cohort(2000, schools=40), cohort(12).with_columns(school=pl.lit("N") + pl.col("gender"))]
    )
    frame = pl.concat([frame, cohort(4).with_columns(school=pl.lit("tiny"))])
    whole, shared = accumulate(frame, MODEL), pooled(accumulate(frame, MODEL))
    assert np.allclose(fit(whole).beta, fit(shared).beta, rtol=1e-2, atol=0.5)


def test_too_few_pupils_and_marks_of_a_few_are_not_shared() -> None:
    with pytest.raises(StatisticsError, match="There are 5 pupils: nothing can be shared"):
        pooled(accumulate(cohort(5), MODEL))
    with pytest.raises(StatisticsError, match="'prior:gender M' holds sums over the pupils of one category"):
        pooled(accumulate(cohort(), "score ~ prior*gender + (1 | school)"))
    with pytest.raises(StatisticsError, match="'gender M' holds sums"):
        pooled(accumulate(cohort(), "score ~ gender + (1 + gender | school)"))
    pooled(accumulate(cohort(), "score ~ prior*gender + (1 | school)").keep(["prior", "gender M"]))


def test_a_few_pupils_left_out_are_not_told() -> None:
    frame = cohort().with_columns(
        score=pl.when(pl.int_range(400) < 3).then(None).otherwise(pl.col("score")),
        prior=pl.when(pl.int_range(400) > 390).then(None).otherwise(pl.col("prior")),
    )
    assert pooled(accumulate(frame, MODEL)).left_out == {"prior is missing": 9}


def test_small_categories_of_schools_are_counted() -> None:
    frame = cohort(40).with_columns(
        school=pl.when(pl.int_range(40) < 20).then(pl.lit("A")).otherwise(pl.lit("B")),
        gender=pl.when(pl.int_range(40).is_in([0, 1, 25])).then(pl.lit("M")).otherwise(pl.lit("F")),
        fsm=pl.int_range(40) >= 16,
    )
    found = small_counts(accumulate(frame, "score ~ gender + fsm + (1 | school)"))
    assert found == {"gender M": 2, "fsm yes": 1}
    with pytest.raises(StatisticsError, match="weighted"):
        small_counts(accumulate(frame, "score ~ gender + (1 | school)", weights="weight"))


def test_values_of_schools_follow_when_only_one_part_has_a_category() -> None:
    frame = cohort().sort("gender")
    formula = "score ~ prior + gender + school_mean(prior) + (1 | school)"
    parts = [accumulate(frame.filter(pl.col("gender") == gender), formula) for gender in ("M", "F")]
    assert_equal_statistics(parts[0] + parts[1], accumulate(frame, formula), 1e-10)
