"""The estimate of each pupil, the range in which such pupils end, or why it cannot be said."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.stats import norm

from redway.attainment.formula import UnknownPredictor
from redway.attainment.model import Model, fit_frame
from redway.attainment.pupil_estimates import in_words
from redway.attainment.targets import cohort_estimates
from redway.attainment.tracking_estimates import no_estimates, tracking_estimates

SCHOOLS, EACH = 40, 50


@pytest.fixture(scope="module")
def model() -> Model:
    """Pupils gain a point for a point, girls two more; schools differ by 3 and pupils by 6 (deviations)."""
    rng = np.random.default_rng(826)
    school = np.repeat(np.arange(SCHOOLS), EACH)
    prior, girl = rng.normal(100, 6, len(school)), rng.random(len(school)) < 0.5
    adds = rng.normal(0, 3, SCHOOLS)
    outcome = prior + 2 * girl + adds[school] + rng.normal(0, 6, len(school))
    frame = pl.DataFrame(
        {
            "school": school.astype(str),
            "prior_attainment": prior,
            "gender": np.where(girl, "F", "M"),
            "maths": outcome,
        }
    )
    return fit_frame(frame, "maths ~ prior_attainment + gender + (1 | school)")


def pupil(prior: float | None, gender: str | None) -> pl.DataFrame:
    schema = {"pupil": pl.String, "prior_attainment": pl.Float64, "gender": pl.String}
    return pl.DataFrame([("a", prior, gender)], schema=schema, orient="row")


def test_the_spread_holds_the_coefficients_the_pupils_and_the_schools(model: Model) -> None:
    asked = pupil(100, "F")
    (row,) = tracking_estimates(asked, model).to_dicts()
    error = model.estimate(asked)["se"].item()
    assert row["spread"] ** 2 == pytest.approx(error**2 + model.variance.residual + model.variance.group)
    assert row["spread"] > np.sqrt(model.variance.residual)
    assert row["why"] is None


def test_95_of_100_pupils_of_another_school_end_within_the_range(model: Model) -> None:
    """New schools and new pupils, made as those of the model were: about 1,900 of 2,000 lie within."""
    rng = np.random.default_rng(827)
    adds = np.repeat(rng.normal(0, 3, 400), 5)
    prior, girl = rng.normal(100, 6, len(adds)), rng.random(len(adds)) < 0.5
    ended = prior + 2 * girl + adds + rng.normal(0, 6, len(adds))
    asked = pl.DataFrame(
        {
            "pupil": [str(at) for at in range(len(adds))],
            "prior_attainment": prior,
            "gender": np.where(girl, "F", "M"),
        }
    )
    found = tracking_estimates(asked, model)
    away = np.abs(ended - found["estimate"].to_numpy()) / found["spread"].to_numpy()
    assert (away < norm.ppf(0.975)).mean() == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize(
    ("prior", "gender", "why"),
    [
        (None, "F", "no estimate: prior attainment is not held"),
        (100.0, None, "no estimate: gender is not held"),
        (None, None, "no estimate: prior attainment is not held"),
        (100.0, "X", "no estimate: a category or a school that the model does not know"),
    ],
)
def test_what_is_missing_of_a_pupil_is_named(
    model: Model, prior: float | None, gender: str | None, why: str
) -> None:
    (row,) = tracking_estimates(pupil(prior, gender), model).to_dicts()
    assert (row["estimate"], row["spread"], row["why"]) == (None, None, why)


def test_targets_and_tracking_say_the_same_of_each_pupil(model: Model) -> None:
    """A pupil without prior attainment has no estimate from it, on either page."""
    asked = pl.concat([pupil(100.0, "F"), pupil(92.0, "M"), pupil(None, "F")])
    tracked, cohort = tracking_estimates(asked, model), cohort_estimates(asked, model)
    assert tracked["why"].to_list() == [None, None, "no estimate: prior attainment is not held"]
    assert cohort.why == ("", "", "no estimate: prior attainment is not held")
    assert (cohort.pupils, cohort.estimated) == (3, 2)
    assert cohort.expected.tolist()[:2] == tracked["estimate"].to_list()[:2]
    assert cohort.mean == pytest.approx(np.mean(tracked["estimate"].to_list()[:2]))


def test_pupils_without_a_column_that_the_model_needs_are_refused(model: Model) -> None:
    with pytest.raises(UnknownPredictor, match="gender"):
        tracking_estimates(pupil(100, "F").drop("gender"), model)


def test_without_a_model_every_pupil_is_told_why() -> None:
    (row,) = no_estimates(pupil(100, "F"), "no estimate: there is no model").to_dicts()
    assert row == {"pupil": "a", "estimate": None, "spread": None, "why": "no estimate: there is no model"}


def test_columns_in_words() -> None:
    assert in_words("month_of_birth") == "month of birth"
