"""``redway value-added``: the reference fits from the command line, and every way a file can be wrong."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attainment.oracle import FOLDER, reference
from redway.attainment.statistics import SchoolStatistics
from redway.cli.main import main

SOURCE = Path(__file__).parents[2] / "src"
EXAM = FOLDER / "mlmRevCRAN_Exam.csv"
PLAIN = "normexam ~ standLRT + (1 | school)"
KEYS = ["--pupil", "school,student"]

Command = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs ``redway value-added``; gives what it wrote, once the exit code was as expected."""

    def command(*words: object, expected: int = 0) -> str:
        try:
            code = main(["value-added", *map(str, words)])
        except SystemExit as stop:
            code = int(str(stop.code))
        out, err = capsys.readouterr()
        assert code == expected, err
        assert "Traceback" not in out + err
        return err if expected else out

    return command


@pytest.fixture
def fit(run: Command) -> Callable[..., dict[str, Any]]:
    """The answer of ``redway value-added fit ... --json``."""
    return lambda *words: json.loads(run("fit", *words, "--json"))


Fit = Callable[..., dict[str, Any]]


def exam() -> pl.DataFrame:
    return pl.read_csv(EXAM, schema_overrides={"school": pl.String, "student": pl.String})


def column(found: dict[str, Any], name: str) -> list[float]:
    return [group[name] for group in found["groups"]]


# Against R's lme4. Its own tolerance is about six digits; the engine is held to 45 digits elsewhere.

REFERENCES = {
    "exam_null": (EXAM, "normexam ~ 1 + (1 | school)"),
    "exam_ri": (EXAM, PLAIN),
    "exam_rs": (EXAM, "normexam ~ standLRT + (1 + standLRT | school)"),
    "exam_em3": (EXAM, "normexam ~ standLRT + sex + type + (1 | school)"),
    "exam_em4": (EXAM, "normexam ~ standLRT + sex + type + (1 + standLRT | school)"),
    "tutorial_ri": (FOLDER / "R2MLwiN_tutorial.csv", "normexam ~ standlrt + (1 | school)"),
    "nlschools_ri": (FOLDER / "MASS_nlschools.csv", "lang ~ IQ + SES + (1 | class)"),
}


@pytest.mark.parametrize("method", ["reml", "ml"])
@pytest.mark.parametrize("name", REFERENCES)
def test_fits_are_those_of_lme4(fit: Fit, name: str, method: str) -> None:
    oracle = reference(f"{name}_{method.upper()}")
    file, formula = REFERENCES[name]
    found = fit(file, formula, "--method", method)
    assert (found["n_pupils"], found["method"]) == (oracle["nobs"], method)
    assert [found["n_groups"]] == list(oracle["groups"].values())
    fixed = {one["term"].replace(" ", ""): (one["estimate"], one["se"]) for one in found["fixed"]}
    assert set(fixed) == set(oracle["fixef"])
    for term, estimate in oracle["fixef"].items():
        assert fixed[term][0] == pytest.approx(estimate, rel=1e-5, abs=1e-7)
        assert fixed[term][1] == pytest.approx(oracle["se"][term], rel=1e-5)
    assert found["variance"]["residual"] == pytest.approx(oracle["sigma2"], rel=1e-6)
    assert found["deviance"] == pytest.approx(oracle["criterion"], abs=1e-6)
    assert found["log_likelihood"] == pytest.approx(oracle["logLik"], abs=1e-6)
    assert (found["aic"], found["bic"]) == pytest.approx((oracle["AIC"], oracle["BIC"]), abs=1e-5)
    assert variances(found["variance"]) == pytest.approx(
        {(one.get("var1"), one.get("var2")): one["vcov"] for one in oracle["varcomp"]}, rel=1e-5
    )


def variances(variance: dict[str, Any]) -> dict[tuple[str | None, str | None], float]:
    """Variance components as lme4 names them."""
    named: dict[tuple[str | None, str | None], float] = {
        ("(Intercept)", None): variance["group"],
        (None, None): variance["residual"],
    }
    named |= {(term, None): value for term, value in variance.get("slope", {}).items()}
    for pair, value in variance.get("covariance", {}).items():
        one, other = pair.split(", ")
        named[one, other] = value
    return named


