"""A case with one of each thing in it, for whoever walks every address of a case."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from redway.allegations.strands import Strand
from redway.allegations.told import Party
from redway.web.allegations import document_store
from redway.web.allegations.case_deed import slug_of
from redway.web.allegations.models import (
    ActionOfCase,
    Allegation,
    Barred,
    Capacity,
    Case,
    CaseState,
    Disposal,
    Document,
    Engagement,
    HandOver,
    Happening,
    LowLevelConcern,
    Meeting,
    Merge,
    Minutes,
    Named,
    Subject,
    Suspension,
)
from redway.web.people.models import Person

ITEMS = {
    "strand": slug_of(Strand.EMPLOYER),
    "told": slug_of(Party.CHILD),
    "onward": "ofsted",
    "correct-allegation": "{of_allegation}",
    "put": "{of_allegation}",
    "finding": "{of_allegation}",
    "confirm-finding": "{of_allegation}",
    "withdraw-allegation": "{of_allegation}",
    "take-back": "{of_happening}",
    "hold-meeting": "{of_meeting}",
    "minutes": "{of_meeting}",
    "send-minutes": "{of_minutes}",
    "finish-action": "{of_action}",
    "drop-action": "{of_action}",
    "review-suspension": "{of_suspension}",
    "end-suspension": "{of_suspension}",
    "end-naming": "{of_named}",
    "review-glass": "{of_named}",
    "lift-bar": "{of_barred}",
    "share-document": "{of_document}",
    "withdraw-document": "{of_document}",
    "withdraw-offer": "{of_offer}",
    "merge": "{of_second}",
    "agree-disposal": "{of_disposal}",
    "turn-down-disposal": "{of_disposal}",
    "agree-merge": "{of_merge}",
    "turn-down-merge": "{of_merge}",
    "undo-merge": "{of_merge_agreed}",
    "work": "{of_work}",
}
"""Deed about one thing of a case -> what stands in its address."""


def a_case(authority: str = "826") -> Case:
    """An open case on which nobody is named."""
    now = timezone.now()
    return Case.objects.create(
        authority=authority,
        subject=Subject.objects.create(authority=authority, identity={"names": ["Jo Example"]}),
        state=CaseState.OPEN,
        edition="national-2020",
        known_at=now,
        referred_at=now,
        sector="education",
    )


def a_concern(entered_by: Person, authority: str) -> LowLevelConcern:
    """A low-level concern about somebody."""
    return LowLevelConcern.objects.create(
        subject=Subject.objects.create(authority=authority, identity={"names": ["Jo Example"]}),
        authority=authority,
        on=timezone.localdate(),
        about={"words": "He shouted.", "done": "", "place": "", "school": "", "role": ""},
        entered_by=entered_by,
    )


def case_of_everything(officer: Person, manager: Person, barred: Person) -> dict[str, str]:
    """The case and the number of each thing in it, by the names that ITEMS uses."""
    case, now = a_case(), timezone.now()
    today = timezone.localdate(now)
    allegation = Allegation.objects.create(
        case=case,
        number=1,
        words="He pushed her.",
        decided_by=manager,
        finding={
            "reasons": "Two saw it.",
            "evidence_of_intent": "A letter.",
            "awaits": {"outcome": "malicious", "on": today.isoformat()},
        },
    )
    meeting = Meeting.objects.create(case=case, at=now, held=True, about={"attendees": ["Sam Stone"]})
    Named.objects.create(case=case, person=officer, capacity=Capacity.OFFICER, leads=True, from_at=now)
    Named.objects.create(case=case, person=manager, capacity=Capacity.MANAGER, from_at=now)
    glass = Named.objects.create(
        case=case,
        person=manager,
        capacity=Capacity.BREAK_GLASS,
        reason="A child at risk.",
        from_at=now,
        until=now + timedelta(hours=1),
    )
    second = a_case()
    Named.objects.create(case=second, person=officer, capacity=Capacity.OFFICER, leads=True, from_at=now)
    pair = {"subject": second.subject, "into": case.subject, "proposed_by": manager, "reason": "One birth."}
    about = {"decided_by": "The head", "reasons": "Risk", "alternatives": "None", "contact": "Sam Stone"}
    document = Document.objects.create(
        case=case, title="A statement.", media_type="text/plain", size=4, added_by=officer, shared=True
    )
    document_store.keep(document.key, b"Text")
    work = Engagement.objects.create(subject=case.subject, sector="education", basis="permanent", details={})
    made = {
        "document": document,
        "work": work,
        "allegation": allegation,
        "happening": Happening.objects.create(case=case, event="note", at=now, words="A note."),
        "meeting": meeting,
        "minutes": Minutes.objects.create(meeting=meeting, version=1, text="Minutes.", written_by=officer),
        "action": ActionOfCase.objects.create(case=case, what="Telephone.", owner="Sam Stone", due_on=today),
        "suspension": Suspension.objects.create(case=case, first_day=today, review_on=today, about=about),
        "named": glass,
        "barred": Barred.objects.create(case=case, person=barred, reason="A neighbour.", barred_by=officer),
        "second": second,
        "disposal": Disposal.objects.create(case=case, proposed_by=manager),
        "merge": Merge.objects.create(**pair),
        "merge_agreed": Merge.objects.create(**pair, agreed_by=officer, agreed_at=now),
        "offer": HandOver.objects.create(
            case=case, from_authority="826", to_authority="822", reason="Works there.", offered_by=officer
        ),
    }
    return {"of_case": case.key, **{f"of_{name}": str(row.pk) for name, row in made.items()}}
