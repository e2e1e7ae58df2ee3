"""From a Parquet file of pupils to school effects, against lme4 with its fastest settings.

    python benchmarks/value_added_speed.py [--without-r]

600,000 made-up pupils of 3,100 schools with 25 predictors (see national_cohort.py). Our time is all of it:
opening and decoding the file, the pass, the fit by REML and the effects of schools. lme4 is given the same
formula and the columns of the same pupils in memory; its fit with standard errors and effects is timed. The
two are run in turn, and their answers must agree. Processor time is told beside time by the clock, for it is
less disturbed by what else the machine does. Ten cohorts are streamed in a process of its own, whose peak
memory is asked of the system. Where R or lme4 is absent the sums are compared with those of DuckDB instead.
"""

# ruff: noqa: E402 - the package is found once the path is set

from __future__ import annotations

import json
import shutil
import statistics as middle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple, TypeVar

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE)]

import redway  # first, for it says how many threads small sums take

# isort: split
import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

import national_cohort as national
from redway.attainment.accumulate import Accumulator, accumulate
from redway.attainment.effects import SchoolEffects, school_effects
from redway.attainment.formula import parse_formula
from redway.attainment.statistics import SchoolStatistics
from redway.attainment.two_level import Fit, fit
from redway.datasets.pupil_cells import Wanted
from redway.datasets.pupil_files import PupilFiles

T = TypeVar("T")
PAIRS = 3
MOST_OF_LME4 = 1.25
"""Per cent of its time: 80 times faster."""
MOST_FIT_MS, MOST_AUTHORITY_MS, MOST_MEMORY_MB = 15, 50, 1_000
AGREES = 1e-6
"""Six significant digits."""
TOLERANCE = 1e-5
"""The loosest at which lme4's answers have six digits on a national cohort; at 1e-4 they have five."""

CHILD = """
import json, re, sys, time
from pathlib import Path
sys.path[:0] = sys.argv[2:]
import value_added_speed as speed
started = time.perf_counter()
fitted, effects = speed.from_file(sys.argv[1])
seconds = time.perf_counter() - started
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
print(json.dumps([seconds, peak, fitted.n_pupils]))
"""


def statistics_of(path: str) -> SchoolStatistics:
    """One walk through a file, as the command line does it."""
    formula = parse_formula(national.FORMULA)
    labels = frozenset(formula.group_columns)
    wanted = Wanted(formula.columns, formula.number_columns, formula.category_columns, labels)
    accumulator = Accumulator(formula)
    with PupilFiles([path], wanted) as files:
        for batch in files.batches(files.reader()):
            accumulator.take(batch)
    return accumulator.finish()


def from_file(path: str) -> tuple[Fit, SchoolEffects]:
    fitted = fit(statistics_of(path))
    return fitted, school_effects(fitted)


def from_frame(frame: pl.DataFrame) -> tuple[Fit, SchoolEffects]:
    fitted = fit(accumulate(frame, national.FORMULA))
    return fitted, school_effects(fitted)


def design_of(table: pa.Table) -> dict[str, np.ndarray]:
    """The design columns but the intercept, spelled out without the pass."""
    frame = pl.DataFrame(pl.from_arrow(table))
    prior, meals = pl.col("prior_attainment"), pl.col("free_school_meals")
    eal = pl.col("english_additional_language")
    groups = [name for name in sorted(national.ETHNICITIES) if name != min(national.ETHNICITIES)]
    columns = {
        "prior_attainment": prior,
        "I((prior_attainment - 100)**2)": (prior - 100) ** 2,
        "I(prior_reading - prior_attainment)": pl.col("prior_reading") - prior,
        "I(prior_maths - prior_attainment)": pl.col("prior_maths") - prior,
        "gender M": pl.col("gender") == "M",
        "special_needs plan": pl.col("special_needs") == "plan",
        "special_needs support": pl.col("special_needs") == "support",
        "english_additional_language yes": eal,
        "joined_late yes": pl.col("joined_late"),
        "month_of_birth": pl.col("month_of_birth"),
        "in_care yes": pl.col("in_care"),
        **{f"ethnicity {name}": pl.col("ethnicity") == name for name in groups},
        "free_school_meals yes": meals,
        "deprivation": pl.col("deprivation"),
        "prior_attainment:english_additional_language yes": prior * eal,
        **{
            f"ethnicity {name}:free_school_meals yes": (pl.col("ethnicity") == name) & meals
            for name in groups
        },
        "school_mean(prior_attainment)": prior.mean().over("school"),
    }
    made = frame.select(column.cast(pl.Float64).alias(name) for name, column in columns.items())
    return {name: made[name].to_numpy() for name in columns}


class Seconds(NamedTuple):
    """By the clock, and of the processor."""

    clock: float
    processor: float


