"""Attainment 8: a pupil's points in eight slots, two of them counted twice.

Which entries may fill which slots is dated data (``values/official-measures/attainment-8.toml``). In the
rule of 2016 on: maths twice; the better of English language and literature, twice only if both were
taken; the best three of the English Baccalaureate; the best three of everything else, unused English and
EBacc entries among it. A slot that stays empty is worth nothing.

Millions of entries are sorted as whole numbers: pupil, subject and points share one 64-bit number, so
that one sort puts the best entry of every subject of every pupil first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from redway.attainment.measure_values import is_held, number_in, school_year, words_in
from redway.attainment.points import Stage, points, points_table
from redway.core.errors import RedwayError
from redway.core.words import counted, listed

ENTRY_COLUMNS = ("pupil", "subject", "slot", "grade")
HUNDREDTHS = 100
MOST_POINTS = 10 * HUNDREDTHS
"""Points of an entry lie below this, in hundredths."""

Whole = NDArray[np.uint64]


class UnfitEntries(RedwayError):  # noqa: N818 - says what happened, as in core
    """Entries that cannot stand in a slot: no pupil, no subject, an unknown slot, points out of range."""


@dataclass(frozen=True)
class Element:
    """One part of Attainment 8: so many slots for entries of some kinds."""

    name: str
    kinds: tuple[str, ...]
    """Values of the column ``slot`` whose entries may stand here."""
    slots: int
    weight: int
    weight_needs: tuple[str, ...] = ()
    """Kinds of which a pupil must have an entry each for the weight to count; else it is 1."""

    @property
    def column(self) -> str:
        """Its column in the results: 'english_points'."""
        return f"{self.name}_points"


@dataclass(frozen=True)
class SlotRule:
    """The elements of one school year, in the order in which they are filled."""

    year: str
    elements: tuple[Element, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind of entry that may stand somewhere."""
        return tuple(dict.fromkeys(kind for element in self.elements for kind in element.kinds))

    @property
    def most(self) -> int:
        """The highest Attainment 8 there can be."""
        return sum(9 * element.slots * element.weight for element in self.elements)


def slot_rule(year: str, *, unconfirmed: bool = False) -> SlotRule:
    """The rule of a school year. Raises NotPublished for a year before Attainment 8, and NotConfirmed for
    slots that are only proposed unless ``unconfirmed`` ones are asked for."""
    what = "The slots of Attainment 8"
    names = words_in("attainment-8/elements", what, year, unconfirmed=unconfirmed)

    def element(name: str) -> Element:
        about = f"attainment-8/{name}"
        needs = f"{about}/weight-needs"
        return Element(
            name,
            words_in(f"{about}/from", what, year, unconfirmed=unconfirmed),
            int(number_in(f"{about}/slots", what, year, unconfirmed=unconfirmed)),
            int(number_in(f"{about}/weight", what, year, unconfirmed=unconfirmed)),
            words_in(needs, what, year, unconfirmed=unconfirmed) if is_held(needs, year) else (),
        )

    return SlotRule(school_year(year).label, tuple(element(name) for name in names))


