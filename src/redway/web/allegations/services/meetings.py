"""Strategy meetings, their minutes, and the actions of a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from redway.core.words import day_in_words
from redway.web.allegations.models import ActionOfCase, Case, Meeting, Minutes
from redway.web.allegations.promises import may_be_reminded
from redway.web.allegations.services.changing import (
    change,
    in_england,
    missing,
    not_before,
    not_to_come,
    one_of,
    refuse,
)
from redway.web.allegations.services.timeline import refuse_disorder
from redway.web.people.models import Person


def plan_meeting(
    *,
    actor: Person,
    case: Case,
    revision: int,
    at: datetime,
    review: bool = False,
    place: str = "",
    invited: Sequence[str] = (),
) -> Case:
    """Set a strategy meeting: the first of the case, or a review."""
    with change(actor, case, revision, "plan_meeting") as step:
        moment = in_england(at)
        refuse([_before_referral(step.case, moment)])
        Meeting.objects.create(
            case=step.case,
            review=review,
            at=moment,
            about={"place": place.strip(), "invited": _each(invited)},
        )
        step.details["review"] = review
    return step.case


def hold_meeting(
    *,
    actor: Person,
    case: Case,
    revision: int,
    meeting: Meeting,
    at: datetime,
    attendees: Sequence[str],
    shared: str,
    decisions: str,
    apologies: Sequence[str] = (),
    next_review_on: date | None = None,
) -> Case:
    """Write down that a meeting was held: who came, what was shared, what was decided."""
    with change(actor, case, revision, "hold_meeting") as step:
        found, moment = _meeting(step.case, meeting), in_england(at)
        refuse(
            [
                "A meeting that has not been yet cannot have been held." if moment > step.now else "",
                _before_referral(step.case, moment),
                "" if _each(attendees) else "Say who came to the meeting.",
                missing(decisions, "Say what the meeting decided."),
                not_before("The next review", next_review_on, "the meeting", timezone.localdate(moment)),
            ]
        )
        found.at, found.held, found.next_review_on = moment, True, next_review_on
        found.about = found.about | {
            "attendees": _each(attendees),
            "apologies": _each(apologies),
            "shared": shared.strip(),
            "decisions": decisions.strip(),
        }
        found.save()
        refuse_disorder(step.case)
        step.details |= {"meeting": found.pk, "review": found.review}
    return step.case


def write_minutes(*, actor: Person, case: Case, revision: int, meeting: Meeting, text: str) -> Case:
    """Write the minutes of a meeting that was held; once there are any, another version of them."""
    with change(actor, case, revision, "write_minutes") as step:
        found = _meeting(step.case, meeting)
        refuse(
            [
                "" if found.held else "The meeting has not been held yet.",
                missing(text, "The minutes are empty."),
            ]
        )
        last = found.minutes.aggregate(last=Max("version"))["last"] or 0
        Minutes.objects.create(meeting=found, version=last + 1, text=text.strip(), written_by=actor)
        step.details |= {"meeting": found.pk, "version": last + 1}
    return step.case


def send_minutes(*, actor: Person, case: Case, revision: int, minutes: Minutes, on: date) -> Case:
    """Write down when a version of the minutes was sent to those invited."""
    with change(actor, case, revision, "send_minutes") as step:
        found = Minutes.objects.select_related("meeting").filter(pk=minutes.pk).first()
        one_of(found.meeting if found else None, step.case, "minutes")
        assert found is not None
        refuse(
            [
                not_to_come("Sending the minutes", on, step.today),
                not_before(
                    "Sending the minutes", on, "they were written", timezone.localdate(found.written_at)
                ),
                f"They were sent on {day_in_words(found.sent_on)}." if found.sent_on else "",
            ]
        )
        found.sent_on = on
        found.save()
        step.details |= {"meeting": found.meeting_id, "version": found.version}
    return step.case


def add_action(
    *,
    actor: Person,
    case: Case,
    revision: int,
    what: str,
    owner: str,
    due_on: date,
    meeting: Meeting | None = None,
    owner_account: Person | None = None,
) -> Case:
    """Something is to be done by somebody by a day. Who is named on the case can be reminded of it."""
    with change(actor, case, revision, "add_action") as step:
        refuse(
            [
                missing(what, "Say what is to be done."),
                missing(owner, "Say who is to do it."),
                not_before("What is due", due_on, "today,", step.today),
                ""
                if owner_account is None or owner_account in may_be_reminded(step.case, step.now)
                else "Only somebody named on the case can be reminded of it.",
            ]
        )
        found = _meeting(step.case, meeting) if meeting is not None else None
        made = ActionOfCase.objects.create(
            case=step.case,
            meeting=found,
            what=what.strip(),
            owner=owner.strip(),
            owner_account=owner_account,
            due_on=due_on,
        )
        step.details |= {"action": made.pk, "due_on": due_on.isoformat()}
    return step.case


def finish_action(*, actor: Person, case: Case, revision: int, action: ActionOfCase, on: date) -> Case:
    """An action is done."""
    with change(actor, case, revision, "finish_action") as step:
        found = _open_action(step.case, action)
        refuse([not_to_come("What is done", on, step.today)])
        found.done_on = on
        found.save()
        step.details["action"] = found.pk
    return step.case


def drop_action(*, actor: Person, case: Case, revision: int, action: ActionOfCase, because: str) -> Case:
    """An action is not needed any more, for a reason."""
    with change(actor, case, revision, "drop_action") as step:
        found = _open_action(step.case, action)
        refuse([missing(because, "Say why it is not needed any more.")])
        found.dropped_because = because.strip()
        found.save()
        step.details["action"] = found.pk
    return step.case


def _meeting(case: Case, meeting: Meeting) -> Meeting:
    found: Meeting = one_of(Meeting.objects.filter(pk=meeting.pk).first(), case, "meeting")
    return found


def _open_action(case: Case, action: ActionOfCase) -> ActionOfCase:
    found: ActionOfCase = one_of(ActionOfCase.objects.filter(pk=action.pk).first(), case, "action")
    refuse(
        [
            "This action is done already." if found.done_on else "",
            "It was dropped." if found.dropped_because else "",
        ]
    )
    return found


def _before_referral(case: Case, moment: datetime) -> str:
    return not_before(
        "A meeting", timezone.localdate(moment), "the referral", timezone.localdate(case.referred_at)
    )


def _each(names: Sequence[str]) -> list[str]:
    return [name.strip() for name in names if name.strip()]
