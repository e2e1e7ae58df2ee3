"""Made-up files in the shapes of the real ones. No school or authority in them exists as told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

SUPPRESSED_URN = "100003"


def write(path: Path, lines: Sequence[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def absence(folder: Path, year: int, values: dict[str, str], persistent: str = "12.5") -> Path:
    """Absence of schools in the year that ends in ``year``: URN -> overall absence as the file has it."""
    rows = [f"826,{4000 + at},{urn},{value},{persistent}" for at, (urn, value) in enumerate(values.items())]
    return write(
        folder / f"abs_{year}.csv",
        ["LA,ESTAB,URN,PERCTOT,PPERSABS10", *rows, "NAT,SEC,NAT,9.00,25.0", "NAT,PRI,NAT,5.90,16.0"],
    )


def key_stage_2(folder: Path, year: int, rows: Sequence[tuple[str, str, str]]) -> Path:
    """Key stage 2: (URN, pupils, percentage at the expected standard), all in authority 826."""
    lines = [f"1,826,{2000 + at},{urn},{pupils},{share}" for at, (urn, pupils, share) in enumerate(rows)]
    lines += ["3,826,,,3600,66%", "5,,,,650000,62%"]
    return write(folder / f"england_ks2final_{year}.csv", ["RECTYPE,LEA,ESTAB,URN,TELIG,PTRWM_EXP", *lines])


def lait(folder: Path, rows: Sequence[tuple[str, str, str, str]], name: str = "lait.csv") -> Path:
    """Authority measures in the long form: (measure, year label, authority number, value)."""
    lines = [
        f"{measure},{measure} title,{year},Area {la},{value},{la},A region"
        for measure, year, la, value in rows
    ]
    return write(folder / name, ["Short Desc,Data item,Years,LA and Regions,Values,LA Number,Region", *lines])


def neighbours(folder: Path, model: str, sets: dict[str, Sequence[str]]) -> Path:
    """Statistical neighbours: authority -> its ten, nearest first."""
    columns = ",".join(f"SN{at},SN{at}P" for at in range(1, 11))
    lines = [
        f"{la},Area {la},South East," + ",".join(f"{each},Close" for each in ten) for la, ten in sets.items()
    ]
    return write(folder / f"neighbours_{model}.csv", [f"LA num,LA Name,GOReg,{columns}", *lines])
