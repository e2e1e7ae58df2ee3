"""The fit of a two-level model: published results, refusals, and what must always hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from attainment.dense import statistics_of
from attainment.made_up import cohorts
from attainment.oracle import column, pupils, reference, statistics_for, statistics_from
from redway.attainment.effects import school_effects
from redway.attainment.statistics import SchoolStatistics
from redway.attainment.two_level import CannotFit, CollinearColumns, Fit, fit

EXAM = ["(Intercept)", "standLRT"]


def exam(**columns: Any) -> SchoolStatistics:
    """The inner London pupils with their reading score, and other columns behind it."""
    frame = pupils("mlmRevCRAN_Exam")
    design = {"standLRT": column(frame, "standLRT"), **columns}
    return statistics_of(design, frame["normexam"].to_numpy(), frame["school"].to_numpy())


def reading() -> np.ndarray:
    return column(pupils("mlmRevCRAN_Exam"), "standLRT")


def few(*schools: str) -> SchoolStatistics:
    """The inner London pupils of some schools."""
    frame = pupils("mlmRevCRAN_Exam").filter(pl.col("school").is_in(schools))
    return statistics_from(frame, "normexam", EXAM)


class TestPublishedResults:
    def test_reml_as_in_45_digit_arithmetic(self) -> None:
        ours = fit(exam())
        assert ours.variance.group == pytest.approx(0.0938389875848671, rel=1e-10)
        assert ours.variance.residual == pytest.approx(0.565865310302072, rel=1e-10)
        assert ours.beta == pytest.approx([0.00232282316100539, 0.563306914153656], rel=1e-10)
        assert ours.deviance == pytest.approx(9368.76528732895, rel=1e-12)

    def test_ml_as_in_45_digit_arithmetic(self) -> None:
        ours = fit(exam(), method="ml")
        assert ours.variance.group == pytest.approx(0.0921292731090979, rel=1e-10)
        assert ours.variance.residual == pytest.approx(0.565731004374107, rel=1e-10)
        assert ours.deviance == pytest.approx(9357.24320059104, rel=1e-12)

    def test_as_mlwin_prints_the_tutorial(self) -> None:
        """MLwiN User Guide: 0.002 (0.040), 0.563 (0.012); 0.092 (0.018), 0.566 (0.013); -2 log L 9357.2."""
        ours = fit(statistics_for("tutorial_ri_ML"), method="ml")
        assert ours.beta.round(3).tolist() == [0.002, 0.563]
        assert ours.standard_errors.round(3).tolist() == [0.040, 0.012]
        assert (round(ours.variance.group, 3), round(ours.variance.group_se, 3)) == (0.092, 0.018)
        assert (round(ours.variance.residual, 3), round(ours.variance.residual_se, 3)) == (0.566, 0.013)
        assert round(ours.deviance, 1) == 9357.2

    def test_share_between_schools_of_the_null_model(self) -> None:
        """0.169 and 0.848, and an intraclass correlation of 0.166, in a printed coursebook."""
        ours = fit(statistics_for("tutorial_null_ML"), method="ml")
        assert (round(ours.variance.group, 3), round(ours.variance.residual, 3)) == (0.169, 0.848)
        assert round(ours.variance.share_between_schools, 3) == 0.166

    def test_as_printed_in_a_review_of_multilevel_software(self) -> None:
        """Bates, Examples from Multilevel Software Comparative Reviews: model Em1.

        The criterion is printed as 9347.674; of the data as published since it is 9347.6735.
        """
        ours = fit(statistics_for("exam_em1_REML"))
        assert ours.deviance == pytest.approx(9347.674, abs=6e-4)
        assert ours.beta.round(6).tolist() == [-0.001049, 0.559754, -0.167392, 0.177691, 0.158997]
        assert round(ours.variance.group**0.5, 3) == 0.293
        assert round(ours.variance.residual**0.5, 3) == 0.750

    def test_balanced_groups_have_a_closed_form(self) -> None:
        """Dyestuff, in the book of lme4: 1527.5 (19.383), 1764.05, 2451.25, criterion 319.6543."""
        frame = pupils("lme4_Dyestuff")
        ours = fit(statistics_of({}, frame["Yield"].to_numpy(), frame["Batch"].to_numpy()))
        assert ours.beta == pytest.approx([1527.5], rel=1e-12)
        assert ours.standard_errors.round(3).tolist() == [19.383]
        assert ours.variance.group == pytest.approx(1764.05, rel=1e-10)
        assert ours.variance.residual == pytest.approx(2451.25, rel=1e-12)
        assert round(ours.deviance, 4) == 319.6543

    def test_pupils_with_missing_results_left_out(self) -> None:
        """Gcsemv: 1,725 of 1,905 pupils have a course-work mark."""
        frame = pupils("mlmRevCRAN_Gcsemv").filter(pl.col("course").is_not_null())
        ours = fit(statistics_from(frame, "course", ["(Intercept)", "genderM"]))
        assert ours.n_pupils == 1725
        assert ours.beta == pytest.approx([76.46766425, -6.739426871], rel=1e-9)
        assert ours.variance.group == pytest.approx(77.934506, rel=1e-8)
        assert ours.variance.residual == pytest.approx(180.068460, rel=1e-8)

    def test_the_first_ten_pupils_twice(self) -> None:
        frame = pupils("mlmRevCRAN_Exam")
        ours = fit(statistics_from(pl.concat([frame, frame.head(10)]), "normexam", EXAM))
        assert ours.variance.group == pytest.approx(0.09343645989, rel=1e-9)
        assert ours.variance.residual == pytest.approx(0.5658911085, rel=1e-9)


class TestNoDifferenceBetweenSchools:
    @pytest.mark.parametrize(
        ("file", "outcome", "group", "terms", "residual"),
        [
            ("exam_permuted_schools", "y", "school", ["(Intercept)", "x"], 0.6487386499),
            ("lme4_Dyestuff2", "Yield", "Batch", ["(Intercept)"], 13.80630963),
        ],
    )
    def test_a_variance_of_exactly_zero(
        self, file: str, outcome: str, group: str, terms: list[str], residual: float
    ) -> None:
        ours = fit(statistics_from(pupils(file), outcome, terms, group=group))
        assert ours.variance.group == 0
        assert ours.variance.residual == pytest.approx(residual, rel=1e-9)
        assert ours.at_boundary
        assert "estimated as zero" in ours.notes[0]
        assert ours.deviance == ours.deviance_without_schools
        effects = school_effects(ours)
        assert not effects.effect.any()
        assert not effects.shrinkage.any()

    def test_criterion_of_dyestuff2(self) -> None:
        ours = fit(statistics_from(pupils("lme4_Dyestuff2"), "Yield", ["(Intercept)"], group="Batch"))
        assert ours.deviance == pytest.approx(161.8282778, rel=1e-9)
        assert ours.beta.round(4).tolist() == [5.6656]
        assert ours.standard_errors.round(5).tolist() == [0.67839]


class TestRefusals:
    def test_one_school(self) -> None:
        with pytest.raises(CannotFit, match="One school only") as refused:
            fit(few("1"))
        assert "two schools" in refused.value.next_step

    def test_no_pupils(self) -> None:
        with pytest.raises(CannotFit, match="No pupils"):
            fit(few())

    def test_every_pupil_a_school(self) -> None:
        with pytest.raises(CannotFit, match="Each of the 5 schools has one pupil"):
            fit(statistics_of({}, [1, 2, 3, 4, 6], list("abcde")))

    @pytest.mark.parametrize("value", [0.0, 7.0, 1e9 + 1 / 3])
    def test_an_outcome_that_is_the_same_for_all(self, value: float) -> None:
        with pytest.raises(CannotFit, match="outcome is the same for every pupil"):
            fit(statistics_of({}, np.full(30, value), list("abc") * 10))

    def test_an_outcome_made_from_a_predictor(self) -> None:
        statistics = statistics_of({"x": reading()}, 2 + 3 * reading(), pupils("mlmRevCRAN_Exam")["school"])
        with pytest.raises(CannotFit, match="determine outcome exactly"):
            fit(statistics)

    def test_an_outcome_of_the_school(self) -> None:
        with pytest.raises(CannotFit, match="Within each school outcome does not vary"):
            fit(statistics_of({}, [1, 1, 1, 4, 4, 4, 9, 9, 9], list("aaabbbccc")))

    def test_fewer_pupils_than_columns(self) -> None:
        generator = np.random.default_rng(3)
        design = {f"x{k}": generator.normal(size=6) for k in range(5)}
        with pytest.raises(CannotFit, match="6 pupils are too few for 6 columns"):
            fit(statistics_of(design, generator.normal(size=6), list("aabbcc")))

    def test_as_many_columns_of_schools_as_schools(self) -> None:
        generator = np.random.default_rng(3)
        design = {"b": np.repeat([0, 1, 0], 10), "c": np.repeat([0, 0, 1], 10)}
        with pytest.raises(CannotFit, match="3 columns that describe schools are too many for 3 schools"):
            fit(statistics_of(design, generator.normal(size=30), np.repeat(list("abc"), 10)))

    def test_a_method_that_is_none(self) -> None:
        with pytest.raises(CannotFit, match="no method 'bayes'"):
            fit(exam(), method="bayes")  # type: ignore[arg-type]

    def test_a_column_that_is_not_there(self) -> None:
        with pytest.raises(CannotFit, match="no column prior") as refused:
            fit(exam(), columns=["prior"])
        assert "standLRT" in refused.value.next_step

    def test_two_schools_are_too_few_to_rely_on(self) -> None:
        ours = fit(few("1", "2"))
        assert ours.variance.group == 0
        assert ours.variance.residual == pytest.approx(0.7823300203, rel=1e-9)
        assert ours.warnings[0].startswith("Only 2 schools: too few")


class TestColumnsThatFollowFromOthers:
    @pytest.mark.parametrize(
        ("values", "said"),
        [
            (lambda x: 2 * x + 1, "extra follows from standLRT"),
            (lambda x: np.full_like(x, 3.7), "extra is the same for every pupil"),
            (lambda x: np.zeros_like(x), "extra is the same for every pupil"),
            (lambda x: np.ones_like(x), "extra is the same for every pupil"),
            (
                lambda x: x + 1e-9 * np.random.default_rng(1).normal(size=len(x)),
                "extra follows from standLRT",
            ),
        ],
    )
    def test_named_and_dropped(self, values: Any, said: str) -> None:
        ours = fit(exam(extra=values(reading())))
        assert ours.columns == ("(Intercept)", "standLRT")
        assert [str(each) for each in ours.dropped] == [said]
        assert ours.warnings == (f"{said}; it was dropped.",)
        assert ours.variance.group == pytest.approx(0.0938389875848671, rel=1e-10)
        assert ours.beta == pytest.approx([0.00232282316100539, 0.563306914153656], rel=1e-10)

    def test_refused_when_asked(self) -> None:
        with pytest.raises(CollinearColumns, match="extra follows from standLRT"):
            fit(exam(extra=2 * reading() + 1), collinear="refuse")

    def test_sources_are_named(self) -> None:
        """A level of a category for everybody: the last one follows from the others."""
        level = np.arange(len(reading())) % 3
        ours = fit(exam(low=level == 0, middle=level == 1, high=level == 2))
        assert [str(each) for each in ours.dropped] == ["high follows from low and middle"]

    def test_a_curve_is_no_copy(self) -> None:
        """A score around 100 and its square are nearly in line, and both are kept."""
        score = 100 + 5 * reading()
        ours = fit(exam(score_squared=score**2))
        assert not ours.dropped
        assert len(ours.beta) == 3

    def test_without_an_intercept_a_column_of_ones_is_kept(self) -> None:
        frame = pupils("mlmRevCRAN_Exam")
        design = {"ones": np.ones(len(frame)), "standLRT": reading()}
        ours = fit(statistics_of(design, frame["normexam"], frame["school"], intercept=False))
        assert ours.columns == ("ones", "standLRT")
        assert ours.beta == pytest.approx([0.00232282316100539, 0.563306914153656], rel=1e-10)


class TestColumnsChosenLater:
    def test_a_smaller_model_from_the_same_statistics(self) -> None:
        statistics = statistics_for("exam_cva_REML")
        ours = fit(statistics, columns=["standLRT", "sexM", "schgendboys", "schgendgirls"])
        expected = reference("exam_em1_REML")
        assert ours.columns == tuple(expected["fixef"])
        assert ours.deviance == pytest.approx(expected["criterion"], rel=1e-11)

    def test_slopes_left_out(self) -> None:
        ours = fit(statistics_for("exam_rs_REML"), slopes=[])
        assert ours.variance.group == pytest.approx(0.0938389875848671, rel=1e-10)

    def test_mean_prior_attainment_of_the_school(self) -> None:
        """Contextual value added's third stage."""
        frame = pupils("mlmRevCRAN_Exam")
        mean = frame.select(pl.col("standLRT").mean().over("school")).to_series().to_numpy()
        ours = fit(exam(mean=mean))
        assert ours.beta == pytest.approx([0.01194748, 0.55947786, 0.35765649], abs=5e-9)
        assert ours.variance.group == pytest.approx(0.07899200, abs=5e-9)
        assert ours.variance.residual == pytest.approx(0.56604006, abs=5e-9)
        assert ours.deviance == pytest.approx(9361.861966, abs=5e-7)