@pytest.mark.parametrize("name", ["exam_ri_REML", "exam_rs_ML"])
def test_effects_of_schools_are_those_of_lme4(fit: Fit, name: str) -> None:
    oracle = reference(name)["ranef"]["school"]
    at = {school: place for place, school in enumerate(oracle["level"])}
    file, formula = REFERENCES[name.rpartition("_")[0]]
    found = fit(file, formula, "--method", name.rpartition("_")[2].lower())
    for group in found["groups"]:
        place = at[group["group"]]
        assert group["effect"] == pytest.approx(oracle["effect"]["(Intercept)"][place], abs=1e-6)
        assert group["lower"] < group["effect"] < group["upper"]
        for term, slope in group.get("slopes", {}).items():
            assert slope == pytest.approx(oracle["effect"][term][place], abs=1e-6)


def test_a_power_is_the_column_squared(fit: Fit, tmp_path: Path) -> None:
    exam().with_columns(square=pl.col("standLRT") ** 2).write_csv(tmp_path / "squared.csv")
    one = fit(EXAM, "normexam ~ standLRT + I(standLRT**2) + (1 | school)")
    other = fit(tmp_path / "squared.csv", "normexam ~ standLRT + square + (1 | school)")
    assert one["fixed"][2]["term"] == "I(standLRT**2)"
    assert one["deviance"] == pytest.approx(other["deviance"], rel=1e-12)


def test_twenty_eight_schools_differ_by_the_comparative_error(run: Command) -> None:
    """Acceptance case 8, and the words a person reads."""
    page = run("fit", FOLDER / "R2MLwiN_tutorial.csv", "normexam ~ standlrt + (1 | school)", "--method", "ml")
    assert "28 of 65 schools differ from the average at 95%" in page
    assert "about 3 would" in page
    assert "14% lie between schools" in page
    top = [line.split()[0] for line in page.splitlines() if line[:2] in ("53", "6 ", "63")]
    assert top == ["53", "6", "63"]


def test_schools_that_do_not_differ_are_said_not_to(run: Command, fit: Fit) -> None:
    """Acceptance case 10: a variance of nought is an answer, not an error."""
    path = FOLDER / "exam_permuted_schools.csv"
    found = fit(path, "y ~ x + (1 | school)")
    assert found["variance"]["group"] == 0
    assert found["variance"]["residual"] == pytest.approx(0.6487386499)
    assert set(column(found, "effect")) == {0.0}
    assert any("zero" in warning for warning in found["warnings"])
    assert "every effect is nought" in run("fit", path, "y ~ x + (1 | school)")


def test_two_schools_are_too_few_to_rely_on(fit: Fit, tmp_path: Path) -> None:
    """Acceptance case 13."""
    exam().filter(pl.col("school").is_in(["1", "2"])).write_csv(tmp_path / "two.csv")
    found = fit(tmp_path / "two.csv", PLAIN)
    assert found["variance"]["residual"] == pytest.approx(0.7823300203)
    assert any("Only 2 schools" in warning for warning in found["warnings"])


def test_order_is_by_school_or_by_effect(fit: Fit) -> None:
    by_key = fit(EXAM, PLAIN)
    by_effect = fit(EXAM, PLAIN, "--order", "effect")
    assert column(by_effect, "effect") == sorted(column(by_key, "effect"))
    assert column(by_key, "group") == sorted(column(by_key, "group"))


# Missing, odd and repeated.


def test_missing_results_are_counted_and_never_nought(fit: Fit, run: Command) -> None:
    """Acceptance case 15: 180 of 1,905 pupils have no course result, and the file says NA."""
    path = FOLDER / "mlmRevCRAN_Gcsemv.csv"
    found = fit(path, "course ~ gender + (1 | school)")
    assert found["n_pupils"] == 1725
    assert list(found["left_out"].values()) == [180]
    assert [one["estimate"] for one in found["fixed"]] == pytest.approx([76.46766425, -6.739426871], rel=1e-8)
    assert found["variance"]["group"] == pytest.approx(77.934506, rel=1e-7)
    assert any("'NA' 180 times" in warning for warning in found["warnings"])
    assert "180: " in run("fit", path, "course ~ gender + (1 | school)")


def test_pupils_entered_twice_are_listed_and_kept(fit: Fit) -> None:
    """Acceptance case 17."""
    found = fit(EXAM, PLAIN, *KEYS)
    assert found["n_pupils"] == 4059
    (said,) = [warning for warning in found["warnings"] if "more than once" in warning]
    for pair in ("school 43, pupil 86", "school 50, pupil 39", "school 52, pupil 2,", "school 52, pupil 21"):
        assert pair in said
    assert "kept" in said