def attainment8(entries: pl.DataFrame, year: str, *, unconfirmed: bool = False) -> pl.DataFrame:
    """Attainment 8 of every pupil who has an entry.

    ``entries`` has one row an entry: pupil, subject, slot (its kind), grade; a column ``points``, where
    there is one, holds the points of an entry whose grade is not that of a GCSE. The same subject twice
    counts once, the better; a double award fills up to two slots.

    Returns pupil, attainment8, one column of points for each element (already weighted),
    entries_without_grade. A pupil with an entry that has neither grade nor points has no Attainment 8:
    missing is never nought. Pupils come in the order of their ids.

    Raises UnfitEntries, UnknownGrade, NotPublished, NotConfirmed.
    """
    rule = slot_rule(year, unconfirmed=unconfirmed)
    _require(entries, rule)
    table = points_table(Stage.ATTAINMENT_8, year, unconfirmed=unconfirmed)
    worth = points(entries["grade"], table)
    if "points" in entries.columns:
        worth = entries["points"].cast(pl.Float64).fill_nan(None).fill_null(worth)
    _require_range(worth, entries)
    pupil, labels = _numbered(entries["pupil"])
    graded = worth.is_not_null().to_numpy()
    without = np.bincount(pupil[~graded], minlength=len(labels))
    is_double = entries["grade"].is_in(_spellings(entries["grade"], table.double)).fill_null(value=False)
    subject, subjects = _numbered(entries["subject"])
    _require_few(subjects)
    best = _best_of_each_subject(
        pupil[graded],
        subject[graded],
        np.rint(worth.to_numpy()[graded] * HUNDREDTHS).astype(np.uint64),
        _kinds(entries["slot"], rule)[graded],
        is_double.to_numpy()[graded],
    )
    totals = _fill(best, rule, len(labels))
    known = pl.Series("entries_without_grade", without)
    columns = [pl.Series(name, values) for name, values in totals.items()]
    return (
        pl.DataFrame([labels.alias("pupil"), *columns, known])
        .with_columns(pl.when(pl.col("entries_without_grade") == 0).then(pl.col(*totals)))
        .sort("pupil")
    )


def _require(entries: pl.DataFrame, rule: SlotRule) -> None:
    missing = [name for name in ENTRY_COLUMNS if name not in entries.columns]
    if missing:
        raise UnfitEntries(
            f"The entries have no column {listed(map(repr, missing))}.",
            f"There are {listed(entries.columns)}.",
        )
    for column in ("pupil", "subject"):
        text = entries[column].cast(pl.String)
        blank = int((text.is_null() | (text.str.strip_chars() == "")).sum())
        if blank:
            raise UnfitEntries(
                f"{counted(blank, 'entry has', 'entries have')} no {column}.", "Mend the rows."
            )
    kinds = entries["slot"].cast(pl.String).unique()
    unknown = sorted({str(kind) for kind in kinds} - set(rule.kinds))
    if unknown:
        count = int(entries["slot"].cast(pl.String).fill_null("None").is_in(unknown).sum())
        raise UnfitEntries(
            f"{counted(count, 'entry has', 'entries have')} a slot that Attainment 8 of {rule.year} does not "
            f"know: {listed(map(repr, unknown[:5]))}.",
            f"Slots are {listed(rule.kinds)}.",
        )


def _require_range(worth: pl.Series, entries: pl.DataFrame) -> None:
    wrong = (worth < 0) | (worth >= MOST_POINTS / HUNDREDTHS) | worth.is_infinite()
    if wrong.any():
        row = int(wrong.arg_true()[0])
        raise UnfitEntries(
            f"{counted(int(wrong.sum()), 'entry has', 'entries have')} points that cannot be: "
            f"row {row + 1} has {worth[row]:g} in {entries['subject'][row]}.",
            "Points of Attainment 8 are 0 to 9.",
        )


def _require_few(subjects: pl.Series) -> None:
    if len(subjects) >= 1 << _SUBJECT_BITS:
        raise UnfitEntries(
            f"The entries have {counted(len(subjects), 'subject')}, more than there are.",
            "Give the subject of an entry, not its title or its number.",
        )


def _spellings(grades: pl.Series, wanted: frozenset[str]) -> list[str]:
    """How the wanted grades are written among these."""
    return [text for text in grades.drop_nulls().cast(pl.String).unique() if text.strip().upper() in wanted]


def _numbered(names: pl.Series) -> tuple[Whole, pl.Series]:
    """Each name as a number from 0, and the names in that order."""
    labels = names.unique().sort()
    if names.dtype.is_integer():
        found = np.searchsorted(labels.to_numpy(), names.to_numpy())
    else:
        texts = labels.cast(pl.String)
        found = names.cast(pl.String).cast(pl.Enum(texts)).to_physical().to_numpy()
    return found.astype(np.uint64), labels


def _kinds(slots: pl.Series, rule: SlotRule) -> Whole:
    return slots.cast(pl.String).cast(pl.Enum(list(rule.kinds))).to_physical().to_numpy().astype(np.uint64)


@dataclass(frozen=True)
class _Best:
    """The entries that may count: the best of each subject of each pupil."""

    pupil: Whole
    kind: Whole
    points: Whole


