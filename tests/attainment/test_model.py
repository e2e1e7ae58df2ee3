"""A fitted model for people: estimates and residuals of pupils, and what the model allows for in words."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from attainment.oracle import DATA, FOLDER, column, pupils, reference
from redway.attainment.formula import UnknownPredictor
from redway.attainment.model import Model, fit_frame
from redway.attainment.two_level import CannotFit

FITS = sorted(path.stem for path in FOLDER.glob("*_*ML.json"))


@pytest.mark.parametrize("name", FITS)
def test_formulas_in_the_notation_of_r_give_the_fits_of_r(name: str) -> None:
    expected = reference(name)
    frame = pupils(DATA[name.split("_")[0]][0])
    ours = fit_frame(frame, expected["formula"], method=expected["method"].lower())
    assert ours.fit.deviance == pytest.approx(expected["criterion"], rel=1e-11)
    # R was told other reference levels: estimates and their errors are the same for every pupil.
    terms, fixed = list(expected["fixef"]), np.array(list(expected["fixef"].values()))
    columns = [np.ones(len(frame)) if term == "(Intercept)" else column(frame, term) for term in terms]
    design, covariance = np.column_stack(columns), np.array(expected["vcov"]).reshape(len(terms), -1)
    found = ours.estimate(frame)
    near = 1e-5 if name.startswith("hsb82_rs") else 1e-6
    np.testing.assert_allclose(found["estimate"], design @ fixed, atol=near * (design @ fixed).std() + 1e-9)
    errors = np.sqrt(np.einsum("ij,jk,ik->i", design, covariance, design))
    np.testing.assert_allclose(found["se"], errors, rtol=near)


@pytest.fixture(scope="module")
def london() -> Model:
    return fit_frame(pupils("mlmRevCRAN_Exam"), "normexam ~ standLRT + sex + schgend + (1 | school)")


@pytest.fixture(scope="module")
def sloped() -> Model:
    return fit_frame(pupils("mlmRevCRAN_Exam"), "normexam ~ standLRT + sex + (1 + standLRT | school)")


class TestEstimates:
    def test_by_hand(self, london: Model) -> None:
        """Model Em1: -0.001049 + 0.559754 standLRT - 0.167392 (boy) + 0.177691 (boys' school) + ..."""
        made_up = pl.DataFrame(
            {"standLRT": [0.0, 1.0, 2.0], "sex": ["F", "M", "F"], "schgend": ["mixed", "boys", "girls"]}
        )
        estimate = london.estimate(made_up)["estimate"]
        assert estimate.to_list() == pytest.approx(
            [-0.001049, -0.001049 + 0.559754 - 0.167392 + 0.177691, -0.001049 + 2 * 0.559754 + 0.158997],
            abs=3e-6,
        )

    def test_needs_no_outcome_and_no_school(self, london: Model) -> None:
        frame = pupils("mlmRevCRAN_Exam").drop("normexam", "school")
        assert london.estimate(frame).null_count().row(0) == (0, 0)

    def test_standard_error_is_of_the_fixed_part(self, london: Model) -> None:
        """For a girl in a mixed school with a score of nought it is that of the intercept."""
        girl = pl.DataFrame({"standLRT": [0.0], "sex": ["F"], "schgend": ["mixed"]})
        mixed = reference("exam_em1_REML")["se"]["(Intercept)"]
        assert london.estimate(girl)["se"].item() == pytest.approx(mixed, rel=1e-6)

    @pytest.mark.parametrize(
        "row",
        [
            {"standLRT": None, "sex": "F", "schgend": "mixed"},
            {"standLRT": 0.0, "sex": None, "schgend": "mixed"},
            {"standLRT": 0.0, "sex": "F", "schgend": "unheard of"},
        ],
    )
    def test_null_where_something_is_missing_or_unknown(self, london: Model, row: dict[str, object]) -> None:
        known = {"standLRT": 0.0, "sex": "F", "schgend": "mixed"}
        frame = pl.DataFrame(
            [row, known], schema={"standLRT": pl.Float64, "sex": pl.String, "schgend": pl.String}
        )
        found = london.estimate(frame)
        assert found.row(0) == (None, None)
        assert None not in found.row(1)

    def test_a_column_that_is_not_there(self, london: Model) -> None:
        with pytest.raises(UnknownPredictor, match="schgend"):
            london.estimate(pl.DataFrame({"standLRT": [0.0], "sex": ["F"]}))

    def test_nobody(self, london: Model) -> None:
        assert london.estimate(pupils("mlmRevCRAN_Exam").head(0)).shape == (0, 2)

    def test_mean_prior_attainment_of_the_school(self) -> None:
        """The school's mean is remembered from the pupils of the fit; a new school has none."""
        model = fit_frame(
            pupils("mlmRevCRAN_Exam"), "normexam ~ standLRT + school_mean(standLRT) + (1 | school)"
        )
        assert model.fit.beta == pytest.approx([0.01194748, 0.55947786, 0.35765649], abs=5e-9)
        assert model.fit.deviance == pytest.approx(9361.861966, abs=5e-7)
        mean = pupils("mlmRevCRAN_Exam").filter(pl.col("school") == "7")["standLRT"].mean()
        assert isinstance(mean, float)
        found = model.estimate(pl.DataFrame({"standLRT": [0.5, 0.5], "school": ["7", "999"]}))
        assert found["estimate"][0] == pytest.approx(
            0.01194748 + 0.55947786 / 2 + 0.35765649 * mean, abs=1e-8
        )
        assert found["estimate"][1] is None


class TestResiduals:
    def test_parts_add_up(self, sloped: Model) -> None:
        found = sloped.residuals(pupils("mlmRevCRAN_Exam"))
        assert found.columns == ["outcome", "estimate", "progress", "school", "own"]
        outcome = pupils("mlmRevCRAN_Exam")["normexam"].to_numpy()
        np.testing.assert_allclose(found["outcome"], outcome)
        np.testing.assert_allclose(found["estimate"] + found["school"] + found["own"], outcome, atol=1e-12)

    def test_mean_progress_of_a_school_is_its_raw_effect(self, london: Model) -> None:
        frame = pupils("mlmRevCRAN_Exam")
        progress = frame.select("school").hstack(london.residuals(frame).select("progress"))
        means = progress.group_by("school").agg(pl.col("progress").mean()).sort("school")
        np.testing.assert_allclose(means["progress"], london.effects.raw, atol=1e-10)

    def test_what_the_school_adds_depends_on_the_pupil_with_slopes(self, sloped: Model) -> None:
        frame = pupils("mlmRevCRAN_Exam").filter(pl.col("school") == "7")
        place = sloped.effects.group.index("7")
        intercept, slope = sloped.effects.random[place]
        expected = intercept + slope * frame["standLRT"].to_numpy()
        np.testing.assert_allclose(sloped.residuals(frame)["school"], expected, atol=1e-12)

    def test_a_school_that_the_model_does_not_know(self, london: Model) -> None:
        frame = pupils("mlmRevCRAN_Exam").head(1).with_columns(school=pl.lit("999"))
        row = london.residuals(frame).row(0, named=True)
        assert row["school"] is row["own"] is None
        assert row["progress"] is not None

    def test_an_outcome_that_is_missing(self, london: Model) -> None:
        frame = pupils("mlmRevCRAN_Exam").head(1).with_columns(normexam=pl.lit(None, dtype=pl.Float64))
        row = london.residuals(frame).row(0, named=True)
        assert row["outcome"] is row["progress"] is row["own"] is None
        assert row["estimate"] is not None
        assert row["school"] is not None

    def test_own_parts_have_the_variance_of_pupils(self, london: Model) -> None:
        own = london.residuals(pupils("mlmRevCRAN_Exam"))["own"].to_numpy()
        assert own.var() == pytest.approx(london.variance.residual, rel=0.02)


class TestWords:
    def test_what_the_model_allows_for(self, london: Model) -> None:
        school, residual = (part["vcov"] for part in reference("exam_em1_REML")["varcomp"])
        first, second = london.explain()
        assert first == (
            "A two-level model of 4,059 pupils in 65 schools: normexam as expected from standLRT,"
            " sex (compared with F) and schgend (compared with boys)."
        )
        share = f"{100 * school / (school + residual):.1f}%"
        assert (
            second == f"Of what is left unexplained, {share} lies between schools, the rest within schools."
        )

    def test_what_schools_may_differ_in(self, sloped: Model) -> None:
        assert sloped.explain()[2] == "Schools may differ in what they make of standLRT."

    def test_who_is_not_in_the_model(self) -> None:
        model = fit_frame(pupils("mlmRevCRAN_Gcsemv"), "course ~ gender + (1 | school)")
        assert model.fit.n_pupils == 1725
        assert "Pupils not in the model, by reason: 180 (course is missing)." in model.explain()
        assert model.variance.group == pytest.approx(77.934506, rel=1e-8)

    def test_warnings_and_notes_are_said(self) -> None:
        frame = pupils("mlmRevCRAN_Exam").filter(pl.col("school").is_in(["1", "2"]))
        sentences = fit_frame(frame, "normexam ~ standLRT + (1 | school)").explain()
        assert any("estimated as zero" in sentence for sentence in sentences)
        assert any("Only 2 schools" in sentence for sentence in sentences)

    def test_the_average_alone(self) -> None:
        sentences = fit_frame(pupils("mlmRevCRAN_Exam"), "normexam ~ 1 + (1 | school)").explain()
        assert "as expected from the average of all pupils alone" in sentences[0]


class TestFitting:
    def test_weights(self) -> None:
        expected = reference("further_references")["REML"]["exam_weighted"]
        frame = pupils("mlmRevCRAN_Exam").with_row_index("place", offset=1)
        frame = frame.with_columns(weight=(pl.col("place").cast(pl.Float64) % 4 + 1) / 2)
        model = fit_frame(frame, "normexam ~ standLRT + sex + (1 | school)", weights="weight")
        assert model.fit.deviance == pytest.approx(expected["criterion"], rel=1e-10)
        assert model.variance.group == pytest.approx(expected["matrix"][0][0], rel=1e-6)

    def test_without_an_intercept(self) -> None:
        expected = reference("further_references")["REML"]["exam_no_intercept"]
        model = fit_frame(pupils("mlmRevCRAN_Exam"), "normexam ~ 0 + standLRT + sex + (1 | school)")
        assert sorted(model.fit.beta) == pytest.approx(sorted(expected["fixed"].values()), rel=1e-6)
        assert model.fit.deviance == pytest.approx(expected["criterion"], rel=1e-11)

    def test_an_infinite_outcome_is_left_out_and_counted(self) -> None:
        frame = pupils("mlmRevCRAN_Exam")
        outcome = pl.when(pl.int_range(pl.len()) == 5).then(float("inf")).otherwise("normexam")
        model = fit_frame(frame.with_columns(normexam=outcome), "normexam ~ standLRT + (1 | school)")
        assert model.fit.n_pupils == 4058
        assert sum(model.statistics.left_out.values()) == 1

    def test_one_school_is_refused(self) -> None:
        frame = pupils("mlmRevCRAN_Exam").filter(pl.col("school") == "1")
        with pytest.raises(CannotFit, match="One school only"):
            fit_frame(frame, "normexam ~ standLRT + (1 | school)")
