"""Which columns a formula makes of the columns of pupils, by R's rules.

Numbers stay numbers. Of a category's levels the first is the reference and every other is a column of noughts
and ones, ``gender M``. In an interaction a category has a column for every level when the formula lacks the
term without it: in ``y ~ x:gender`` both ``x:gender F`` and ``x:gender M``, as there is no ``x`` to refer to.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from redway.attainment.formula import Factor, Formula, Term, check_columns
from redway.attainment.pupil_values import (
    NO_SCHOOL,
    Pupils,
    WordCodes,
    column_names,
    number_values,
    record_batches,
)

Numbers = NDArray[np.float64]
Levels = Mapping[str, Sequence[str]]
"""Factor as written in the formula -> its categories, the reference first. A factor not named is a number."""
SchoolValues = Mapping[str, Mapping[str, float]]
"""Column of a school's value, ``school_mean(x)`` -> school -> value."""

Key = frozenset[Factor | tuple[Factor, str]]

INTERCEPT = "(Intercept)"


@dataclass(frozen=True)
class DesignColumn:
    """One column: the product of numbers and of 'is this level' for categories. The intercept has neither."""

    numbers: tuple[Factor, ...] = ()
    levels: tuple[tuple[Factor, str], ...] = ()
    name: str = INTERCEPT

    @property
    def key(self) -> Key:
        """What it is, whatever its name."""
        return frozenset([*self.numbers, *self.levels])


def sorted_levels(words: Iterable[str]) -> tuple[str, ...]:
    """Levels in order, the first being the reference: by number where all are numbers, else by alphabet."""
    distinct = set(words)
    try:
        return tuple(sorted(distinct, key=lambda word: (float(word), word)))
    except ValueError:
        return tuple(sorted(distinct, key=lambda word: (word.casefold(), word)))