def _best_of_each_subject(
    pupil: Whole, subject: Whole, worth: Whole, kind: Whole, double: NDArray[np.bool_]
) -> _Best:
    """One entry for each pupil and subject, the best; a double award makes two, told apart by a bit."""
    second = np.flatnonzero(double)
    half = np.concatenate([np.zeros(len(pupil), np.uint64), np.ones(len(second), np.uint64)])
    pupil, subject, worth, kind = (
        np.concatenate([one, one[second]]) for one in (pupil, subject, worth, kind)
    )
    place = _packed((pupil, _PUPIL_BITS), (subject, _SUBJECT_BITS), (half, 1))
    # The best first: points are taken from what none can reach.
    rest = _packed((_FULL - worth, _POINTS_BITS), (kind, _KIND_BITS))
    ordered = np.sort((place << np.uint64(_POINTS_BITS + _KIND_BITS)) | rest)
    first = np.ones(len(ordered), dtype=bool)
    key = ordered >> np.uint64(_POINTS_BITS + _KIND_BITS)
    first[1:] = key[1:] != key[:-1]
    best = ordered[first]
    return _Best(
        best >> np.uint64(64 - _PUPIL_BITS),
        best & np.uint64((1 << _KIND_BITS) - 1),
        _FULL - ((best >> np.uint64(_KIND_BITS)) & np.uint64((1 << _POINTS_BITS) - 1)),
    )


_PUPIL_BITS, _SUBJECT_BITS, _POINTS_BITS, _KIND_BITS = 32, 16, 11, 4
_FULL = np.uint64((1 << _POINTS_BITS) - 1)


def _packed(*parts: tuple[Whole, int]) -> Whole:
    """Whole numbers side by side in one, each in as many bits as are named."""
    packed: Whole = np.zeros(len(parts[0][0]), np.uint64)
    for numbers, bits in parts:
        packed = (packed << np.uint64(bits)) | numbers
    return packed


def _fill(best: _Best, rule: SlotRule, pupils: int) -> dict[str, NDArray[np.float64]]:
    """The points of every element of every pupil, and their sum as ``attainment8``, first."""
    free = np.ones(len(best.pupil), dtype=bool)
    totals: dict[str, NDArray[np.float64]] = {}
    for element in rule.elements:
        candidates = np.flatnonzero(free & _is_of(best.kind, element.kinds, rule))
        taken = _top(best, candidates, element.slots)
        free[taken] = False
        sums = np.bincount(best.pupil[taken].astype(np.int64), weights=best.points[taken], minlength=pupils)
        totals[element.column] = sums * _weight(best, element, rule, pupils) / HUNDREDTHS
    whole = np.sum(list(totals.values()), axis=0) if pupils else np.zeros(0)
    return {"attainment8": whole, **totals}


def _is_of(kind: Whole, kinds: tuple[str, ...], rule: SlotRule) -> NDArray[np.bool_]:
    wanted = np.array([one in kinds for one in rule.kinds])
    found: NDArray[np.bool_] = wanted[kind.astype(np.int64)]
    return found


def _top(best: _Best, candidates: NDArray[np.int64], slots: int) -> NDArray[np.int64]:
    """The best entries of each pupil among the candidates, at most as many as there are slots."""
    key = _packed((best.pupil[candidates], _PUPIL_BITS), (_FULL - best.points[candidates], _POINTS_BITS))
    order = candidates[np.argsort(key)]
    owner = best.pupil[order]
    starts = np.flatnonzero(np.concatenate([[True], owner[1:] != owner[:-1]])) if len(order) else order
    rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    return order[rank < slots]


def _weight(best: _Best, element: Element, rule: SlotRule, pupils: int) -> NDArray[np.int64]:
    """How often the element counts for each pupil."""
    has_all = np.ones(pupils, dtype=bool)
    for kind in element.weight_needs:
        has = np.zeros(pupils, dtype=bool)
        has[best.pupil[_is_of(best.kind, (kind,), rule)].astype(np.int64)] = True
        has_all &= has
    return np.where(has_all, element.weight, 1)
