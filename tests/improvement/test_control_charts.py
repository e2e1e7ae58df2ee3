"""Charts against published run lengths, and the acceptance cases."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import poisson

from redway.core.errors import NotEnoughData
from redway.improvement.control_charts import Cusum, Ewma, cusum, ewma
from redway.improvement.false_alarms import chance_sentence, false_alarm_budget, run_length_for
from redway.improvement.run_length import cusum_run_length, ewma_run_length, limits_run_length

Z = [0.2, -0.4, 1.2, 1.5, 1.1, 1.6, 1.4]


def test_a_small_lasting_rise_alarms_at_the_seventh_point_only() -> None:
    """Acceptance case 21."""
    points = cusum(Z)
    assert [point.value for point in points] == pytest.approx([0, 0, 0.7, 1.7, 2.3, 3.4, 4.3])
    assert [point.alarm for point in points] == [False] * 6 + [True]


def test_it_starts_again_after_an_alarm() -> None:
    """Acceptance case 21."""
    assert cusum([*Z, 0.6])[-1].value == pytest.approx(0.1)


def test_the_average_does_not_alarm_yet() -> None:
    """Acceptance case 22."""
    points = ewma(Z)
    assert (round(points[-1].value, 3), round(points[-1].limit, 3)) == (0.913, 0.932)
    assert not any(point.alarm for point in points)


def test_the_average_too_starts_again_after_an_alarm() -> None:
    """One alarm is told once: without a new start the two quiet points after it would alarm as well."""
    points = ewma([9.0, 0.0, 0.0])
    assert [point.alarm for point in points] == [True, False, False]
    assert points[1] == ewma([0.0])[0]


def test_a_missing_term_is_not_filled_in() -> None:
    """Acceptance case 25: the sum stands, the limits widen."""
    assert cusum([1.0, None, 1.0])[1].value == cusum([1.0])[0].value
    assert cusum([1.0, None, 1.0])[2].value == pytest.approx(1.0)
    averages = ewma([1.0, None, 1.0])
    assert averages[1].value == averages[0].value
    assert averages[1].limit > averages[0].limit
    assert averages[2].limit == ewma([1.0, 0.0, 1.0])[2].limit
    assert [point.missing for point in averages] == [False, True, False]


@pytest.mark.parametrize(
    ("limit", "change", "published"),
    # Hawkins 1993; Montgomery, Introduction to Statistical Quality Control, tables of the tabular CUSUM.
    [(4, 0, 335), (4, 1, 8.38), (5, 0, 930), (5, 1, 10.4)],
)
def test_run_lengths_of_the_cusum_are_the_published_ones(
    limit: float, change: float, published: float
) -> None:
    assert cusum_run_length(Cusum(0.5, limit), change) == pytest.approx(published, rel=0.005)


@pytest.mark.parametrize(
    ("weight", "width", "change", "published"),
    # Lucas and Saccucci 1990 have 500 at 2.962 and 0.2, and at 2.814 and 0.1; shifts of one: 10.5 and 10.3.
    [
        (0.2, 2.86, 0, 371),
        (0.2, 2.86, 1, 9.8),
        (0.1, 2.70, 0, 372),
        (0.2, 2.962, 0, 500),
        (0.1, 2.814, 0, 500),
        (0.2, 2.962, 1, 10.5),
        (0.1, 2.814, 1, 10.3),
    ],
)
def test_run_lengths_of_the_ewma_are_the_published_ones(
    weight: float, width: float, change: float, published: float
) -> None:
    assert ewma_run_length(Ewma(weight, width), change) == pytest.approx(published, rel=0.012)


def test_plain_limits_alarm_falsely_once_in_370_points() -> None:
    assert limits_run_length(3) == pytest.approx(370.4, abs=0.1)
    assert limits_run_length(3, 1) == pytest.approx(43.9, abs=0.05)


def test_a_whole_authority_that_has_not_changed_alarms_as_often_as_designed() -> None:
    """Acceptance case 23: 117 schools, ten measures, three points."""
    budget = false_alarm_budget(117, 10, 3, limits_run_length(3))
    assert budget.expected == pytest.approx(9.5, abs=0.05)
    scores = np.random.default_rng(23).normal(0, 1, (1170, 3))
    alarms = int((np.abs(scores) > 3).sum())
    assert poisson.ppf(0.025, budget.expected) <= alarms <= poisson.ppf(0.975, budget.expected)
    assert not budget.unusual(alarms)


def test_a_budget_can_be_set_and_said() -> None:
    assert false_alarm_budget(117, 10, 3, 1000).expected == pytest.approx(3.5, abs=0.02)
    assert run_length_for(117, 10, 3, 3.51) == pytest.approx(1000)
    assert false_alarm_budget(117, 10, 3, 370).sentence == (
        "1,170 series of 3 points a year, each false once in 370 points: about 9.5 false alarms a year, "
        "and between 4 and 16 in most years."
    )
    assert chance_sentence(335, 39).startswith("A stable school gives an alarm once in 335 points")


@pytest.mark.parametrize("make", [lambda: Cusum(0.5, 0), lambda: Ewma(0, 2), lambda: Ewma(1.2, 2)])
def test_a_chart_that_cannot_be_is_refused(make: object) -> None:
    with pytest.raises(NotEnoughData):
        make()  # type: ignore[operator]
