"""Tables of sums over pupils: numbers by numbers, by categories and by schools. Categories stay codes.

A predictor that is a category never becomes columns of noughts and ones here. Pupils who have the same
categories stand in one *cell*; what is kept of each cell is its pupils and the sums of their numbers, and of
each school how many pupils it has in each cell of some of the categories. The columns of the model are made
of the cells at the end, when there are a few hundred cells and no longer a million pupils.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from redway.attainment.coding import Coding, DesignColumn, sorted_levels
from redway.attainment.formula import Factor, Formula
from redway.attainment.statistics import SchoolStatistics

Numbers = NDArray[np.float64]
Codes = NDArray[np.int32]

MOST_CELLS = 65_536
"""More cells than this are not kept of all categories together, only of each pack and each two packs."""
CELLS_OF_A_PACK = 64
"""Schools are counted by packs of categories that have about so many cells together."""


@dataclass(frozen=True)
class Dense:
    """A number of each pupil: a product of numbers, nought for pupils who have not these levels (codes)."""

    numbers: tuple[Factor, ...] = ()
    levels: tuple[tuple[Factor, int], ...] = ()


ONE = Dense()


@dataclass(frozen=True)
class Cells:
    """Cells of some categories: every combination of their levels."""

    factors: tuple[Factor, ...]
    sizes: tuple[int, ...]

    @cached_property
    def strides(self) -> tuple[int, ...]:
        """How many cells the next level of each category is away."""
        return tuple(int(np.prod(self.sizes[place + 1 :])) for place in range(len(self.sizes)))

    @cached_property
    def number(self) -> int:
        """How many cells there are."""
        return int(np.prod(self.sizes))

    def of(self, codes: Mapping[Factor, Codes], pupils: int) -> Codes:
        """The cell of each pupil (n)."""
        found = np.zeros(pupils, dtype=np.int32)
        for factor, stride in zip(self.factors, self.strides, strict=True):
            found += codes[factor] * np.int32(stride)
        return found

    def having(self, levels: Sequence[tuple[Factor, int]]) -> Numbers:
        """1 for the cells of these levels, 0 for the others."""
        cells = np.arange(self.number)
        found = np.ones(self.number, dtype=bool)
        for factor, code in levels:
            place = self.factors.index(factor)
            found &= cells // self.strides[place] % self.sizes[place] == code
        return found.astype(np.float64)

    def count_of_levels(self, counts: Numbers, factor: Factor) -> Numbers:
        """Pupils by level of one category, of pupils by cell."""
        place = self.factors.index(factor)
        others = tuple(axis for axis in range(len(self.sizes)) if axis != place)
        return np.asarray(counts.reshape(self.sizes).sum(axis=others))


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


def products_of(formula: Formula, categories: Mapping[Factor, int]) -> list[tuple[Factor, ...]]:
    """The products of numbers that the terms of a formula need."""
    numbers = (tuple(factor for factor in term if factor not in categories) for term in formula.terms)
    return list(dict.fromkeys(key for key in numbers if key))


def _dense(formula: Formula, sizes: Mapping[Factor, int]) -> list[Dense]:
    """The numbers to be summed: one, every product of numbers, and each by the categories it interacts with."""
    found = [ONE]
    for term in formula.terms:
        numbers = tuple(factor for factor in term if factor not in sizes)
        factors = [factor for factor in term if factor in sizes]
        if numbers or term in formula.slopes:
            choices = ([(factor, code) for code in range(sizes[factor])] for factor in factors)
            found += [Dense(numbers, levels) for levels in itertools.product(*choices)]
    return list(dict.fromkeys(found))


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
    return [Cells(tuple(pack), tuple(sizes[factor] for factor in pack)) for pack in packs]


def _cells(factors: Sequence[Factor] | set[Factor], sizes: Mapping[Factor, int]) -> int:
    return int(np.prod([sizes[factor] for factor in factors]))


class CrossTables:
    """Sums over all pupils added so far, for categories of ``sizes`` levels."""

    def __init__(
        self, formula: Formula, sizes: Mapping[Factor, int], centre: Mapping[tuple[Factor, ...], float]
    ):
        self.formula, self.sizes = formula, dict(sizes)
        self.dense = _dense(formula, sizes)
        self.centre = np.array(
            [*(0.0 if one.levels else centre.get(one.numbers, 0.0) for one in self.dense), centre[()]]
        )
        width = len(self.dense) + 1
        self.packs = _packs(formula, sizes)
        joint = Cells(tuple(sizes), tuple(sizes.values()))
        self.margins = [joint] if joint.number <= MOST_CELLS else self.packs
        self.cross = np.zeros((width, width))
        self.by_cell = [np.zeros((cells.number, width)) for cells in self.margins]
        self.of_two = {
            (one, two): np.zeros((self.packs[one].number, self.packs[two].number))
            for one, two in itertools.combinations(range(len(self.packs)), 2)
            if self.margins is self.packs
        }
        self.slopes = [
            place
            for place, one in enumerate(self.dense)
            for term in formula.slopes
            if {*one.numbers, *(factor for factor, _ in one.levels)} == set(term)
        ]
        self.pupils = np.zeros(0, dtype=np.int64)
        self.by_school = np.zeros((0, width * (2 + len(self.slopes))))
        self.school_by_pack = [np.zeros((0, 1 + len(self.slopes), pack.number)) for pack in self.packs]
        self.log_weights = 0.0

    def add(self, block: Block, schools: int) -> bool:
        """Add some pupils, of schools with codes below ``schools``. False, and nothing added, when a number is
        not finite."""
        dense = self._values(block)
        weighted = dense if block.weights is None else dense * block.weights[:, None]
        cross = dense.T @ weighted
        if not np.isfinite(cross).all():
            return False
        self._make_room(schools)
        self.cross += cross
        pupils = len(dense)
        for table, cells in zip(self.by_cell, self.margins, strict=True):
            table += _sums_by(cells.of(block.codes, pupils), cells.number, weighted)
        wide = np.hstack([weighted, dense * weighted, *(dense[:, [at]] * weighted for at in self.slopes)])
        self.by_school[:schools] += _sums_by(block.school, schools, wide)
        self.pupils[:schools] += np.bincount(block.school, minlength=schools)
        self._count_packs(block, weighted, schools)
        if block.weights is not None:
            self.log_weights += float(np.log(block.weights).sum())
        return True

    def _values(self, block: Block) -> Numbers:
        dense = np.empty((len(block.school), len(self.dense) + 1))
        for place, one in enumerate(self.dense):
            column = dense[:, place]
            if one.numbers:
                np.subtract(block.numbers[one.numbers], self.centre[place], out=column)
            else:
                column[:] = 1.0
            for factor, code in one.levels:
                column *= block.codes[factor] == code
        np.subtract(block.outcome, self.centre[-1], out=dense[:, -1])
        return dense

    def _count_packs(self, block: Block, weighted: Numbers, schools: int) -> None:
        cells = [pack.of(block.codes, len(block.school)) for pack in self.packs]
        for table, pack, cell in zip(self.school_by_pack, self.packs, cells, strict=True):
            place = block.school * np.int64(pack.number) + cell
            for row, at in enumerate([0, *self.slopes]):
                weights = None if at == 0 and block.weights is None else weighted[:, at]
                counted = np.bincount(place, weights, minlength=schools * pack.number)
                table[:schools, row] += counted.reshape(schools, pack.number)
        for (one, two), table in self.of_two.items():
            place = cells[one] * np.int64(self.packs[two].number) + cells[two]
            table += np.bincount(place, block.weights, minlength=table.size).reshape(table.shape)

    def _make_room(self, schools: int) -> None:
        """Rows for more schools, a half more than needed so that a file sorted by school stays cheap."""
        if schools > len(self.pupils):
            rows = schools + schools // 2
            self.pupils = _with_rows(self.pupils, rows)
            self.by_school = _with_rows(self.by_school, rows)
            self.school_by_pack = [_with_rows(table, rows) for table in self.school_by_pack]

    def statistics(
        self, words: Mapping[Factor, Sequence[str]], school_words: Sequence[str]
    ) -> SchoolStatistics:
        """The columns of the model, made of the tables. ``words`` are the levels in the order of their codes."""
        coding = Coding(self.formula, self._levels(words))
        columns = coding.columns
        code = {factor: {word: place for place, word in enumerate(of)} for factor, of in words.items()}
        as_dense = [Dense(one.numbers, _coded(one, code)) for one in columns]
        place = {one: at for at, one in enumerate(self.dense)}
        numbers = [at for at, one in enumerate(as_dense) if one in place]
        categories = [at for at, one in enumerate(as_dense) if one not in place]
        from_dense = [*(place[as_dense[at]] for at in numbers), len(self.dense)]
        to_dense = [*numbers, len(columns)]
        rows = np.flatnonzero(self.pupils)
        rows = rows[np.argsort(np.array([school_words[row] for row in rows], dtype=object), kind="stable")]

        centre = np.zeros(len(columns) + 1)
        centre[to_dense] = self.centre[from_dense]
        cross = np.zeros((len(columns) + 1, len(columns) + 1))
        cross[np.ix_(to_dense, to_dense)] = self.cross[np.ix_(from_dense, from_dense)]
        self._cross_of_categories(cross, {at: as_dense[at] for at in categories}, to_dense, from_dense)

        width = len(self.dense) + 1
        parts = self.by_school[rows].reshape(len(rows), -1, width)
        sums = np.zeros((len(rows), 2 + len(self.slopes), len(columns) + 1))
        sums[:, :, to_dense] = parts[:, :, from_dense]
        kept = [0, *range(2, 2 + len(self.slopes))]
        for at in categories:
            pack, having = self._in_pack(as_dense[at])
            sums[:, kept, at] = self.school_by_pack[pack][rows] @ having
            sums[:, 1, at] = sums[:, 0, at]

        slope_at = {place: 2 + number for number, place in enumerate(self.slopes)}
        slopes = [
            slope_at[place[as_dense[columns.index(one)]]]
            for term in self.formula.slopes
            for one in coding.columns_of(term)
        ]
        found = SchoolStatistics(
            formula=str(self.formula),
            columns=tuple(one.name for one in columns),
            outcome=self.formula.outcome.text,
            group=self.formula.group,
            schools=tuple(school_words[row] for row in rows),
            pupils=self.pupils[rows],
            weight=self.by_school[rows, 0].copy(),
            sums=sums[:, 0].copy(),
            cross=cross,
            centre=centre,
            slopes=coding.slopes,
            slope_cross=sums[:, slopes].copy() if slopes else None,
            log_weights=self.log_weights,
            squares=sums[:, 1].copy(),
            levels=dict(coding.levels),
        )
        return found.recentred(_means(found, centred=self.formula.intercept))

    def _levels(self, words: Mapping[Factor, Sequence[str]]) -> dict[str, tuple[str, ...]]:
        """The levels that pupils have."""
        found = {}
        for factor, of in words.items():
            at = next(place for place, cells in enumerate(self.margins) if factor in cells.factors)
            counts = self.margins[at].count_of_levels(self.by_cell[at][:, 0], factor)
            found[factor.text] = sorted_levels(of[code] for code in np.flatnonzero(counts))
        return found

    def _cross_of_categories(
        self, cross: Numbers, columns: Mapping[int, Dense], to_dense: list[int], from_dense: list[int]
    ) -> None:
        """Fill the rows of columns that are categories alone."""
        if not columns:
            return
        where, having = {}, {}
        for at, one in columns.items():
            where[at] = 0 if self.margins is not self.packs else self._in_pack(one)[0]
            having[at] = self.margins[where[at]].having(one.levels)
        for at in columns:
            cross[at, to_dense] = having[at] @ self.by_cell[where[at]][:, from_dense]
            cross[to_dense, at] = cross[at, to_dense]
            for other in columns:
                one, two = where[at], where[other]
                if one == two:
                    cross[at, other] = (having[at] * having[other]) @ self.by_cell[one][:, 0]
                elif one < two:
                    cross[at, other] = cross[other, at] = having[at] @ self.of_two[one, two] @ having[other]

    def _in_pack(self, one: Dense) -> tuple[int, Numbers]:
        """The pack that holds the categories of a column, and which of its cells are in the column."""
        factors = {factor for factor, _ in one.levels}
        pack = next(place for place, cells in enumerate(self.packs) if factors <= set(cells.factors))
        return pack, self.packs[pack].having(one.levels)


def _coded(column: DesignColumn, code: Mapping[Factor, Mapping[str, int]]) -> tuple[tuple[Factor, int], ...]:
    return tuple((factor, code[factor][level]) for factor, level in column.levels)


def _means(statistics: SchoolStatistics, *, centred: bool) -> Numbers:
    """What to centre on at last: the mean of each number, so that the order of the pupils does not matter."""
    if not centred:
        return np.zeros_like(statistics.centre)
    total = statistics.weight.sum()
    means = statistics.centre + statistics.sums.sum(axis=0) / total if total else statistics.centre
    return np.where(_is_number(statistics), means, 0.0)


def _is_number(statistics: SchoolStatistics) -> NDArray[np.bool_]:
    columns = statistics.coding.columns
    return np.array([*(bool(one.numbers) and not one.levels for one in columns), True])


def _sums_by(place: Codes, places: int, values: Numbers) -> Numbers:
    """Sums of the rows of ``values`` (n x m) by the place of each row (places x m)."""
    pupils = len(place)
    ones = np.ones(pupils)
    indicator = csc_array((ones, place, np.arange(pupils + 1, dtype=np.int32)), shape=(places, pupils))
    return np.asarray(indicator @ values)


def _with_rows(table: NDArray[np.float64], rows: int) -> NDArray[np.float64]:
    grown = np.zeros((rows, *table.shape[1:]), dtype=table.dtype)
    grown[: len(table)] = table
    return grown
