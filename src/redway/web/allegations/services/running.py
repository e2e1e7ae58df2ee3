"""Everything that is done to a case while it runs, by name; each lies in the file of its idea."""

from __future__ import annotations

from redway.web.allegations.services.meetings import (
    add_action,
    drop_action,
    finish_action,
    hold_meeting,
    plan_meeting,
    send_minutes,
    write_minutes,
)
from redway.web.allegations.services.onward import decide_onward
from redway.web.allegations.services.register import (
    add_allegation,
    confirm_finding,
    correct_allegation,
    put_to_subject,
    record_finding,
    withdraw_allegation,
)
from redway.web.allegations.services.strands import save_strand, save_telling
from redway.web.allegations.services.suspensions import end_suspension, review_suspension, suspend
from redway.web.allegations.services.timeline import (
    record_happening,
    record_leaving,
    send_outcome_letter,
    withdraw_happening,
)

__all__ = [
    "add_action",
    "add_allegation",
    "confirm_finding",
    "correct_allegation",
    "decide_onward",
    "drop_action",
    "end_suspension",
    "finish_action",
    "hold_meeting",
    "plan_meeting",
    "put_to_subject",
    "record_finding",
    "record_happening",
    "record_leaving",
    "review_suspension",
    "save_strand",
    "save_telling",
    "send_minutes",
    "send_outcome_letter",
    "suspend",
    "withdraw_allegation",
    "withdraw_happening",
    "write_minutes",
]
