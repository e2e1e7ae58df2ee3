"""From rows of the panel to the columns a model is fitted on.

Every column belongs to one feature, so that what a model says of a school is a sum over features. A figure
enters as a line that may bend at knots, in one column per stretch: the coefficient of a stretch is its slope.
A figure at the mean of its phase adds nothing, and nor does one that nobody had yet on the date; one that is
missing for this school while others have it has a column of its own, so missing is never nought.

Time is counted in school years, as the law counts it: a school is due by the end of the fifth school year
after the one it was last inspected in, and an academy is inspected anew within some years of opening.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from redway.improvement.features import Feature, Group
from redway.improvement.frameworks import Grade
from redway.improvement.terms import Window, terms_ahead

Floats = NDArray[np.float64]

LONGEST_SINCE = 9
"""School years after which longer makes no more difference."""
LONGEST_OPEN = 6
PUBLISHED_SHARE = 0.5
"""A figure that fewer schools of a phase have was not published for them yet, or is none of theirs."""


@dataclass(frozen=True)
class Column:
    """One column: the feature it belongs to, whether its coefficient may not be negative, and its neighbour.

    ``follows`` is True where the column goes on from the one before it, whose coefficient should be near.
    ``shrunk`` is how strongly the coefficient is pulled to what is ``expected`` of it, beside others.
    """

    feature: str
    part: str
    rising_only: bool = False
    follows: bool = False
    shrunk: float = 1.0
    expected: float = 0.0


@dataclass(frozen=True)
class Design:
    """``matrix`` is rows by columns; ``columns`` says what each is."""

    matrix: Floats
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Recipe:
    """Which columns a model has. ``years`` are the school years it was trained on, oldest first."""

    features: tuple[Feature, ...]
    record: bool = True
    """Whether the last grades, the time since and the kind of school enter."""
    history: bool = True
    """Whether earlier grades and the kind of school enter besides."""
    years: tuple[int, ...] = ()


RECORD_WORDS = {
    "phase": ("phase of education", Group.KIND),
    "due": ("last grade, and school years since it", Group.RECORD),
    "converted": ("school years since it became an academy", Group.RECORD),
    "earlier": ("grades before the last", Group.RECORD),
    "kind": ("kind of school", Group.KIND),
    "season": ("terms ahead", Group.RECORD),
    "year": ("how inspections went in the latest year", Group.RECORD),
}
"""Features that are made here, with their words."""


def design(rows: pl.DataFrame, window: Window, recipe: Recipe) -> Design:
    """The columns of rows for a question about ``window``, averaged over the terms it is made of."""
    terms = terms_ahead(window)
    parts = [_phase(rows)]
    if recipe.years:
        parts.append(_years(rows, terms, recipe.years))
    if recipe.record:
        parts += [_due(rows, terms), _converted(rows, terms), _season(rows, terms)]
    if recipe.history:
        parts += [_earlier(rows), _kind(rows)]
    parts += [_line(rows, feature) for feature in recipe.features]
    return Design(
        np.column_stack([part.matrix for part in parts]),
        tuple(column for part in parts for column in part.columns),
    )


def school_year(day: date) -> int:
    """The year in which the school year of a day began."""
    return day.year if day.month >= 9 else day.year - 1


def _phase(rows: pl.DataFrame) -> Design:
    secondary = (rows["phase"] == "secondary").cast(pl.Float64).to_numpy()
    return Design(secondary[:, None] - 0.15, (Column("phase", "secondary", shrunk=0.1),))


def _years(rows: pl.DataFrame, terms: Sequence[Window], years: Sequence[int]) -> Design:
    """A level for each school year; a window after the last of them takes the last one's."""
    shares = np.zeros(len(years))
    for term in terms:
        at = int(np.searchsorted(np.array(years), school_year(term.start), side="right")) - 1
        shares[max(at, 0)] += 1 / len(terms)
    columns = tuple(Column("year", f"{year}-{(year + 1) % 100:02d}", shrunk=0.1) for year in years)
    return Design(np.tile(shares, (rows.height, 1)), columns)


def _due(rows: pl.DataFrame, terms: Sequence[Window]) -> Design:
    """School years since the last inspection, apart for Good and for Outstanding schools."""
    last = _first_years(rows["last_started"])
    own = rows["years_converted"].is_null().to_numpy()
    good = (rows["last_grade"] == Grade.GOOD).to_numpy()
    size = LONGEST_SINCE + 1
    since = _counts(last, terms, size) * own[:, None]
    names = [f"{years} school years" for years in range(size)]
    return Design(
        np.hstack([since * good[:, None], since * ~good[:, None]]),
        tuple(
            Column("due", f"{grade}, {name}", follows=at > 0, shrunk=0.1)
            for grade in ("Good", "Outstanding")
            for at, name in enumerate(names)
        ),
    )