@dataclass(frozen=True)
class Coding:
    """A formula together with the levels of its categories."""

    formula: Formula
    levels: Levels

    @cached_property
    def columns(self) -> tuple[DesignColumn, ...]:
        """The design columns of pupils in the order of the formula, the intercept first (p)."""
        first = [DesignColumn()] if self.formula.intercept else []
        return tuple(first + [one for term in self.formula.terms for one in self.columns_of(term)])

    @property
    def pupil_names(self) -> tuple[str, ...]:
        """Names of the columns made of pupils' own values."""
        return tuple(one.name for one in self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, those of school values last."""
        return (*self.pupil_names, *(one.text for one in self.formula.school_terms))

    @property
    def slopes(self) -> tuple[str, ...]:
        """Names of the columns whose effect differs from school to school."""
        return tuple(one.name for term in self.formula.slopes for one in self.columns_of(term))

    def columns_of(self, term: Term) -> list[DesignColumn]:
        """The columns of one term; the levels of the first category change fastest."""
        choices: list[Sequence[str]] = []
        for factor in term:
            levels = self.levels.get(factor.text)
            if levels is None:
                choices.append([""])
            else:
                choices.append(levels if self.in_full(term, factor) else levels[1:])
        numbers = tuple(factor for factor in term if factor.text not in self.levels)
        return [
            DesignColumn(
                numbers,
                tuple((factor, level) for factor, level in zip(term, chosen, strict=True) if level),
                ":".join(
                    f"{factor.text} {level}".strip() for factor, level in zip(term, chosen, strict=True)
                ),
            )
            for chosen in (backwards[::-1] for backwards in itertools.product(*reversed(choices)))
        ]

    def in_full(self, term: Term, factor: Factor) -> bool:
        """Whether a category has a column for every level in a term, the reference's too.

        R's rule: it has unless what is left of the term without it lies in an earlier term.
        """
        rest = frozenset(term) - {factor}
        if not rest:
            return self._first_in_full == factor
        return not any(
            rest <= frozenset(earlier) for earlier in itertools.takewhile(term.__ne__, self.formula.terms)
        )

    @cached_property
    def _first_in_full(self) -> Factor | None:
        """Without an intercept, the first category has all its levels."""
        if self.formula.intercept:
            return None
        categories = (factor for term in self.formula.terms for factor in term if factor.text in self.levels)
        return next(categories, None)


def translation(old: Coding, new: Coding) -> Numbers:
    """How columns under one set of levels are made of columns under another (p_old x p_new).

    For pupils who have levels of ``old`` only, their columns under ``new`` are their columns under ``old``
    times this matrix: a level they do not have is all noughts, and 'is the reference' is one minus all the
    other levels. Both codings are of one formula.
    """
    at = {column.key: place for place, column in enumerate(old.columns)}
    matrix = np.zeros((len(old.columns), len(new.columns)))
    for place, column in enumerate(new.columns):
        for key, sign in _in_terms_of(old, column, at):
            matrix[at[key], place] += sign
    return matrix


def _in_terms_of(old: Coding, column: DesignColumn, at: Collection[Key]) -> list[tuple[Key, float]]:
    """A column as a sum of columns of another coding, each with its sign."""
    if column.key in at:
        return [(column.key, 1.0)]
    if any(level not in old.levels[factor.text] for factor, level in column.levels):
        return []
    for place, (factor, level) in enumerate(column.levels):
        reference, *others = old.levels[factor.text]
        if level == reference:
            before, after = column.levels[:place], column.levels[place + 1 :]
            whole = _in_terms_of(old, DesignColumn(column.numbers, before + after), at)
            parts = [DesignColumn(column.numbers, (*before, (factor, other), *after)) for other in others]
            return whole + [(key, -sign) for part in parts for key, sign in _in_terms_of(old, part, at)]
    # It is no column of its own, so an earlier term has it in parts, one for each level of a category.
    factor = _parted_by(old, column)
    parts = [
        DesignColumn(column.numbers, (*column.levels, (factor, level))) for level in old.levels[factor.text]
    ]
    return [found for part in parts for found in _in_terms_of(old, part, at)]


def _parted_by(coding: Coding, column: DesignColumn) -> Factor:
    """The category by which the first term that contains a column has it in parts."""
    factors = {*column.numbers, *(factor for factor, _ in column.levels)}
    for term in coding.formula.terms:
        more = [factor for factor in term if factor not in factors]
        if factors <= set(term) and more and all(factor.text in coding.levels for factor in more):
            return more[0]
    raise AssertionError(f"{column} is not in the space of {coding.formula}")


def design_columns(coding: Coding, pupils: Pupils, school_values: SchoolValues | None = None) -> Numbers:
    """The design columns of some pupils (n x p), in the order of ``coding.names``.

    A pupil of whom something is missing, or who has a level that the coding does not know, has NaN in the
    columns that need it. ``school_values`` are needed where the formula has ``school_mean`` or the like;
    a pupil of another school has NaN there. Raises UnknownPredictor for an absent column.
    """
    formula = coding.formula
    needed = list(dict.fromkeys(name for factor in formula.factors for name in factor.columns))
    schools = formula.group_columns if formula.school_terms else ()
    check_columns([*needed, *schools], column_names(pupils))
    blocks = [_design(coding, batch, school_values or {}) for batch in record_batches(pupils)]
    return np.concatenate(blocks) if blocks else np.empty((0, len(coding.names)))


def _design(coding: Coding, batch: pa.RecordBatch, school_values: SchoolValues) -> Numbers:
    numbers, categories = {}, {}
    for factor in coding.formula.factors:
        if factor.text in coding.levels:
            book = WordCodes(factor.column)
            codes, _ = book.take(batch.column(factor.column))
            categories[factor] = np.array([*book.words, ""])[codes]
        else:
            numbers[factor] = factor_values(factor, batch)
    design = np.empty((batch.num_rows, len(coding.names)))
    for place, column in enumerate(coding.columns):
        values = np.ones(batch.num_rows)
        for factor in column.numbers:
            values = values * numbers[factor]
        for factor, level in column.levels:
            values = values * (categories[factor] == level)
        for factor in {factor for factor, _ in column.levels}:
            values[~np.isin(categories[factor], coding.levels[factor.text])] = np.nan
        design[:, place] = values
    if coding.formula.school_terms:
        schools = school_words(coding.formula, batch)
        for place, factor in enumerate(coding.formula.school_terms, len(coding.columns)):
            values_of = school_values[factor.text]
            design[:, place] = [values_of.get(school, np.nan) for school in schools]
    return design


def factor_values(factor: Factor, batch: pa.RecordBatch) -> Numbers:
    """The numbers of a factor that is a number (n), NaN where missing."""
    columns = {name: number_values(batch.column(name), name) for name in factor.columns}
    if factor.sum is not None:
        return np.broadcast_to(factor.sum.values(columns), batch.num_rows)
    return np.asarray(columns[factor.column], dtype=np.float64)


def school_words(formula: Formula, batch: pa.RecordBatch) -> list[str]:
    """The key of each pupil's school (n), empty where it is missing."""
    parts = []
    for name in formula.group_columns:
        book = WordCodes(name, NO_SCHOOL)
        codes, _ = book.take(batch.column(name))
        words = [*book.words, ""]
        parts.append([words[code] for code in codes])
    return [":".join(words) if all(words) else "" for words in zip(*parts, strict=True)]