class Lme4:
    """R with lme4 in a process of its own, which fits when told to."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._ask: IO[str] = process.stdin
        self._answer: IO[str] = process.stdout
        ready = self._answer.readline().split()
        self.there = ready[:1] == ["READY"]
        self.version = " with ".join(ready[1:])

    def fit(self, folder: Path, tolerance: float) -> tuple[Seconds, list[np.ndarray]]:
        """How long it took, and variances (school, residual), fixed effects, their errors, school effects."""
        print(folder, tolerance, file=self._ask, flush=True)
        clock, processor = map(float, self._answer.readline().split()[1:])
        return Seconds(clock, processor), [
            np.array(self._answer.readline().split(), dtype=float) for _ in range(4)
        ]


@contextmanager
def lme4_running() -> Iterator[Lme4 | None]:
    """lme4, or nothing where it is not installed."""
    if "--without-r" in sys.argv or shutil.which("Rscript") is None:
        yield None
        return
    command = ["Rscript", "--vanilla", str(HERE / "value_added_lme4.R")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        running = Lme4(process)
        yield running if running.there else None
        if process.stdin is not None:
            process.stdin.close()


def handed_over(folder: Path, table: pa.Table) -> Path:
    """The columns of a cohort in a folder, as value_added_lme4.R reads them, with the mean of each school."""
    folder.mkdir()
    frame = pl.DataFrame(pl.from_arrow(table)).drop("pupil")
    frame = frame.with_columns(average=pl.col("prior_attainment").mean().over("school"))
    described = []
    for column in frame:
        if column.dtype.is_numeric():
            numbers, words = column.cast(pl.Float64).to_numpy(), []
        else:
            words = column.cast(pl.String).unique().sort().to_list()
            codes = column.cast(pl.String).replace_strict(words, range(len(words)), return_dtype=pl.Int32)
            numbers = codes.to_numpy()
        (folder / column.name).write_bytes(numbers.tobytes())
        described.append(f"{column.name}\t{'word' if words else 'number'}\t{' '.join(words)}\n")
    (folder / "columns.txt").write_text("".join(described))
    formula = national.FORMULA.replace("**", "^").replace("school_mean(prior_attainment)", "average")
    (folder / "formula.txt").write_text(formula + "\n")
    return folder


def spent(function: Callable[[], object]) -> Seconds:
    """The middle of five runs."""
    clock, processor = [], []
    for _ in range(5):
        started, used = time.perf_counter(), time.process_time()
        function()
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - used)
    return Seconds(middle.median(clock), middle.median(processor))


def timed(function: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    found = function()
    return time.perf_counter() - started, found


def agreement(ours: tuple[Fit, SchoolEffects], theirs: list[np.ndarray]) -> bool:
    """Whether variances, fixed effects, their standard errors and school effects agree to six digits."""
    fitted, effects = ours
    variances, beta, errors, of_schools = theirs
    # R puts every interaction behind what is none; here the means of schools stand last.
    order = sorted(range(len(fitted.columns)), key=lambda at: ":" in fitted.columns[at])
    both = np.array([fitted.variance.group, fitted.variance.residual])
    mine, mine_errors = fitted.beta[order], fitted.standard_errors[order]
    differences = {
        "variances": np.max(np.abs(both / variances - 1)),
        "fixed effects": np.max(np.abs(mine - beta) / np.maximum(np.abs(mine), mine_errors)),
        "their standard errors": np.max(np.abs(mine_errors / errors - 1)),
        "school effects": np.max(np.abs(effects.effect - of_schools)) / np.sqrt(variances[0]),
    }
    print("  agreement: " + ", ".join(f"{name} {value:.1e}" for name, value in differences.items()))
    return all(value <= AGREES for value in differences.values())


def against_lme4(
    lme4: Lme4, folder: Path, path: str, table: pa.Table, name: str, pairs: int
) -> tuple[float, bool]:
    """The median of our time as a share of lme4's, run in turn, and whether the answers agree."""
    given = handed_over(folder / f"given {name}".replace(" ", "-"), table)
    from_file(path)
    shares, agrees = [], True
    for _ in range(pairs):
        theirs, answers = lme4.fit(given, TOLERANCE)
        ours = spent(lambda: from_file(path))
        shares.append(ours.clock / theirs.clock)
        print(
            f"  {name}: ours {1000 * ours.clock:.0f} ms, lme4 {theirs.clock:.2f} s:"
            f" {theirs.clock / ours.clock:.0f} times by the clock,"
            f" {theirs.processor / ours.processor:.0f} times by processor time"
        )
        agrees &= agreement(from_file(path), answers)
    return middle.median(shares), agrees


