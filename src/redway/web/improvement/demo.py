"""The demo of early warning and of schools causing concern.

The scores are real: computed by the command on the national open data for 1 September 2017, bundled for one
authority. What is said of schools is made up and marked so: every concern, decision and meeting. Each step is
taken by the services people use, and dated back from today.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from importlib import resources
from typing import Any

from django.db import transaction
from django.utils import timezone

from redway.improvement.soft_intelligence import Certainty, Kind, Source
from redway.improvement.triage import Outcome
from redway.web.improvement.concerns import answer, decide, propose
from redway.web.improvement.intelligence import record_intelligence
from redway.web.improvement.models import (
    Concern,
    ConcernEntry,
    Intelligence,
    ScoreSet,
    TriageMeeting,
)
from redway.web.improvement.score_sets import keep_scores, scores_of
from redway.web.improvement.triage import (
    begin_meeting,
    close_meeting,
    decide_on,
    name_school,
    seal_own_list,
    sides_of,
)
from redway.web.people.demo import AUTHORITY, SCHOOL
from redway.web.people.models import Person
from redway.web.register.models import School
from redway.web.register.queries import find_authority, schools_of_authority

FILE = "milton-keynes-2017-09-01.json.gz"
NOTE = (
    "Computed by 'redway early-warning score' on the national open data (Department for Education and "
    "Ofsted, Open Government Licence v3.0) and bundled with the demo."
)
MADE_UP = "Made up for the demo."
Known = tuple[Kind, int, Source, Certainty, int | None]
_OWN: Sequence[Known] = (
    (Kind.ACTING_HEAD, 80, Source.GOVERNORS, Certainty.CONFIRMED, None),
    (Kind.TEACHERS_LEFT, 60, Source.PERSONNEL, Certainty.LIKELY, None),
    (Kind.PREFERENCES, 45, Source.ADMISSIONS, Certainty.CONFIRMED, None),
    (Kind.COMPLAINTS, 30, Source.COMPLAINTS, Certainty.CONFIRMED, 4),
)
_OTHERS: Sequence[Sequence[Known]] = (
    (
        (Kind.NEW_HEAD, 120, Source.REGISTER, Certainty.CONFIRMED, None),
        (Kind.FINANCE, 40, Source.FINANCE, Certainty.CONFIRMED, None),
        (Kind.GOVERNOR_VACANCIES, 35, Source.GOVERNORS, Certainty.CONFIRMED, None),
        (Kind.EXCLUSIONS, 20, Source.EXCLUSIONS, Certainty.LIKELY, None),
        (Kind.LEADERS_LEFT, 15, Source.HEAD, Certainty.CONFIRMED, None),
    ),
    (
        (Kind.PLACES, 90, Source.ADMISSIONS, Certainty.CONFIRMED, None),
        (Kind.GOVERNANCE, 25, Source.VISIT, Certainty.LIKELY, None),
    ),
    ((Kind.SAFEGUARDING_PASSED_ON, 12, Source.VISIT, Certainty.CONFIRMED, None),),
    ((Kind.NEW_HEAD, 70, Source.REGISTER, Certainty.CONFIRMED, None),),
)


def create_demo_improvement(today: date) -> None:
    """Scores, things known, categories and one meeting. A second run finds them."""
    if ScoreSet.objects.filter(authority=AUTHORITY).exists():
        return
    held = keep_bundled_scores()
    adviser = Person.objects.get(email="adviser@demo.example")
    director = Person.objects.get(email="director@demo.example")
    head = Person.objects.get(email="headteacher@demo.example")
    own = School.objects.get(establishments__urn=SCHOOL)
    others = _others(own)
    with transaction.atomic():
        _know(adviser, own, _OWN, today)
        for school, known in zip(others, _OTHERS, strict=False):
            _know(adviser, school, known, today)
        _decided(adviser, director, own, "concern", today, 10)
        _answered(head, own, today, 8)
        _decided(adviser, director, others[0], "serious-concern", today, 30, review=4)
        _decided(adviser, director, others[3], "watch", today, 60, review=None)
        propose(
            actor=adviser,
            school=others[1],
            revision=0,
            category="watch",
            reasons=f"{MADE_UP} The roll falls and the last visit raised questions about governance.",
        )
        _meeting(adviser, director, held, [own, *others], today - timedelta(days=35))
        Concern.objects.filter(authority=AUTHORITY).update(made_up=True)


def keep_bundled_scores() -> ScoreSet:
    """The bundled set, as the command keeps one."""
    file = resources.files("redway.demo") / "early_warning" / FILE
    kept: dict[str, Any] = json.loads(gzip.decompress(file.read_bytes()))
    made, _ = keep_scores(
        actor=None,
        authority=AUTHORITY,
        scores=kept["scores"],
        evaluation={"results": kept["evaluations"]},
        note=NOTE,
    )
    return made


def _others(own: School) -> list[School]:
    """Primary schools of the authority at fixed places of the list by name."""
    found = [one for one in schools_of_authority(AUTHORITY) if one.phase == "Primary" and one.key != own.key]
    return found[5::17]


def _know(adviser: Person, school: School, known: Sequence[Known], today: date) -> None:
    for kind, days, source, certainty, number in known:
        on = today - timedelta(days=days)
        made = record_intelligence(
            actor=adviser,
            school=school,
            given={
                "kind": kind.value,
                "on": on,
                "source": source.value,
                "certainty": certainty.value,
                "number": number,
            },
        )
        Intelligence.objects.filter(pk=made.pk).update(at=_at(on + timedelta(days=2)), made_up=True)


def _decided(
    adviser: Person,
    director: Person,
    school: School,
    category: str,
    today: date,
    days: int,
    review: int | None = 14,
) -> None:
    """A category proposed and decided some days ago; ``review`` days from now, by the list where None."""
    made = propose(
        actor=adviser,
        school=school,
        revision=0,
        category=category,
        reasons=f"{MADE_UP} What is known points the same way as the figures.",
    )
    held = decide(
        actor=director,
        concern=made,
        school=school,
        revision=made.revision,
        category=category,
        reasons=f"{MADE_UP} Several changes come together within one year. A review day is agreed with the "
        "school, and the adviser visits every half term.",
        review_on=today + timedelta(days=review) if review else None,
    )
    on = today - timedelta(days=days)
    Concern.objects.filter(pk=held.pk).update(begun_at=_at(on - timedelta(days=5)))
    _date_back(held, on)


def _answered(head: Person, school: School, today: date, days: int) -> None:
    held = Concern.objects.get(school=school.key, closed_at__isnull=True)
    made = answer(
        actor=head,
        concern=held,
        school=school,
        revision=held.revision,
        words=f"{MADE_UP} We agree about leadership. First preferences fell at all schools of the area.",
    )
    ConcernEntry.objects.filter(pk=made.pk).update(at=_at(today - timedelta(days=days)))


def _date_back(concern: Concern, on: date) -> None:
    for at, entry in enumerate(concern.entries.order_by("pk")):
        ConcernEntry.objects.filter(pk=entry.pk).update(at=_at(on - timedelta(days=3 - 3 * at)))


def _meeting(
    adviser: Person, director: Person, held: ScoreSet, named: Sequence[School], on: date
) -> TriageMeeting:
    """One meeting from the own list to its closing."""
    scores = scores_of(held)
    known = {one.key: one for one in schools_of_authority(AUTHORITY)}
    also = [known[one.school] for one in scores.schools[1:9:2] if one.school in known]
    meeting = begin_meeting(actor=director, authority=find_authority(AUTHORITY), on=on)
    for at, school in enumerate(dict.fromkeys([*also, *named[:4]])):
        why = ("figures", "visit", "improving", Kind.ACTING_HEAD.value)[at % 4]
        name_school(actor=adviser if at % 2 else director, meeting=meeting, school=school, why=why)
    meeting.refresh_from_db()
    meeting = seal_own_list(actor=director, meeting=meeting, revision=meeting.revision)
    sides = sides_of(meeting)
    for at, key in enumerate(sides.schools):
        both = key in sides.agreement.both
        outcome = Outcome.VISIT if both or at % 3 == 0 else (Outcome.WATCH, Outcome.ASK)[at % 2]
        decide_on(
            actor=director,
            meeting=meeting,
            school=key,
            revision=meeting.revision,
            outcome=outcome.value,
            reasons=f"{MADE_UP} {'Both lists name it.' if both else 'Only one side named it.'}",
            by_day=on + timedelta(days=42) if outcome is Outcome.VISIT else None,
        )
        meeting.refresh_from_db()
    closed = close_meeting(actor=director, meeting=meeting, revision=meeting.revision)
    TriageMeeting.objects.filter(pk=closed.pk).update(
        at=_at(on), sealed_at=_at(on, 10), closed_at=_at(on, 12), made_up=True
    )
    return closed


def _at(on: date, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime.combine(on, time(hour, 30)))
