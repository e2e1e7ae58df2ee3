"""One definition of the pass, two engines: Spark and this machine keep the same statistics of the same files.

The tests need Spark, pandas (through which Spark talks to Python) and Java, which ``make spark`` adds. They
are left out, with a word, where these are absent, unless REDWAY_REQUIRE_SPARK=1.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from redway.attainment.statistics import SchoolStatistics
from redway.cli.pupil_pass import Duplicates, Engine, Gathered, Reading, gather
from redway.core.errors import RedwayError

SOURCE = Path(__file__).parents[2] / "src"
EXAM = Path(__file__).parents[1] / "attainment" / "oracles" / "mlmRevCRAN_Exam.csv"
MODEL = "normexam ~ standLRT + sex + (1 + standLRT | school)"
HAS_SPARK = (
    importlib.util.find_spec("pyspark") is not None
    and importlib.util.find_spec("pandas") is not None
    and (shutil.which("java") is not None or "JAVA_HOME" in os.environ)
)

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(
        not HAS_SPARK and os.environ.get("REDWAY_REQUIRE_SPARK") != "1",
        reason="Spark, pandas or Java is not there: make spark",
    ),
]


def on(engine: Engine, *files: Path, formula: str = MODEL, **reading: object) -> Gathered:
    """The statistics of some files by one engine."""
    return gather([str(file) for file in files], formula, Reading(engine=engine, **reading))  # type: ignore[arg-type]


def assert_same(here: SchoolStatistics, spark: SchoolStatistics) -> None:
    """All that is kept is the same, to 1e-9 of the size of each column."""
    assert (here.formula, here.columns, here.schools, here.slopes) == (
        spark.formula,
        spark.columns,
        spark.schools,
        spark.slopes,
    )
    assert here.pupils.tolist() == spark.pupils.tolist()
    assert here.left_out == spark.left_out
    assert dict(here.levels) == dict(spark.levels)
    # Each part of the files is centred by itself; the sums are compared about one centre.
    spark = spark.recentred(here.centre)
    size = np.sqrt(np.diag(here.cross))
    np.testing.assert_allclose(spark.weight, here.weight, rtol=1e-9)
    np.testing.assert_allclose(
        spark.cross / np.outer(size, size), here.cross / np.outer(size, size), atol=1e-9
    )
    np.testing.assert_allclose(spark.sums / size, here.sums / size, atol=1e-9)
    if here.slope_cross is not None:
        np.testing.assert_allclose(spark.slope_cross / size, here.slope_cross / size, atol=1e-9)


def assert_engines_agree(*files: Path, formula: str = MODEL, **reading: object) -> Gathered:
    here = on(Engine.DUCKDB, *files, formula=formula, **reading)
    spark = on(Engine.SPARK, *files, formula=formula, **reading)
    assert_same(here.statistics, spark.statistics)
    return spark


def made_up(folder: Path, rows: int = 3_000) -> pl.DataFrame:
    """Pupils with every kind of column, gaps, and categories that not every part of a file has."""
    random = np.random.default_rng(20260402)
    gap = random.random(rows) < 0.05
    return pl.DataFrame(
        {
            "pupil": [f"P{at}" for at in range(rows)],
            "urn": 100_000 + random.integers(0, 40, rows),
            "attainment8": np.where(gap, np.nan, random.normal(46, 12, rows)).round(3),
            "prior_attainment": random.normal(104, 6, rows).round(2),
            "gender": random.choice(["F", "M"], rows),
            "ethnicity": np.sort(random.choice(["white", "asian", "black", "chinese"], rows)),
            "free_school_meals": random.random(rows) < 0.25,
            "entries": random.integers(1, 4, rows),
        }
    ).with_columns(pl.col("attainment8").fill_nan(None))


NATION = (
    "attainment8 ~ prior_attainment + I(prior_attainment**2) + gender * free_school_meals + ethnicity"
    " + school_mean(prior_attainment) + (1 | urn)"
)


def test_a_text_file(tmp_path: Path) -> None:
    assert_engines_agree(EXAM)


def test_a_parquet_file_of_every_kind_of_column(tmp_path: Path) -> None:
    path = tmp_path / "pupils.parquet"
    made_up(tmp_path).write_parquet(path, row_group_size=500)
    spark = assert_engines_agree(path, formula=NATION)
    assert sum(spark.statistics.left_out.values()) > 0


def test_the_same_pupils_as_text_and_as_parquet(tmp_path: Path) -> None:
    frame = made_up(tmp_path)
    frame.write_parquet(tmp_path / "pupils.parquet")
    frame.write_csv(tmp_path / "pupils.csv")
    assert_same(
        on(Engine.DUCKDB, tmp_path / "pupils.parquet", formula=NATION).statistics,
        on(Engine.SPARK, tmp_path / "pupils.csv", formula=NATION).statistics,
    )


def test_several_files_with_their_columns_in_different_orders_and_types(tmp_path: Path) -> None:
    frame = made_up(tmp_path)
    frame[:1000].write_csv(tmp_path / "a.csv")
    frame[1000:2000].select(reversed(frame.columns)).write_csv(tmp_path / "b.csv", separator=";")
    frame[2000:].write_parquet(tmp_path / "c.parquet")
    assert_engines_agree(*(tmp_path / name for name in ("a.csv", "b.csv", "c.parquet")), formula=NATION)


def test_an_accent_in_an_old_encoding_is_the_same_school(tmp_path: Path) -> None:
    rows = "".join(f"{'Zoë' if at % 3 else 'Ann'},{at % 7}.5,{at % 5}\n" for at in range(60))
    path = tmp_path / "old.csv"
    path.write_bytes(f"school,points,prior\n{rows}".encode("windows-1252"))
    spark = assert_engines_agree(path, formula="points ~ prior + (1 | school)")
    assert spark.statistics.schools == ("Ann", "Zoë")


def test_weights(tmp_path: Path) -> None:
    path = tmp_path / "pupils.parquet"
    made_up(tmp_path).write_parquet(path)
    assert_engines_agree(path, formula="attainment8 ~ gender + (1 | urn)", weights="entries")


@pytest.mark.parametrize("duplicates", [Duplicates.KEEP, Duplicates.DROP])
def test_pupils_entered_twice(tmp_path: Path, duplicates: Duplicates) -> None:
    """The rows of one pupil may lie in different files; of several the first counts, on either engine."""
    frame = made_up(tmp_path)
    frame.write_csv(tmp_path / "a.csv")
    again = frame[:200].with_columns(pl.col("attainment8") + 1)
    again.write_csv(tmp_path / "b.csv")
    files = (tmp_path / "a.csv", tmp_path / "b.csv")
    spark = assert_engines_agree(*files, formula=NATION, duplicates=duplicates)
    here = on(Engine.DUCKDB, *files, formula=NATION, duplicates=duplicates)
    assert (spark.repeats.pupils, spark.repeats.later_rows, spark.repeats.exact) == (
        here.repeats.pupils,
        here.repeats.later_rows,
        here.repeats.exact,
    )
    assert spark.repeats.pupils == 200


def test_a_pupil_and_school_together(tmp_path: Path) -> None:
    spark = on(Engine.SPARK, EXAM, pupil=("school", "student"))
    assert [(one.school, one.pupil) for one in spark.repeats.first] == [
        ("43", "86"),
        ("50", "39"),
        ("52", "2"),
        ("52", "21"),
    ]


BAD = {
    "text in numbers": ("school,points\n" + "A,1\nB,2\n" * 9 + "A,two\n", "points ~ 1 + (1 | school)"),
    "infinity": ("school,points\n" + "A,1\nB,2\n" * 9 + "A,inf\n", "points ~ 1 + (1 | school)"),
    "absent column": ("school,points\nA,1\n", "pionts ~ 1 + (1 | school)"),
    "no rows": ("school,points\n", "points ~ 1 + (1 | school)"),
    "a row too long": ("school,points\nA,1\nB,2,3\n", "points ~ 1 + (1 | school)"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_refused_by_either_engine(tmp_path: Path, what: str) -> None:
    text, formula = BAD[what]
    path = tmp_path / "bad.csv"
    path.write_text(text)
    kinds = []
    for engine in Engine:
        with pytest.raises(RedwayError) as refused:
            on(engine, path, formula=formula)
        kinds.append(type(refused.value))
        assert refused.value.next_step
    assert kinds[0] is kinds[1]


def test_the_command_gives_the_same_answer_and_keeps_standard_error_quiet(tmp_path: Path) -> None:
    """In a process of its own, as a person runs it: no line of Spark's log beside the answer."""
    answers = []
    for engine in Engine:
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                "from redway.cli.main import run; run()",
                *("value-added", "fit", str(EXAM), MODEL, "--engine", engine.value, "--json"),
            ],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCE), *sys.path])},
            check=True,
        )
        assert done.stderr == ""
        answers.append(json.loads(done.stdout))
    here, spark = answers
    assert here["warnings"] == spark["warnings"]
    for mine, theirs in zip(here["groups"], spark["groups"], strict=True):
        assert mine["group"] == theirs["group"]
        assert theirs["effect"] == pytest.approx(mine["effect"], rel=1e-7, abs=1e-9)
    assert spark["deviance"] == pytest.approx(here["deviance"], rel=1e-9)