def _converted(rows: pl.DataFrame, terms: Sequence[Window]) -> Design:
    """School years since the establishment opened, where it has not been inspected since."""
    opened = _first_years(rows["opened"])
    waiting = rows["years_converted"].is_not_null().to_numpy()
    good = (rows["last_grade"] == Grade.GOOD).to_numpy()
    size = LONGEST_OPEN + 1
    since = _counts(opened, terms, size) * waiting[:, None]
    return Design(
        np.hstack([since * good[:, None], since * ~good[:, None]]),
        tuple(
            Column("converted", f"{grade}, {at} school years", follows=at > 0, shrunk=0.1)
            for grade in ("Good", "Outstanding")
            for at in range(size)
        ),
    )


def _counts(first: Floats, terms: Sequence[Window], size: int) -> Floats:
    """For each row the share of terms that lie 0, 1, 2 ... school years after ``first``."""
    shares = np.zeros((len(first), size))
    held = ~np.isnan(first)
    at = np.arange(len(first))[held]
    for term in terms:
        years = np.clip(school_year(term.start) - first[held], 0, size - 1).astype(int)
        np.add.at(shares, (at, years), 1 / len(terms))
    return shares


def _first_years(days: pl.Series) -> Floats:
    year = days.dt.year() - (days.dt.month() < 9).cast(pl.Int32)
    return year.cast(pl.Float64).to_numpy()


def _season(rows: pl.DataFrame, terms: Sequence[Window]) -> Design:
    shares = [
        sum(term.start.month in months for term in terms) / len(terms) for months in ((1, 2, 3), (4, 5, 6, 7))
    ]
    return Design(
        np.tile(np.array(shares) - 1 / 3, (rows.height, 1)),
        (Column("season", "spring", shrunk=0.1), Column("season", "summer", shrunk=0.1)),
    )


def _earlier(rows: pl.DataFrame) -> Design:
    previous = rows["previous_grade"].cast(pl.Float64).to_numpy()
    matrix = np.column_stack(
        [
            previous == Grade.OUTSTANDING,
            previous >= Grade.THREE,
            previous == Grade.INADEQUATE,
            np.isnan(previous),
        ]
    ).astype(np.float64)
    names = ("Outstanding before", "below Good before", "Inadequate before", "none held before")
    return Design(matrix, tuple(Column("earlier", name) for name in names))


def _kind(rows: pl.DataFrame) -> Design:
    kinds = ("converter academy", "sponsored academy", "free school")
    matrix = np.column_stack([(rows["kind"] == kind).cast(pl.Float64).to_numpy() for kind in kinds])
    return Design(matrix, tuple(Column("kind", kind) for kind in kinds))


def _line(rows: pl.DataFrame, feature: Feature) -> Design:
    """A bending line through nought at the feature's usual value, and a column for 'missing here'."""
    values = rows[feature.name].cast(pl.Float64).to_numpy()
    missing = np.isnan(values)
    ramps = stretches(np.where(missing, usual(feature), values), feature.knots)
    ramps -= stretches(np.array([usual(feature)]), feature.knots)
    sign = feature.direction or 1
    names = [f"{low:g} to {high:g}" for low, high in zip(feature.knots, feature.knots[1:], strict=False)]
    columns = [
        Column(
            feature.name, name, rising_only=feature.direction != 0, follows=at > 0, expected=feature.expected
        )
        for at, name in enumerate(names)
    ]
    absent = missing & _published(rows, missing)
    return Design(
        np.column_stack([sign * ramps, absent.astype(np.float64)]),
        (*columns, Column(feature.name, "missing")),
    )


def usual(feature: Feature) -> float:
    """The value at which a feature adds nothing: nought, or the first knot where nought is below it."""
    return 0.0 if feature.knots[0] <= 0 else feature.knots[0]


def stretches(values: Floats, knots: Sequence[float]) -> Floats:
    """How far each value has come through each stretch between knots, in units of the value."""
    low, high = np.array(knots[:-1]), np.array(knots[1:])
    come: Floats = np.clip(values[:, None], low, high) - low
    return come


def _published(rows: pl.DataFrame, missing: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether most schools of the row's phase have the figure on the date."""
    phase = rows["phase"].to_numpy()
    published = np.zeros(rows.height, dtype=bool)
    for one in ("primary", "secondary"):
        of_phase = phase == one
        if of_phase.any():
            published |= of_phase & (np.mean(~missing[of_phase]) >= PUBLISHED_SHARE)
    return published
