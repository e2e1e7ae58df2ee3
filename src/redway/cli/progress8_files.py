"""Files of pupils, of entries and of national averages, as the columns Progress 8 needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from redway.attainment.attainment8 import attainment8
from redway.attainment.measure_values import Numbers
from redway.attainment.prior_groups import PriorGroups, groups_from
from redway.attainment.progress8 import TENTH, pupils_from_entries
from redway.cli.pupil_tables import Progress, columns_of, read_columns
from redway.core.errors import RedwayError
from redway.core.periods import PeriodKind
from redway.core.words import counted, listed
from redway.datasets.dating import period_from_name
from redway.datasets.format import PeriodRule
from redway.datasets.pupil_columns import UnknownColumn

_PUPIL = ("pupil", "urn", "prior_attainment")
_ENTRY = ("subject", "slot", "grade")
_NUMBERS = frozenset(["prior_attainment", "attainment8", "points", "lowest", "highest", "minimum"])
_PUBLISHED = {"Key stage 2 fine level": "prior_attainment", "Attainment 8 estimate": "tenths"}
"""Columns of the Department for Education's table of estimates; its averages are tenths of Attainment 8."""


class UnclearPupils(RedwayError):  # noqa: N818 - says what happened, as in core
    """Pupils of whom the files say two different things."""


@dataclass(frozen=True)
class PupilsRead:
    """Pupils with their Attainment 8, and what was odd in the files."""

    pupils: pl.DataFrame
    notes: tuple[str, ...] = ()


def year_in_name(paths: Sequence[Path]) -> str | None:
    """The school year that the names of the files or their folders tell; None for none or several."""
    rule = PeriodRule(PeriodKind.ACADEMIC, from_name=True)
    found = {period_from_name(str(path), rule) for path in paths}
    period = found.pop() if len(found) == 1 else None
    return period.label if period else None


def read_pupils(paths: Sequence[Path], progress: Progress) -> PupilsRead:
    """Pupils with the Attainment 8 that the files give. Raises what ``PupilFiles`` does."""
    if not _has(paths, "attainment8") and _has(paths, "grade"):
        raise UnknownColumn(
            f"{paths[0].name} has no column 'attainment8'; it looks like a file of entries.",
            "Add --entries to compute Attainment 8 from them.",
        )
    return PupilsRead(_read(paths, (*_PUPIL, "attainment8"), progress))


def read_entries(
    entries: Sequence[Path], pupils: Sequence[Path], year: str, progress: Progress
) -> PupilsRead:
    """Pupils with the Attainment 8 of their entries.

    ``pupils`` are files of the pupils; without any, the entries themselves tell school and prior
    attainment.
    """
    points = ("points",) if _has(entries, "points") else ()
    columns = (*_PUPIL, *_ENTRY, *points) if not pupils else ("pupil", *_ENTRY, *points)
    rows = _read(entries, columns, progress)
    people = _read(pupils, _PUPIL, progress) if pupils else _people_in(rows)
    taken = rows.filter(~_is_without_entry())
    strangers = taken.filter(~pl.col("pupil").is_in(people["pupil"].to_list()))["pupil"].n_unique()
    those = counted(strangers, "pupil with entries is", "pupils with entries are")
    notes = [f"{those} not among the pupils: left out."]
    return PupilsRead(
        pupils_from_entries(people, attainment8(taken, year)), tuple(notes) if strangers else ()
    )


def _is_without_entry() -> pl.Expr:
    """A row that names a pupil and no entry at all: the pupil took none."""
    return pl.all_horizontal(pl.col(*_ENTRY).is_null())


def _people_in(entries: pl.DataFrame) -> pl.DataFrame:
    people = entries.select(_PUPIL).unique(maintain_order=True)
    twice = people.filter(pl.col("pupil").is_not_null() & pl.col("pupil").is_duplicated())
    if twice.height:
        ids = twice["pupil"].unique(maintain_order=True)
        raise UnclearPupils(
            f"The entries of {counted(len(ids), 'pupil')} give more than one school or prior attainment: "
            f"{listed(ids.head(5))}{' and more' if len(ids) > 5 else ''}.",
            "Mend the rows, or name a file of the pupils beside the entries.",
        )
    return people


def read_estimates(path: Path) -> PriorGroups:
    """Averages of Attainment 8 by prior attainment from a file.

    Columns: lowest, highest (or prior_attainment alone) and attainment8 in points; minimum, the lowest
    Progress 8 score of a group, may follow. The Department for Education's table is read as it is
    published.
    """
    if _has([path], *_PUBLISHED):
        table = _read([path], tuple(_PUBLISHED), lambda _: None, numbers=frozenset(_PUBLISHED)).rename(
            _PUBLISHED
        )
        return groups_from(_columns(table, "tenths"), path.name, factor=TENTH)
    ends = ("lowest", "highest") if _has([path], "lowest") else ("prior_attainment",)
    lowest = ("minimum",) if _has([path], "minimum") else ()
    table = _read([path], (*ends, "attainment8", *lowest), lambda _: None)
    return groups_from(_columns(table, "attainment8"), path.name)


def _columns(table: pl.DataFrame, mean: str) -> dict[str, Numbers]:
    return {
        "mean" if name == mean else name: table[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        for name in table.columns
    }


def _has(paths: Sequence[Path], *columns: str) -> bool:
    """Whether every file has these columns."""
    return set(columns) <= columns_of(paths)


def _read(
    paths: Sequence[Path], columns: tuple[str, ...], progress: Progress, numbers: frozenset[str] = _NUMBERS
) -> pl.DataFrame:
    """Some columns of some files, whole. Raises UnfitCells for text where a number belongs."""
    return read_columns(paths, columns, numbers, progress)
