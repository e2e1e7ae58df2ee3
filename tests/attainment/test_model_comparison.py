"""Is the larger of two models better, beyond chance?"""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from scipy.stats import chi2

from attainment.oracle import pupils, reference, statistics_for, statistics_from
from redway.attainment.model_comparison import CannotCompare, likelihood_ratio, school_difference
from redway.attainment.two_level import fit

TESTS = reference("further_references")["tests"]
EXAM = pupils("mlmRevCRAN_Exam")
ALL = statistics_from(EXAM, "normexam", ["(Intercept)", "standLRT", "sexM"], slopes=["standLRT"])
NULL = fit(ALL, method="ml", columns=[], slopes=[])
READING = fit(ALL, method="ml", columns=["standLRT"], slopes=[])
READING_AND_SEX = fit(ALL, method="ml", slopes=[])
READING_SLOPE = fit(ALL, method="ml", columns=["standLRT"])


class TestAgainstR:
    def test_a_predictor(self) -> None:
        test = likelihood_ratio(READING, READING_AND_SEX)
        assert test.chi_square == pytest.approx(TESTS["sex"]["chi_square"], rel=1e-6)
        assert test.df == 1
        assert test.p == test.p_chi_square == pytest.approx(TESTS["sex"]["p"], rel=1e-4)
        assert test.notes == ()

    def test_a_predictor_beyond_doubt(self) -> None:
        test = likelihood_ratio(NULL, READING)
        assert test.chi_square == pytest.approx(TESTS["standLRT"]["chi_square"], rel=1e-8)
        assert test.p < 1e-300

    def test_a_random_slope_halves_the_probability_at_the_edge(self) -> None:
        """R prints the chi-square probability; the mixture is half of 2 and half of 1 degree of freedom."""
        test = likelihood_ratio(READING, READING_SLOPE)
        assert test.chi_square == pytest.approx(TESTS["slope"]["chi_square"], rel=1e-6)
        assert test.df == 2
        assert test.p_chi_square == pytest.approx(TESTS["slope"]["p"], rel=1e-4)
        assert test.p == pytest.approx((chi2.sf(test.chi_square, 2) + chi2.sf(test.chi_square, 1)) / 2)
        assert "mixture" in test.notes[0]

    def test_whether_schools_differ(self) -> None:
        test = school_difference(READING)
        assert test.chi_square == pytest.approx(TESTS["schools"]["chi_square"], rel=1e-8)
        assert test.p == test.p_chi_square / 2

    def test_schools_that_do_not_differ(self) -> None:
        frame = pupils("exam_permuted_schools")
        test = school_difference(fit(statistics_from(frame, "y", ["(Intercept)", "x"])))
        assert (test.chi_square, test.p) == (0, 1)

    def test_reml_with_the_same_columns(self) -> None:
        """Exam Em3 and Em4: 9345.384 and 9300.573 printed by REML."""
        smaller, larger = (fit(statistics_for(f"exam_{name}_REML")) for name in ("em3", "em4"))
        assert likelihood_ratio(smaller, larger).chi_square == pytest.approx(9345.3844 - 9300.5733, abs=1e-3)


class TestRefusals:
    def test_reml_with_different_columns(self) -> None:
        with pytest.raises(CannotCompare, match="REML likelihoods") as refused:
            likelihood_ratio(fit(ALL, columns=["standLRT"], slopes=[]), fit(ALL, slopes=[]))
        assert "by ML" in refused.value.next_step

    def test_different_methods(self) -> None:
        with pytest.raises(CannotCompare, match="fitted by ML, the other by REML"):
            likelihood_ratio(READING, fit(ALL, slopes=[]))

    def test_different_pupils(self) -> None:
        fewer = statistics_from(EXAM.filter(pl.col("sex") == "F"), "normexam", ["(Intercept)", "standLRT"])
        with pytest.raises(CannotCompare, match="not of the same pupils"):
            likelihood_ratio(fit(fewer, method="ml"), READING_AND_SEX)

    def test_as_many_pupils_with_other_outcomes(self) -> None:
        other = EXAM.with_columns(normexam=pl.col("normexam").shuffle(seed=1))
        shuffled = statistics_from(other, "normexam", ["(Intercept)"])
        with pytest.raises(CannotCompare, match="not of the same pupils"):
            likelihood_ratio(fit(shuffled, method="ml"), READING)

    def test_different_outcomes(self) -> None:
        points = fit(replace(ALL, outcome="points"), method="ml", columns=[], slopes=[])
        with pytest.raises(CannotCompare, match="One model is of points"):
            likelihood_ratio(points, READING)

    def test_neither_part_of_the_other(self) -> None:
        with pytest.raises(CannotCompare, match="has no sexM"):
            likelihood_ratio(fit(ALL, method="ml", columns=["sexM"], slopes=[]), READING_SLOPE)

    def test_the_wrong_way_round(self) -> None:
        with pytest.raises(CannotCompare, match="has no standLRT"):
            likelihood_ratio(READING, NULL)

    def test_the_same_model(self) -> None:
        with pytest.raises(CannotCompare, match="are the same"):
            likelihood_ratio(READING, READING)

    def test_a_slope_and_a_column_at_once(self) -> None:
        with pytest.raises(CannotCompare, match="both another random slope and more columns"):
            likelihood_ratio(READING, fit(ALL, method="ml"))

    def test_two_slopes_at_once(self) -> None:
        both = statistics_from(
            EXAM, "normexam", ["(Intercept)", "standLRT", "sexM"], slopes=["standLRT", "sexM"]
        )
        with pytest.raises(CannotCompare, match="2 random slopes more"):
            likelihood_ratio(fit(both, method="ml", slopes=[]), fit(both, method="ml"))

    def test_whether_schools_differ_with_slopes(self) -> None:
        with pytest.raises(CannotCompare, match="without random slopes"):
            school_difference(READING_SLOPE)
