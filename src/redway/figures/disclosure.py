"""The one disclosure rule: no figure leaves Redway from which a child could be recognised.

Small counts are hidden (*primary* suppression). Where totals are shown, a hidden count could be found
by subtraction, so further counts are hidden with it (*secondary* suppression, which has its own file).
Nought is shown: it counts nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources

from redway.core.errors import NotEnoughData, RedwayError
from redway.core.missing import Missing
from redway.core.values import DatedValues, load_values
from redway.core.words import counted, number
from redway.figures.secondary_suppression import hide_until_safe
from redway.figures.table import Cell, Hidden, Row, Table


class CannotProtect(RedwayError):  # noqa: N818
    """A table that the rule cannot make safe as it stands."""


@dataclass(frozen=True)
class Rule:
    """Which counts are small, and whether the others are rounded."""

    small: int
    """Counts from 1 to this number are hidden; at least 2, as a count known to be 1 to 1 is known."""
    round_to: int = 1
    """Shown counts are rounded to the nearest multiple; 1 leaves them as they are."""

    def __post_init__(self) -> None:
        if self.small < 2 or self.round_to < 1:
            raise CannotProtect(
                f"A rule that hides counts up to {self.small} and rounds to {self.round_to} protects nobody.",
                "Hide counts up to 2 or more and round to 1 or more.",
            )

    def is_small(self, count: int) -> bool:
        """Whether a count would point at a child."""
        return 1 <= count <= self.small

    def is_disclosive_share(self, numerator: int, denominator: int) -> bool:
        """Whether a share tells a small count: of those in it, of those not in it, or of all."""
        return any(map(self.is_small, (numerator, denominator - numerator, denominator)))

    def rounded(self, count: int) -> int:
        """The count to the nearest multiple, halves up."""
        return (2 * count + self.round_to) // (2 * self.round_to) * self.round_to

    @property
    def small_label(self) -> str:
        """What stands in the place of a small count."""
        return f"Hidden: 1 to {self.small}"


@cache
def _values() -> DatedValues:
    return load_values(resources.files("redway.figures") / "values")


def rule_on(day: date, round_to: int = 1) -> Rule:
    """The rule in force on ``day``. Raises ValuesError when none is held for it."""
    return Rule(_values().whole_number_on("small-count", day), round_to)


@dataclass(frozen=True)
class Withheld:
    """One figure that was hidden, and why: the record that goes with every protected table."""

    row: int
    """Place of its row in the table, from 0."""
    column: str
    why: str


@dataclass(frozen=True)
class Protected:
    """A table that may leave, and what it withholds."""

    table: Table
    withheld: tuple[Withheld, ...]


@dataclass(frozen=True)
class Totals:
    """Which sums a table shows: one column that adds up a row, one row that adds up the columns."""

    column: str = ""
    """Key of the column of row totals; empty when there is none."""
    row: bool = False
    """Whether the last row is the total of the rows above it."""


def protect_counts(
    table: Table,
    counts: Sequence[str],
    rule: Rule,
    totals: Totals | None = None,
    derived: Mapping[str, Sequence[str]] | None = None,
) -> Protected:
    """Hide what the rule demands in the columns ``counts`` (whole numbers of children).

    With ``totals`` the counts are one table of sums (``counts`` without the total column) and are
    protected together; without, each count stands alone. ``derived`` names for a count's column the
    columns computed from it (its percentage, say), which are hidden with it.

    Raises CannotProtect when a count is negative or not whole, or the totals do not add up, and
    NotEnoughData when a count in a table with totals is missing (the totals would give it away).
    """
    rows = list(table.rows)
    sums = totals or Totals()
    keys = [*counts, *([sums.column] if sums.column else [])]
    cells = [[_count(row.get(key), key, place) for key in keys] for place, row in enumerate(rows)]
    hidden = _small_cells(cells, rule)
    if totals:
        whole = _require_sums(cells, sums)
        hidden = hide_until_safe(whole, hidden, rule, bool(sums.column), sums.row)
    withheld: list[Withheld] = []
    for (place, at), why in sorted(hidden.items()):
        withheld += [Withheld(place, key, why) for key in (keys[at], *(derived or {}).get(keys[at], ()))]
    return _withhold(table, rows, withheld, keys, rule)


@dataclass(frozen=True)
class Share:
    """The columns of one percentage or rate: the figure, what it was made of, and what is made of it."""

    value: str
    numerator: str
    denominator: str
    also: Sequence[str] = ()
    """Columns that would give the numerator away as well: limits of its interval, its rank."""


def protect_shares(table: Table, shares: Sequence[Share], rule: Rule) -> Protected:
    """Hide every share with a small numerator, denominator or remainder, and its numerator with it.

    A share whose numerator or denominator is not known is left: the publisher has judged it.
    The denominator is hidden only when it is itself small.
    """
    rows = list(table.rows)
    withheld: list[Withheld] = []
    for place, row in enumerate(rows):
        for share in shares:
            top = _count(row.get(share.numerator), share.numerator, place)
            bottom = _count(row.get(share.denominator), share.denominator, place)
            if top is None or bottom is None or not rule.is_disclosive_share(top, bottom):
                continue
            gone = [share.value, share.numerator, *share.also]
            gone += [share.denominator] if rule.is_small(bottom) else []
            withheld += [Withheld(place, key, rule.small_label) for key in gone]
    keys = [key for share in shares for key in (share.numerator, share.denominator)]
    return _withhold(table, rows, withheld, keys, rule)


def small_cohort_on(day: date) -> int:
    """The largest cohort whose shares are hidden. Raises ValuesError when none is held for the day."""
    return _values().whole_number_on("small-cohort", day)


def protect_small_cohorts(table: Table, shares: Sequence[Share], largest: int) -> Protected:
    """Hide every published share of a cohort of at most ``largest`` children, and what is made of it.

    For figures that a publisher has judged already; an authority's own counts need ``protect_shares``.
    """
    rows = list(table.rows)
    withheld = [
        Withheld(place, key, f"Hidden: {largest} children or fewer")
        for place, row in enumerate(rows)
        for share in shares
        if row.get(share.value) is not None and not isinstance(row.get(share.value), Missing)
        if (cohort := _count(row.get(share.denominator), share.denominator, place)) is not None
        and cohort <= largest
        for key in (share.value, share.numerator, *share.also)
    ]
    notes = list(table.notes)
    if hidden := len({one.row for one in withheld}):
        notes.append(f"{counted(hidden, 'figure is', 'figures are')} hidden: of {largest} children or fewer.")
    return Protected(replace(table, rows=_without(rows, withheld), notes=notes), tuple(withheld))


def _without(rows: Sequence[Row], withheld: Sequence[Withheld]) -> list[Row]:
    gone = {(one.row, one.column): Hidden(one.why) for one in withheld}
    return [
        {key: gone.get((place, key), cell) for key, cell in row.items()} for place, row in enumerate(rows)
    ]


def _withhold(
    table: Table, rows: list[Row], withheld: Sequence[Withheld], counts: Sequence[str], rule: Rule
) -> Protected:
    def leaving(key: str, cell: Cell) -> Cell:
        if key in counts and isinstance(cell, int | float) and rule.round_to > 1:
            return rule.rounded(int(cell))
        return cell

    safe = [{key: leaving(key, cell) for key, cell in row.items()} for row in _without(rows, withheld)]
    notes = [*table.notes, *_notes(withheld, rule)]
    return Protected(replace(table, rows=safe, notes=notes), tuple(withheld))


def _notes(withheld: Sequence[Withheld], rule: Rule) -> list[str]:
    notes = []
    if withheld:
        notes.append(
            f"{counted(len(withheld), 'figure is', 'figures are')} hidden: "
            f"counts of 1 to {rule.small} children, and figures from which one could be worked out."
        )
    if rule.round_to > 1:
        notes.append(f"Counts are rounded to the nearest {number(rule.round_to)}, so totals may not add up.")
    return notes


def _count(cell: Cell, key: str, place: int) -> int | None:
    if cell is None or isinstance(cell, Missing | Hidden):
        return None
    if isinstance(cell, int | float) and cell >= 0 and cell == int(cell):
        return int(cell)
    raise CannotProtect(
        f"Row {place + 1} of '{key}' holds {cell!r}, which is no count of children.",
        "Name only columns of whole numbers as counts.",
    )


def _small_cells(cells: Sequence[Sequence[int | None]], rule: Rule) -> dict[tuple[int, int], str]:
    return {
        (row, column): rule.small_label
        for row, line in enumerate(cells)
        for column, count in enumerate(line)
        if count is not None and rule.is_small(count)
    }


def _require_sums(cells: Sequence[Sequence[int | None]], totals: Totals) -> list[list[int]]:
    """The cells, once it is sure that none is missing and every total adds up."""
    whole: list[list[int]] = []
    for place, line in enumerate(cells):
        known = [count for count in line if count is not None]
        if len(known) < len(line):
            raise NotEnoughData(
                f"A count in row {place + 1} is missing, and the totals would give it away.",
                "Leave out the totals, or leave out the row.",
            )
        whole.append(known)
    if totals.column:
        for place, line in enumerate(whole):
            _require_sum(line[-1], sum(line[:-1]), f"row {place + 1}")
    if totals.row and whole:
        for at, column in enumerate(zip(*whole, strict=True)):
            _require_sum(column[-1], sum(column[:-1]), f"column {at + 1}")
    return whole


def _require_sum(stated: int, added: int, where: str) -> None:
    if stated != added:
        raise CannotProtect(
            f"The total of {where} is {stated}, but its counts add up to {added}.", "Mend the total first."
        )
