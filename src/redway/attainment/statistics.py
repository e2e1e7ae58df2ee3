"""What is kept of the pupils: counts, sums and cross-products by school. Nothing of one pupil is kept,
but the sums of a school of one pupil are that pupil: see ``sharing`` before giving any to somebody else."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from redway.attainment.coding import INTERCEPT, Coding, sorted_levels, translation
from redway.attainment.formula import parse_formula
from redway.attainment.packed_arrays import pack, unpack
from redway.core.errors import RedwayError
from redway.core.words import counted, listed

Numbers = NDArray[np.float64]


class StatisticsError(RedwayError):
    """Statistics that cannot be added, taken apart or shared as asked."""


@dataclass(frozen=True)
class SchoolStatistics:
    """Sufficient statistics of a two-level model: J schools, p design columns, q = p + 1 with the outcome.

    Every column is centred before it is summed: ``centre`` (q) is what was taken away, zero for the
    intercept, for columns of noughts and ones, and for all columns of a formula without an intercept.
    """

    formula: str
    columns: tuple[str, ...]
    """Names of the design columns, the intercept first where there is one: ``(Intercept)``, ``gender M``."""
    outcome: str
    group: str
    schools: tuple[str, ...]
    """Keys of the schools, sorted."""
    pupils: NDArray[np.int64]
    """Pupils of each school (J)."""
    weight: Numbers
    """Sum of weights of each school (J); the same as ``pupils`` where pupils are not weighted."""
    sums: Numbers
    """Weighted sums of the centred columns of each school (J x q)."""
    cross: Numbers
    """Weighted cross-products of the centred columns over all pupils (q x q)."""
    centre: Numbers
    slopes: tuple[str, ...] = ()
    """Columns with a random slope, beside the random intercept."""
    slope_cross: Numbers | None = None
    """Cross-products of each school's slope columns with all columns (J x len(slopes) x q), centred."""
    log_weights: float = 0.0
    """Sum of the logarithms of the weights, for the likelihood."""
    left_out: dict[str, int] = field(default_factory=dict)
    """Pupils not used, by reason in words. A pupil with several reasons is counted under the first."""
    squares: Mapping[str, Numbers] = field(default_factory=dict)
    """Weighted sums of squares by school (J) of centred columns whose spread in a school was asked for."""
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Categories and their levels, the reference first."""
    of_schools: tuple[tuple[str, str], ...] = ()
    """Which of the last columns are values of the school: (``school_mean`` or ``school_spread``, column)."""

    @property
    def coding(self) -> Coding:
        """Which columns the formula makes of the pupils' columns. Raises FormulaError where there is none."""
        return Coding(parse_formula(self.formula), self.levels)

    def __add__(self, other: SchoolStatistics) -> SchoolStatistics:
        """Statistics of the pupils of both; a school that is in both has the pupils of both.

        Raises StatisticsError when the two are not of one model.
        """
        self._require_one_model(other)
        if not len(other.schools) or not len(self.schools):
            return replace(self if len(self.schools) else other, left_out=_left_out(self, other, 1))
        if self.of_schools or other.of_schools:
            self._require(self.of_schools == other.of_schools, "their values of schools differ")
            return (self.of_pupils() + other.of_pupils()).with_values_of_schools(self.of_schools)
        mine, theirs = self._with_common_levels(other)
        centre = (mine if mine.weight.sum() >= theirs.weight.sum() else theirs).centre
        return _added(mine.recentred(centre), theirs.recentred(centre), 1)

    def __sub__(self, other: SchoolStatistics) -> SchoolStatistics:
        """Statistics of the pupils of this who are not in ``other``; a school without pupils left is gone.

        Raises StatisticsError when ``other`` holds schools, pupils or levels that this does not hold.
        """
        self._require_one_model(other)
        if not len(other.schools):
            return replace(self, left_out=_left_out(self, other, -1))
        if self.of_schools:
            return (self.of_pupils() - other.of_pupils()).with_values_of_schools(self.of_schools)
        mine, theirs = self._with_common_levels(other.of_pupils())
        have = dict(zip(mine.schools, mine.pupils, strict=True))
        for school, pupils in zip(theirs.schools, theirs.pupils, strict=True):
            if pupils > have.get(school, 0):
                raise StatisticsError(
                    f"{counted(int(pupils), 'pupil')} cannot be taken from {mine.group} {school}, which has"
                    f" {have.get(school, 0)}.",
                    "Take away only what was added before.",
                )
        self._require(mine.columns == self.columns, "those taken away have categories of their own")
        return _added(mine, theirs.recentred(mine.centre), -1)

    def keep(self, columns: Collection[str]) -> SchoolStatistics:
        """The same pupils with some of the columns; the intercept always stays.

        Raises StatisticsError for a column that is not held.
        """
        unknown = [name for name in columns if name not in self.columns]
        if unknown:
            raise StatisticsError(
                f"The statistics hold no {listed(unknown)}.", f"Held: {', '.join(self.columns)}."
            )
        wanted = {INTERCEPT, *columns}
        chosen = [place for place, name in enumerate(self.columns) if name in wanted]
        slopes = [place for place, name in enumerate(self.slopes) if name in wanted]
        at = [*chosen, len(self.columns)]
        names = tuple(self.columns[place] for place in chosen)
        return replace(
            self,
            columns=names,
            sums=self.sums[:, at],
            cross=self.cross[np.ix_(at, at)],
            centre=self.centre[at],
            slopes=tuple(self.slopes[place] for place in slopes),
            slope_cross=self.slope_cross[:, slopes][:, :, at]
            if self.slope_cross is not None and slopes
            else None,
            squares={name: values for name, values in self.squares.items() if name in names},
            of_schools=tuple(pair for pair in self.of_schools if school_column(*pair) in names),
        )

    def recentred(self, centre: Numbers) -> SchoolStatistics:
        """The same pupils, with ``centre`` (q) taken away from the columns instead."""
        moved = self.centre - centre
        if not moved.any():
            return self
        total = self.sums.sum(axis=0)
        slope_cross = self.slope_cross
        if slope_cross is not None:
            at = [self.columns.index(name) for name in self.slopes]
            slope_cross = (
                slope_cross
                + moved[at][None, :, None] * self.sums[:, None, :]
                + self.sums[:, at, None] * moved[None, None, :]
                + self.weight[:, None, None] * np.outer(moved[at], moved)[None]
            )
        squares = {}
        for name, values in self.squares.items():
            one = self.columns.index(name)
            squares[name] = values + 2 * moved[one] * self.sums[:, one] + self.weight * moved[one] ** 2
        return replace(
            self,
            sums=self.sums + self.weight[:, None] * moved,
            cross=self.cross
            + np.outer(moved, total)
            + np.outer(total, moved)
            + self.weight.sum() * np.outer(moved, moved),
            centre=centre,
            slope_cross=slope_cross,
            squares=squares,
        )

    def with_school_mean(self, column: str) -> SchoolStatistics:
        """With one more column: the mean of ``column`` over the school's own pupils. No pupil is read."""
        return self._with_school_value("school_mean", column)

    def with_school_spread(self, column: str) -> SchoolStatistics:
        """With one more column: the standard deviation of ``column`` over the school's own pupils.

        The divisor is the number of pupils, so that a school of one pupil has a spread of nought.
        Raises StatisticsError where the sums of squares were not kept.
        """
        return self._with_school_value("school_spread", column)

    def school_values(self) -> dict[str, dict[str, float]]:
        """Values of schools among the columns: column -> school -> value."""
        found = {}
        for pair in self.of_schools:
            values = self._value_of_schools(*pair)
            found[school_column(*pair)] = dict(zip(self.schools, values.tolist(), strict=True))
        return found

    def _value_of_schools(self, kind: str, column: str) -> Numbers:
        at = self._place(column)
        mean = self.sums[:, at] / self.weight
        if kind == "school_mean":
            return np.asarray(mean + self.centre[at])
        if column not in self.squares:
            raise StatisticsError(
                f"The spread of '{column}' in each school was not kept.",
                f"Make the statistics from the pupils, with school_spread({column}) in the formula.",
            )
        return np.asarray(np.sqrt(np.maximum(self.squares[column] / self.weight - mean**2, 0.0)))

    def _with_school_value(self, kind: str, column: str) -> SchoolStatistics:
        name = school_column(kind, column)
        self._require(name not in self.columns, f"'{name}' is among the columns already")
        values = self._value_of_schools(kind, column)
        total = self.weight.sum()
        centre = float(self.weight @ values / total) if INTERCEPT in self.columns and total else 0.0
        values = values - centre
        at = len(self.columns)
        cross = np.insert(np.insert(self.cross, at, 0.0, axis=0), at, 0.0, axis=1)
        sums = np.insert(self.sums, at, self.weight * values, axis=1)
        cross[at] = cross[:, at] = values @ sums
        slope_cross = self.slope_cross
        if slope_cross is not None:
            slopes = [self.columns.index(slope) for slope in self.slopes]
            slope_cross = np.insert(slope_cross, at, values[:, None] * self.sums[:, slopes], axis=2)
        return replace(
            self,
            columns=(*self.columns, name),
            sums=sums,
            cross=cross,
            centre=np.insert(self.centre, at, centre),
            slope_cross=slope_cross,
            of_schools=(*self.of_schools, (kind, column)),
        )

    def with_values_of_schools(self, pairs: Sequence[tuple[str, str]]) -> SchoolStatistics:
        found = self
        for pair in pairs:
            found = found._with_school_value(*pair)
        return found

    def of_pupils(self) -> SchoolStatistics:
        """Without the values of schools, which change with every pupil of the school."""
        ours = {school_column(*pair) for pair in self.of_schools}
        return self.keep([name for name in self.columns if name not in ours]) if ours else self

    def with_rows(self, schools: tuple[str, ...], place: NDArray[np.int64]) -> SchoolStatistics:
        """The schools under other keys, sorted: row j goes to ``place[j]``; rows at one place are added."""

        def moved(values: NDArray[np.float64] | None) -> Numbers | None:
            if values is None:
                return None
            rows = np.zeros((len(schools), *values.shape[1:]))
            np.add.at(rows, place, values)
            return rows

        pupils = np.zeros(len(schools), dtype=np.int64)
        np.add.at(pupils, place, self.pupils)
        return replace(
            self,
            schools=schools,
            pupils=pupils,
            weight=np.asarray(moved(self.weight)),
            sums=np.asarray(moved(self.sums)),
            slope_cross=moved(self.slope_cross),
            squares={name: np.asarray(moved(values)) for name, values in self.squares.items()},
        )

    def _require_one_model(self, other: SchoolStatistics) -> None:
        for what in ("formula", "outcome", "group"):
            mine, theirs = getattr(self, what), getattr(other, what)
            self._require(mine == theirs, f"the {what} of one is '{mine}' and of the other '{theirs}'")

    def _with_common_levels(self, other: SchoolStatistics) -> tuple[SchoolStatistics, SchoolStatistics]:
        """Both with the columns of the levels of both. Raises StatisticsError when they are of two models."""
        if self.levels == other.levels:
            same = self.columns == other.columns and self.slopes == other.slopes
            self._require(same, "their columns differ")
            return self, other
        for one in (self, other):
            self._require(one.columns == one.coding.pupil_names, "columns of one of them were dropped")
        mine_only, theirs_only = set(self.levels) - set(other.levels), set(other.levels) - set(self.levels)
        mixed = listed(sorted(mine_only | theirs_only))
        self._require(not mixed, f"{mixed} holds numbers in one and categories in the other")
        both = {name: [*levels, *other.levels[name]] for name, levels in self.levels.items()}
        coding = Coding(self.coding.formula, {name: sorted_levels(levels) for name, levels in both.items()})
        return self._with_coding(coding), other._with_coding(coding)

    def _with_coding(self, coding: Coding) -> SchoolStatistics:
        """The same pupils in the columns that other levels make."""
        matrix = translation(self.coding, coding)
        whole = np.zeros((matrix.shape[0] + 1, matrix.shape[1] + 1))
        whole[:-1, :-1] = matrix
        whole[-1, -1] = 1.0
        centre = self.centre @ whole
        slope_cross = self.slope_cross
        if slope_cross is not None or coding.slopes:
            slope_cross = self._slope_cross_with(coding, whole)
        return replace(
            self,
            columns=coding.pupil_names,
            sums=self.sums @ whole,
            cross=whole.T @ self.cross @ whole,
            centre=centre,
            slopes=coding.slopes,
            slope_cross=slope_cross,
            levels={name: tuple(levels) for name, levels in coding.levels.items()},
        )

    def _slope_cross_with(self, coding: Coding, whole: Numbers) -> Numbers:
        """Cross-products of the slope columns that other levels make."""
        held = np.zeros((len(self.schools), len(self.columns), len(self.columns) + 1))
        known = {self.columns.index(name): place for place, name in enumerate(self.slopes)}
        for at, place in known.items():
            held[:, at] = np.asarray(self.slope_cross)[:, place]
        held[:, 0] = self.sums
        slopes = whole[:-1, [coding.names.index(name) for name in coding.slopes]]
        unknown = [at for at in np.flatnonzero(slopes.any(axis=1)) if at and at not in known]
        self._require(not unknown, "their slopes have categories of their own")
        return np.asarray(np.einsum("jab,ak,bl->jkl", held, slopes, whole, optimize=True))

    def _place(self, column: str) -> int:
        self._require(column in self.columns, f"there is no column '{column}'")
        return self.columns.index(column)

    @staticmethod
    def _require(holds: bool, why: str) -> None:
        if not holds:
            raise StatisticsError(
                f"The statistics cannot be used in this way: {why}.",
                "Make them from the pupils by one formula.",
            )

    def to_bytes(self) -> bytes:
        """The statistics as a file: names as text, arrays as plain numbers, a checksum. No code is stored."""
        header = {name: getattr(self, name) for name in _WORDS}
        arrays = {name: getattr(self, name) for name in _ARRAYS if getattr(self, name) is not None}
        squares = {_SQUARES + name: values for name, values in self.squares.items()}
        return pack(_KIND, header, arrays | squares)

    @classmethod
    def from_bytes(cls, data: bytes) -> SchoolStatistics:
        """Read such a file. Raises PackingError when it is another file, of another version, or damaged."""
        header, arrays = unpack(_KIND, data)
        held: dict[str, Any] = {**header, **arrays}
        for name in ("columns", "schools", "slopes"):
            held[name] = tuple(held[name])
        held["levels"] = {name: tuple(levels) for name, levels in held["levels"].items()}
        held["of_schools"] = tuple((kind, column) for kind, column in held["of_schools"])
        squares = [name for name in held if name.startswith(_SQUARES)]
        held["squares"] = {name.removeprefix(_SQUARES): held.pop(name) for name in squares}
        return cls(**held)


