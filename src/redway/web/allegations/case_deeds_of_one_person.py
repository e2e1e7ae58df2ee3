"""What is done about the person of a case and the record of them: one person or two, how long it is kept."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404
from django.utils import timezone

from redway.core.words import day_in_words
from redway.web.allegations.access import case_open_to
from redway.web.allegations.case_deed import ANY, RUNNING, Deed, Sent, row_of
from redway.web.allegations.case_deeds_of_record import moment
from redway.web.allegations.case_form import NothingForm, ReasonForm
from redway.web.allegations.case_forms_of_one_person import (
    DifferentForm,
    HoldForm,
    KnownForm,
    ReviewForm,
    SamePersonForm,
)
from redway.web.allegations.disposal_list import hold_on, retention_of_case
from redway.web.allegations.models import Case, CaseState, Disposal, Merge, Subject
from redway.web.allegations.people import born_of
from redway.web.allegations.services import keeping, merging, timeline
from redway.web.design.templatetags.design import day_and_time
from redway.web.people.models import Person

Rows = Sequence[tuple[str, str]]
_KEPT = frozenset({CaseState.CLOSED, CaseState.ADVICE})


def who(subject: Subject) -> str:
    """A person as two of them are told apart: names and day of birth."""
    names = ", also known as ".join(subject.identity.get("names") or ["Name not known"])
    born = born_of(subject)
    return f"{names}, born {day_in_words(born)}" if born else f"{names}, date of birth not known"


def _other_case(case: Case, item: str) -> Case:
    found = Case.objects.select_related("subject").filter(pk=item).first()
    if found is None or found.pk == case.pk:
        raise Http404("There is no such case.")
    return found


def _work_on_both(person: Person, case: Case, item: Case) -> None:
    case_open_to(person, item.key, "allegation.work")


def _merge_of(case: Case, item: str) -> Merge:
    merges = Merge.objects.select_related("subject", "into", "proposed_by")
    found = merges.filter(pk=item).first() if item.isdecimal() and len(item) < 12 else None
    if found is None or case.subject_id not in (found.subject_id, found.into_id):
        raise Http404("There is no such merge.")
    return found


def _both(case: Case, item: Case) -> Rows:
    return [("This case", who(case.subject)), (f"Case {item.key}", who(item.subject))]


def _merge_rows(case: Case, item: Merge) -> Rows:
    other = item.into if item.subject_id == case.subject_id else item.subject
    return [
        ("This case", who(case.subject)),
        ("The other record", who(other)),
        ("Proposed by", item.proposed_by.full_name),
        ("Why", item.reason),
    ]


def _propose(sent: Sent) -> object:
    return merging.propose_merge(**sent.whose, other=sent.item, reason=sent.given["reason"])


def _retention(case: Case, item: object) -> Rows:
    asked = retention_of_case(case)
    due = day_in_words(asked.due) if asked.due else "No day can be named"
    return [("Due", due), ("Why", asked.reason), ("Rule", asked.source or "No rule names a day")]


def _proposal(case: Case, item: Disposal) -> Rows:
    return [("Proposed by", item.proposed_by.full_name), *_retention(case, item)]


def _known_now(case: Case, item: object) -> Rows:
    known = timezone.localtime(case.known_at)
    said = day_and_time(known) if case.known_time_given else day_in_words(known.date())
    return [("Recorded", said), ("Referred", day_and_time(case.referred_at))]


def _correct_known(sent: Sent) -> object:
    given = sent.given
    return timeline.correct_known(
        **sent.whose,
        at=moment(given["on"], given["at"]),
        time_given=given["at"] is not None,
        because=given["reason"],
    )


ONE_PERSON_DEEDS: tuple[Deed, ...] = (
    Deed(
        "merge",
        "They are one person",
        "Propose it",
        "It is proposed. A second person who works on both cases has to agree.",
        SamePersonForm,
        _propose,
        "person",
        item=_other_case,
        about=_both,
        lead="Compare the two records first. Nothing changes before a second person agrees.",
        guard=_work_on_both,
        states=ANY,
    ),
    Deed(
        "agree-merge",
        "Agree that they are one person",
        "I agree: they are one person",
        "The records are of one person now. It can be undone.",
        NothingForm,
        lambda sent: merging.agree_merge(**sent.whose, merge=sent.item),
        "person",
        item=_merge_of,
        about=_merge_rows,
        lead="Each record keeps its own cases and history. If the person has an account, every one of these "
        "cases is closed to it.",
        guard=merging.merge_open_to,
        states=ANY,
    ),
    Deed(
        "turn-down-merge",
        "They are not one person",
        "Turn it down",
        "The proposal is turned down. It stays to be read.",
        DifferentForm,
        lambda sent: merging.turn_down_merge(**sent.whose, merge=sent.item, reason=sent.given["reason"]),
        "person",
        item=_merge_of,
        about=_merge_rows,
        guard=merging.merge_open_to,
        states=ANY,
    ),
    Deed(
        "undo-merge",
        "They are two people after all",
        "Undo it",
        "The records are of two people again, each with its own history.",
        DifferentForm,
        lambda sent: merging.undo_merge(**sent.whose, merge=sent.item, reason=sent.given["reason"]),
        "person",
        item=_merge_of,
        about=_merge_rows,
        check=True,
        final="What was written on either record since stays where it was written.",
        guard=merging.merge_open_to,
        states=ANY,
    ),
    Deed(
        "hold",
        "Set a legal hold",
        "Set the hold",
        "Nothing about the person is disposed of until the hold is lifted.",
        HoldForm,
        lambda sent: keeping.set_hold(**sent.whose, reason=sent.given["reason"]),
        "keeping",
        lead="For an inquiry, a court or a claim. It goes before every rule, on all records of the person.",
        states=ANY,
    ),
    Deed(
        "lift-hold",
        "Lift the legal hold",
        "Lift the hold",
        "The hold is lifted. The rules count again.",
        ReasonForm,
        lambda sent: keeping.lift_hold(**sent.whose, reason=sent.given["reason"]),
        "keeping",
        about=lambda case, item: [("The hold", hold_on(case.subject) or "There is none")],
        states=ANY,
    ),
    Deed(
        "review-keeping",
        "Keep the record longer",
        "Keep it",
        "The record is kept, and looked at again on that day.",
        ReviewForm,
        lambda sent: keeping.review_retention(
            **sent.whose, until=sent.given["until"], reason=sent.given["reason"]
        ),
        "keeping",
        about=_retention,
        states=_KEPT,
    ),
    Deed(
        "dispose",
        "Dispose of the record",
        "Propose it",
        "It is proposed. A second person named on the case has to agree.",
        NothingForm,
        lambda sent: keeping.propose_disposal(**sent.whose),
        "keeping",
        about=_retention,
        lead="Nothing is erased before a second person agrees.",
        states=_KEPT,
    ),
    Deed(
        "agree-disposal",
        "Agree to dispose of the record",
        "Erase it for good",
        "The record is disposed of.",
        NothingForm,
        lambda sent: keeping.agree_disposal(**sent.whose, disposal=sent.item),
        "keeping",
        item=row_of(Disposal),
        about=_proposal,
        check=True,
        final="Everything written in it is erased, and who it is about. This cannot be undone. What is "
        "counted in statistics stays.",
        warning=True,
        states=_KEPT,
    ),
    Deed(
        "turn-down-disposal",
        "Do not dispose of the record",
        "Turn it down",
        "The record is kept.",
        NothingForm,
        lambda sent: keeping.turn_down_disposal(**sent.whose, disposal=sent.item),
        "keeping",
        item=row_of(Disposal),
        about=_proposal,
        states=_KEPT,
    ),
    Deed(
        "correct-known",
        "Correct when it became known",
        "Correct it",
        "It is corrected. Old and new are in the timeline.",
        KnownForm,
        _correct_known,
        "timeline",
        about=_known_now,
        lead="Clocks that start from it are counted anew.",
        check=True,
        states=RUNNING | {CaseState.ADVICE},
    ),
)
