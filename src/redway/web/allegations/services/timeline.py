"""What happened in a case that has no place of its own, and the letters that were sent."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from redway.allegations.clocks import EVENTS, clocks
from redway.allegations.editions import edition_named
from redway.core.calendar import load_calendar
from redway.core.errors import OutsideCalendar
from redway.web.allegations.facts import OUTCOME_LETTER, facts_of
from redway.web.allegations.models import Case, CaseState, Happening
from redway.web.allegations.services.changing import (
    RUNNING,
    Step,
    change,
    in_england,
    missing,
    not_before,
    not_to_come,
    one_of,
    refuse,
)
from redway.web.people.models import Person

_WITH_A_PLACE = frozenset(
    {
        "known",
        "referred",
        "answered",
        "evaluated",
        "strategy-meeting",
        "review-meeting",
        "subject-told",
        "early-years-known",
        "inspectorate-told",
        "barring-conditions-met",
        "barring-referred",
        "closed",
    }
)
"""Events that are read from elsewhere in the record, and so are not entered again."""
KINDS = (
    "note",
    "telephone call",
    "email or letter",
    "visit",
    "child's views",
    "charged",
    "restriction-lifted",
    "restriction-waived",
)
RECORDABLE = (*sorted(set(EVENTS) - _WITH_A_PLACE), *KINDS)
"""What can be entered in the timeline: events of the clocks, and kinds of entry that no clock asks for."""


def record_happening(
    *,
    actor: Person,
    case: Case,
    revision: int,
    event: str,
    at: datetime,
    time_given: bool = True,
    words: str = "",
) -> Case:
    """Enter something that happened. A moment without a zone is the time in England.

    Raises ChangeRefusedError, and EventOrderError for what is dated before that which must come first.
    """
    with change(actor, case, revision, "record_happening") as step:
        moment = in_england(at)
        refuse(
            [
                "" if event in RECORDABLE else f"'{event}' is not entered in the timeline.",
                "What has not come yet has not happened." if moment > step.now else "",
                missing(words, "Say what happened.") if event in KINDS else "",
            ]
        )
        made = Happening.objects.create(
            case=step.case,
            event=event,
            at=moment,
            time_given=time_given,
            words=words.strip(),
            entered_by=actor,
        )
        refuse_disorder(step.case)
        step.details |= {"event": event, "happening": made.pk}
    return step.case


def withdraw_happening(
    *, actor: Person, case: Case, revision: int, happening: Happening, because: str
) -> Case:
    """Take what was entered in error out of the timeline and the clocks. It stays to be read."""
    with change(actor, case, revision, "withdraw_happening") as step:
        found = one_of(Happening.objects.filter(pk=happening.pk).first(), step.case, "entry")
        refuse(
            [
                missing(because, "Say why it was entered in error."),
                "It was withdrawn already." if found.withdrawn_because else "",
                f"'{found.event}' is not withdrawn here." if found.event not in RECORDABLE else "",
            ]
        )
        found.withdrawn_because = because.strip()
        found.save()
        refuse_disorder(step.case)
        step.details |= {"event": found.event, "happening": found.pk}
    return step.case


def send_outcome_letter(*, actor: Person, case: Case, revision: int, on: date, words: str = "") -> Case:
    """Write down that the person was sent the outcome. Refused while an allegation has no finding."""
    with change(actor, case, revision, "send_outcome_letter") as step:
        facts = facts_of(step.case)
        open_ones = [one.number for one in facts.register if not one.outcome]
        decided = max((one.decided_on for one in facts.register if one.decided_on), default=None)
        refuse(
            [
                not_to_come("A letter", on, step.today),
                not_before("A letter", on, "the last finding", decided),
                *(f"Allegation {number} has no finding yet." for number in open_ones),
            ]
        )
        Happening.objects.create(
            case=step.case,
            event=OUTCOME_LETTER,
            at=timezone.make_aware(datetime.combine(on, time(0))),
            time_given=False,
            words=words.strip(),
            entered_by=actor,
        )
    return step.case


def correct_known(
    *, actor: Person, case: Case, revision: int, at: datetime, time_given: bool, because: str
) -> Case:
    """Put right when the allegation became known. Old and new stay in the timeline."""
    with change(actor, case, revision, "correct_known", states=(*RUNNING, CaseState.ADVICE)) as step:
        moment, held = in_england(at), step.case
        late = moment > held.referred_at if time_given else _day(moment) > _day(held.referred_at)
        same = (moment, time_given) == (held.known_at, held.known_time_given)
        refuse(
            [
                missing(because, "Say why it is corrected."),
                "It cannot have become known after it was referred." if late else "",
                "That is what is recorded." if same else "",
            ]
        )
        for former in held.happenings.filter(event="known"):
            if not former.withdrawn_because:
                former.withdrawn_because = because.strip()
                former.save()
        Happening.objects.create(case=held, event="known", at=moment, time_given=time_given, entered_by=actor)
        step.details |= {"from": _day(held.known_at).isoformat(), "to": _day(moment).isoformat()}
        held.known_at, held.known_time_given = moment, time_given
        refuse_disorder(held)
    return step.case


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)


def record_leaving(*, actor: Person, case: Case, revision: int, on: date, words: str) -> Case:
    """The person has left, or given notice. The case goes on to its findings as before."""
    with change(actor, case, revision, "record_leaving") as step:
        _refuse_leaving(step, words)
        engagement = step.case.engagement
        assert engagement is not None
        engagement.ended_on = on
        engagement.save(update_fields=["ended_on"])
        Happening.objects.create(
            case=step.case,
            event="left",
            at=step.now,
            time_given=True,
            words=words.strip(),
            entered_by=actor,
        )
    return step.case


def refuse_disorder(case: Case) -> None:
    """Raises EventOrderError when a clock of the case would end before it starts."""
    facts = facts_of(case)
    try:
        clocks(edition_named(case.edition), facts.events, load_calendar(), timezone.now())
    except OutsideCalendar:
        # Such a case has no clocks; that its dates are old is no reason to refuse an entry.
        return


def _refuse_leaving(step: Step, words: str) -> None:
    refuse(
        [
            missing(words, "Say how the person left, or is to leave."),
            "" if step.case.engagement_id else "It is not known where the person works.",
        ]
    )
