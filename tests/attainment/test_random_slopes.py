"""Random slopes: published results, whether the lowest point is found, and what must always hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from attainment.dense import statistics_of
from attainment.made_up import cohorts
from attainment.oracle import column, further, pupils, statistics_for
from redway.attainment.effects import school_effects
from redway.attainment.two_level import CannotFit, Fit, fit


class TestPublishedResults:
    def test_as_mlwin_prints_the_tutorial(self) -> None:
        """MLwiN User Guide: -0.012 (0.040), 0.557 (0.020); 0.090, 0.018, 0.015; 0.554; -2 log L 9316.9."""
        ours = fit(statistics_for("tutorial_rs_ML"), method="ml")
        assert ours.beta.round(3).tolist() == [-0.012, 0.557]
        assert ours.standard_errors.round(3).tolist() == [0.040, 0.020]
        assert ours.variance.matrix.round(3).tolist() == [[0.090, 0.018], [0.018, 0.015]]
        assert round(ours.variance.residual, 3) == 0.554
        assert round(ours.deviance, 1) == 9316.9

    def test_the_tutorial_to_more_digits(self) -> None:
        ours = fit(statistics_for("tutorial_rs_ML"), method="ml")
        found = [ours.variance.matrix[0, 0], ours.variance.matrix[0, 1], ours.variance.matrix[1, 1]]
        assert found == pytest.approx([0.0904472, 0.0180406, 0.0145357], abs=1e-7)
        assert ours.variance.residual == pytest.approx(0.5536573, abs=5e-8)
        assert ours.deviance == pytest.approx(9316.8700, abs=5e-5)

    def test_as_printed_in_a_review_of_multilevel_software(self) -> None:
        """Bates, Examples from Multilevel Software Comparative Reviews: Em4, by REML 9300.573."""
        assert round(fit(statistics_for("exam_em4_REML")).deviance, 3) == 9300.573


def whole_deviance(
    x: np.ndarray, z: np.ndarray, y: np.ndarray, place: np.ndarray, relative: np.ndarray, *, reml: bool
) -> float:
    """The profiled deviance by the whole covariance matrix of the pupils."""
    same = place[:, None] == place[None, :]
    v = np.eye(len(y)) + (z @ relative @ z.T) * same
    vx = np.linalg.solve(v, x)
    residual = y - x @ np.linalg.solve(x.T @ vx, vx.T @ y)
    freedom = len(y) - x.shape[1] * reml
    squares = residual @ np.linalg.solve(v, residual)
    found = freedom * (1 + np.log(2 * np.pi * squares / freedom)) + np.linalg.slogdet(v)[1]
    return float(found + (np.linalg.slogdet(x.T @ vx)[1] if reml else 0))


class TestLowestPoint:
    @given(cohorts(slopes=True, most=12), st.sampled_from(["reml", "ml"]), st.integers(0, 2**32 - 1))
    @settings(max_examples=25, deadline=None)
    def test_no_other_covariance_near_or_far_has_a_lower_deviance(
        self, cohort: dict[str, Any], method: Any, seed: int
    ) -> None:
        prior, late, y = cohort["design"]["prior"], cohort["design"]["late"], cohort["outcome"]
        place = np.unique(cohort["schools"], return_inverse=True)[1]
        z = np.column_stack([np.ones_like(y), (prior - 100) / 10])
        x = np.column_stack([z, late])
        assume(np.linalg.matrix_rank(x) == 3)
        design = {"prior": z[:, 1], "late": late}
        ours = fitted(statistics_of(design, y, cohort["schools"], slopes=["prior"]), method)
        relative = ours.variance.matrix / ours.variance.residual
        reml = method == "reml"
        assert ours.deviance == pytest.approx(whole_deviance(x, z, y, place, relative, reml=reml), abs=1e-6)
        generator = np.random.default_rng(seed)
        root = np.linalg.cholesky(relative + 1e-12 * np.eye(2))
        for size in (1e-3, 1e-2, 0.1, 0.3, 1.0):
            moved = root + size * generator.normal(size=(2, 2))
            other = whole_deviance(x, z, y, place, moved @ moved.T, reml=reml)
            assert ours.deviance <= other + 1e-6

    def test_where_a_common_search_stops_too_early(self) -> None:
        """nloptwrap, lme4's default, stops at 46503.39 at an edge; bobyqa finds 46495.14 inside."""
        ours = fit(further("hsb82_two_slopes", "REML")[0])
        assert ours.deviance == pytest.approx(46495.14026, abs=5e-5)
        assert not ours.at_boundary

    def test_the_edge_is_said(self) -> None:
        ours = fit(further("exam_two_slopes", "REML")[0])
        assert ours.at_boundary
        assert "edge of what is possible" in ours.notes[0]
        assert np.linalg.eigvalsh(ours.variance.matrix)[0] == pytest.approx(0, abs=1e-12)

    def test_schools_that_do_not_differ(self) -> None:
        frame = pupils("exam_permuted_schools")
        statistics = statistics_of({"x": column(frame, "x")}, frame["y"], frame["school"], slopes=["x"])
        ours = fit(statistics)
        assert ours.at_boundary
        assert ours.deviance <= fit(statistics, slopes=[]).deviance


