"""A plan as a table, a row for each action: taken in whole, or refused with every line that lacks something.

Rows of one objective follow one another or not; they are gathered by the objective's title. Its success
measure stands in the rows of the objective; every action is held against one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from redway.datasets.checked_rows import Cells, TableRefused, heading_problems
from redway.datasets.text_rows import TextRow
from redway.improvement.action_plan import Polarity, SuccessMeasure, places_of
from redway.improvement.board_errors import MeasureRefused

PLAN_COLUMNS: Mapping[str, str] = {
    "objective": "what is to be achieved, in a few words",
    "outcome": "what will be different for children",
    "measure": "how it will be known",
    "unit": "percent, or words such as schools",
    "better": "higher or lower",
    "baseline": "the value at the start",
    "baseline date": "the day the baseline is of",
    "target": "the value to be reached",
    "target date": "the day by which it is to be reached",
    "source": "where the measure comes from",
    "action": "what is to be done",
    "owner": "e-mail address of the one who does it",
    "sponsor": "e-mail address of the one who answers for it",
    "due": "the day by which it is to be done",
}
LONGEST: Mapping[str, int] = {
    "objective": 200,
    "measure": 200,
    "unit": 40,
    "source": 200,
    "indicator": 80,
    "action": 300,
    "milestone": 200,
}
"""Letters a cell may have."""
_LARGEST = 10**10
_PLACES = 4
ALSO: Mapping[str, str] = {
    "indicator": "code of the indicator that feeds the measure",
    "milestone": "one step on the way",
    "milestone due": "the day of that step",
}


@dataclass(frozen=True)
class PlannedAction:
    """One row: an action with its people and days."""

    row: int
    title: str
    owner: str
    sponsor: str
    due_on: date
    measure: str
    milestone: str = ""
    milestone_due_on: date | None = None


@dataclass(frozen=True)
class PlannedObjective:
    """An objective with its measures and actions, in the order of the rows."""

    title: str
    outcome: str
    measures: tuple[SuccessMeasure, ...]
    actions: tuple[PlannedAction, ...]


def read_plan(headings: Sequence[str], rows: Sequence[TextRow]) -> list[PlannedObjective]:
    """The objectives of a table. Raises TableRefused naming each missing owner, measure, date and line."""
    problems = heading_problems(headings, PLAN_COLUMNS, ALSO)
    found: dict[str, list[tuple[Cells, str, SuccessMeasure | None, PlannedAction | None]]] = {}
    for row in () if problems else rows:
        cells = Cells(row)
        title, outcome = cells.text("objective", needed=True), cells.text("outcome", needed=True)
        measure, action = _measure(cells), _action(cells)
        for column, most in LONGEST.items():
            if len(cells.text(column)) > most:
                cells.wrong(column, f"is longer than {most} letters: shorten it")
        problems += cells.problems
        found.setdefault(title.casefold(), []).append((cells, outcome, measure, action))
    if not problems and not rows:
        problems.append("There is no row below the headings.")
    for held in found.values():
        problems += _at_odds(held)
    if problems:
        raise TableRefused(problems)
    return [_objective(held) for held in found.values()]


def _measure(cells: Cells) -> SuccessMeasure | None:
    name, unit = cells.text("measure", needed=True), cells.text("unit")
    better = cells.one_of("better", [one.value for one in Polarity])
    baseline = _value(cells, "baseline")
    baseline_on = cells.day("baseline date")
    target = _value(cells, "target")
    target_on = cells.day("target date")
    source = cells.text("source", needed=True)
    if not (name and better and source) or baseline is None or target is None:
        return None
    if baseline_on is None or target_on is None:
        return None
    try:
        return SuccessMeasure(
            name,
            "percent" if unit == "%" else unit,
            Polarity(better),
            baseline,
            baseline_on,
            target,
            target_on,
            source,
            cells.text("indicator"),
            places_of(baseline, target),
        )
    except MeasureRefused as error:
        column = {"target_on": "target date"}.get(error.field, error.field)
        cells.wrong(column, f"cannot be used. {error.message.removesuffix('.')}", cells.text(column))
        return None


def _value(cells: Cells, column: str) -> Decimal | None:
    """A number that can be kept: below ten thousand million, with four decimal places at most."""
    value = cells.number(column, below_nothing=True)
    if value is None:
        return None
    if abs(value) >= _LARGEST or value != round(value, _PLACES):
        what = "is too large, or has more than four decimal places"
        cells.wrong(column, what, cells.text(column))
        return None
    return value


def _action(cells: Cells) -> PlannedAction | None:
    title = cells.text("action", needed=True)
    owner, sponsor = _address(cells, "owner"), _address(cells, "sponsor")
    due = cells.day("due")
    milestone = cells.text("milestone")
    milestone_due = cells.day("milestone due", needed=bool(milestone))
    if milestone_due and not milestone:
        cells.wrong("milestone", "is empty, but there is a day for it")
    if owner and owner == sponsor:
        cells.wrong("sponsor", "is the owner: choose somebody else", sponsor)
    if not (title and owner and sponsor) or due is None:
        return None
    measure = cells.text("measure")
    return PlannedAction(cells.row.number, title, owner, sponsor, due, measure, milestone, milestone_due)


def _address(cells: Cells, column: str) -> str:
    text = cells.text(column, needed=True).lower()
    if text and ("@" not in text or " " in text):
        cells.wrong(column, "is no e-mail address", text)
        return ""
    return text


def _at_odds(held: Sequence[tuple[Cells, str, SuccessMeasure | None, PlannedAction | None]]) -> list[str]:
    """Rows of one objective that say different things of it, and actions that are there twice."""
    problems, outcome, seen = [], held[0][1], set()
    first_row = held[0][0].row.number
    measures: dict[str, tuple[int, SuccessMeasure]] = {}
    for cells, said, measure, action in held:
        row = cells.row.number
        if said and outcome and said != outcome:
            problems.append(f"Row {row}, outcome: it differs from row {first_row} of the same objective.")
        if measure is not None:
            at, before = measures.setdefault(measure.name.casefold(), (row, measure))
            if before != measure:
                problems.append(f"Row {row}, measure: '{measure.name}' has other values than in row {at}.")
        if action is not None:
            if action.title.casefold() in seen:
                problems.append(f"Row {row}, action: '{action.title}' is there twice under this objective.")
            seen.add(action.title.casefold())
    return problems


def _objective(
    held: Sequence[tuple[Cells, str, SuccessMeasure | None, PlannedAction | None]],
) -> PlannedObjective:
    measures = {one.name.casefold(): one for _, _, one, _ in held if one is not None}
    return PlannedObjective(
        held[0][0].text("objective"),
        held[0][1],
        tuple(measures.values()),
        tuple(one for _, _, _, one in held if one is not None),
    )
