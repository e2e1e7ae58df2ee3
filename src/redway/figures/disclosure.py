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


def _withhold(
    table: Table, rows: list[Row], withheld: Sequence[Withheld], counts: Sequence[str], rule: Rule
) -> Protected:
    gone = {(one.row, one.column): Hidden(one.why) for one in withheld}

    def leaving(place: int, key: str, cell: Cell) -> Cell:
        if (place, key) in gone:
            return gone[place, key]
        if key in counts and isinstance(cell, int | float) and rule.round_to > 1:
            return rule.rounded(int(cell))
        return cell

    safe = [{key: leaving(place, key, cell) for key, cell in row.items()} for place, row in enumerate(rows)]
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


def hide_until_safe(
    cells: Sequence[Sequence[int]],
    small: Mapping[tuple[int, int], str],
    rule: Rule,
    row_totals: bool,
    column_totals: bool,
) -> dict[tuple[int, int], str]:
    """Secondary suppression: the cells to hide, (row, column) -> why, given those already hidden.

    ``cells`` includes the totals: last in each row when ``row_totals``, last of each column when
    ``column_totals``. A direction without totals binds nothing.
    """
    hidden = dict(small)
    if not (row_totals or column_totals):
        return hidden
    loops = _Loops(cells, small, rule, row_totals, column_totals)
    safe: set[tuple[int, int]] = set()
    for cell in sorted(small):
        if cell in safe:
            continue
        loop = loops.cheapest_through(cell, hidden)
        if not loop:
            return {
                (row, column): ALL_HIDDEN for row, line in enumerate(cells) for column, _ in enumerate(line)
            }
        # The loop is the proof: moving along it gives every cell on it a second possible value.
        safe.update(loop)
        hidden.update({one: ALSO_HIDDEN for one in loop if one not in hidden})
    return hidden


_Node = tuple[str, int]
_Cost = tuple[int, int, int]
"""(cells newly hidden, what they count, length): fewest first, then the least information lost."""


@dataclass(frozen=True)
class _Loops:
    """The search for loops, as paths through a network.

    Each sum that must hold is a node: one for each row, one for each column. Each cell is a line from
    its row to its column. Walking a line from row to column is a step up in the cell, walking it back a
    step down, so a closed walk leaves every sum as it was. A total stands on the other side of its
    sum, so its steps are the other way round. Where a direction has no totals nothing must hold, and
    all of its nodes are one.
    """

    cells: Sequence[Sequence[int]]
    small: Mapping[tuple[int, int], str]
    rule: Rule
    row_totals: bool
    column_totals: bool

    def cheapest_through(
        self, cell: tuple[int, int], hidden: Mapping[tuple[int, int], str]
    ) -> list[tuple[int, int]]:
        """The cells of the cheapest loop that gives ``cell`` a second possible value, itself among them.

        Empty when there is none.
        """
        found = [
            (cost, [cell, *path])
            for up in (True, False)
            if self._may_walk(cell, up)
            for cost, path in self._paths_back(cell, up, hidden)
        ]
        return min(found)[1] if found else []

    def _paths_back(
        self, cell: tuple[int, int], up: bool, hidden: Mapping[tuple[int, int], str]
    ) -> list[tuple[_Cost, list[tuple[int, int]]]]:
        """The cheapest path (Dijkstra) from where a step in ``cell`` arrives back to where it left."""
        start, goal = self._ends(cell) if not up else self._ends(cell)[::-1]
        queue: list[tuple[_Cost, _Node, list[tuple[int, int]]]] = [((0, 0, 0), start, [])]
        settled: set[_Node] = set()
        while queue:
            cost, node, path = heapq.heappop(queue)
            if node == goal:
                return [(cost, path)]
            if node in settled:
                continue
            settled.add(node)
            for other in self._at(node):
                forward = self._ends(other)[0] == node
                if other != cell and self._may_walk(other, forward):
                    heapq.heappush(
                        queue,
                        (
                            self._dearer(cost, other, other in hidden),
                            self._ends(other)[1 if forward else 0],
                            [*path, other],
                        ),
                    )
        return []

    def _dearer(self, cost: _Cost, cell: tuple[int, int], is_hidden: bool) -> _Cost:
        new, count, length = cost
        if is_hidden:
            return new, count, length + 1
        return new + 1, count + self.cells[cell[0]][cell[1]], length + 1

    def _ends(self, cell: tuple[int, int]) -> tuple[_Node, _Node]:
        row, column = cell
        return ("row", row if self.row_totals else 0), ("column", column if self.column_totals else 0)

    def _at(self, node: _Node) -> list[tuple[int, int]]:
        side, at = node
        rows, columns = range(len(self.cells)), range(len(self.cells[0]))
        if side == "row":
            return [(row, column) for row in ([at] if self.row_totals else rows) for column in columns]
        return [(row, column) for column in ([at] if self.column_totals else columns) for row in rows]

    def _may_walk(self, cell: tuple[int, int], forward: bool) -> bool:
        """Whether the count stays what it is seen to be, small or not small, after the step."""
        row, column = cell
        is_total_row = self.column_totals and row == len(self.cells) - 1
        is_total_column = self.row_totals and column == len(self.cells[0]) - 1
        step = (1 if forward else -1) * (-1 if is_total_row else 1) * (-1 if is_total_column else 1)
        moved = self.cells[row][column] + step
        if cell in self.small:
            return self.rule.is_small(moved)
        return self.cells[row][column] > self.rule.small and moved > self.rule.small
