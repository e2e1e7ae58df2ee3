"""Tables of sums over pupils: numbers by numbers, by categories and by schools. Categories stay codes.

A predictor that is a category never becomes columns of noughts and ones here. Pupils who have the same
categories stand in one *cell*; what is kept of each cell is its pupils and the sums of their numbers, and of
each school how many pupils it has in each cell of some of the categories. The columns of the model are made
of the cells at the end, when there are a few hundred cells and no longer a million pupils.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from redway.attainment.coding import Coding, DesignColumn, sorted_levels
from redway.attainment.formula import Factor, Formula
from redway.attainment.pupil_values import UnfitColumn
from redway.attainment.statistics import SchoolStatistics

Numbers = NDArray[np.float64]
Codes = NDArray[np.integer[Any]]

MOST_CELLS = 65_536
"""More cells than this are not kept of all categories together, only of each pack and each two packs."""
MOST_OF_AN_INTERACTION = 4_096
"""Categories that interact have at most so many combinations, and numbers at most an eighth of that."""
CELLS_OF_A_PACK = 64
"""Schools are counted by packs of categories that have about so many cells together."""


@dataclass(frozen=True)
class Dense:
    """A number of each pupil: a product of numbers, nought for pupils who have not these levels (codes)."""

    numbers: tuple[Factor, ...] = ()
    levels: tuple[tuple[Factor, int], ...] = ()


@dataclass(frozen=True)
class Cells:
    """Cells of some categories: every combination of their levels."""

    factors: tuple[Factor, ...]
    sizes: tuple[int, ...]

    @cached_property
    def strides(self) -> tuple[int, ...]:
        """How many cells the next level of each category is away."""
        return tuple(math.prod(self.sizes[place + 1 :]) for place in range(len(self.sizes)))

    @cached_property
    def number(self) -> int:
        """How many cells there are."""
        return math.prod(self.sizes)

    def of(self, codes: Mapping[Factor, Codes], pupils: int) -> Codes:
        """The cell of each pupil (n)."""
        found = np.zeros(pupils, dtype=np.int32)
        for factor, stride in zip(self.factors, self.strides, strict=True):
            found += np.multiply(codes[factor], np.int32(stride), dtype=np.int32)
        return found

    def levels_of(self, cells: NDArray[np.int64], factor: Factor) -> NDArray[np.int64]:
        """The level of one category that each of some cells has."""
        place = self.factors.index(factor)
        return cells // self.strides[place] % self.sizes[place]

    def having(self, levels: Sequence[tuple[Factor, int]]) -> Numbers:
        """1 for the cells that have these levels, 0 for the others."""
        found = np.ones(self.sizes)
        for factor, code in levels:
            at_level = np.zeros(self.sizes[self.factors.index(factor)])
            at_level[code] = 1.0
            found *= at_level.reshape([-1 if other == factor else 1 for other in self.factors])
        return found.reshape(-1)


@dataclass(frozen=True)
class Block:
    """Some pupils of whom nothing is missing."""

    school: Codes
    codes: Mapping[Factor, Codes]
    numbers: Mapping[tuple[Factor, ...], Numbers]
    """Products of numbers that the model needs."""
    outcome: Numbers
    weights: Numbers | None

    def only(self, rows: NDArray[np.bool_]) -> Block:
        """Those of the pupils."""
        return Block(
            self.school[rows],
            {factor: codes[rows] for factor, codes in self.codes.items()},
            {key: values[rows] for key, values in self.numbers.items()},
            self.outcome[rows],
            None if self.weights is None else self.weights[rows],
        )


@dataclass(frozen=True)
class _Layout:
    """Where the columns of the model, and the outcome behind them, come from."""

    width: int
    numbers: NDArray[np.int64]
    """Places of the columns that are summed as numbers, and of the outcome."""
    dense: NDArray[np.int64]
    """Where each of those is among the numbers summed."""
    categories: Mapping[int, Dense]
    """Columns that are categories alone, by place; the intercept is one that everybody is in."""


def products_of(formula: Formula, categories: Collection[Factor]) -> list[tuple[Factor, ...]]:
    """The products of numbers that the terms of a formula need."""
    numbers = (tuple(factor for factor in term if factor not in categories) for term in formula.terms)
    return list(dict.fromkeys(key for key in numbers if key))


def _dense(coding: Coding, codes: Mapping[Factor, Mapping[str, int]]) -> list[Dense]:
    """The numbers to be summed: every product of numbers, and each by the levels it interacts with."""
    found = []
    slopes = [column for term in coding.formula.slopes for column in coding.columns_of(term)]
    for column in coding.columns:
        if column.numbers or column in slopes:
            found.append(Dense(column.numbers, _coded(column, codes)))
    return found


def _packs(formula: Formula, sizes: Mapping[Factor, int]) -> list[Cells]:
    """The categories in packs of few cells; categories that interact stand in one pack."""
    together: list[set[Factor]] = [{factor} for factor in sizes]
    for term in formula.terms:
        if all(factor in sizes for factor in term):
            joined = [group for group in together if group & set(term)]
            together = [group for group in together if not group & set(term)] + [set().union(*joined)]
    packs: list[list[Factor]] = []
    for group in sorted(together, key=lambda one: -_cells(one, sizes)):
        room = (pack for pack in packs if _cells([*pack, *group], sizes) <= CELLS_OF_A_PACK)
        pack = next(room, None)
        if pack is None:
            packs.append(pack := [])
        pack += [factor for factor in sizes if factor in group]
    return [Cells(tuple(pack), tuple(sizes[factor] for factor in pack)) for pack in packs or [[]]]


def _joint(packs: Sequence[Cells]) -> Cells:
    """Cells of all categories, in the order of the packs."""
    factors = (factor for pack in packs for factor in pack.factors)
    return Cells(tuple(factors), tuple(size for pack in packs for size in pack.sizes))


def _cells(factors: Sequence[Factor] | set[Factor], sizes: Mapping[Factor, int]) -> int:
    return math.prod(sizes[factor] for factor in factors)


class CrossTables:
    """Sums over all pupils added so far, for categories that have these words as levels, in order of code.

    ``centre`` is a rough mean of each product of numbers, and of the outcome under (). Of ``spreads``, which
    are predictors, sums of squares are kept for each school.
    """

    def __init__(
        self,
        formula: Formula,
        words: Mapping[Factor, Sequence[str]],
        centre: Mapping[tuple[Factor, ...], float],
        spreads: Collection[str] = (),
    ) -> None:
        self.formula, self.words = formula, {factor: list(of) for factor, of in words.items()}
        self._code = {factor: {word: code for code, word in enumerate(of)} for factor, of in words.items()}
        sizes = {factor: len(of) for factor, of in words.items()}
        coding = Coding(formula, {factor.text: sorted_levels(of) for factor, of in words.items()})
        self.dense = _dense(coding, self._code)
        self.centre = np.array(
            [
                *(0.0 if one.levels else centre[one.numbers] for one in self.dense),
                centre[()],
            ]
        )
        self.slopes = _places(self.dense, coding, self._code)
        self.squares = [
            at for at, one in enumerate(self.dense) if any(_is_column(one, name) for name in spreads)
        ]
        self.packs = _packs(formula, sizes)
        self._refuse_too_many()
        joint = _joint(self.packs)
        self.is_joint = joint.number <= MOST_CELLS
        self.margins = [joint] if self.is_joint else self.packs
        width = len(self.dense) + 1
        self.cross = np.zeros((width, width))
        self.first_school = sum(cells.number for cells in self.margins)
        self.by_place = np.zeros((self.first_school, width))
        """Sums of the numbers by cell of each margin, and below them by school."""
        self.in_cells = [np.zeros(cells.number) for cells in self.margins]
        """Pupils, or their weight, by cell of each margin."""
        self.more_by_school = np.zeros((0, len(self.slopes) * width + len(self.squares)))
        """Sums by school of the products with each slope, and of squares."""
        self.pupils = np.zeros(0, dtype=np.int64)
        self.school_by_pack: list[Numbers] = [
            np.zeros((1 + len(self.slopes), 0, pack.number)) for pack in self.packs
        ]
        self.of_two: dict[tuple[int, int], Numbers] = {}
        if not self.is_joint:
            for one, two in itertools.combinations(range(len(self.packs)), 2):
                self.of_two[one, two] = np.zeros((self.packs[one].number, self.packs[two].number))
        self.log_weights = 0.0

    def _refuse_too_many(self) -> None:
        combinations = max((pack.number for pack in self.packs if len(pack.factors) > 1), default=0)
        if combinations > MOST_OF_AN_INTERACTION or len(self.dense) > MOST_OF_AN_INTERACTION // 8:
            raise UnfitColumn(
                "The formula's interactions have too many combinations of categories to be told apart.",
                "Leave out an interaction, or use columns of fewer categories.",
            )

    def add(self, block: Block, schools: int) -> bool:
        """Add pupils of schools with codes below ``schools``. False, and nothing added, when a number of them
        is not finite."""
        dense = self._values(block)
        weighted = dense if block.weights is None else dense * block.weights[:, None]
        cross = dense.T @ weighted
        if not np.isfinite(cross).all():
            return False
        self._make_room(schools)
        self.cross += cross
        pupils = len(dense)
        in_packs = [pack.of(block.codes, pupils) for pack in self.packs]
        in_margins = [self._joined(in_packs, pupils)] if self.is_joint else in_packs
        places = np.empty((pupils, len(in_margins) + 1), dtype=np.int32)
        start, each = 0, 1.0 if block.weights is None else block.weights
        for column, (counts, cell) in enumerate(zip(self.in_cells, in_margins, strict=True)):
            np.add.at(counts, cell.astype(np.int64), each)
            np.add(cell, np.int32(start), out=places[:, column])
            start += len(counts)
        np.add(block.school, np.int32(start), out=places[:, -1])
        self.by_place[: start + schools] += _sums_by(places, start + schools, weighted)
        if self.more_by_school.shape[1]:
            self.more_by_school[:schools] += _sums_by(
                block.school, schools, self._more_values(dense, weighted)
            )
        if block.weights is not None:
            self.pupils[:schools] += np.bincount(block.school, minlength=schools)
            self.log_weights += float(np.log(block.weights).sum())
        self._count_packs(block, in_packs, weighted)
        return True

    def _values(self, block: Block) -> Numbers:
        """The numbers of each pupil, centred: what the terms need, then the outcome (n x m)."""
        dense = np.empty((len(block.school), len(self.dense) + 1))
        for place, one in enumerate(self.dense):
            number = block.numbers[one.numbers] if one.numbers else 1.0
            if one.levels:
                has = [block.codes[factor] == code for factor, code in one.levels]
                np.multiply(number, np.logical_and.reduce(has), out=dense[:, place])
            else:
                np.subtract(number, self.centre[place], out=dense[:, place])
        np.subtract(block.outcome, self.centre[-1], out=dense[:, -1])
        return dense

    def _more_values(self, dense: Numbers, weighted: Numbers) -> Numbers:
        with_slopes = [dense[:, [at]] * weighted for at in self.slopes]
        return np.hstack([*with_slopes, dense[:, self.squares] * weighted[:, self.squares]])

    def _joined(self, in_packs: Sequence[Codes], pupils: int) -> Codes:
        """The cell of all categories of each pupil, from the cells of the packs."""
        found = np.zeros(pupils, dtype=np.int32)
        for pack, cell in zip(self.packs, in_packs, strict=True):
            found *= np.int32(pack.number)
            found += cell
        return found

    def _count_packs(self, block: Block, in_packs: Sequence[Codes], weighted: Numbers) -> None:
        each = 1.0 if block.weights is None else block.weights
        for table, pack, cell in zip(self.school_by_pack, self.packs, in_packs, strict=True):
            place = np.multiply(block.school, pack.number, dtype=np.int64)
            place += cell
            np.add.at(table[0].reshape(-1), place, each)
            for row, at in enumerate(self.slopes, 1):
                np.add.at(table[row].reshape(-1), place, weighted[:, at])
        for (one, two), table in self.of_two.items():
            place = np.multiply(in_packs[one], self.packs[two].number, dtype=np.int64)
            place += in_packs[two]
            np.add.at(table.reshape(-1), place, each)

    def _make_room(self, schools: int) -> None:
        """Rows for more schools, from the second time half as many again: pupils may be sorted by school."""
        if schools > len(self.pupils):
            rows = schools + (schools // 2 if len(self.pupils) else 0)
            self.pupils = _with_rows(self.pupils, rows)
            self.by_place = _with_rows(self.by_place, self.first_school + rows)
            self.more_by_school = _with_rows(self.more_by_school, rows)
            grown = ([_with_rows(row, rows) for row in table] for table in self.school_by_pack)
            self.school_by_pack = [np.array(table) for table in grown]

    def statistics(self, schools: Sequence[str]) -> SchoolStatistics:
        """The columns of the model, made of the tables. ``schools`` are keys in the order of the codes."""
        coding = Coding(self.formula, self._levels())
        columns = [Dense(one.numbers, _coded(one, self._code)) for one in coding.columns]
        weight = self.school_by_pack[0][0].sum(axis=1)
        rows = np.array(sorted(np.flatnonzero(weight).tolist(), key=schools.__getitem__), dtype=np.int64)
        weight = weight[rows]
        layout = self._layout(columns)
        by_school = self._by_school(rows, layout)
        centre = np.zeros(layout.width)
        centre[layout.numbers] = self.centre[layout.dense]
        squares = self.more_by_school[rows, len(self.slopes) * len(self.cross) :]
        found = SchoolStatistics(
            formula=str(self.formula),
            columns=tuple(one.name for one in coding.columns),
            outcome=self.formula.outcome.text,
            group=self.formula.group,
            schools=tuple(schools[row] for row in rows.tolist()),
            pupils=self.pupils[rows] if self.pupils.any() else weight.astype(np.int64),
            weight=weight,
            sums=by_school[0],
            cross=self._cross(layout),
            centre=centre,
            slopes=coding.slopes,
            slope_cross=by_school[1:].transpose(1, 0, 2).copy() if self.slopes else None,
            log_weights=self.log_weights,
            squares={
                self.dense[at].numbers[0].text: squares[:, place] for place, at in enumerate(self.squares)
            },
            levels={name: tuple(levels) for name, levels in coding.levels.items()},
        )
        return found.recentred(self._means(found, coding))

    def _layout(self, columns: Sequence[Dense]) -> _Layout:
        place = {one: at for at, one in enumerate(self.dense)}
        numbers = [at for at, one in enumerate(columns) if one in place]
        return _Layout(
            width=len(columns) + 1,
            numbers=np.array([*numbers, len(columns)]),
            dense=np.array([*(place[columns[at]] for at in numbers), len(self.dense)]),
            categories={at: one for at, one in enumerate(columns) if one not in place},
        )

    def _by_school(self, rows: NDArray[np.int64], layout: _Layout) -> Numbers:
        """Sums by school of the columns, and of their products with each slope (1 + slopes, J x q)."""
        found = np.zeros((1 + len(self.slopes), len(rows), layout.width))
        found[0][:, layout.numbers] = self.by_place[self.first_school + rows][:, layout.dense]
        more = self.more_by_school[rows]
        for slope in range(len(self.slopes)):
            found[1 + slope][:, layout.numbers] = more[:, slope * len(self.cross) + layout.dense]
        for (ours, mine), table in zip(self._having(self.packs, layout), self.school_by_pack, strict=True):
            found[:, :, ours] = table[:, rows] @ mine.T
        return found

    def _cross(self, layout: _Layout) -> Numbers:
        """Cross-products of the columns (q x q)."""
        cross = np.zeros((layout.width, layout.width))
        numbers = layout.numbers
        cross[np.ix_(numbers, numbers)] = self.cross[np.ix_(layout.dense, layout.dense)]
        having = self._having(self.margins, layout)
        start = 0
        for (ours, mine), counts in zip(having, self.in_cells, strict=True):
            sums = self.by_place[start : start + len(counts)]
            start += len(counts)
            cross[np.ix_(ours, numbers)] = mine @ sums[:, layout.dense]
            cross[np.ix_(numbers, ours)] = cross[np.ix_(ours, numbers)].T
            cross[np.ix_(ours, ours)] = (mine * counts) @ mine.T
        for (one, two), table in self.of_two.items():
            (ours, mine), (others, theirs) = having[one], having[two]
            cross[np.ix_(ours, others)] = mine @ table @ theirs.T
            cross[np.ix_(others, ours)] = cross[np.ix_(ours, others)].T
        return cross

    def _levels(self) -> dict[str, tuple[str, ...]]:
        """The levels that pupils have."""
        found = {}
        for cells, counts in zip(self.margins, self.in_cells, strict=True):
            used = np.flatnonzero(counts)
            for factor in cells.factors:
                words = self.words[factor]
                levels = np.flatnonzero(np.bincount(cells.levels_of(used, factor)))
                found[factor.text] = sorted_levels(words[code] for code in levels.tolist())
        return found

    @staticmethod
    def _having(many: Sequence[Cells], layout: _Layout) -> list[tuple[NDArray[np.int64], Numbers]]:
        """Of each of several sets of cells: which columns are made of it, and which of its cells are in them
        (columns x cells, 1 or 0)."""
        found, left = [], dict(layout.categories)
        for cells in many:
            ours = {
                at: cells.having(one.levels)
                for at, one in left.items()
                if {factor for factor, _ in one.levels} <= set(cells.factors)
            }
            left = {at: one for at, one in left.items() if at not in ours}
            mine = np.array(list(ours.values())).reshape(len(ours), cells.number)
            found.append((np.array(list(ours), dtype=np.int64), mine))
        return found

    def _means(self, statistics: SchoolStatistics, coding: Coding) -> Numbers:
        """What to centre on at last: the mean of each number, so that no order of pupils matters."""
        total = statistics.weight.sum()
        if not self.formula.intercept or not total:
            return np.zeros_like(statistics.centre)
        is_number = [*(bool(one.numbers) and not one.levels for one in coding.columns), True]
        return np.where(is_number, statistics.centre + statistics.sums.sum(axis=0) / total, 0.0)


def _coded(column: DesignColumn, code: Mapping[Factor, Mapping[str, int]]) -> tuple[tuple[Factor, int], ...]:
    return tuple((factor, code[factor][level]) for factor, level in column.levels)


def _places(dense: Sequence[Dense], coding: Coding, code: Mapping[Factor, Mapping[str, int]]) -> list[int]:
    """Where the columns with a random slope are among the numbers."""
    columns = (one for term in coding.formula.slopes for one in coding.columns_of(term))
    return [dense.index(Dense(one.numbers, _coded(one, code))) for one in columns]


def _is_column(one: Dense, name: str) -> bool:
    return not one.levels and len(one.numbers) == 1 and one.numbers[0].text == name


def _sums_by(places: Codes, number: int, values: Numbers) -> Numbers:
    """Sums of the rows of ``values`` (n x m) by the place, or the places, of each row (number x m)."""
    pupils, each = len(places), places.size // max(len(places), 1)
    ones, ends = _ones_and_ends(pupils, each)
    indicator = csc_array((ones, places.reshape(-1), ends), shape=(number, pupils))
    return np.asarray(indicator @ values)


@lru_cache(maxsize=4)
def _ones_and_ends(pupils: int, each: int) -> tuple[Numbers, NDArray[np.int32]]:
    """What every indicator of so many pupils has, each at so many places. Most blocks are of one size."""
    return np.ones(pupils * each), np.arange(pupils + 1, dtype=np.int32) * np.int32(each)


def _with_rows(table: NDArray[Any], rows: int) -> NDArray[Any]:
    grown = np.zeros((rows, *table.shape[1:]), dtype=table.dtype)
    grown[: len(table)] = table
    return grown
