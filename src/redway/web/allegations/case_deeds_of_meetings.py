"""Strategy meetings with their minutes, actions, and suspension."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from redway.core.words import day_in_words
from redway.web.allegations import case_forms_of_meetings as forms
from redway.web.allegations.case_deed import Deed, Sent, row_of
from redway.web.allegations.case_deeds_of_record import moment
from redway.web.allegations.case_form import ReasonForm, today
from redway.web.allegations.models import ActionOfCase, Case, Meeting, Minutes, Suspension
from redway.web.allegations.services import running
from redway.web.people.models import Person

Rows = Sequence[tuple[str, str]]
_MEETING, _ACTION, _SUSPENSION = row_of(Meeting), row_of(ActionOfCase), row_of(Suspension)


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


# --- meetings -----------------------------------------------------------------------------------------------


def _plan(sent: Sent) -> object:
    given = sent.given
    return running.plan_meeting(
        **sent.whose,
        at=moment(given["on"], given["at"]),
        review=given["kind"] == "review",
        place=given["place"],
        invited=_lines(given["invited"]),
    )


def _hold(sent: Sent) -> object:
    given = sent.given
    return running.hold_meeting(
        **sent.whose,
        meeting=sent.item,
        at=moment(given["on"], given["at"]),
        attendees=_lines(given["attendees"]),
        apologies=_lines(given["apologies"]),
        shared=given["shared"],
        decisions=given["decisions"],
        next_review_on=given["next_review_on"],
    )


def _meeting_so_far(case: Case, item: Meeting) -> dict[str, Any]:
    at, about = timezone.localtime(item.at), item.about
    return {
        "on": at.date(),
        "at": at.time(),
        "attendees": "\n".join(about.get("attendees", about.get("invited", []))),
        "apologies": "\n".join(about.get("apologies", [])),
        "shared": about.get("shared", ""),
        "decisions": about.get("decisions", ""),
        "next_review_on": item.next_review_on,
    }


def _its_day(case: Case, item: Meeting) -> Rows:
    kind = "Review meeting" if item.review else "Initial strategy meeting"
    return [(kind, day_in_words(timezone.localdate(item.at)))]


def _latest_minutes(case: Case, item: Meeting) -> dict[str, Any]:
    last = item.minutes.order_by("-version").first()
    return {"text": last.text if last else ""}


def _version(case: Case, item: Minutes) -> Rows:
    return [("Version", str(item.version)), ("Minutes", item.text)]


# --- actions ------------------------------------------------------------------------------------------------


def _add_action(sent: Sent) -> object:
    given = sent.given
    number = given["meeting"]
    meeting = Meeting.objects.filter(pk=number, case=sent.case).first() if number else None
    return running.add_action(
        **sent.whose,
        what=given["what"],
        owner=given["owner"],
        due_on=given["due_on"],
        meeting=meeting,
        owner_account=Person.objects.get(pk=given["account"]) if given["account"] else None,
    )


def _the_action(case: Case, item: ActionOfCase) -> Rows:
    return [("Action", item.what), ("Who", item.owner), ("By", day_in_words(item.due_on))]


# --- suspension ---------------------------------------------------------------------------------------------


def _suspend(sent: Sent) -> object:
    given = sent.given
    return running.suspend(
        **sent.whose,
        first_day=given["first_day"],
        review_on=given["review_on"],
        decided_by=given["decided_by"],
        reasons=given["reasons"],
        alternatives=sent.form.alternatives(),
        contact=given["contact"],
        officer_view=given["officer_view"],
        police_view=given["police_view"],
    )


def _review_suspension(sent: Sent) -> object:
    given = sent.given
    return running.review_suspension(
        **sent.whose,
        suspension=sent.item,
        on=given["on"],
        words=given["reasons"],
        next_review_on=given["review_on"],
    )


def _end_suspension(sent: Sent) -> object:
    given = sent.given
    return running.end_suspension(
        **sent.whose, suspension=sent.item, last_day=given["last_day"], words=given["reasons"]
    )


def _its_first_day(case: Case, item: Suspension) -> Rows:
    return [
        ("Suspended from", day_in_words(item.first_day)),
        ("Decided by", item.about["decided_by"]),
        ("Why", item.about["reasons"]),
    ]


MEETING_DEEDS: tuple[Deed, ...] = (
    Deed(
        "plan-meeting",
        "Plan a meeting",
        "Save the meeting",
        "The meeting is planned.",
        forms.PlanMeetingForm,
        _plan,
        "meetings",
    ),
    Deed(
        "hold-meeting",
        "What came of a meeting",
        "Save what came of it",
        "The meeting is written down as held.",
        forms.HoldMeetingForm,
        _hold,
        "meetings",
        item=_MEETING,
        about=_its_day,
        initial=_meeting_so_far,
        lead="Earlier allegations about the person and about the place belong here. Add what is to be done "
        "as actions, each with a name and a day.",
    ),
    Deed(
        "minutes",
        "Write the minutes",
        "Save as another version",
        "The minutes are saved as another version.",
        forms.MinutesForm,
        lambda sent: running.write_minutes(**sent.whose, meeting=sent.item, text=sent.given["text"]),
        "meetings",
        item=_MEETING,
        about=_its_day,
        initial=_latest_minutes,
        lead="Each saving makes another version. Earlier versions stay.",
    ),
    Deed(
        "send-minutes",
        "Minutes were sent",
        "Save",
        "It is written down that the minutes were sent.",
        forms.SentForm,
        lambda sent: running.send_minutes(**sent.whose, minutes=sent.item, on=sent.given["on"]),
        "meetings",
        item=row_of(Minutes, "meeting__case_id"),
        about=_version,
        initial=lambda case, item: {"on": today()},
    ),
    Deed(
        "add-action",
        "Add an action",
        "Add the action",
        "The action is added.",
        forms.ActionForm,
        _add_action,
        "actions",
    ),
    Deed(
        "finish-action",
        "An action is done",
        "Save",
        "The action is done.",
        forms.DoneForm,
        lambda sent: running.finish_action(**sent.whose, action=sent.item, on=sent.given["on"]),
        "actions",
        item=_ACTION,
        about=_the_action,
        initial=lambda case, item: {"on": today()},
    ),
    Deed(
        "drop-action",
        "An action is not needed any more",
        "Save",
        "The action is dropped.",
        ReasonForm,
        lambda sent: running.drop_action(**sent.whose, action=sent.item, because=sent.given["reason"]),
        "actions",
        item=_ACTION,
        about=_the_action,
    ),
    Deed(
        "suspend",
        "The person was suspended",
        "Save the suspension",
        "The suspension is written down.",
        forms.SuspendForm,
        _suspend,
        "suspension",
        lead="Suspension is a neutral act and never automatic. The employer decides it; you, the police and "
        "social care can only say what they think of it.",
    ),
    Deed(
        "review-suspension",
        "Review the suspension",
        "Save the review",
        "The review is written down.",
        forms.ReviewSuspensionForm,
        _review_suspension,
        "suspension",
        item=_SUSPENSION,
        about=_its_first_day,
        initial=lambda case, item: {"on": today()},
    ),
    Deed(
        "end-suspension",
        "The suspension has ended",
        "Save",
        "The end of the suspension is written down.",
        forms.EndSuspensionForm,
        _end_suspension,
        "suspension",
        item=_SUSPENSION,
        about=_its_first_day,
    ),
)
