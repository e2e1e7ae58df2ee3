"""The ready reckoner of contextual value added: what published coefficients predict for a pupil.

Eight coefficients of 2006 are held; a file of one's own may give others. A prediction that lacks lines of
the national model says that it is partial, and which lines are missing.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from redway.attainment.measure_values import entry_in, school_year, table_in
from redway.core.errors import RedwayError
from redway.core.words import listed


class UnfitCoefficients(RedwayError):  # noqa: N818 - says what happened, as in core
    """A file of coefficients that cannot be used as it stands."""


@dataclass(frozen=True)
class Coefficient:
    """One line of a ready reckoner."""

    term: str
    """``constant``, a column, ``column squared``, ``column level``, or several joined with `` x ``."""
    value: float
    lower: float | None
    upper: float | None

    @property
    def standard_error(self) -> float | None:
        """What its 95% limits imply; None where it has none."""
        return None if self.lower is None or self.upper is None else (self.upper - self.lower) / (2 * 1.96)


@dataclass(frozen=True)
class Coefficients:
    """The lines of a ready reckoner."""

    lines: tuple[Coefficient, ...]
    source: str
    missing: tuple[str, ...]
    """What the national model allowed for and no line is about: a prediction without them is partial."""

    @property
    def is_partial(self) -> bool:
        """Whether a line of the model is missing."""
        return bool(self.missing)


def published_coefficients(year: str) -> Coefficients:
    """The coefficients from key stage 2 to key stage 4 that were published. Raises NotPublished."""
    prefix = "cva-coefficients-ks2-ks4"
    what = "The coefficients of contextual value added"
    source = entry_in(f"{prefix}/constant", what, year).source
    lines = []
    for term, entry in table_in(prefix, year).items():
        value, lower, upper = (float(str(one)) for one in entry.value)  # type: ignore[union-attr]
        lines.append(Coefficient(term, value, lower, upper))
    return Coefficients(tuple(lines), f"{source}, for {school_year(year)}", _missing(lines))


def read_coefficients(text: str, name: str) -> Coefficients:
    """The coefficients of a CSV file with the columns term and coefficient and, where known, lower and
    upper.

    ``name`` is the file's, for messages. Raises UnfitCoefficients naming the row that cannot be used.
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    header = [one.strip() for one in rows.fieldnames or ()]
    if not {"term", "coefficient"} <= set(header):
        raise UnfitCoefficients(
            f"{name} has no column {listed(sorted({'term', 'coefficient'} - set(header)))}.",
            "It needs the columns term and coefficient; lower and upper may follow.",
        )
    lines: list[Coefficient] = []
    for place, row in enumerate(rows, start=2):
        cells = {
            (key or "").strip(): (cell or "").strip() for key, cell in row.items() if isinstance(cell, str)
        }
        line = _line(cells, f"row {place} of {name}")
        if line.term in {one.term for one in lines}:
            raise UnfitCoefficients(
                f"Row {place} of {name} gives '{line.term}' again.", "Keep one line of each term."
            )
        lines.append(line)
    if not lines:
        raise UnfitCoefficients(f"{name} holds no coefficient.", "Put one term in each row.")
    return Coefficients(tuple(lines), name, _missing(lines))


def _line(cells: dict[str, str], where: str) -> Coefficient:
    term = " ".join(cells.get("term", "").split())
    for factor in term.split(" x "):
        _values_of(factor, where)
    value = _number(cells.get("coefficient", ""), where, "coefficient")
    limits = [_number(cells[key], where, key) if cells.get(key) else None for key in ("lower", "upper")]
    lower, upper = limits
    if (lower is not None and lower > value) or (upper is not None and upper < value):
        raise UnfitCoefficients(
            f"The coefficient in {where} lies outside its own limits.",
            "Put lower, coefficient and upper in order.",
        )
    return Coefficient(term, value, lower, upper)


