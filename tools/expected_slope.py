"""What a figure should be thought to mean before any window has shown it (``features.EXPECTED``).

    python tools/expected_slope.py

Needs the national files beside the checkout. Results came out twice before September 2016 in files that are
held: of key stage 2 in 2007 and of key stage 4 in 2010; and absence came out in April 2012. For each the
model learns from windows in which the figure is left out, and is then asked about a date on which it is
public, as in January 2017. Absence is left out of the training of later dates too. The AUC is printed for
expected slopes of 0 to 0.4, of question A and of question B. No date after September 2015 is looked at.
"""

# ruff: noqa: E402 - the package is found once the path is set

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import redway  # noqa: F401  first, for it says how many threads small sums take

# isort: split
import polars as pl

from datasets.memory_ledger import MemoryLedger
from improvement.national_files import FILES
from redway.core.home import Home
from redway.datasets.engine import Engine
from redway.datasets.importing import import_path
from redway.datasets.register_files import read_register
from redway.improvement.contenders import Contender
from redway.improvement.design import Recipe
from redway.improvement.features import LIKE, SCHOOL
from redway.improvement.like_intake import beside_like_intake
from redway.improvement.national_sources import NationalSources, read_national_sources
from redway.improvement.panel import Panel, build_panel
from redway.improvement.questions import Question
from redway.improvement.ranking_measures import Ranking
from redway.improvement.terms import terms_between
from redway.improvement.training import answers_of, asked
from redway.improvement.workbench import Workbench

DATA = ROOT.parent / "shared" / "data"
EXPECTATIONS = (0.0, 0.1, 0.2, 0.3, 0.4)
RESULTS = ("progress", "worst_progress", "attainment")
ABSENCE = ("absence", "absence_like", "absence_change")


@dataclass(frozen=True)
class Case:
    """A date on which a figure is public that is left out of the training; of one phase or of both."""

    words: str
    decision: date
    hidden: tuple[str, ...]
    phase: str | None = None


OF_RESULTS = (*RESULTS, *(f"{name}_like" for name in RESULTS))
CASES = (
    Case("key stage 2 of 2007, on 1 September 2009", date(2009, 9, 1), OF_RESULTS, "primary"),
    Case("key stage 4 of 2010, on 1 April 2011", date(2011, 4, 1), OF_RESULTS, "secondary"),
    Case("key stage 4 of 2010, on 1 September 2011", date(2011, 9, 1), OF_RESULTS, "secondary"),
    Case("absence, on 1 April 2012", date(2012, 4, 1), ABSENCE),
    *(Case(f"absence, on 1 September {year}", date(year, 9, 1), ABSENCE) for year in range(2012, 2016)),
)


def main() -> int:
    sources, older = _sources()
    days = [term.start for term in terms_between(date(2006, 9, 1), date(2015, 12, 31))]
    panel = build_panel(sources, days)
    with_results = replace(panel, rows=_with_older_results(panel.rows, older))
    for question in (Question.FELL, Question.FELL_IF_INSPECTED):
        print(f"\nQuestion {question.value}, expected slope of {', '.join(map(str, EXPECTATIONS))}")
        for case in CASES:
            held = with_results if case.hidden == OF_RESULTS else panel
            print(f"  {case.words:45s}", "  ".join(f"{auc:.3f}" for auc in _aucs(held, question, case)))
    return 0


def _aucs(panel: Panel, question: Question, case: Case) -> list[float]:
    hidden = replace(
        panel,
        rows=panel.rows.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in case.hidden),
    )
    learning, asking = Workbench(hidden), Workbench(panel)
    window = asking.window(case.decision, 12)
    rows = asked(asking.outcomes(case.decision, window), question)
    if case.phase:
        rows = rows.filter(pl.col("phase") == case.phase)
    answers = answers_of(rows, question)
    found = []
    for slope in EXPECTATIONS:
        trial = learning.fit(question, _contender(slope), case.decision)
        found.append(Ranking(trial.scores(rows, window, case.decision), answers).auc().value)
    return found


def _contender(slope: float) -> Contender:
    thought = tuple(replace(feature, expected=slope) for feature in LIKE)
    return Contender(f"expected {slope}", "the model", Recipe((*thought, *SCHOOL)))


def _with_older_results(rows: pl.DataFrame, older: pl.DataFrame) -> pl.DataFrame:
    """The panel with the results of 2007 and 2010 in it, on dates on which they were public and not stale."""
    public = (
        pl.when(pl.col("phase") == "primary")
        .then(pl.col("decision").is_between(date(2008, 5, 1), date(2011, 8, 31)))
        .otherwise(pl.col("decision").is_between(date(2011, 2, 1), date(2014, 8, 31)))
    )
    held = (
        rows.drop(
            "progress", "worst_progress", "attainment", *(f"{name}_like" for name in (*RESULTS, "absence"))
        )
        .join(older, on=["school", "phase"], how="left", maintain_order="left")
        .with_columns(pl.when(public).then(name).alias(name) for name in ("progress", "attainment"))
        .with_columns(worst_progress="progress")
    )
    return beside_like_intake(held)


def _sources() -> tuple[NationalSources, pl.DataFrame]:
    """The national files, and ``school, phase, progress, attainment`` of 2007 and of 2010."""
    files = (*FILES, "performance/ks2_cva_2007.parquet", "performance/ks4_2010.parquet")
    home, ledger = Home(Path(tempfile.mkdtemp())), MemoryLedger()
    for name in files:
        import_path(DATA / name, ledger, home, accept=True)
    engine = Engine(home, ledger)
    register = read_register(home, ledger)
    sources = read_national_sources(engine, register)
    primary = engine.query("SELECT * FROM dataset('ks2') WHERE _format = 'ks2-cva-2007'")
    secondary = engine.query("SELECT * FROM dataset('ks4') WHERE _format = 'ks4-2010' AND _level = 'school'")
    engine.close()
    places, of_ks4 = register.establishments, "five_a_to_c_with_english_maths"
    return sources, pl.concat(
        [
            _beside_others(primary, places, "primary", "average_points", date(2007, 6, 1)),
            _beside_others(secondary, places, "secondary", of_ks4, date(2010, 6, 1)),
        ]
    )


def _beside_others(
    results: pl.DataFrame, establishments: pl.DataFrame, phase: str, attainment: str, on: date
) -> pl.DataFrame:
    """``school, phase, progress, attainment`` beside the mean of the phase; found by number as at ``on``."""
    number = ["la_code", "establishment_number"]
    then = (
        establishments.filter(
            pl.col("on_stem")
            & (pl.col("open_date").is_null() | (pl.col("open_date") <= on))
            & (pl.col("close_date").is_null() | (pl.col("close_date") >= on))
        )
        .sort("open_date", "urn", nulls_last=False)
        .unique(number, keep="last", maintain_order=True)
        .select("school", *number)
    )
    figures = {"progress": pl.col("cva"), "attainment": pl.col(attainment)}
    return (
        results.join(then, on=number)
        .filter(pl.col(attainment).is_not_null())
        .unique("school", keep="last", maintain_order=True)
        .select(
            "school",
            pl.lit(phase).alias("phase"),
            *(((each - each.mean()) / each.std()).clip(-4, 4).alias(name) for name, each in figures.items()),
        )
    )


if __name__ == "__main__":
    raise SystemExit(main())
