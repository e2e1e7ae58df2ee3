"""Importing two national files, against DuckDB alone reading the same file and writing Parquet.

What is timed of Redway is everything: copy, fingerprint, recognise, read, check every cell, write, flush to
disk, commit with the audit entry. Rounds are interleaved. Needs the national files.
"""

# ruff: noqa: E402 - Redway is found once the path is set

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

import duckdb

from redway.web import start

DATA = ROOT.parent / "shared" / "data"
ROUNDS = 9
AT_MOST = 4.0


@dataclass(frozen=True)
class Check:
    """One question, put to what DuckDB wrote (``alone``) and to what Redway committed (``kept``)."""

    question: str
    alone: str
    kept: str


LAIT = Check(
    "SELECT count(*), round(sum(value)), count(value), count(DISTINCT measure) FROM ({}) AS t",
    """SELECT TRY_CAST("Values" AS DOUBLE) AS value, "Short Desc" AS measure FROM read_parquet('{}')
       WHERE "LA Number" <> 1000 AND "Years" <> '0'""",
    "SELECT value, measure FROM read_parquet('{}')",
)
INSPECTIONS = Check(
    """SELECT rating, count(*), count(DISTINCT urn), min(inspected), max(inspected)
       FROM ({}) AS t GROUP BY ALL ORDER BY ALL""",
    """SELECT CAST("URN" AS VARCHAR) AS urn, "Rating" AS rating,
              CAST("Inspection Date" AS VARCHAR) AS inspected FROM read_parquet('{}')""",
    """SELECT urn, replace(overall_effectiveness, 'improvement', 'Improvement') AS rating,
              strftime(inspection_date, '%Y%m%d') AS inspected FROM read_parquet('{}')""",
)


def main() -> int:
    files = {
        "lait": (DATA / "social_care" / "lait_bds_long.parquet", LAIT),
        "inspections": (DATA / "ofsted" / "inspection_history_2005_2020.parquet", INSPECTIONS),
    }
    if not all(path.exists() for path, _ in files.values()):
        print("The national files are not beside the checkout: nothing was measured.")
        return 0
    bad = False
    with tempfile.TemporaryDirectory() as working:
        home = start(Path(working) / "home")
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        for name, (path, check) in files.items():
            as_csv = Path(working) / f"{path.stem}.csv"
            duckdb.sql(f"COPY (SELECT * FROM read_parquet('{path}')) TO '{as_csv}' (HEADER)")
            for source in (path, as_csv):
                ratio, same = compare(source, home, check)
                label = f"import of {name}, {source.suffix.removeprefix('.')}, to DuckDB alone"
                print(f"RATIO {label}: {ratio:.2f} (at most {AT_MOST})")
                if not same:
                    print(f"WRONG the answers from {source.name} differ")
                bad |= ratio > AT_MOST or not same
    return int(bad)


def compare(source: Path, home: object, check: Check) -> tuple[float, bool]:
    """Median of the rounds' ratios, and whether both give the same answers."""
    from redway.core.home import Home
    from redway.datasets.importing import import_path
    from redway.datasets.lake import Lake
    from redway.web.datasets.ledger import DjangoLedger
    from redway.web.datasets.models import DatasetVersion

    assert isinstance(home, Home)
    alone = home.root / "alone.parquet"
    reader = "read_parquet" if source.suffix == ".parquet" else "read_csv"
    sql = f"COPY (SELECT * FROM {reader}('{source}')) TO '{alone}' (FORMAT parquet)"
    connection = duckdb.connect()
    times: list[tuple[float, float]] = []
    same = True
    for _ in range(ROUNDS):
        DatasetVersion.objects.all().delete()
        for kept in (*home.lake.glob("*/*"), *home.sources.glob("*")):
            kept.unlink()
        first = timed(lambda: connection.execute(sql))
        second = timed(lambda: import_path(source, DjangoLedger(), home))
        times.append((first, second))
        (version,) = DjangoLedger().versions()
        kept = Lake(home).version_path(version.format, version.id)
        answers = [
            connection.execute(check.question.format(text.format(path))).fetchall()
            for text, path in ((check.alone, alone), (check.kept, kept))
        ]
        same &= answers[0] == answers[1] and bool(answers[0])
    duck, ours = (statistics.median(each) for each in zip(*times, strict=True))
    print(f"{source.name}: DuckDB alone {duck * 1000:,.0f} ms, Redway {ours * 1000:,.0f} ms")
    return statistics.median(second / first for first, second in times), same


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
