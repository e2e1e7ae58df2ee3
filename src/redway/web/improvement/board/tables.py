"""The plan and the board as tables."""

from __future__ import annotations

from collections.abc import Sequence

from redway.core.words import day_in_words
from redway.figures.table import Column, Kind, Row, Table
from redway.improvement.plan_rows import ALSO, PLAN_COLUMNS
from redway.improvement.rating import Colour
from redway.web.improvement.board.models import Decision, Meeting, Objective
from redway.web.improvement.board.plan_read import ActionRead, PlanRead

NOT_RATED = "Not rated"


def actions_table(actions: Sequence[ActionRead]) -> Table:
    """Every approved action with its colour, its people and its days."""
    columns = [
        Column("number", "Number"),
        Column("title", "Action"),
        Column("colour", "Colour"),
        Column("why", "Why"),
        Column("travel", "Direction"),
        Column("confidence", "Confidence"),
        Column("owner", "Owner"),
        Column("due", "Due", Kind.DATE),
        Column("moved", "Date moved"),
    ]
    rows: list[Row] = [
        {
            "key": str(one.action.pk),
            "number": one.number,
            "title": one.action.title,
            "colour": _word(one.colour),
            "why": one.shown.why,
            "travel": one.travel.value,
            "confidence": one.rating.confidence.capitalize() if one.rating else "",
            "owner": one.action.owner.full_name if one.action.owner else "",
            "due": one.action.due_on,
            "moved": one.due.words if one.due else "",
        }
        for one in actions
    ]
    return Table("Actions", columns, rows)


def history_table(plan: PlanRead) -> Table:
    """The colours of every action at every frozen meeting, and today."""
    shown = plan.meetings[-12:]
    columns = [
        Column("action", "Action"),
        *(Column(f"on{meeting.held_on:%Y%m%d}", day_in_words(meeting.held_on)) for meeting in shown),
        Column("now", "Today"),
    ]
    rows: list[Row] = []
    for one in plan.actions:
        then = dict(one.history)
        colours = {
            f"on{meeting.held_on:%Y%m%d}": (
                colour.value if (colour := then.get(meeting.held_on)) else NOT_RATED
            )
            for meeting in shown
        }
        now = _word(one.colour)
        rows.append(
            {"action": f"{one.number} {one.action.title}", "key": str(one.action.pk), "now": now} | colours
        )
    return Table("Colours at each meeting", columns, rows, ["A frozen colour is never changed afterwards."])


def _word(colour: Colour | None) -> str:
    return colour.value if colour else NOT_RATED


def _of(one: Objective) -> str:
    return f"{one.number}. {one.title}"


def meetings_table(meetings: Sequence[Meeting]) -> Table:
    """The meetings, newest first."""
    columns = [Column("held", "Meeting"), Column("state", "State"), Column("frozen", "Pack frozen")]
    rows: list[Row] = [
        {
            "key": str(one.pk),
            "held": day_in_words(one.held_on),
            "state": one.get_state_display(),
            "frozen": day_in_words(one.frozen_at.date()) if one.frozen_at else "Not yet",
        }
        for one in meetings
    ]
    return Table("Meetings", columns, rows)


def decisions_table(decisions: Sequence[Decision]) -> Table:
    """What the board decided, newest first."""
    columns = [
        Column("on", "Meeting", Kind.DATE),
        Column("words", "Decision"),
        Column("objective", "Objective"),
    ]
    rows: list[Row] = [
        {
            "on": one.meeting.held_on,
            "words": one.words,
            "objective": f"{one.objective.number}. {one.objective.title}"
            if one.objective
            else "The whole plan",
        }
        for one in decisions
    ]
    return Table("Decisions of the board", columns, rows)


def plan_template() -> Table:
    """An empty table to fill in, with one row that says what belongs where."""
    every = {**PLAN_COLUMNS, **ALSO}
    return Table("", [Column(name, name) for name in every], [])