@pytest.fixture
def repeated(tmp_path: Path) -> Path:
    frame = exam()
    pl.concat([frame, frame[:10]]).write_csv(tmp_path / "repeated.csv")
    return tmp_path / "repeated.csv"


def test_rows_that_are_the_same_are_flagged_and_kept(fit: Fit, repeated: Path) -> None:
    found = fit(repeated, PLAIN, *KEYS)
    assert found["variance"]["group"] == pytest.approx(0.09343645989, rel=1e-9)
    assert found["variance"]["residual"] == pytest.approx(0.5658911085, rel=1e-9)
    assert any("10 ids have rows that are the same" in warning for warning in found["warnings"])


def test_rows_of_a_pupil_after_the_first_are_dropped_when_asked(fit: Fit, repeated: Path) -> None:
    found = fit(repeated, PLAIN, *KEYS, "--duplicates", "drop")
    once = exam().unique(["school", "student"], keep="first", maintain_order=True)
    assert found["n_pupils"] == once.height == 4055
    assert found["left_out"] == {"entered before under the same pupil id": 14}


def test_repeats_are_refused_when_asked(run: Command, repeated: Path) -> None:
    said = run("fit", repeated, PLAIN, *KEYS, "--duplicates", "refuse", expected=2)
    assert "14 pupil ids are in the files more than once" in said


def test_a_column_that_follows_from_another_is_named_and_dropped_or_refused(
    fit: Fit, run: Command, tmp_path: Path
) -> None:
    """Acceptance case 14."""
    path = tmp_path / "collinear.csv"
    exam().with_columns(twice=2 * pl.col("standLRT") + 1).write_csv(path)
    formula = "normexam ~ standLRT + twice + (1 | school)"
    found = fit(path, formula)
    assert [one["term"] for one in found["dropped"]] == ["twice"]
    assert found["variance"]["group"] == pytest.approx(0.0938389875848671, rel=1e-10)
    assert "twice" in run("fit", path, formula, "--collinear", "refuse", expected=2)


def test_weights_of_one_change_nothing(fit: Fit, tmp_path: Path) -> None:
    exam().with_columns(weight=pl.lit(1.0)).write_csv(tmp_path / "weighted.csv")
    found = fit(tmp_path / "weighted.csv", PLAIN, "--weights", "weight")
    assert found["deviance"] == pytest.approx(fit(EXAM, PLAIN)["deviance"], rel=1e-12)


def test_a_column_called_pupil_that_names_none_stops_nobody_who_did_not_ask(
    fit: Fit, run: Command, tmp_path: Path
) -> None:
    """Three cohorts in one file, each counting its pupils from one."""
    path = tmp_path / "cohorts.csv"
    frame = exam().rename({"student": "pupil"}).with_columns(pupil=pl.lit("1"))
    frame.write_csv(path)
    found = fit(path, PLAIN)
    assert any("does not name pupils" in warning for warning in found["warnings"])
    assert "does not name pupils" in run("fit", path, PLAIN, "--duplicates", "drop", expected=2)


ROWS = "school,points,prior\n" + "A,1,2\nA,3,1\nB,2,2\nB,5,4\n" * 3
BAD: dict[str, tuple[str | bytes, str, str]] = {
    "no rows": ("school,points,prior\n", "points ~ prior + (1 | school)", "no rows"),
    "an empty file": ("", "points ~ prior + (1 | school)", "empty"),
    "one school": ("school,points\nA,1\nA,2\nA,4\n", "points ~ 1 + (1 | school)", "One school only"),
    "every pupil a school": ("school,points\nA,1\nB,2\nC,4\n", "points ~ 1 + (1 | school)", "one pupil"),
    "the same outcome": (
        "school,points\nA,1\nA,1\nB,1\nB,1\n",
        "points ~ 1 + (1 | school)",
        "points is the same for every pupil",
    ),
    "an outcome made of a predictor": (
        "school,points,prior\n" + "".join(f"{'AB'[at % 2]},{2 + 3 * at},{at}\n" for at in range(12)),
        "points ~ prior + (1 | school)",
        "determine points exactly",
    ),
    "text in numbers": (ROWS + "B,three,1\n", "points ~ prior + (1 | school)", "row 14 of bad.csv ('three')"),
    "text in a predictor": (ROWS + "B,3,low\n", "points ~ prior + (1 | school)", "row 14 of bad.csv ('low')"),
    "infinity": (
        ROWS + "B,inf,1\n",
        "points ~ prior + (1 | school)",
        "'points' is infinite in 1 row: row 14",
    ),
    "an absent column": (ROWS, "points ~ pior + (1 | school)", "Did you mean 'prior'?"),
    "no formula": (ROWS, "points prior", "The formula is missing"),
    "a formula without a group": (ROWS, "points ~ prior", "names no group"),
    "half a formula": (ROWS, "points ~ prior + (1 | school", "cannot be read"),
    "a row too long": (ROWS + "B,1,2,3\n", "points ~ prior + (1 | school)", "Row 14 has 4 cells"),
    "mixed encodings": (
        ROWS.encode() + "Zoë,1,2\n".encode() + "Zo\xeb\x81,1,2\n".encode("latin-1"),
        "points ~ prior + (1 | school)",
        "neither UTF-8 nor Windows-1252",
    ),
    "words as an outcome": (ROWS, "school ~ prior + (1 | points)", "'school' holds text"),
    "nothing but gaps": ("school,points\nA,\nB,NA\n", "points ~ 1 + (1 | school)", "No pupils"),
}


