"""Attainment 8: a pupil's points in eight slots, two of them counted twice.

Which entries may fill which slots is dated data (``values/official-measures/attainment-8.toml``). In the
rule of 2016 on: maths twice; the better of English language and literature, twice only if both were
taken; the best three of the English Baccalaureate; the best three of everything else, unused English and
EBacc entries among it. A slot that stays empty is worth nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from redway.attainment.points import PointsTable, Stage, points, points_table, refuse_grades, unknown_grades
from redway.attainment.slot_filling import HUNDREDTHS, SUBJECT_BITS, best_of_each_subject, fill
from redway.attainment.slot_rule import SlotRule, slot_rule
from redway.core.errors import RedwayError
from redway.core.words import counted, listed

_Value = TypeVar("_Value", bound=np.generic)
ENTRY_COLUMNS = ("pupil", "subject", "slot", "grade")
MOST_POINTS = 9
NO_GRADE = 65_535
"""Stands for the points of an entry without a grade."""


class UnfitEntries(RedwayError):  # noqa: N818 - says what happened, as in core
    """Entries that cannot stand in a slot: no pupil, no subject, an unknown slot, points out of range."""


def attainment8(entries: pl.DataFrame, year: str, *, unconfirmed: bool = False) -> pl.DataFrame:
    """Attainment 8 of every pupil who has an entry.

    ``entries`` has one row an entry: pupil, subject, slot (its kind), grade; a column ``points``, where
    there is one, holds the points of entries whose grade is not that of a GCSE. The same subject twice
    counts once, the better; a double award fills up to two slots.

    Returns pupil, attainment8, one column of points for each element (already weighted),
    entries_without_grade. A pupil with an entry that has neither grade nor points has no Attainment 8:
    missing is never nought. Pupils come in the order of their first entry.

    Raises UnfitEntries, UnknownGrade, NotPublished for a year without the measure, and NotConfirmed for
    slots that are only proposed unless ``unconfirmed`` ones are asked for.
    """
    rule = slot_rule(year, unconfirmed=unconfirmed)
    table = points_table(Stage.ATTAINMENT_8, year, unconfirmed=unconfirmed)
    _require_columns(entries)
    pupil, subject, slot = (_words(entries, name) for name in ("pupil", "subject", "slot"))
    _require_named(pupil, "pupil")
    _require_named(subject, "subject")
    _require_few(subject)
    _require_slots(slot, rule)
    kind = slot.look_up(np.array([rule.kinds.index(one) for one in slot.texts], np.uint8))
    worth, double = _worth(entries, table)
    without = np.bincount(pupil.codes[worth == NO_GRADE], minlength=len(pupil.labels))
    columns = (pupil.codes, subject.codes, worth, kind, double)
    if without.any():
        columns = tuple(column[worth != NO_GRADE] for column in columns)
    best = best_of_each_subject(*columns)
    totals = fill(best, rule, len(pupil.labels))
    return pl.DataFrame({"pupil": pupil.labels, **totals, "entries_without_grade": without}).with_columns(
        pl.when(pl.col("entries_without_grade") == 0).then(pl.col(*totals))
    )


@dataclass(frozen=True)
class _Words:
    """A column as numbers that stand for its distinct words, so that each word is looked at once."""

    codes: NDArray[np.uint32]
    labels: pl.Series

    @property
    def texts(self) -> pl.Series:
        """The distinct words without spaces around; a missing one is empty."""
        return self.labels.cast(pl.String).fill_null("").str.strip_chars()

    def look_up(self, values: NDArray[_Value]) -> NDArray[_Value]:
        """For every row, the value that belongs to its word."""
        return values[self.codes]

    def count(self, chosen: Collection[str]) -> int:
        """Rows with one of the chosen words."""
        found = self.texts.is_in(list(chosen)).to_numpy()
        return int(self.look_up(found).sum()) if found.any() else 0


def _words(entries: pl.DataFrame, name: str) -> _Words:
    column = entries[name] if entries[name].dtype.is_integer() else entries[name].cast(pl.String)
    arrow = column.to_arrow()
    if pa.types.is_string_view(arrow.type):
        arrow = arrow.cast(pa.large_string())
    encoded = arrow.dictionary_encode(null_encoding="encode")
    labels = pl.Series(name, encoded.dictionary, dtype=column.dtype)
    return _Words(encoded.indices.to_numpy().view(np.uint32), labels)


def _worth(entries: pl.DataFrame, table: PointsTable) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    """The points of every entry in hundredths (NO_GRADE where it has none), and if it is a double award."""
    given = entries["points"].cast(pl.Float64).fill_nan(None) if "points" in entries.columns else None
    if given is not None:
        entries = entries.with_columns(pl.when(given.is_null()).then("grade"))
    grade = _words(entries, "grade")
    if unknown := unknown_grades(grade.texts, table):
        refuse_grades(unknown, grade.count(unknown), table)
    worth = grade.look_up(_hundredths(points(grade.texts, table)))
    if given is not None:
        _require_range(given)
        worth = np.where(given.is_null().to_numpy(), worth, _hundredths(given))
    return worth, grade.look_up(grade.texts.str.to_uppercase().is_in(list(table.double)).to_numpy())


def _hundredths(worth: pl.Series) -> NDArray[np.uint16]:
    whole: NDArray[np.uint16] = (worth * HUNDREDTHS).round().fill_null(NO_GRADE).cast(pl.UInt16).to_numpy()
    return whole


def _require_columns(entries: pl.DataFrame) -> None:
    missing = [name for name in ENTRY_COLUMNS if name not in entries.columns]
    if missing:
        raise UnfitEntries(
            f"The entries have no column {listed(map(repr, missing))}.",
            f"There are {listed(entries.columns)}.",
        )


def _require_named(words: _Words, what: str) -> None:
    blank = words.count([""])
    if blank:
        raise UnfitEntries(f"{counted(blank, 'entry has', 'entries have')} no {what}.", "Mend these rows.")


def _require_few(subject: _Words) -> None:
    if len(subject.labels) >= 1 << SUBJECT_BITS:
        raise UnfitEntries(
            f"The entries have {counted(len(subject.labels), 'subject')}, more than there are.",
            "Give the subject of an entry, not its title or its number.",
        )


def _require_slots(slot: _Words, rule: SlotRule) -> None:
    unknown = sorted(set(slot.texts) - set(rule.kinds))
    if unknown:
        shown = listed([repr(one) if one else "a blank" for one in unknown[:5]])
        raise UnfitEntries(
            f"{counted(slot.count(unknown), 'entry has', 'entries have')} a slot that Attainment 8 "
            f"of {rule.year} does not know: {shown}.",
            f"Slots are {listed(rule.kinds)}.",
        )


def _require_range(worth: pl.Series) -> None:
    wrong = ((worth < 0) | (worth > MOST_POINTS)).arg_true()
    if len(wrong):
        raise UnfitEntries(
            f"{counted(len(wrong), 'entry has', 'entries have')} points that cannot be: the first, entry "
            f"{int(wrong[0]) + 1}, has {worth[int(wrong[0])]:g}.",
            f"Points of Attainment 8 are 0 to {MOST_POINTS}.",
        )
