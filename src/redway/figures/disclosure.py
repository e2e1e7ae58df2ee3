"""The one disclosure rule: no figure leaves Redway from which a child could be recognised.

Small counts are hidden (*primary* suppression). Where totals are shown, a hidden count could be found
by subtraction, so further counts are hidden with it (*secondary* suppression), chosen so that even
someone who knows the rule, and which counts were hidden for being small, is left with at least two
possible values for each hidden count. Nought is shown: it counts nobody.

How secondary suppression works: a table with totals is a set of sums. A hidden count can be something
else if it can go up or down by one while other hidden counts move with it so that every shown sum
still holds. Those others form a closed loop of cells, alternately in one row and one column. For each
hidden count the cheapest such loop is found, and the cells on it that were still shown are hidden too.
A table with no such loop (five ones under a total of five, say) is hidden whole.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources

from redway.core.errors import NotEnoughData, RedwayError
from redway.core.missing import Missing
from redway.core.values import DatedValues, load_values
from redway.core.words import counted, number
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


ALSO_HIDDEN = "Hidden: would reveal another"
"""What stands in the place of a count hidden to protect another."""

ALL_HIDDEN = "Hidden: too few children"
"""What stands in every cell of a table so small that the rule itself would give its counts away."""


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


_Cell = tuple[int, int]
"""(row, column)"""
_Node = tuple[str, int]
"""('row' or 'column', place)"""
_Cost = tuple[int, int, int]
"""(cells newly hidden, what they count, length): fewest first, then the least information lost."""


def hide_until_safe(
    cells: Sequence[Sequence[int]],
    small: Mapping[_Cell, str],
    rule: Rule,
    row_totals: bool,
    column_totals: bool,
) -> dict[_Cell, str]:
    """Secondary suppression: the cells to hide, (row, column) -> why, given those already hidden.

    ``cells`` includes the totals: last in each row when ``row_totals``, last of each column when
    ``column_totals``. A direction without totals binds nothing.
    """
    hidden = dict(small)
    if not (row_totals or column_totals):
        return hidden
    network = _network(cells, small, rule, row_totals, column_totals)
    safe: set[_Cell] = set()
    for cell in sorted(small):
        if cell in safe:
            continue
        loop = _cheapest_loop(network, cell, hidden)
        if not loop:
            return {
                (row, column): ALL_HIDDEN for row, line in enumerate(cells) for column, _ in enumerate(line)
            }
        # The loop is the proof: moving along it gives every cell on it a second possible value.
        safe.update(loop)
        hidden.update({one: ALSO_HIDDEN for one in loop if one not in hidden})
    return hidden


@dataclass(frozen=True)
class _Walk:
    """One step that may be taken: along ``cell``, to the node it leads to."""

    cell: _Cell
    to: _Node
    count: int


def _network(
    cells: Sequence[Sequence[int]],
    small: Mapping[_Cell, str],
    rule: Rule,
    row_totals: bool,
    column_totals: bool,
) -> dict[_Node, list[_Walk]]:
    """The steps that may be taken from each node.

    Each sum that must hold is a node: one for each row, one for each column. Each cell is a line from
    its row to its column. Walking a line from row to column is a step up in the cell, walking it back a
    step down, so a closed walk leaves every sum as it was. A total stands on the other side of its
    sum, so its steps are the other way round. Where a direction has no totals nothing must hold, and
    all of its nodes are one.
    """
    network: dict[_Node, list[_Walk]] = defaultdict(list)
    for row, line in enumerate(cells):
        for column, count in enumerate(line):
            ends = ("row", row if row_totals else 0), ("column", column if column_totals else 0)
            is_total_row = column_totals and row == len(cells) - 1
            is_total_column = row_totals and column == len(line) - 1
            up = -1 if is_total_row != is_total_column else 1
            for (start, end), step in ((ends, up), (ends[::-1], -up)):
                if _may_become(count, count + step, (row, column) in small, rule):
                    network[start].append(_Walk((row, column), end, count))
    return network


def _may_become(count: int, other: int, is_small: bool, rule: Rule) -> bool:
    """Whether a count stays what it is seen to be, small or not small, when it becomes another."""
    return rule.is_small(other) if is_small else count > rule.small and other > rule.small


def _cheapest_loop(
    network: Mapping[_Node, Sequence[_Walk]], cell: _Cell, hidden: Mapping[_Cell, str]
) -> list[_Cell]:
    """The cells of the cheapest loop that gives ``cell`` a second possible value; empty when none does."""
    found = [
        (cost, [cell, *path])
        for start, walks in network.items()
        for first in walks
        if first.cell == cell
        for cost, path in _paths(network, first, start, hidden)
    ]
    return min(found)[1] if found else []


def _paths(
    network: Mapping[_Node, Sequence[_Walk]], first: _Walk, goal: _Node, hidden: Mapping[_Cell, str]
) -> list[tuple[_Cost, list[_Cell]]]:
    """The cheapest path (Dijkstra) from where the first step led back to where it came from, if any."""
    best: dict[_Node, tuple[_Cost, list[_Cell]]] = {first.to: ((0, 0, 0), [])}
    queue = [((0, 0, 0), first.to)]
    while queue:
        cost, node = heapq.heappop(queue)
        if node == goal:
            return [best[node]]
        if cost > best[node][0]:
            continue
        new, lost, length = cost
        for walk in network.get(node, ()):
            shown = walk.cell not in hidden
            dearer = (new + shown, lost + (walk.count if shown else 0), length + 1)
            if walk.cell != first.cell and (walk.to not in best or dearer < best[walk.to][0]):
                best[walk.to] = dearer, [*best[node][1], walk.cell]
                heapq.heappush(queue, (dearer, walk.to))
    return []