NO_FIT = ("one school", "every pupil a school", "the same outcome", "an outcome made of a predictor")
"""Statistics can be made of these all the same, and be added to others."""


@pytest.mark.parametrize(
    ("command", "what"),
    [("fit", what) for what in BAD]
    + [("statistics", what) for what in BAD if what not in (*NO_FIT, "nothing but gaps")],
)
def test_bad_input_is_a_sentence_exit_code_2_and_no_file(
    run: Command, tmp_path: Path, what: str, command: str
) -> None:
    text, formula, said = BAD[what]
    path = tmp_path / "bad.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    out = tmp_path / ("out.csv" if command == "fit" else "out.statistics")
    assert said in run(command, path, formula, "-o", out, expected=2)
    assert [one.name for one in tmp_path.iterdir()] == ["bad.csv"]


def test_pupils_with_cells_that_cannot_be_read_are_left_out_when_asked(fit: Fit, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(ROWS + "B,three,1\nA,inf,1\n,4,2\n")
    found = fit(tmp_path / "bad.csv", "points ~ prior + (1 | school)", "--unreadable", "leave-out")
    assert found["n_pupils"] == 12
    assert sum(found["left_out"].values()) == 3
    said = " ".join(found["warnings"])
    for place in ("row 14 of bad.csv ('three')", "row 15 of bad.csv ('inf')", "row 16 of bad.csv"):
        assert place in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["fit"], "formula is missing"),
        (["fit", PLAIN], "No file of pupils"),
        (["fit", EXAM], "formula is missing"),
        (["fit", "nowhere.csv", PLAIN], "no file nowhere.csv"),
        (["fit", EXAM, PLAIN, "-o", "schools.docx"], "does not say how to write it"),
        (["fit", EXAM, PLAIN, "-o", "/nowhere/schools.csv"], "no folder"),
        (["fit", EXAM, "--method", "ml", PLAIN], "write options before or behind"),
        (["fit", "--from", EXAM], "not a file of"),
        (["fit", "--from", EXAM, EXAM, PLAIN], "is another file"),
        (["fit", EXAM, PLAIN, "--pupil", "name"], "no column 'name'"),
        (["fit", EXAM, PLAIN, "--pupil", "sex"], "does not name pupils"),
        (["compare", EXAM, PLAIN], "Two formulas are needed"),
        (["add", EXAM, "-o", "x.statistics"], "not a file of"),
    ],
)
def test_wrong_use_is_a_sentence(run: Command, words: list[object], said: str) -> None:
    assert said in run(*words, expected=2)