class TestNumbersOfAnySize:
    def test_a_predictor_far_from_nought(self) -> None:
        """lme4 loses the third digit of the school variance here."""
        frame = pupils("mlmRevCRAN_Exam")
        ours = fit(statistics_of({"x": reading() + 1e6}, frame["normexam"], frame["school"]))
        assert ours.beta[1] == pytest.approx(0.5633069142, rel=1e-8)
        assert ours.variance.group == pytest.approx(0.0938389876, rel=1e-8)

    @pytest.mark.parametrize("factor", [1e8, 1e-8])
    def test_an_outcome_of_another_size(self, factor: float) -> None:
        frame = pupils("mlmRevCRAN_Exam")
        ours = fit(statistics_of({"x": reading()}, factor * frame["normexam"].to_numpy(), frame["school"]))
        assert ours.variance.group == pytest.approx(0.0938389875848671 * factor**2, rel=1e-10)
        assert ours.beta == pytest.approx(
            np.array([0.00232282316100539, 0.563306914153656]) * factor, rel=1e-10
        )

    def test_estimates_of_pupils_keep_their_digits(self) -> None:
        frame = pupils("mlmRevCRAN_Exam")
        near, far = (
            fit(statistics_of({"x": reading() + offset}, frame["normexam"], frame["school"]))
            for offset in (0, 1e6)
        )
        here, error = near.estimate(np.column_stack([np.ones(5), reading()[:5]]))
        there, same = far.estimate(np.column_stack([np.ones(5), reading()[:5] + 1e6]))
        np.testing.assert_allclose(there, here, atol=1e-9)
        np.testing.assert_allclose(same, error, rtol=1e-8)


