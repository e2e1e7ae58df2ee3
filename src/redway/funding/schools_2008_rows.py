"""Rows of a file of schools of 2008: checked cell by cell, taken in whole or refused with every fault.

The formulas of those years had no national columns. A factor whose columns are absent is not used; a column
that is there must hold a figure for every school.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from redway.datasets.checked_rows import Cells, TableRefused, heading_problems
from redway.datasets.text_rows import TextRow
from redway.funding.guarantee_2008 import Kind
from redway.funding.local_formula_2008 import STAGES, LastYear, Schools2008
from redway.funding.rounding import Whole
from redway.funding.schools import MOST_PUPILS

NEEDED: Mapping[str, str] = {
    "urn": "the school's six-digit number",
    "name": "the school's name",
    "kind": "nursery, primary, secondary or special",
}
_TERMS = ("early years summer", "early years autumn", "early years spring")
_LAST = ("last budget", "last pupils", "guarantee pupils")
COUNTED: Mapping[str, str] = {
    **{f"pupils {stage}": f"pupils on roll, {label.lower()}" for stage, label in STAGES.items()},
    "part time places": "part-time nursery places",
    "early years": "early-years children at the one count of January",
    **dict.fromkeys(_TERMS, "early-years children at the count of one of three terms"),
    "eal": "pupils with English as an additional language",
    "deprived": "pupils counted for deprivation",
    "places to fill": "places of a new school that are not filled yet",
    "residential places": "residential places open 52 weeks",
    "last pupils": "last year's pupils as the guarantee counts them",
    "guarantee pupils": "this year's pupils as the guarantee counts them",
}
ALSO: Mapping[str, str] = {
    **COUNTED,
    "opens": "yes for a school in its year of opening, else no",
    "last budget": "last year's adjusted budget, in pounds",
}


def schools_2008_from_rows(headings: Sequence[str], rows: Sequence[TextRow]) -> Schools2008:
    """The schools of a file. Raises TableRefused naming everything that is wrong."""
    problems = heading_problems(headings, NEEDED, ALSO)
    problems += _together(headings)
    if not rows and not problems:
        problems.append("There is no row below the headings.")
    if problems:
        raise TableRefused(problems)
    read = [_Row(row, headings) for row in rows]
    problems = [problem for one in read for problem in one.cells.problems] + _twice(read)
    if problems:
        raise TableRefused(problems)
    return _in_columns(read, headings)


class _Row:
    """One row, read; what is wrong is noted in its cells."""

    def __init__(self, row: TextRow, headings: Sequence[str]) -> None:
        self.cells = cells = Cells(row)
        self.urn, self.name = cells.urn("urn"), cells.text("name", needed=True)
        self.kind = cells.one_of("kind", [one.value for one in Kind])
        self.counts: dict[str, int] = {}
        for column in COUNTED:
            if column in headings:
                self.counts[column] = self._count(column)
        self.opens = cells.one_of("opens", ("yes", "no")) == "yes" if "opens" in headings else False
        self.budget = 0
        if "last budget" in headings and (amount := cells.money("last budget")) is not None:
            self.budget = amount.pence
            if self.budget < 0:
                cells.wrong("last budget", "is below nothing", str(amount))

    def _count(self, column: str) -> int:
        found = self.cells.whole(column)
        if found is not None and found > MOST_PUPILS:
            self.cells.wrong(column, f"is more than any school has ({MOST_PUPILS:,})", str(found))
        return found or 0


def _together(headings: Sequence[str]) -> list[str]:
    """Columns that stand together or not at all."""
    problems = []
    for columns, why in (
        (_LAST, "the guarantee needs all three"),
        (_TERMS, "three counts are one for each term"),
    ):
        there = [one for one in columns if one in headings]
        if there and len(there) < len(columns):
            missing = [one for one in columns if one not in headings]
            problems.append(f"The column '{missing[0]}' is missing beside '{there[0]}': {why}.")
    if "early years" in headings and any(one in headings for one in _TERMS):
        problems.append("Early-years children are counted once and in three terms: keep one of the two.")
    return problems


def _twice(rows: Sequence[_Row]) -> list[str]:
    seen: set[str] = set()
    problems = []
    for one in rows:
        if one.urn and one.urn in seen:
            problems.append(f"Row {one.cells.row.number}, urn: '{one.urn}' is there twice: leave one out.")
        seen.add(one.urn)
    return problems


def _in_columns(rows: Sequence[_Row], headings: Sequence[str]) -> Schools2008:
    def whole(of: Callable[[_Row], int]) -> Whole:
        return np.array([of(one) for one in rows], dtype=np.int64)

    def counted(column: str) -> Whole:
        return whole(lambda one: one.counts[column])

    def perhaps(column: str) -> Whole | None:
        return counted(column) if column in headings else None

    terms = [column for column in ("early years", *_TERMS) if column in headings]
    return Schools2008(
        urn=tuple(one.urn for one in rows),
        name=tuple(one.name for one in rows),
        kind=tuple(Kind(one.kind) for one in rows),
        pupils={stage: counted(f"pupils {stage}") for stage in STAGES if f"pupils {stage}" in headings},
        part_time_places=perhaps("part time places"),
        early_years=tuple(counted(column) for column in terms),
        eal=perhaps("eal"),
        deprived=perhaps("deprived"),
        opens=np.array([one.opens for one in rows]) if "opens" in headings else None,
        places_to_fill=perhaps("places to fill"),
        residential_places=perhaps("residential places"),
        last=LastYear(whole(lambda one: one.budget), counted("last pupils"), counted("guarantee pupils"))
        if _LAST[0] in headings
        else None,
    )
