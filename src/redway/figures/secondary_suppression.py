"""Which more counts to hide, so that none that is hidden can be worked out from the totals.

They are chosen so that even someone who knows the rule, and which counts were hidden for being small, is left
with at least two possible values for each hidden count.

A table with totals is a set of sums. A hidden count can be something else if it can go up or down by one
while other hidden counts move with it so that every shown sum still holds. Those others form a closed loop
of cells, alternately in one row and one column. For each hidden count the cheapest such loop is found, and
the cells on it that were still shown are hidden too. A table with no such loop (five ones under a total of
five, say) is hidden whole.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redway.figures.disclosure import Rule

ALSO_HIDDEN = "Hidden: would reveal another"
"""What stands in the place of a count hidden to protect another."""

ALL_HIDDEN = "Hidden: too few children"
"""What stands in every cell of a table so small that the rule itself would give its counts away."""

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