class TestEstimatesOfPupils:
    def test_by_the_fixed_effects_and_their_covariance(self) -> None:
        ours = fit(exam())
        design = np.array([[1.0, -2.0], [1.0, 0.0], [1.0, 1.5]])
        estimate, error = ours.estimate(design)
        np.testing.assert_allclose(estimate, design @ ours.beta, rtol=1e-12)
        np.testing.assert_allclose(error**2, np.diag(design @ ours.covariance @ design.T), rtol=1e-10)

    def test_missing_gives_missing(self) -> None:
        estimate, error = fit(exam()).estimate(np.array([[1.0, np.nan], [1.0, 0.0]]))
        assert np.isnan([estimate[0], error[0]]).all()
        assert not np.isnan([estimate[1], error[1]]).any()


def refitted(cohort: dict[str, Any], **changed: Any) -> Fit:
    """The fit of a made-up cohort, or one passed over where no fit exists."""
    try:
        return fit(statistics_of(**{**cohort, **changed}))
    except CannotFit:
        assume(False)
        raise


class TestAlways:
    @given(cohorts(), st.floats(-1e4, 1e4))
    @settings(max_examples=40, deadline=None)
    def test_more_points_for_everybody_change_the_intercept_alone(
        self, cohort: dict[str, Any], points: float
    ) -> None:
        before, after = refitted(cohort), refitted(cohort, outcome=cohort["outcome"] + points)
        np.testing.assert_allclose(after.beta[1:], before.beta[1:], rtol=1e-6, atol=1e-8)
        assert after.beta[0] - before.beta[0] == pytest.approx(points, abs=1e-6)
        assert after.variance.group == pytest.approx(before.variance.group, rel=1e-6, abs=1e-8)
        assert after.deviance == pytest.approx(before.deviance, abs=1e-6)

    @given(cohorts(), st.floats(0.01, 100))
    @settings(max_examples=40, deadline=None)
    def test_other_units_scale_the_answer(self, cohort: dict[str, Any], factor: float) -> None:
        before, after = refitted(cohort), refitted(cohort, outcome=cohort["outcome"] * factor)
        np.testing.assert_allclose(after.beta, before.beta * factor, rtol=1e-7, atol=1e-9 * factor)
        assert after.variance.group == pytest.approx(
            before.variance.group * factor**2, rel=1e-7, abs=1e-9 * factor**2
        )

    @given(cohorts(), st.randoms(use_true_random=False))
    @settings(max_examples=40, deadline=None)
    def test_the_order_of_pupils_and_schools_does_not_matter(
        self, cohort: dict[str, Any], random: Any
    ) -> None:
        names = sorted(set(cohort["schools"]))
        renamed = dict(zip(names, random.sample(names, len(names)), strict=True))
        before = refitted(cohort)
        after = refitted(cohort, schools=[renamed[school] for school in cohort["schools"]])
        np.testing.assert_allclose(after.beta, before.beta, rtol=1e-9, atol=1e-9)
        assert after.deviance == pytest.approx(before.deviance, rel=1e-12)

    @given(cohorts())
    @settings(max_examples=40, deadline=None)
    def test_equal_weights_change_only_the_meaning_of_the_residual(self, cohort: dict[str, Any]) -> None:
        """Every pupil of weight 4: the residual variance, of a pupil of weight 1, is four times as large."""
        before = refitted(cohort)
        after = refitted(cohort, weights=np.full(len(cohort["outcome"]), 4.0))
        np.testing.assert_allclose(after.beta, before.beta, rtol=1e-8, atol=1e-9)
        assert after.variance.residual == pytest.approx(4 * before.variance.residual, rel=1e-8)
        assert after.variance.group == pytest.approx(before.variance.group, rel=1e-7, abs=1e-9)
        assert after.deviance == pytest.approx(before.deviance, rel=1e-10)

    @given(cohorts(most=12), st.sampled_from(["reml", "ml"]))
    @settings(max_examples=25, deadline=None)
    def test_no_other_ratio_of_variances_has_a_lower_deviance(
        self, cohort: dict[str, Any], method: Any
    ) -> None:
        """By the whole covariance matrix of the pupils, over a fine grid."""
        y, place = cohort["outcome"], np.unique(cohort["schools"], return_inverse=True)[1]
        x = np.column_stack([np.ones_like(y), cohort["design"]["prior"] - 100, cohort["design"]["late"]])
        assume(np.linalg.matrix_rank(x) == 3)
        statistics = statistics_of({"prior": x[:, 1], "late": x[:, 2]}, y, cohort["schools"])
        ours = fit(statistics, method=method)
        same = (place[:, None] == place[None, :]).astype(float)

        def deviance(ratio: float) -> float:
            v = np.eye(len(y)) + ratio * same
            vx = np.linalg.solve(v, x)
            residual = y - x @ np.linalg.solve(x.T @ vx, vx.T @ y)
            squares = residual @ np.linalg.solve(v, residual)
            freedom = len(y) - 3 * (method == "reml")
            found = freedom * (1 + np.log(2 * np.pi * squares / freedom)) + np.linalg.slogdet(v)[1]
            return float(found + (np.linalg.slogdet(x.T @ vx)[1] if method == "reml" else 0))

        best = ours.variance.group / ours.variance.residual
        assert ours.deviance == pytest.approx(deviance(best), abs=1e-7)
        assert all(ours.deviance <= deviance(ratio) + 1e-7 for ratio in [0, *np.geomspace(1e-4, 100, 13)])


def test_statistics_of_schools_apart_make_the_same_fit() -> None:
    """Schools moved to the end of the statistics, as after adding two files."""
    statistics = exam()
    order = np.roll(np.arange(len(statistics.schools)), 20)
    moved = replace(
        statistics,
        schools=tuple(statistics.schools[k] for k in order),
        pupils=statistics.pupils[order],
        weight=statistics.weight[order],
        sums=statistics.sums[order],
    )
    assert fit(moved).variance.group == pytest.approx(fit(statistics).variance.group, rel=1e-12)