def test_the_pupils_are_never_overwritten(run: Command, tmp_path: Path) -> None:
    path = tmp_path / "pupils.csv"
    exam().write_csv(path)
    before = path.read_bytes()
    assert "would be overwritten" in run("statistics", path, PLAIN, "-o", path, expected=2)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("absent", "said"),
    [("pyspark", "Spark is not installed"), ("pandas", "pandas"), ("java", "Spark needs Java")],
)
def test_spark_that_is_not_there_says_what_to_install(
    run: Command, monkeypatch: pytest.MonkeyPatch, absent: str, said: str
) -> None:
    if absent == "pyspark":
        monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    else:
        session = SimpleNamespace(getActiveSession=lambda: None)
        monkeypatch.setitem(sys.modules, "pyspark.sql", SimpleNamespace(SparkSession=session))
        spec = None if absent == "pandas" else object()
        monkeypatch.setattr("redway.datasets.spark.importlib.util.find_spec", lambda _: spec)
        for name in ("JAVA_HOME", "PYSPARK_SUBMIT_ARGS", "PYSPARK_GATEWAY_PORT", "SPARK_REMOTE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("PATH", "")
    assert said in run("fit", EXAM, PLAIN, "--engine", "spark", expected=1)


# Schools of few pupils.


def test_a_school_of_two_is_shown_with_a_warning_and_hidden_when_asked(fit: Fit) -> None:
    """Acceptance case 33: school 48 has two pupils."""
    whole = fit(EXAM, PLAIN)
    assert any("suppress before this leaves the authority" in warning for warning in whole["warnings"])
    safe = fit(EXAM, PLAIN, "--suppress")
    assert not any("suppress" in warning for warning in safe["warnings"])
    hidden = [group for group in safe["groups"] if group["effect"] is None]
    assert "48" in [group["group"] for group in hidden]
    # One alone could be found from the others, whose effects add to nothing.
    assert len(hidden) == 2
    assert all(value is None for group in hidden for name, value in group.items() if name != "group")


def test_ids_of_pupils_are_not_in_an_answer_that_leaves(fit: Fit) -> None:
    assert "pupil 86" not in json.dumps(fit(EXAM, PLAIN, *KEYS, "--suppress"))


@pytest.mark.parametrize("end", ["csv", "xlsx", "json"])
def test_schools_are_written_whole(run: Command, tmp_path: Path, end: str) -> None:
    out = tmp_path / f"schools.{end}"
    run("fit", *REFERENCES["exam_rs"], "-o", out, "--suppress")
    if end == "csv":
        frame = pl.read_csv(out)
        assert frame.height == 65
        assert "slope of standLRT" in frame.columns
        assert frame["effect"].null_count() == 2
    if end == "json":
        assert len(json.loads(out.read_text())["groups"]) == 65
    assert [one.name for one in tmp_path.iterdir()] == [out.name]


# Statistics: kept, added, shared.


@pytest.fixture
def kept(run: Command, tmp_path: Path) -> Path:
    path = tmp_path / "exam.statistics"
    run("statistics", EXAM, "normexam ~ standLRT + sex + (1 + standLRT | school)", "-o", path)
    return path


def test_statistics_give_the_fit_of_the_pupils(fit: Fit, kept: Path) -> None:
    mine = fit("--from", kept)
    theirs = fit(EXAM, "normexam ~ standLRT + sex + (1 + standLRT | school)")
    assert mine["deviance"] == theirs["deviance"]
    assert column(mine, "effect") == column(theirs, "effect")


def test_a_model_of_fewer_predictors_comes_from_the_same_statistics(fit: Fit, kept: Path) -> None:
    assert fit("--from", kept, PLAIN)["deviance"] == pytest.approx(fit(EXAM, PLAIN)["deviance"], rel=1e-12)


def test_split_files_are_the_whole_read_together_or_added(fit: Fit, run: Command, tmp_path: Path) -> None:
    """Acceptance case 20: a school lies in two files, and a category is absent from one."""
    frame = exam().sort("sex", maintain_order=True)
    cuts = [0, 700, 2000, frame.height]
    parts = [tmp_path / f"{at}.csv" for at in range(3)]
    for at, part in enumerate(parts):
        frame[cuts[at] : cuts[at + 1]].write_csv(part)
    formula = "normexam ~ standLRT + sex + (1 | school)"
    whole = fit(EXAM, formula)
    together = fit(*parts, formula)
    for at, part in enumerate(parts):
        run("statistics", part, formula, "-o", tmp_path / f"{at}.statistics")
    run("add", *(tmp_path / f"{at}.statistics" for at in range(3)), "-o", tmp_path / "all.statistics")
    added = fit("--from", tmp_path / "all.statistics")
    for other in (together, added):
        assert other["n_pupils"] == whole["n_pupils"]
        assert other["deviance"] == pytest.approx(whole["deviance"], rel=1e-12)
        assert column(other, "effect") == pytest.approx(column(whole, "effect"), abs=1e-11)
        assert column(other, "se_comparative") == pytest.approx(column(whole, "se_comparative"), rel=1e-10)


def test_statistics_of_different_formulas_are_not_added(run: Command, kept: Path, tmp_path: Path) -> None:
    run("statistics", EXAM, PLAIN, "-o", tmp_path / "plain.statistics")
    said = run("add", kept, tmp_path / "plain.statistics", "-o", tmp_path / "both", expected=2)
    assert "plain.statistics" in said
    assert not (tmp_path / "both").exists()


def test_shared_statistics_hold_no_school_of_few_pupils(run: Command, fit: Fit, tmp_path: Path) -> None:
    path = tmp_path / "shared.statistics"
    run("statistics", EXAM, PLAIN, "--share", "-o", path)
    shared = SchoolStatistics.from_bytes(path.read_bytes())
    assert shared.pupils.min() > 5
    assert "48" not in shared.schools
    assert int(shared.pupils.sum()) == 4059
    assert fit("--from", path)["n_groups"] == len(shared.schools)


@pytest.mark.parametrize("at", [0, 10, 45, 200, -1])
def test_a_damaged_file_of_statistics_is_refused(run: Command, kept: Path, at: int) -> None:
    data = bytearray(kept.read_bytes())
    data[at] ^= 0xFF
    kept.write_bytes(data)
    said = run("fit", "--from", kept, expected=2)
    assert "exam.statistics" in said


def test_statistics_cut_short_are_refused(run: Command, kept: Path) -> None:
    kept.write_bytes(kept.read_bytes()[:-100])
    assert "damaged" in run("fit", "--from", kept, expected=2)


def test_killed_while_writing_leaves_what_was_there(tmp_path: Path) -> None:
    """The file of before stays whole, and no half of a new one has its name."""
    out = tmp_path / "exam.statistics"
    out.write_text("before")
    script = (
        "import os, signal, pathlib\n"
        "from redway.cli.main import main\n"
        "pathlib.Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"main(['value-added', 'statistics', {str(EXAM)!r}, {PLAIN!r}, '-o', {str(out)!r}])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert out.read_text() == "before"
    assert [one.name for one in tmp_path.iterdir() if not one.name.endswith(".part")] == [out.name]


# Two models.


def test_a_likelihood_ratio_is_that_of_lme4(run: Command) -> None:
    """Chi-square and degrees of freedom of two reference fits, from one reading of the pupils."""
    larger = "normexam ~ standLRT + (1 + standLRT | school)"
    found = json.loads(run("compare", EXAM, PLAIN, larger, "--json"))
    gap = reference("exam_ri_ML")["criterion"] - reference("exam_rs_ML")["criterion"]
    assert found["chi_square"] == pytest.approx(gap, abs=1e-5)
    assert found["df"] == 2
    assert found["p"] < found["p_chi_square"] < 1e-6
    page = run("compare", EXAM, PLAIN, larger)
    assert "less than 0.001" in page
    assert "mixture" in page


def test_both_models_are_of_the_pupils_who_have_everything(run: Command) -> None:
    path = FOLDER / "mlmRevCRAN_Gcsemv.csv"
    words = (path, "course ~ gender + (1 | school)", "course ~ gender + written + (1 | school)")
    found = json.loads(run("compare", *words, "--json"))
    both = pl.read_csv(path, null_values="NA").drop_nulls(["course", "written", "gender"])
    assert found["n_pupils"] == both.height


def test_models_are_compared_from_statistics(run: Command, kept: Path) -> None:
    found = json.loads(run("compare", "--from", kept, "normexam ~ standLRT + sex + (1 | school)", "--json"))
    assert found["df"] == 2


# Whatever is in the file.

FRAME = pl.DataFrame(
    {
        "pupil": [f"P{at}" for at in range(24)],
        "school": ["A", "B", "C"] * 8,
        "points": np.round(np.random.default_rng(3).normal(40, 5, 24), 2),
        "prior": np.arange(24) % 7,
    }
)


@given(
    damage=st.lists(st.tuples(st.integers(0, 600), st.binary(max_size=5)), min_size=1, max_size=5),
    packed=st.booleans(),
)
@settings(max_examples=60)
def test_a_damaged_file_never_shows_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[int, bytes]], packed: bool
) -> None:
    data = bytearray(FRAME.write_csv().encode())
    for at, put in damage:
        place = at % len(data)
        data[place : place + len(put)] = put
    folder = tmp_path_factory.mktemp("damaged")
    path = folder / "pupils.csv"
    path.write_bytes(gzip.compress(bytes(data)) if packed else bytes(data))
    out = folder / "out.statistics"
    words = ["value-added", "statistics", str(path), "points ~ prior + (1 | school)", "-o", str(out)]
    code = main(words)
    assert code in (0, 2)
    assert out.exists() == (code == 0)