def _number(text: str, where: str, column: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if value - value != 0:
        raise UnfitCoefficients(
            f"'{text}' is no {column} ({where}).",
            "Write a number such as -25.122, without thousands separators.",
        )
    return value


_NUMBERS = (
    "prior_attainment",
    "prior_reading",
    "prior_writing",
    "prior_maths",
    "deprivation",
    "month_of_birth",
)
_SCHOOL_NUMBERS = ("school_mean", "school_spread")
"""Mean and standard deviation of prior attainment in the school."""
_FLAGS = ("free_school_meals", "english_additional_language", "in_care", "joined_late")
_CATEGORIES = ("gender", "ethnicity", "special_needs")
_DEVIATIONS = {"english_deviation": "prior_reading", "maths_deviation": "prior_maths"}
"""How far a subject lies from the average of prior attainment."""


def _values_of(factor: str, where: str) -> pl.Expr:
    """The values of one factor of a term, as a column. UnfitCoefficients for one that means nothing."""
    column, _, rest = factor.partition(" ")
    if factor == "constant":
        return pl.lit(1.0)
    if column in (*_NUMBERS, *_SCHOOL_NUMBERS) and rest in ("", "squared"):
        return pl.col(column).cast(pl.Float64) ** (2 if rest else 1)
    if column in _FLAGS and not rest:
        return pl.col(column).cast(pl.Float64)
    if column in _DEVIATIONS and not rest:
        return (pl.col(_DEVIATIONS[column]) - pl.col("prior_attainment")).cast(pl.Float64)
    if column in _CATEGORIES and rest:
        return (pl.col(column) == rest).cast(pl.Float64)
    known = ["constant", *_NUMBERS, *_SCHOOL_NUMBERS, *_FLAGS, *_DEVIATIONS, *_CATEGORIES]
    near = difflib.get_close_matches(column, known, n=1)
    meant = f"Did you mean '{near[0]}'? " if near else ""
    raise UnfitCoefficients(
        f"'{factor}' in {where} is no term of the model.",
        f"{meant}Terms are {listed(known)}; a number may be squared, a category names its level "
        "('gender F'), and several are joined with ' x '.",
    )


def _columns_of(factor: str) -> tuple[str, ...]:
    column = factor.partition(" ")[0]
    if column in _DEVIATIONS:
        return (_DEVIATIONS[column], "prior_attainment")
    return () if factor == "constant" else (column,)


_LINES = {
    "prior attainment": "prior_attainment",
    "English and maths beside the average": "english_deviation",
    "gender": "gender",
    "special educational needs": "special_needs",
    "first language": "english_additional_language",
    "joining late": "joined_late",
    "age": "month_of_birth",
    "being in care": "in_care",
    "ethnic group": "ethnicity",
    "free school meals": "free_school_meals",
    "free school meals by ethnic group": "free_school_meals x ethnicity",
    "deprivation": "deprivation",
    "prior attainment of the school": "school_mean",
    "spread of prior attainment in the school": "school_spread",
}
"""What the national model from key stage 2 to 4 has lines about -> how a term about it begins."""


def _missing(lines: Sequence[Coefficient]) -> tuple[str, ...]:
    """What no line is about."""

    def about(start: str) -> bool:
        wanted = set(start.split(" x "))
        return any(wanted <= {one.partition(" ")[0] for one in line.term.split(" x ")} for line in lines)

    return tuple(words for words, start in _LINES.items() if not about(start))


@dataclass(frozen=True)
class Reckoned:
    """Predictions of a ready reckoner."""

    pupils: pl.DataFrame
    """The pupils with ``prediction`` (null where a value it needs is missing) and, where they have the
    outcome, ``score``: outcome less prediction."""
    coefficients: Coefficients
    note: str
    """Whose coefficients they are and, when partial, which lines are missing."""


def ready_reckoner(pupils: pl.DataFrame, coefficients: Coefficients, outcome: str = "") -> Reckoned:
    """What the coefficients predict for each pupil, and the pupil's score where the ``outcome`` is named.

    Raises UnfitCoefficients when a line needs a column that the pupils do not have.
    """
    needed = {
        name for line in coefficients.lines for one in line.term.split(" x ") for name in _columns_of(one)
    }
    absent = sorted(needed - set(pupils.columns))
    if absent:
        raise UnfitCoefficients(
            f"The coefficients of {coefficients.source} need {listed(absent)}, which the pupils do not have.",
            "Add the columns, or leave the lines out and take the prediction as partial.",
        )
    prediction = pl.sum_horizontal(
        [_product(line.term) * line.value for line in coefficients.lines], ignore_nulls=False
    )
    found = pupils.with_columns(prediction.alias("prediction"))
    if outcome:
        found = found.with_columns((pl.col(outcome) - pl.col("prediction")).alias("score"))
    return Reckoned(found, coefficients, _told(coefficients))


def _product(term: str) -> pl.Expr:
    product = pl.lit(1.0)
    for factor in term.split(" x "):
        product = product * _values_of(factor, term)
    return product


def _told(coefficients: Coefficients) -> str:
    whose = f"Coefficients of {coefficients.source}."
    if not coefficients.is_partial:
        return whose
    return f"{whose} The prediction is partial: it has no lines about {listed(coefficients.missing)}."