_KIND = "Redway statistics of schools, version 1"
_WORDS = (
    *("formula", "columns", "outcome", "group", "schools", "slopes"),
    *("log_weights", "left_out", "levels", "of_schools"),
)
_ARRAYS = ("pupils", "weight", "sums", "cross", "centre", "slope_cross")
_SQUARES = "squares of "


def school_column(kind: str, column: str) -> str:
    """The name of a column of school values: ``school_mean(prior_attainment)``."""
    return f"{kind}({column})"


def _added(one: SchoolStatistics, other: SchoolStatistics, sign: int) -> SchoolStatistics:
    """Sums of two statistics that have the same columns and centre, or with ``sign`` -1 their differences."""
    schools = tuple(sorted({*one.schools, *other.schools}))
    at = {school: place for place, school in enumerate(schools)}
    mine, theirs = (
        part.with_rows(schools, np.array([at[school] for school in part.schools], dtype=np.int64))
        for part in (one, other)
    )
    pupils = mine.pupils + sign * theirs.pupils
    left = pupils > 0

    def both(a: Numbers | None, b: Numbers | None) -> Numbers | None:
        return None if a is None or b is None else (a + sign * b)[left]

    return replace(
        one,
        schools=tuple(school for school, stays in zip(schools, left, strict=True) if stays),
        pupils=pupils[left],
        weight=np.asarray(both(mine.weight, theirs.weight)),
        sums=np.asarray(both(mine.sums, theirs.sums)),
        cross=one.cross + sign * other.cross,
        slope_cross=both(mine.slope_cross, theirs.slope_cross),
        squares={
            name: np.asarray(both(values, theirs.squares[name]))
            for name, values in mine.squares.items()
            if name in theirs.squares
        },
        log_weights=one.log_weights + sign * other.log_weights,
        left_out=_left_out(one, other, sign),
    )


def _left_out(one: SchoolStatistics, other: SchoolStatistics, sign: int) -> dict[str, int]:
    reasons = {**one.left_out, **other.left_out}
    found = {reason: one.left_out.get(reason, 0) + sign * other.left_out.get(reason, 0) for reason in reasons}
    return {reason: number for reason, number in found.items() if number > 0}
