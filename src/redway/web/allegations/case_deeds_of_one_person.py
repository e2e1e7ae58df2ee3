"""What is done about the person of a case: two records found to be of one person, and undone."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404
from django.utils import timezone

from redway.core.words import day_in_words
from redway.web.allegations.access import record_of
from redway.web.allegations.case_deed import ANY, Deed, Sent
from redway.web.allegations.case_form import NothingForm
from redway.web.allegations.case_forms_of_one_person import DifferentForm, SamePersonForm
from redway.web.allegations.models import Case, Merge, Subject
from redway.web.allegations.people import born_of
from redway.web.allegations.services import merging
from redway.web.people import permission
from redway.web.people.models import Person

Rows = Sequence[tuple[str, str]]


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
    permission.require(person, "allegation.work", record_of(item, timezone.now(), "allegation.work"))


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
)
