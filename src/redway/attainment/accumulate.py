"""The pass: pupils go by in blocks of any size and in any order, and only sums by school are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from redway.attainment.cross_tables import Block, CrossTables, products_of
from redway.attainment.formula import Factor, Formula, check_columns, parse_formula
from redway.attainment.formula_tokens import written
from redway.attainment.pupil_values import (
    NO_SCHOOL,
    Codes,
    Numbers,
    Pupils,
    UnfitColumn,
    WordCodes,
    column_names,
    is_number,
    number_values,
    record_batches,
)
from redway.attainment.statistics import SchoolStatistics
from redway.core.errors import NotEnoughData

PUPILS_OF_A_BLOCK = 40_960
MOST_LEVELS = 1_000
"""A category of more levels than this is a mistake: a name, an address, or a number written as text."""


def accumulate(
    pupils: Pupils, formula: str | Formula, weights: str | None = None, spreads: Collection[str] = ()
) -> SchoolStatistics:
    """The statistics of a frame of pupils. Raises what Accumulator raises."""
    accumulator = Accumulator(formula, weights, spreads)
    accumulator.take(pupils)
    return accumulator.finish()


class Accumulator:
    """Keeps the statistics of the pupils taken so far. Can be pickled.

    ``weights`` names a column of weights. ``spreads`` names predictors whose spread in each school is to be
    had afterwards; those of which the formula has the ``school_spread`` need not be named. A pupil of whom
    the school, the outcome, a predictor or the weight is missing or infinite is left out and counted by
    reason; nothing missing is ever taken for nought.

    ``take`` raises FormulaError for a formula that cannot be read, UnknownPredictor for a column that is
    absent, UnfitColumn for one that holds dates or other things, and ``finish`` NotEnoughData when nothing
    was taken.
    """

    def __init__(
        self, formula: str | Formula, weights: str | None = None, spreads: Collection[str] = ()
    ) -> None:
        self.formula = parse_formula(formula) if isinstance(formula, str) else formula
        self.weights = weights
        asked = (one for one in self.formula.school_terms if one.function == "school_spread")
        self._spreads = frozenset([*spreads, *(written(one.column) for one in asked)])
        self.left_out: Counter[str] = Counter()
        self._categories: dict[Factor, WordCodes] = {}
        self._numbers: list[Factor] = []
        self._schools = _SchoolCodes(self.formula.group_columns)
        self._tables: CrossTables | None = None
        self._before: SchoolStatistics | None = None
        self._centre: dict[tuple[Factor, ...], float] | None = None
        self._taken = False

    @property
    def columns(self) -> list[str]:
        """The columns that must be in what is taken; others are not looked at."""
        return list(dict.fromkeys([*self.formula.columns, *([self.weights] if self.weights else [])]))

    def take(self, pupils: Pupils) -> None:
        """Take some pupils: an Arrow record batch or table, or a Polars frame."""
        check_columns(self.columns, column_names(pupils))
        self._taken = True
        for batch in record_batches(pupils):
            self._settle_kinds(batch)
            if batch.num_rows:
                self._take(batch)

    def finish(self) -> SchoolStatistics:
        """The statistics of all pupils taken; more can be taken afterwards."""
        if not self._taken:
            raise NotEnoughData("There are no pupils.", "Check that the data has rows.")
        of_schools = [(factor.function, written(factor.column)) for factor in self.formula.school_terms]
        found = self._so_far().with_values_of_schools(of_schools)
        return replace(found, left_out={reason: number for reason, number in self.left_out.items() if number})

    def _so_far(self) -> SchoolStatistics:
        tables = self._tables
        if tables is None:
            nothing = dict.fromkeys([(), *products_of(self.formula, self._words())], 0.0)
            tables = CrossTables(self.formula, self._words(), nothing, self._spreads)
        now = tables.statistics(self._schools.words)
        return now if self._before is None else self._before + now

    def _words(self) -> dict[Factor, list[str]]:
        return {factor: book.words for factor, book in self._categories.items()}

    def _settle_kinds(self, batch: pa.RecordBatch) -> None:
        """Whether each factor is a number or a category, by the type of its column, once for all batches."""
        for factor in self.formula.factors:
            kind = batch.schema.field(factor.column).type
            if factor.kind == "arithmetic" or pa.types.is_null(kind):
                continue
            number = factor.kind == "column" and is_number(kind)
            if factor not in self._categories and factor not in self._numbers:
                if number:
                    self._numbers.append(factor)
                else:
                    self._categories[factor] = WordCodes(factor.column)
            elif number != (factor in self._numbers):
                raise UnfitColumn(
                    f"'{factor.column}' holds numbers in one part of the data and words in others.",
                    f"Write C({factor.column}) in the formula if it is a category, or mend the data.",
                )

    def _take(self, batch: pa.RecordBatch) -> None:
        read = self._read(batch)
        for start in range(0, batch.num_rows, PUPILS_OF_A_BLOCK):
            part = read.between(start, start + PUPILS_OF_A_BLOCK)
            if read.doubtful or self._centre is None or not self._add(self._block(part)):
                self._add_usable(part)

    def _read(self, batch: pa.RecordBatch) -> _Read:
        """The columns of a batch as arrays."""
        schools, doubtful = self._schools.take(batch)
        codes: dict[Factor, Codes] = {}
        for factor, book in self._categories.items():
            codes[factor], missing = book.take(batch.column(factor.column))
            doubtful |= missing
            if len(book.codes) > MOST_LEVELS:
                raise UnfitColumn(
                    f"'{factor.column}' has more than {MOST_LEVELS:,} different values: too many categories.",
                    "Choose another column, or make it one of numbers if it holds numbers.",
                )
        named = [*self.formula.outcome.columns, *([self.weights] if self.weights else [])]
        for factor in self.formula.factors:
            if factor not in self._categories:
                named.extend(factor.columns)
        numbers = {name: number_values(batch.column(name), name) for name in dict.fromkeys(named)}
        undecided = any(
            factor.kind != "arithmetic" and factor not in self._categories and factor not in self._numbers
            for factor in self.formula.factors
        )
        texts = {name: batch.column(name) for name in numbers if not is_number(batch.column(name).type)}
        weighted = self.weights is not None
        return _Read(schools, codes, numbers, texts, doubtful or undecided or weighted)

    def _block(self, read: _Read) -> Block:
        """What the model needs of some pupils: products of numbers beside the codes."""
        values = {
            factor: _factor_values(factor, read.numbers)
            for factor in self.formula.factors
            if factor not in read.codes
        }
        products = {}
        for key in products_of(self.formula, self._categories):
            product = values[key[0]]
            for factor in key[1:]:
                product = product * values[factor]
            products[key] = product
        weights = None if self.weights is None else np.asarray(read.numbers[self.weights], dtype=np.float64)
        return Block(
            read.schools[0] if len(read.schools) == 1 else self._schools.joined(read.schools),
            read.codes,
            products,
            _factor_values(self.formula.outcome, read.numbers),
            weights,
        )

    def _add(self, block: Block) -> bool:
        """Add pupils to the tables; new levels start new tables, for the old ones have no room for them."""
        words = self._words()
        if self._tables is None or self._tables.words != words:
            self._before = None if self._tables is None else self._so_far()
            assert self._centre is not None
            self._tables = CrossTables(self.formula, words, self._centre, self._spreads)
        return self._tables.add(block, len(self._schools.words))

    def _add_usable(self, read: _Read) -> None:
        """Add the pupils of whom nothing is missing, and count the others by reason."""
        usable = np.ones(read.pupils, dtype=bool)
        for reason, out in self._reasons(read):
            count = int((usable & out).sum())
            if count:
                self.left_out[reason] += count
                usable &= ~out
        if not usable.any():
            return
        block = self._block(read.only(usable))
        if self._centre is None:
            self._centre = {(): float(np.mean(block.outcome))}
            self._centre |= {key: float(np.mean(values)) for key, values in block.numbers.items()}
        if not self._add(block):
            raise UnfitColumn(
                "A column of numbers holds values too large to be squared.",
                "Look for the largest value of each.",
            )

    def _reasons(self, read: _Read) -> Iterator[tuple[str, NDArray[np.bool_]]]:
        for name, codes in zip(self.formula.group_columns, read.schools, strict=True):
            yield f"{name} is missing", codes < 0
        outcome = self.formula.outcome
        for name in outcome.columns:
            yield from self._unfit_numbers(read, name)
        for factor in self.formula.factors:
            if factor in read.codes:
                yield f"{factor.column} is missing", read.codes[factor] < 0
            else:
                for name in factor.columns:
                    yield from self._unfit_numbers(read, name)
        for factor in (outcome, *self.formula.factors):
            if factor.kind == "arithmetic":
                values = _factor_values(factor, read.numbers)
                yield f"{factor.text} cannot be worked out", ~np.isfinite(values)
        if self.weights is not None:
            yield from self._unfit_numbers(read, self.weights)
            yield f"{self.weights}, the weight, is not above nought", ~(read.numbers[self.weights] > 0)

    @staticmethod
    def _unfit_numbers(read: _Read, name: str) -> Iterator[tuple[str, NDArray[np.bool_]]]:
        values = read.numbers[name]
        missing = np.isnan(values)
        if name in read.texts:
            missing_text, _ = WordCodes(name, NO_SCHOOL).take(read.texts[name])
            yield f"{name} is not a number", missing & (missing_text >= 0)
        yield f"{name} is missing", missing
        yield f"{name} is infinite", np.isinf(values)


def _factor_values(factor: Factor, numbers: Mapping[str, Numbers]) -> Numbers:
    if factor.sum is None:
        return np.asarray(numbers[factor.column], dtype=np.float64)
    pupils = len(next(iter(numbers.values())))
    return np.broadcast_to(factor.sum.values(numbers), pupils)


@dataclass(frozen=True)
class _Read:
    """Columns of some pupils: schools (a code for each column of the group), categories, numbers."""

    schools: tuple[Codes, ...]
    codes: Mapping[Factor, Codes]
    numbers: Mapping[str, Numbers]
    texts: Mapping[str, pa.Array]
    """Columns of numbers that came as text."""
    doubtful: bool
    """Something other than a number may be missing."""

    @property
    def pupils(self) -> int:
        return len(self.schools[0])

    def between(self, start: int, end: int) -> _Read:
        return self._cut(
            slice(start, end), {name: text.slice(start, end - start) for name, text in self.texts.items()}
        )

    def only(self, rows: NDArray[np.bool_]) -> _Read:
        return self if rows.all() else self._cut(rows, {})

    def _cut(self, rows: slice | NDArray[np.bool_], texts: Mapping[str, pa.Array]) -> _Read:
        return _Read(
            tuple(codes[rows] for codes in self.schools),
            {factor: codes[rows] for factor, codes in self.codes.items()},
            {name: values[rows] for name, values in self.numbers.items()},
            texts,
            self.doubtful,
        )


class _SchoolCodes:
    """Codes of schools, which may be named by several columns together."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self._books = [WordCodes(name, NO_SCHOOL) for name in columns]
        self._joined: dict[tuple[int, ...], int] = {}

    @property
    def words(self) -> list[str]:
        """The keys of the schools in the order of their codes."""
        if len(self._books) == 1:
            return self._books[0].words
        words = [book.words for book in self._books]
        return [":".join(of[code] for of, code in zip(words, key, strict=True)) for key in self._joined]

    def take(self, batch: pa.RecordBatch) -> tuple[tuple[Codes, ...], bool]:
        """The codes of each column of the group, and whether any may be missing."""
        taken = [book.take(batch.column(book.name)) for book in self._books]
        return tuple(codes for codes, _ in taken), any(missing for _, missing in taken)

    def joined(self, codes: tuple[Codes, ...]) -> Codes:
        """One code for each combination of codes, none of which is missing."""
        keys, place = np.unique(np.column_stack(codes), axis=0, return_inverse=True)
        found = [self._joined.setdefault(tuple(key), len(self._joined)) for key in keys.tolist()]
        return np.array(found, dtype=np.int32)[place.reshape(-1)]
