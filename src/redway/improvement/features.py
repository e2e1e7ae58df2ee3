"""What the model looks at: each feature with its words, its kind and the way its effect may go.

``direction`` is +1 where the risk may only rise with the value, -1 where it may only fall, 0 where the data
may decide. A direction is set where the other would be no finding but noise: nobody should be told that more
absence makes a school safer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Group(StrEnum):
    """What a feature is about; contributions are shown by group."""

    RECORD = "inspection record"
    RESULTS = "results"
    ATTENDANCE = "attendance"
    INTAKE = "intake"
    STAFF = "staff"
    MONEY = "money"
    ROLL = "roll and size"
    KIND = "kind of school"
    PLACE = "other schools of the authority"


@dataclass(frozen=True)
class Feature:
    """One column of the panel and how it enters. ``knots`` are where its line may bend.

    ``expected`` is what one unit in its direction is thought to add to the log-odds before any window has
    shown it; windows that have shown it outweigh the thought.
    """

    name: str
    words: str
    group: Group
    direction: int
    knots: tuple[float, ...]
    expected: float = 0.0


SPREAD = (-2.0, -1.0, 0.0, 1.0, 2.0)
"""Knots of figures in standard deviations from the phase."""


def _feature(name: str, words: str, group: Group, direction: int, *knots: float) -> Feature:
    return Feature(name, words, group, direction, knots or SPREAD)


EXPECTED = 0.2
"""Log-odds of a standard deviation of results or absence, while nothing has shown what they mean.

Figures that are new are of most use on the day they come out, when no window has yet closed on them. Pulled
to nought they would say nothing; pulled to this they count in the direction everybody knows. Chosen on
decision dates before September 2016 alone (see the explanation of early warning).
"""


def _thought(feature: Feature) -> Feature:
    return replace(feature, expected=EXPECTED)


RESULTS = (
    _feature("progress", "pupils' progress", Group.RESULTS, -1),
    _feature("attainment", "pupils' attainment", Group.RESULTS, -1),
)
ABSENCE = _feature("absence", "absence", Group.ATTENDANCE, 1)
RAW = tuple(
    _thought(each)
    for each in (
        *RESULTS,
        _feature("worst_progress", "progress in the weakest subject", Group.RESULTS, -1),
        ABSENCE,
    )
)
"""Results and absence as published, for the comparison with intake in the model."""
LIKE = tuple(
    _thought(each)
    for each in (
        _feature("progress_like", "pupils' progress", Group.RESULTS, -1),
        _feature("worst_progress_like", "progress in the weakest subject", Group.RESULTS, -1),
        _feature("attainment_like", "pupils' attainment", Group.RESULTS, -1),
        _feature("absence_like", "absence", Group.ATTENDANCE, 1),
    )
)
"""The same beside schools of like intake."""
INTAKE = (
    _feature("free_meals", "pupils with free school meals", Group.INTAKE, 0),
    _feature("other_languages", "pupils with another first language", Group.INTAKE, 0, -1.0, 0.0, 1.0, 2.0),
    _feature("special_needs_support", "pupils with special needs support", Group.INTAKE, 0),
    _feature("special_needs_plans", "pupils with a statement or plan", Group.INTAKE, 0, -1.0, 0.0, 1.0, 2.0),
    _feature("area_deprivation", "deprivation of children around the school", Group.INTAKE, 0, 0.0, 0.5, 1.0),
)
SIZE = _feature("size", "number of pupils", Group.ROLL, 0)
SCHOOL = (
    _feature(
        "progress_change", "change in progress since the year before", Group.RESULTS, -1, -1.5, 0.0, 1.5
    ),
    _feature(
        "attainment_change", "change in attainment since the year before", Group.RESULTS, -1, -1.5, 0.0, 1.5
    ),
    _feature("absence_change", "change in absence", Group.ATTENDANCE, 1, -1.5, 0.0, 1.5),
    SIZE,
    _feature("roll_change", "change in the number of pupils", Group.ROLL, -1, -0.15, 0.0, 0.15),
    _feature("pupils_per_teacher", "pupils per teacher", Group.STAFF, 0),
    _feature("teacher_pay", "mean pay of teachers", Group.STAFF, 0),
    _feature("teacher_pay_change", "change in the mean pay of teachers", Group.STAFF, 0, -1.0, 0.0, 1.0),
    _feature("assistants_per_teacher", "teaching assistants per teacher", Group.STAFF, 0, -1.0, 0.0, 1.0),
    _feature("balance", "income less spending in the year", Group.MONEY, -1, -2.0, 0.0, 2.0),
    _feature(
        "authority_below_good",
        "the authority's other schools below Good",
        Group.PLACE,
        1,
        0.05,
        0.15,
        0.25,
        0.4,
    ),
    _feature("weaker_parts", "parts judged weaker than the whole last time", Group.RECORD, 1, 0.0, 1.0),
    _feature(
        "stronger_parts", "parts judged better than the whole last time", Group.RECORD, -1, 0.0, 1.0, 3.0
    ),
)
"""What the model uses besides, of the school itself."""