def against_duckdb(path: str, table: pa.Table) -> tuple[float, bool]:
    """Our statistics against sums and products by SQL on the design columns in memory."""
    design = {"one": np.ones(len(table)), **design_of(table), "outcome": table["attainment8"].to_numpy()}
    names = {f"c{place}": values for place, values in enumerate(design.values())}
    given = pa.table({"school": table["school"], **names})
    pairs = [(one, other) for at, one in enumerate(names) for other in list(names)[at:]]
    products = ", ".join(f"sum({one}*{other})" for one, other in pairs)
    sums = ", ".join(f"sum({name})" for name in names)
    connection = duckdb.connect()
    connection.register("given", given)

    def by_sql() -> tuple[float, ...]:
        connection.sql(f"SELECT school, {sums} FROM given GROUP BY school").fetchall()
        return connection.sql(f"SELECT {products} FROM given").fetchall()[0]

    ours, theirs = timed(lambda: statistics_of(path)), timed(by_sql)
    found = ours[1].recentred(np.zeros(len(design)))
    held = {name: at for at, name in enumerate(["(Intercept)", *list(design)[1:-1], "outcome"])}
    place = [held[name] for name in [*found.columns, "outcome"]]
    cross = np.zeros((len(design), len(design)))
    cross[np.triu_indices(len(design))] = theirs[1]
    cross = np.triu(cross) + np.triu(cross, 1).T
    size = np.sqrt(np.diag(found.cross))
    error = np.max(np.abs(cross[np.ix_(place, place)] - found.cross) / np.outer(size, size))
    print(f"  ours from the file {1000 * ours[0]:.0f} ms, SQL on columns in memory {1000 * theirs[0]:.0f} ms")
    print(f"  agreement of the cross-products: {error:.1e}")
    return ours[0] / theirs[0], error < AGREES


def main() -> int:
    right = True
    with tempfile.TemporaryDirectory() as working, lme4_running() as lme4:
        folder = Path(working)
        one, ten, small = (str(folder / name) for name in ("one.parquet", "ten.parquet", "authority.parquet"))
        national.write(Path(one))
        authority = (national.PUPILS_OF_AN_AUTHORITY, national.SCHOOLS_OF_AN_AUTHORITY)
        national.write(Path(small), 1, *authority)
        table, few = pq.read_table(one), pq.read_table(small)

        if lme4 is None:
            print("R with lme4 is not here: the sums are compared with DuckDB's.")
            share, agree = against_duckdb(one, table)
            print(
                f"RATIO statistics from Parquet, per cent of DuckDB's time: {100 * share:.1f} (at most 100)"
            )
            right &= agree
        else:
            print(f"Redway {redway.__version__} against lme4 {lme4.version} with its fastest settings")
            share, agree = against_lme4(lme4, folder, one, table, "one cohort", PAIRS)
            print(f"RATIO one cohort, per cent of lme4's time: {100 * share:.2f} (at most {MOST_OF_LME4})")
            small_share, small_agree = against_lme4(lme4, folder, small, few, "one authority", PAIRS)
            print(f"RATIO one authority, per cent of lme4's time: {100 * small_share:.2f} (at most 10)")
            right &= agree and small_agree and 100 * share <= MOST_OF_LME4

        frame = pl.DataFrame(pl.from_arrow(few))
        refit = min(timed(lambda: from_frame(frame))[0] for _ in range(10))
        print(f"one authority, {len(few):,} pupils in memory to effects: {1000 * refit:.1f} ms")
        print(f"RATIO one authority, milliseconds: {1000 * refit:.1f} (at most {MOST_AUTHORITY_MS})")

        held = statistics_of(one)
        fits = min(timed(lambda: fit(held))[0] for _ in range(10))
        print(f"RATIO fit of 3,100 schools, milliseconds: {1000 * fits:.1f} (at most {MOST_FIT_MS})")

        national.write(Path(ten), 10)
        child = [sys.executable, "-c", CHILD, ten, str(HERE), str(HERE.parent / "src")]
        seconds, peak, pupils = json.loads(subprocess.check_output(child, text=True))
        print(f"ten cohorts, {pupils:,} pupils, in a new process: {seconds:.2f} s, {peak:,} MB at most")
        print(f"RATIO ten cohorts, megabytes: {peak} (at most {MOST_MEMORY_MB})")

        of_ten = statistics_of(ten)
        adding, hundred = timed(lambda: sum([of_ten] * 9, of_ten))
        hundred_fit = min(timed(lambda: fit(hundred))[0] for _ in range(10))
        ten_fit = min(timed(lambda: fit(of_ten))[0] for _ in range(10))
        print(
            f"fit of one, ten, a hundred cohorts: {1000 * fits:.1f}, {1000 * ten_fit:.1f},"
            f" {1000 * hundred_fit:.1f} ms; adding ten times ten took {1000 * adding:.0f} ms"
        )
        print(f"RATIO fit of a hundred cohorts to fit of one: {hundred_fit / fits:.2f} (at most 6)")
        right &= hundred.pupils.sum() == 100 * national.PUPILS
        right &= refit * 1000 <= MOST_AUTHORITY_MS and fits * 1000 <= MOST_FIT_MS and peak <= MOST_MEMORY_MB
    if not right:
        print("WRONG answers differ, or a limit is passed")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
