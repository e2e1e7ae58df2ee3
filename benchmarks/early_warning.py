"""Early warning beside a plain scikit-learn pipeline on the same panel.

    python benchmarks/early_warning.py

Needs the national files beside the checkout.
Three things are measured in processor time, in turn with scikit-learn where it is installed:

- learning: our fit with one-way columns and robust intervals, beside ``StandardScaler`` and
  ``LogisticRegression`` at its default settings on the same columns;
- the same model: our fit without one-way columns, and with nothing expected of any, is the ridge logistic
  regression, and its coefficients must agree with scikit-learn's to three places. scikit-learn can pull
  coefficients to nought only; the fit with what is expected of results and absence is checked by its slope
  instead, which is nought at the one place where the penalised likelihood is highest;
- scoring all of England with intervals and contributions, beside two seconds.

On two cores with scikit-learn 1.9.1: learning takes 1.3 times as long as scikit-learn and the columns, and
the same model 0.4 times as long, its coefficients at most 1.6e-05 apart.
"""

# ruff: noqa: E402 - the package is found once the path is set

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import redway  # noqa: F401  first, for it says how many threads small sums take

# isort: split
import numpy as np
import polars as pl
from numpy.typing import NDArray

from datasets.memory_ledger import MemoryLedger
from improvement.national_files import FILES
from redway.core.home import Home
from redway.datasets.engine import Engine
from redway.datasets.importing import import_path
from redway.datasets.register_files import read_register
from redway.improvement.additive_model import AdditiveModel, fit_additive
from redway.improvement.contenders import MODEL
from redway.improvement.design import Design, design
from redway.improvement.early_warning import learn_for
from redway.improvement.national_sources import read_national_sources
from redway.improvement.panel import Panel, build_panel
from redway.improvement.questions import Question
from redway.improvement.scoring import score
from redway.improvement.terms import dates_needed
from redway.improvement.training import recipe_for, train
from redway.improvement.workbench import Workbench

T = TypeVar("T")
DATA = ROOT.parent / "shared" / "data"
DAY = date(2017, 9, 1)
STRENGTH = 10.0
MOST_PANEL_SECONDS, MOST_PANEL_MB, MOST_SCORING_SECONDS = 60, 2_000, 2
MOST_OF_SKLEARN = 4.0
"""Times the processor time of scikit-learn's fit, which makes no intervals and lets absence lower a risk."""
AGREES = 1e-3


def timed(work: Callable[[], T]) -> tuple[T, float]:
    started = time.process_time()
    return work(), time.process_time() - started


def built(home: Home, ledger: MemoryLedger) -> Panel:
    engine = Engine(home, ledger)
    sources = read_national_sources(engine, read_register(home, ledger))
    return build_panel(sources, dates_needed([DAY], look_back=4))


def slope_at(
    fitted: AdditiveModel, matrix: NDArray[np.float64], answers: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """How the penalised likelihood still rises with each coefficient, written out apart from the fit."""
    beyond = 1 / (1 + np.exp(-(fitted.intercept + matrix @ fitted.coefficients))) - answers
    pulled = [
        STRENGTH * column.shrunk * (found - column.expected)
        for column, found in zip(fitted.columns, fitted.coefficients, strict=True)
    ]
    return np.array([beyond.sum(), *(matrix.T @ beyond + pulled)])


def main() -> int:
    if not DATA.is_dir():
        print("The national files are not beside the checkout: nothing was measured.")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        home, ledger = Home(Path(folder) / "home"), MemoryLedger()
        for name in FILES:
            import_path(DATA / name, ledger, home, accept=True)
        return measured(home, ledger)


def measured(home: Home, ledger: MemoryLedger) -> int:
    panel, seconds = timed(lambda: built(home, ledger))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"panel of {panel.rows.height:,} rows: {seconds:.1f} s, {megabytes:,.0f} MB")
    print(f"RATIO panel seconds of the minute: {seconds / MOST_PANEL_SECONDS:.2f} (at most 1)")
    print(f"RATIO panel memory of two gigabytes: {megabytes / MOST_PANEL_MB:.2f} (at most 1)")
    bad = seconds > MOST_PANEL_SECONDS or megabytes > MOST_PANEL_MB

    bench = Workbench(panel)
    rows = bench.training(Question.FELL, DAY)
    assert MODEL.recipe is not None
    recipe = recipe_for(MODEL.recipe, rows)
    _, ours = timed(lambda: train(rows, recipe, DAY, bench.settings))
    made, designing = timed(lambda: [design(frame, window, recipe) for frame, window in rows.frames])
    matrix, answers = np.concatenate([each.matrix for each in made]), rows.answers
    print(f"learning from {matrix.shape[0]:,} rows of {matrix.shape[1]} columns: {ours:.1f} s processor time")

    model = learn_for(bench, DAY)
    of_day = panel.rows.filter(pl.col("decision") == DAY)
    found, scoring = timed(lambda: score(of_day, model))
    print(f"scoring {len(found):,} schools: {scoring:.2f} s")
    print(f"RATIO scoring seconds of two: {scoring / MOST_SCORING_SECONDS:.2f} (at most 1)")
    bad |= scoring > MOST_SCORING_SECONDS

    try:
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
    except ImportError:
        print("Not compared: scikit-learn is not installed.")
        return int(bad)
    pipeline = make_pipeline(StandardScaler(), LogisticRegression(C=1 / STRENGTH, max_iter=1000))
    _, theirs = timed(lambda: pipeline.fit(matrix, answers))
    print(
        f"scikit-learn: {theirs:.1f} s for the fit alone, on columns that took us {designing:.1f} s to make"
    )
    print(
        f"RATIO learning, times scikit-learn and columns: {ours / (theirs + designing):.2f} "
        f"(at most {MOST_OF_SKLEARN:g})"
    )
    bad |= ours > MOST_OF_SKLEARN * (theirs + designing)

    apart = tuple(replace(column, rising_only=False, follows=False) for column in made[0].columns)
    free = tuple(replace(column, shrunk=1.0, expected=0.0) for column in apart)
    weights, schools = np.ones(len(answers)), np.arange(len(answers))
    plain, plainly = timed(lambda: fit_additive(Design(matrix, free), answers, weights, schools, STRENGTH))
    same = LogisticRegression(C=1 / STRENGTH, tol=1e-10, max_iter=100_000)
    _, alike = timed(lambda: same.fit(matrix, answers))
    away = float(np.abs(plain.coefficients - same.coef_[0]).max())
    print(
        f"the same model: ours {plainly:.1f} s, theirs {alike:.1f} s; coefficients at most {away:.1e} apart"
    )
    print(f"RATIO the same model, times scikit-learn: {plainly / alike:.2f} (at most {MOST_OF_SKLEARN:g})")
    bad |= away > AGREES or plainly > MOST_OF_SKLEARN * alike

    expecting = fit_additive(Design(matrix, apart), answers, weights, schools, STRENGTH)
    steepest = float(np.abs(slope_at(expecting, matrix, answers)).max())
    print(f"with what is expected: the slope where our fit ended is at most {steepest:.1e}")
    bad |= steepest > AGREES
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
