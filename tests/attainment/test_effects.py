"""What each school adds, and how sure that is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from attainment.dense import statistics_of
from attainment.made_up import cohorts
from attainment.oracle import pupils, statistics_for
from redway.attainment.effects import (
    SchoolEffects,
    caterpillar,
    comparable_intervals,
    rank_intervals,
    school_effects,
)
from redway.attainment.two_level import CannotFit, fit


@pytest.fixture(scope="module")
def inner_london() -> SchoolEffects:
    """The 65 schools of the MLwiN tutorial."""
    return school_effects(fit(statistics_for("tutorial_ri_ML"), method="ml"))


def of(effects: SchoolEffects, school: str) -> dict[str, Any]:
    return next(row for row in effects.frame().to_dicts() if row["group"] == school)


class TestInnerLondon:
    def test_a_school_of_73_pupils(self, inner_london: SchoolEffects) -> None:
        school = of(inner_london, "1")
        assert school["n"] == 73
        assert school["raw"] == pytest.approx(0.405200806, rel=1e-8)
        assert school["shrinkage"] == pytest.approx(0.922408725, rel=1e-8)
        assert school["effect"] == pytest.approx(0.373760759, rel=1e-8)
        assert school["se_conditional"] == pytest.approx(0.084548364, rel=1e-7)
        assert school["se_comparative"] == pytest.approx(0.092282706, rel=1e-7)
        assert school["se_diagnostic"] == pytest.approx(0.289159386, rel=1e-7)
        assert school["upper"] - school["lower"] == pytest.approx(2 * 1.96 * 0.092282706, rel=1e-4)

    def test_a_school_of_two_pupils_is_drawn_in(self, inner_london: SchoolEffects) -> None:
        school = of(inner_london, "48")
        assert school["n"] == 2
        assert school["shrinkage"] == pytest.approx(0.245681480, rel=1e-8)
        assert school["raw"] == pytest.approx(-0.183402592, rel=1e-8)
        assert school["effect"] == pytest.approx(-0.045058620, rel=1e-8)
        assert school["se_comparative"] == pytest.approx(0.263804645, rel=1e-7)

    def test_which_standard_error_is_used_matters(self, inner_london: SchoolEffects) -> None:
        """28 schools differ from the average with the comparative error, 31 with the conditional one."""
        apart = (inner_london.lower > 0) | (inner_london.upper < 0)
        assert apart.sum() == 28
        assert (np.abs(inner_london.effect) > 1.96 * inner_london.se_conditional).sum() == 31

    def test_the_three_that_add_most(self, inner_london: SchoolEffects) -> None:
        order = caterpillar(inner_london)
        assert order["group"].to_list()[-3:] == ["63", "6", "53"]
        assert order["place"].to_list() == list(range(1, 66))
        assert order["effect"].is_sorted()


class TestComparingSchools:
    def test_equal_errors_have_a_width_of_1_39(self) -> None:
        """Goldstein and Healy (1995): 1.96 divided by the square root of two."""
        equal = made(effect=[0.0, 1.0, 2.0], error=[0.5, 0.5, 0.5])
        low, high = comparable_intervals(equal)
        assert ((high - low) / 2 / 0.5).round(2).tolist() == [1.39, 1.39, 1.39]

    def test_two_schools_differ_where_intervals_do_not_overlap(self) -> None:
        """With equal errors the intervals just touch where the difference is 1.96 of its standard errors."""
        touching = made(effect=[0.0, 1.959964 * 2**0.5 * 0.5], error=[0.5, 0.5])
        low, high = comparable_intervals(touching)
        assert high[0] == pytest.approx(low[1], abs=1e-6)

    def test_width_with_uneven_errors_sets_apart_five_in_a_hundred_pairs(
        self, inner_london: SchoolEffects
    ) -> None:
        low, high = comparable_intervals(inner_london)
        half, error = (high - low) / 2, inner_london.se_comparative
        first, second = np.triu_indices(65, 1)
        generator = np.random.default_rng(5)
        drawn = generator.normal(0, error, size=(2000, 65))  # schools that do not differ
        apart = np.abs(drawn[:, first] - drawn[:, second]) > half[first] + half[second]
        assert apart.mean() == pytest.approx(0.05, abs=0.003)
        assert 1.386 < (half / error)[0] < 1.45

    def test_many_schools_are_thinned_without_a_difference(self) -> None:
        """The width is found from 400 of 1,500 schools and sets apart 5% of all pairs."""
        error = np.random.default_rng(2).gamma(4, 0.1, 1500)
        half = comparable_intervals(made(effect=np.zeros(1500), error=error))[1]
        first, second = np.triu_indices(1500, 1)
        z = (half[first] + half[second]) / np.hypot(error[first], error[second])
        assert 2 * norm.sf(z).mean() == pytest.approx(0.05, abs=2e-4)

    def test_no_difference_at_all(self) -> None:
        low, high = comparable_intervals(made(effect=[0.0, 0.0], error=[0.0, 0.0]))
        assert not low.any()
        assert not high.any()


class TestPlaces:
    def test_certain_schools_have_one_place(self) -> None:
        low, high = rank_intervals(made(effect=[3.0, 1.0, 2.0], error=[0.01] * 3))
        assert low.tolist() == high.tolist() == [3, 1, 2]

    def test_unknown_schools_may_stand_anywhere(self) -> None:
        low, high = rank_intervals(made(effect=[0.0] * 20, error=[1.0] * 20))
        assert set(low) == {1}
        assert set(high) == {20}

    def test_two_schools_by_the_normal_distribution(self) -> None:
        """The second stands lower in 2.3% of draws (two standard errors), the third never."""
        low, high = rank_intervals(made(effect=[0.0, 2**0.5 * 2, 50.0], error=[1.0] * 3), draws=20000)
        assert low.tolist() == [1, 2, 3]
        assert high.tolist() == [1, 2, 3]

    def test_same_seed_same_places(self, inner_london: SchoolEffects) -> None:
        first, again = rank_intervals(inner_london), rank_intervals(inner_london)
        assert first[0].tolist() == again[0].tolist()
        place = caterpillar(inner_london).sort("group")["place"].to_numpy()
        assert (first[0] <= place).all()
        assert (place <= first[1]).all()


class TestSuppression:
    def test_schools_of_five_or_fewer_are_hidden(self, inner_london: SchoolEffects) -> None:
        shown = made(effect=[1, 2, 3, -6], error=[1] * 4, n=[5, 6, 2, 40]).suppressed(5)
        assert shown.group == ("b", "d")
        assert shown.hidden == ("a", "c")
        table = shown.frame()
        assert table["group"].to_list() == ["b", "d", "a", "c"]
        assert table.drop("group")[2:].null_count().sum_horizontal().item() == 2 * 9

    def test_one_alone_is_not_found_from_the_others(self) -> None:
        """Effects add to nothing, so a second school is hidden: the next smallest."""
        shown = made(effect=[1, 2, 3, -6], error=[1] * 4, n=[50, 9, 2, 40]).suppressed(5)
        assert shown.hidden == ("b", "c")

    def test_only_one_more_is_hidden_where_several_are_the_next_smallest(self) -> None:
        shown = made(effect=[1, 2, 3, -6], error=[1] * 4, n=[30, 2, 30, 30]).suppressed(5)
        assert shown.hidden == ("a", "b")

    def test_models_of_the_same_pupils_hide_the_same_school(self) -> None:
        """One allows for what is not known of a pupil of "b", the other of two of "d"."""
        sizes = {"a": 50, "b": 10, "c": 2, "d": 11}
        effect, error = [1.0, 2.0, 3.0, -6.0], [1.0] * 4
        one = made(effect=effect, error=error, n=[50, 9, 2, 11]).suppressed(5, sizes)
        other = made(effect=effect, error=error, n=[50, 10, 2, 9]).suppressed(5, sizes)
        assert one.hidden == other.hidden == ("b", "c")

    def test_nothing_to_hide(self) -> None:
        shown = made(effect=[1, -1], error=[1] * 2, n=[6, 7]).suppressed(5)
        assert shown.hidden == ()
        assert shown.n.tolist() == [6, 7]

    def test_the_tutorial_hides_its_school_of_two_and_the_next(self, inner_london: SchoolEffects) -> None:
        shown = inner_london.suppressed(5)
        assert shown.hidden == ("48", "54")
        assert len(shown.effect) == len(shown.random) == len(shown.random_comparative) == 63
        assert "48" not in caterpillar(shown)["group"]


class TestSlopes:
    def test_effect_for_a_pupil_with_a_high_reading_score(self) -> None:
        ours = fit(statistics_for("tutorial_rs_ML"), method="ml")
        at_nought, at_two = school_effects(ours), school_effects(ours, at={"standlrt": 2.0})
        np.testing.assert_allclose(at_two.effect, at_nought.random @ [1, 2], rtol=1e-12)
        variance = np.einsum("a,jab,b->j", [1, 2], at_nought.random_comparative, [1, 2])
        np.testing.assert_allclose(at_two.se_comparative**2, variance, rtol=1e-10)
        total = np.array([1, 2]) @ ours.variance.matrix @ np.array([1, 2])
        np.testing.assert_allclose(at_two.se_comparative**2 + at_two.se_diagnostic**2, total, rtol=1e-10)

    def test_a_column_without_a_slope(self) -> None:
        with pytest.raises(CannotFit, match="sex has no random slope"):
            school_effects(fit(statistics_for("tutorial_rs_ML")), at={"sex": 1})


def made(effect: Any, error: Any, n: Any = None) -> SchoolEffects:
    """Effects of made-up schools a, b, c, ..."""
    effect, error = np.asarray(effect, dtype=float), np.asarray(error, dtype=float)
    count = len(effect)
    return SchoolEffects(
        group=tuple("abcdefghijklmnopqrstuvwxyz"[:count]) if count <= 26 else tuple(map(str, range(count))),
        n=np.full(count, 30) if n is None else np.asarray(n),
        raw=effect,
        shrinkage=np.full(count, 0.5),
        effect=effect,
        se_conditional=error,
        se_comparative=error,
        se_diagnostic=error,
        lower=effect - error,
        upper=effect + error,
        terms=("(Intercept)",),
        random=effect[:, None],
        random_conditional=error[:, None, None],
        random_comparative=error[:, None, None],
    )


class TestAlways:
    @given(cohorts(), st.sampled_from(["reml", "ml"]))
    @settings(max_examples=50, deadline=None)
    def test_of_every_cohort(self, cohort: dict[str, Any], method: Any) -> None:
        try:
            ours = fit(statistics_of(**cohort), method=method)
        except CannotFit:
            assume(False)
        effects = school_effects(ours)
        scale = max(np.abs(effects.raw).max(), 1e-9)
        # Shrunken towards nothing, never beyond it, and by no more than the school's own share
        assert ((effects.shrinkage >= 0) & (effects.shrinkage < 1)).all()
        np.testing.assert_allclose(effects.effect, effects.shrinkage * effects.raw, atol=1e-9 * scale)
        more_pupils = np.argsort(effects.n, kind="stable")
        assert (np.diff(effects.shrinkage[more_pupils]) >= -1e-12).all()
        # With an intercept, what schools add comes to nothing
        assert abs(effects.effect.sum()) <= 1e-7 * scale * len(effects.effect)
        # What is known of a school and what is not make up the variance between schools
        np.testing.assert_allclose(
            effects.se_comparative**2 + effects.se_diagnostic**2,
            ours.variance.group,
            rtol=1e-7,
            atol=1e-9 * scale**2,
        )
        assert (effects.se_comparative >= effects.se_conditional - 1e-12).all()
        assert (effects.lower <= effects.effect).all()
        assert (effects.effect <= effects.upper).all()

    @given(cohorts(slopes=True))
    @settings(max_examples=15, deadline=None)
    def test_of_every_cohort_with_slopes(self, cohort: dict[str, Any]) -> None:
        try:
            ours = fit(statistics_of(**cohort, slopes=["prior"]))
        except CannotFit:
            assume(False)
        effects = school_effects(ours, at={"prior": 100})
        size = max(np.abs(effects.effect).max(), 1e-6)
        assert abs(effects.effect.sum()) <= 1e-5 * size * len(effects.effect)
        assert ((effects.shrinkage >= -1e-9) & (effects.shrinkage < 1)).all()
        eigenvalues = np.linalg.eigvalsh(effects.random_comparative - effects.random_conditional)
        assert (eigenvalues >= -1e-9 * np.abs(ours.variance.matrix).max()).all()


def test_the_frame_holds_what_pages_need(inner_london: SchoolEffects) -> None:
    frame = inner_london.frame()
    assert frame.columns[:4] == ["group", "n", "raw", "shrinkage"]
    assert len(frame) == pupils("R2MLwiN_tutorial")["school"].n_unique()
