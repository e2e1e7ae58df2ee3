"""One school's figures out of four million, and everyone's figure of one measure.

The alternative is DuckDB on the very same sorted file, with its own pruning: what one would use without a
store. The answers of both are compared before anything is timed.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from redway.core.home import Home
from redway.indicators import paths
from redway.indicators.groups import BAND_SCHEMA
from redway.indicators.series import FIGURE_SCHEMA
from redway.indicators.store import SeriesStore

SCHOOLS, MEASURES, YEARS = 25_000, 16, 10
AT_MOST = 1.5


def made_up_figures() -> pl.DataFrame:
    """Four million figures of schools that do not exist."""
    count = SCHOOLS * MEASURES * YEARS
    source = np.random.default_rng(2025)
    index = np.arange(count)
    years = pl.Series([f"{2010 + year}-{11 + year}" for year in range(YEARS)])
    ends = pl.Series([date(2011 + year, 8, 31) for year in range(YEARS)])
    schools = pl.Series([str(100_000 + school) for school in range(SCHOOLS)])
    measures = pl.Series([f"measure-{number:02d}" for number in range(MEASURES)])
    value = pl.Series(source.random(count) * 100)
    columns = {
        "level": pl.Series(["school"]).new_from_index(0, count),
        "entity": schools[index // (MEASURES * YEARS)],
        "indicator": measures[index // YEARS % MEASURES],
        "period": years[index % YEARS],
        "period_end": ends[index % YEARS],
        "value": value,
        "lower": value - 5,
        "upper": value + 5,
        "edition_rank": pl.Series([2], dtype=pl.Int8).new_from_index(0, count),
        "version": pl.Series([1]).new_from_index(0, count),
        "row": pl.Series(index),
    }
    empty = {
        name: pl.Series([None], dtype=kind).new_from_index(0, count) for name, kind in FIGURE_SCHEMA.items()
    }
    return pl.DataFrame({**empty, **columns}).select(list(FIGURE_SCHEMA)).cast(FIGURE_SCHEMA)


def build(home: Home) -> Path:
    folder = paths.series_folder(home) / "build-000001"
    folder.mkdir(parents=True)
    figures = paths.coded(made_up_figures())
    paths.write_sorted(figures, paths.BY_ENTITY, folder / paths.BASE_BY_ENTITY)
    paths.write_sorted(figures, paths.BY_INDICATOR, folder / paths.BASE_BY_INDICATOR)
    pl.DataFrame(schema=BAND_SCHEMA).write_parquet(folder / paths.BANDS)
    held = {1: figures.height}
    paths.Manifest("made up", "none", held, held, {}).write(folder)
    paths.make_current(home, folder)
    return folder


def milliseconds(ask: Callable[[], object], times: int = 30) -> float:
    """The middle of several readings."""
    ask()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - started) * 1000)
    return sorted(taken)[times // 2]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        place = build(home)
        store = SeriesStore(home)
        duck = duckdb.connect()

        def ducks(file: str, condition: str, asked: list[str]) -> pl.DataFrame:
            query = f"SELECT * FROM read_parquet('{place / file}') WHERE {condition}"
            return pl.DataFrame(duck.sql(query, params=asked).to_arrow_table())

        def one_school() -> pl.DataFrame:
            return store.figures("school", ["112345"])

        def one_school_duckdb() -> pl.DataFrame:
            return ducks(paths.BASE_BY_ENTITY, "level = 'school' AND entity = ?", ["112345"])

        def one_measure() -> pl.DataFrame:
            return store.across("school", "measure-07", "2015-16")

        def one_measure_duckdb() -> pl.DataFrame:
            condition = "level = 'school' AND indicator = ? AND period = ?"
            return ducks(paths.BASE_BY_INDICATOR, condition, ["measure-07", "2015-16"])

        failed = False
        pairs = (
            ("one school of 4 million figures", one_school, one_school_duckdb),
            ("one measure and year of 4 million figures", one_measure, one_measure_duckdb),
        )
        for name, ours, theirs in pairs:
            if not ours().sort("row").equals(theirs().sort("row")):
                print(f"WRONG {name}: the answers differ")
                return 1
            mine, other = milliseconds(ours), milliseconds(theirs)
            ratio = mine / other
            print(f"{name}: {mine:.1f} ms; DuckDB on the same file {other:.1f} ms")
            print(f"RATIO {name}, store to DuckDB: {ratio:.2f} (at most {AT_MOST})")
            failed = failed or ratio > AT_MOST
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
