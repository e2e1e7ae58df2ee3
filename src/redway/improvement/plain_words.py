"""Values in words a headteacher and a director read the same way."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from redway.improvement.features import Feature
from redway.improvement.frameworks import Grade

_GRADES = {
    int(Grade.OUTSTANDING): "Outstanding",
    int(Grade.GOOD): "Good",
    int(Grade.THREE): "Satisfactory or Requires improvement",
    int(Grade.INADEQUATE): "Inadequate",
}
NOT_HELD = "not held"
LIKE_INTAKE, OF_THE_PHASE = "schools of like intake", "other schools of the phase"
_LEVELS = ("far below", "below", "about the same as", "above", "far above")
_LEVEL_LIMITS = (-1.5, -0.5, 0.5, 1.5)
_CHANGES = ("fallen", "much the same", "risen")
_CHANGE_LIMITS = (-0.25, 0.25)


def grade_words(grade: object) -> str:
    """The grade's name; 'not held' for none."""
    return NOT_HELD if grade is None else _GRADES[int(str(grade))]


def missing_words(feature: Feature) -> str:
    """What to say of a figure that is not there."""
    return f"{feature.words[0].upper()}{feature.words[1:]}: {NOT_HELD}"


def value_words(name: str, rows: pl.DataFrame) -> list[str]:
    """The value of a feature in plain words, for each row of a panel."""
    if name in _OF_THE_RECORD:
        return _OF_THE_RECORD[name](rows)
    values = rows[name]
    if name in ("weaker_parts", "stronger_parts"):
        return [NOT_HELD if each is None else _parts(int(each)) for each in values]
    if name == "roll_change":
        return [NOT_HELD if each is None else f"{each:+.0%} in two years" for each in values]
    if name == "authority_below_good":
        return [NOT_HELD if each is None else f"{each:.0%}" for each in values]
    if name.endswith("_change"):
        return _between(values, _CHANGE_LIMITS, _CHANGES)
    others = LIKE_INTAKE if name.endswith("_like") else OF_THE_PHASE
    return _between(values, _LEVEL_LIMITS, [f"{level} {others}" for level in _LEVELS])


def _between(values: pl.Series, limits: tuple[float, ...], words: tuple[str, ...] | list[str]) -> list[str]:
    numbers = values.cast(pl.Float64).to_numpy()
    at = np.where(np.isnan(numbers), len(words), np.digitize(numbers, limits))
    return np.array([*words, NOT_HELD], dtype=object)[at].tolist()  # type: ignore[no-any-return]


def _parts(number: int) -> str:
    return "none" if number == 0 else "1 part" if number == 1 else f"{number} parts"


def _due(rows: pl.DataFrame) -> list[str]:
    pairs = zip(rows["last_grade"], rows["last_started"].dt.year(), strict=True)
    return [f"{grade_words(grade)}, inspected in {year}" for grade, year in pairs]


def _converted(rows: pl.DataFrame) -> list[str]:
    waiting = zip(rows["years_converted"].is_not_null(), rows["opened"].dt.year(), strict=True)
    return [
        f"opened in {year} and not inspected since" if waits else "inspected since it opened"
        for waits, year in waiting
    ]


def _earlier(rows: pl.DataFrame) -> list[str]:
    return [grade_words(grade) for grade in rows["previous_grade"]]


_OF_THE_RECORD: dict[str, Callable[[pl.DataFrame], list[str]]] = {
    "phase": lambda rows: rows["phase"].to_list(),
    "due": _due,
    "converted": _converted,
    "earlier": _earlier,
    "kind": lambda rows: rows["kind"].to_list(),
}
