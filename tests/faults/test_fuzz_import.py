"""Ten thousand damaged files: none may crash the import, show a stack trace or leave half a version."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from datasets.made_up import FORMATS, schools, write_workbook
from datasets.memory_ledger import MemoryLedger
from redway.core.home import Home
from redway.datasets.format import load_formats
from redway.datasets.import_report import FileReport, Outcome
from redway.datasets.importing import import_path
from redway.datasets.lake import Lake

pytestmark = pytest.mark.fault

HOW_MANY = {"csv": 5_000, "parquet": 3_200, "zip": 1_200, "json": 500, "xlsx": 120}

# What damages files in practice, and what an attacker would try.
PIECES = [
    b"",
    b"\0",
    b'"',
    b",",
    b"\n",
    b"\r",
    b"\t",
    b";",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x81",
    b"\xc3",
    "£".encode("windows-1252"),
    b"=cmd|' /C calc'!A0",
    b"9" * 400,
    b"-1e999",
    b"nan",
    b"SUPP",
    b"..",
    b"../../x",
    b"\xf0\x9f\x92\xa9",
    b",,,,,,,,",
    b'"""""',
]


def mutate(seed: bytes, chance: random.Random) -> bytes:
    """The seed with one to six changes: bytes flipped, pieces put in, stretches cut, doubled or moved."""
    content = bytearray(seed)
    for _ in range(chance.randint(1, 6)):
        if not content:
            break
        at = chance.randrange(len(content))
        match chance.randrange(7):
            case 0:
                content[at] = chance.randrange(256)
            case 1:
                content[at:at] = chance.choice(PIECES)
            case 2:
                del content[at : at + chance.randint(1, 40)]
            case 3:
                del content[at:]
            case 4:
                stretch = content[at : at + chance.randint(1, 200)]
                content[at:at] = stretch * chance.randint(1, 4)
            case 5:
                content[at] ^= 1 << chance.randrange(8)
            case 6:
                other = chance.randrange(len(content))
                content[at], content[other] = content[other], content[at]
    return bytes(content)


def seeds(folder: Path) -> dict[str, list[bytes]]:
    """Small good files of every kind, the beginning of every damaged one."""
    plain = schools(12).replace("School 3", "École £")
    aggregate = plain + "NAT,All,,4.4\n"
    dated = "URN,Inspection date,Grade\n100001,20180418,2\n100001,2019-01-09,1\n100002,31/08/2018,4\n"
    years = (
        "time_period,geographic_level,old_la_code,sex,plans\n"
        "201617,LA,826,Total,12\n201718,LA,826,Boys,c\n201718,National,,Total,5\n"
    )
    texts = [plain, aggregate, dated, years, plain.replace(",", "\t"), plain.replace(",", ";")]
    parquet = []
    for text in (plain, dated, years):
        frame = pl.read_csv(io.StringIO(text), infer_schema=text is plain)
        for compression in ("zstd", "uncompressed", "snappy"):
            packed = io.BytesIO()
            frame.write_parquet(packed, compression=compression)  # type: ignore[arg-type]
            parquet.append(packed.getvalue())
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("2016-17/abs.csv", plain)
        made.writestr("2017-18/abs.csv", dated)
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as made:
        made.writestr("2016-17/abs.csv", plain)
    event = {"title": "Early May", "date": "2026-05-04", "notes": "", "bunting": True}
    holidays = json.dumps({"england-and-wales": {"division": "england-and-wales", "events": [event] * 3}})
    rows: list[list[object]] = [line.split(",") for line in plain.splitlines()]
    workbook = write_workbook(folder / "seed.xlsx", {"Notes": [["x"]], "Data": [["Title"], *rows]})
    return {
        "csv": [*(text.encode() for text in texts), plain.encode("windows-1252"), plain.encode("utf-8-sig")],
        "parquet": parquet,
        "zip": [archive.getvalue(), stored.getvalue()],
        "json": [holidays.encode()],
        "xlsx": [workbook.read_bytes()],
    }


def damaged(kind: str, good: list[bytes], chance: random.Random) -> Iterator[bytes]:
    for number in range(HOW_MANY[kind]):
        yield mutate(good[number % len(good)], chance)


def whole(home: Home, ledger: MemoryLedger, report: FileReport) -> bool:
    """Is what the report says exactly what the lake and the ledger hold?"""
    if report.version_id is None or report.kind is None:
        return report.outcome in (Outcome.FAILED, Outcome.NOT_RECOGNISED, Outcome.HELD)
    (version,) = [each for each in ledger.versions() if each.id == report.version_id]
    rows = pl.read_parquet(Lake(home).version_path(version.format, version.id)).height
    return rows == version.rows_loaded and Lake(home).source_path(version.sha256).exists()


@pytest.mark.parametrize("kind", HOW_MANY)
def test_no_damaged_file_does_any_harm(tmp_path: Path, home: Home, kind: str) -> None:
    chance = random.Random(f"redway {kind}")
    formats = FORMATS + tuple(known for known in load_formats() if known.code == "bank-holidays")
    ledger = MemoryLedger()
    outcomes: Counter[str] = Counter()
    target = tmp_path / "abs_2017.csv"
    for content in damaged(kind, seeds(tmp_path)[kind], chance):
        target.write_bytes(content)
        # Accepting everything drives each file as far as it can go.
        for report in import_path(target, ledger, home, formats=formats, accept=True):
            outcomes[report.outcome.value] += 1
            said = json.dumps(report.to_json())
            assert "Traceback" not in said
            assert whole(home, ledger, report), (content, report)
    assert not [left for left in home.staging.iterdir() if left.name != ".lock"]
    in_lake = {(path.parent.name, int(path.stem)) for path in home.lake.glob("*/*.parquet")}
    assert in_lake == {(version.format, version.id) for version in ledger.versions()}
    # The damage must bite, and must not be all that there is: both sides of the fence are tried.
    assert len(outcomes) >= 2, outcomes


def test_ten_thousand_are_tried() -> None:
    assert sum(HOW_MANY.values()) >= 10_000