def fitted(statistics: Any, method: Any = "reml") -> Fit:
    """A fit, or one passed over where none exists."""
    try:
        return fit(statistics, method=method)
    except CannotFit:
        assume(False)
        raise


class TestAlways:
    @given(cohorts(slopes=True), st.floats(-200, 200), st.sampled_from([0.001, 1.0, 1000.0]))
    @settings(max_examples=20, deadline=None)
    def test_where_and_in_what_units_prior_attainment_is_counted_does_not_matter(
        self, cohort: dict[str, Any], origin: float, unit: float
    ) -> None:
        prior = cohort["design"]["prior"]
        counted = unit * (prior - origin)
        before = fitted(statistics_of(**cohort, slopes=["prior"]))
        after = fitted(
            statistics_of(
                **{**cohort, "design": {"prior": counted, "late": cohort["design"]["late"]}}, slopes=["prior"]
            )
        )
        assert after.deviance - 2 * np.log(unit) == pytest.approx(before.deviance, abs=1e-5)
        assert after.variance.matrix[1, 1] * unit**2 == pytest.approx(
            before.variance.matrix[1, 1], rel=1e-3, abs=1e-7 * before.variance.residual
        )
        at_100 = school_effects(before, at={"prior": 100.0})
        again = school_effects(after, at={"prior": unit * (100.0 - origin)})
        size = before.variance.residual**0.5
        np.testing.assert_allclose(again.effect / size, at_100.effect / size, atol=1e-4)

    @given(cohorts(slopes=True))
    @settings(max_examples=20, deadline=None)
    def test_slopes_never_raise_the_deviance(self, cohort: dict[str, Any]) -> None:
        statistics = statistics_of(**cohort, slopes=["prior"])
        ours = fitted(statistics)
        assert ours.deviance <= fit(statistics, slopes=[]).deviance + 1e-6
        assert np.linalg.eigvalsh(ours.variance.matrix)[0] >= -1e-9 * np.abs(ours.variance.matrix).max()

    def test_a_dropped_column_may_keep_its_slope(self) -> None:
        """A column that follows from another has no fixed effect of its own, yet schools may differ in it."""
        frame = pupils("mlmRevCRAN_Exam")
        reading = column(frame, "standLRT")
        design = {"standLRT": reading, "double": 2 * reading}
        ours = fit(statistics_of(design, frame["normexam"], frame["school"], slopes=["double"]))
        plain = fit(statistics_for("exam_rs_REML"))
        assert ours.columns == ("(Intercept)", "standLRT")
        assert ours.deviance == pytest.approx(plain.deviance, rel=1e-11)
        assert 4 * ours.variance.matrix[1, 1] == pytest.approx(plain.variance.matrix[1, 1], rel=1e-6)

    def test_slopes_counted_from_where_no_pupil_is(self) -> None:
        """With scaled scores around 100 the effect at a score of nought is of nobody."""
        frame = pupils("mlmRevCRAN_Exam")
        score = 100 + 10 * column(frame, "standLRT")
        outcome, schools = frame["normexam"], frame["school"]
        far = fit(statistics_of({"score": score}, outcome, schools, slopes=["score"]))
        (warning,) = far.warnings
        assert warning.startswith("School effects are of a pupil whose score is 0, far from the mean of 100.")
        assert "I(score - 100)" in warning
        near = fit(statistics_of({"score": score - 100}, outcome, schools, slopes=["score"]))
        assert near.warnings == ()
        again = school_effects(far, at={"score": 100.0})
        np.testing.assert_allclose(again.effect, school_effects(near).effect, atol=1e-9)

    def test_nearly_all_in_one_category_is_not_far(self) -> None:
        frame = pupils("mlmRevCRAN_Exam")
        common = (np.arange(len(frame)) % 20 > 0).astype(float)
        ours = fit(statistics_of({"common": common}, frame["normexam"], frame["school"], slopes=["common"]))
        assert ours.warnings == ()
