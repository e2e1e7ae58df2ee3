"""Made-up support at real schools of the demo authority, every step taken by the services and dated back.

What is said of the schools is invented, and every page and table that shows it says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from redway.improvement.days import school_year
from redway.improvement.ledger import Outcome
from redway.improvement.programmes import template
from redway.improvement.target_ledger import Why
from redway.web.improvement.support import alerts, brokering, programmes, visits
from redway.web.improvement.support.models import (
    Alert,
    Allotment,
    Brokered,
    Kept,
    Offer,
    Programme,
    Visit,
)
from redway.web.improvement.support.target_lines import enter_target, target_lines_in
from redway.web.people.demo import AUTHORITY, SCHOOL, SECOND_ADVISER
from redway.web.people.models import Person
from redway.web.register.models import School
from redway.web.register.queries import schools_of_authority

_LIST = "made up for the demo"
_HALF, _ONE = Decimal("0.5"), Decimal(1)
_KINDS: tuple[type[Kept], ...] = (Alert, Programme, Offer, Brokered, Visit, Allotment)


def create_demo_support(today: date) -> None:
    """Alerts, programmes, visits, brokered support and days. Call it once."""
    bob = Person.objects.get(email="adviser@demo.example")
    harriet = Person.objects.get(email="headteacher@demo.example")
    asha = Person.objects.get(email=SECOND_ADVISER[1])
    own = School.objects.get(establishments__urn=SCHOOL)
    others = [one for one in schools_of_authority(AUTHORITY) if one.key != own.key and one.pupils]
    primaries = [one for one in others if one.phase == "Primary"][:10]
    flagged = [own, *primaries[:7]]
    lines = _ledger(bob, flagged, primaries[7:], today)
    running = _programmes(bob, own, primaries, lines, today)
    _visits(bob, asha, harriet, own, primaries, running, lines, today)
    _brokering(bob, harriet, own, primaries, running, today)
    _targets(bob, asha, today)
    for school, days in ((own, Decimal(6)), (primaries[0], Decimal(8)), (primaries[1], _ONE)):
        brokering.allot(
            actor=bob,
            school=school,
            year=school_year(today),
            adviser=bob,
            days=days,
            why="By what the school needs",
            revision=0,
        )
    for kind in _KINDS:
        kind._default_manager.filter(authority=AUTHORITY).update(made_up=True)


def _ledger(bob: Person, flagged: Sequence[School], alike: Sequence[School], today: date) -> dict[str, Alert]:
    """Eight alerts of a year and a half ago, with look-alikes, and what became of most of them."""
    decision = today - timedelta(days=540)
    known = (
        Outcome.IMPROVED,
        Outcome.IMPROVED,
        Outcome.HELD,
        Outcome.DECLINED,
        Outcome.HELD,
        Outcome.IMPROVED,
        Outcome.DECLINED,
        Outcome.NOT_KNOWN,
    )
    lines = {}
    for at, (school, outcome) in enumerate(zip(flagged, known, strict=False)):
        shown = [("Chance shown", f"{31 - 2 * at}% within two years, made up for the demo")]
        found = alerts.enter_alert(
            actor=bob,
            school=school,
            flag=alerts.Flag(Alert.Source.EARLY_WARNING, decision, _LIST, shown),
            alike=[alike[at]] if at < len(alike) else [],
        )
        lines[school.key] = found
        _outcome(bob, found, outcome, today)
    for one in Alert.objects.filter(flagged=False):
        _outcome(bob, one, Outcome.IMPROVED if int(one.school) % 2 else Outcome.HELD, today)
    return lines


def _outcome(bob: Person, found: Alert, outcome: Outcome, today: date) -> None:
    if outcome is not Outcome.NOT_KNOWN:
        alerts.record_outcome(
            actor=bob,
            alert=found,
            revision=found.revision,
            outcome=outcome,
            on=today - timedelta(days=60),
            source="Made up for the demo",
        )


def _programmes(
    bob: Person, own: School, primaries: Sequence[School], lines: dict[str, Alert], today: date
) -> dict[str, Programme]:
    started = today - timedelta(days=300)
    found = {}
    for school, code, length in (
        (own, "intensifying-support", 12),
        (primaries[0], "category-monitoring", 6),
        (primaries[1], "peer-review", 3),
    ):
        made = programmes.start_programme(
            actor=bob,
            school=school,
            template=template(code, today),
            why="Results have been low for three years beside schools of like intake (made up).",
            starts_on=started,
            half_terms=length,
            alert=lines.get(school.key),
        )
        found[school.key] = made
        _work_through(bob, made, today)
    return found


def _work_through(bob: Person, made: Programme, today: date) -> None:
    """Write up the steps that are past their day, but for the last one of them."""
    past = [step for step in made.steps.all() if step.due_on < today]
    for step in past[:-1]:
        written = programmes.StepWritten(
            f"{step.asks[0]}: the work of two year groups.",
            step.due_on,
            step.due_on - timedelta(days=2),
            "Most of what was agreed is in place; writing is behind reading.",
        )
        programmes.write_step(
            actor=bob, programme=made, number=step.number, revision=step.revision, written=written
        )


def _visits(
    bob: Person,
    asha: Person,
    harriet: Person,
    own: School,
    primaries: Sequence[School],
    running: dict[str, Programme],
    lines: dict[str, Alert],
    today: date,
) -> None:
    """One note moderated, one that waits for moderation, one that waits for the school, some to come."""
    first = _visit(bob, own, today - timedelta(days=70), "Progress in mathematics in Years 9 and 10", running)
    visits.write_school_part(
        actor=harriet, visit=first, revision=_now(first), answers=_SCHOOL_SAID, send=True
    )
    visits.write_visitor_part(
        actor=bob,
        visit=first,
        revision=_now(first),
        answers=_VISITOR_SAID,
        summary="Leaders know where teaching is strong and act where it is not.",
        send=True,
    )
    visits.moderate(
        actor=asha, visit=first, revision=_now(first), agrees=True, said="Clear; it stands on what was seen."
    )
    _dated_back(first, first.visit_on - timedelta(days=6), first.visit_on + timedelta(days=3))
    for what, owner, due in (
        ("Share the Year 10 scheme of work with the partner school", "school", today - timedelta(days=20)),
        ("Bring in the lead teacher of mathematics for Year 9", "authority", today + timedelta(days=10)),
    ):
        visits.add_follow_up(actor=bob, visit=first, action=visits.ToFollow(what, owner, due))
    second = _visit(asha, primaries[0], today - timedelta(days=12), "Monitoring against the plan", running)
    visits.write_visitor_part(
        actor=asha, visit=second, revision=_now(second), answers=_VISITOR_SAID, summary="", send=True
    )
    _visit(bob, primaries[1], today - timedelta(days=5), "What came of the peer visit", running, days=_ONE)
    _visit(bob, primaries[1], today - timedelta(days=150), "Question for the peer visit", running, days=_ONE)
    _visit(bob, primaries[2], today - timedelta(days=200), "Reading in Key Stage 1", running, lines)
    _visit(bob, own, today + timedelta(days=9), "Attendance of Year 11", running)
    _visit(bob, primaries[3], today + timedelta(days=21), "First look after the alert", running, lines)


def _targets(bob: Person, asha: Person, today: date) -> None:
    """A visit and an action after the first targets that were doubted, and a visit to come after one that was
    not met: the line of each goes into the ledger with it."""
    lines = [line.origin for line in target_lines_in(AUTHORITY)]
    doubted = [one for one in lines if one.why is Why.DOUBTED and one.known_on is not None][:2]
    for origin in doubted:
        school = School.objects.get(key=origin.target.school)
        visit = visits.plan_visit(
            actor=bob,
            school=school,
            plan=visits.Plan(origin.since + timedelta(days=40), "What stands behind the target", _HALF),
            alert=enter_target(actor=bob, school=school, origin=origin),
        )
        visits.write_visitor_part(
            actor=bob, visit=visit, revision=1, answers=_OF_TARGET, summary="", send=True
        )
        visits.moderate(actor=asha, visit=visit, revision=2, agrees=True, said="")
        due = visit.visit_on + timedelta(days=30)
        what = "Plan Year 6 mathematics together with the subject leader"
        visits.add_follow_up(actor=bob, visit=visit, action=visits.ToFollow(what, "school", due))
        visits.answer_follow_up(
            actor=bob,
            visit=visit,
            number=1,
            revision=1,
            due_on=due,
            done_on=due - timedelta(days=3),
            came="Teachers plan together each week.",
        )
    for origin in [one for one in lines if one.why is Why.NOT_MET][:1]:
        school = School.objects.get(key=origin.target.school)
        visits.plan_visit(
            actor=bob,
            school=school,
            plan=visits.Plan(today + timedelta(days=16), "The target that was not met", _HALF),
            alert=enter_target(actor=bob, school=school, origin=origin),
        )


def _visit(
    actor: Person,
    school: School,
    day: date,
    focus: str,
    running: dict[str, Programme],
    lines: dict[str, Alert] | None = None,
    days: Decimal = _HALF,
) -> Visit:
    return visits.plan_visit(
        actor=actor,
        school=school,
        plan=visits.Plan(day, focus, days),
        programme=running.get(school.key),
        alert=(lines or {}).get(school.key),
    )


def _now(visit: Visit) -> int:
    visit.refresh_from_db()
    return visit.revision


def _brokering(
    bob: Person,
    harriet: Person,
    own: School,
    primaries: Sequence[School],
    running: dict[str, Programme],
    today: date,
) -> None:
    until = today + timedelta(days=200)
    since = today - timedelta(days=200)
    reading = brokering.offer(
        actor=bob,
        school=primaries[5],
        offering=brokering.Offering(
            "lead_teacher",
            "Early reading",
            Decimal(10),
            since,
            until,
            "Results beside like schools (made up)",
        ),
    )
    maths = brokering.offer(
        actor=bob,
        school=primaries[6],
        offering=brokering.Offering("school", "Mathematics", Decimal(6), since, until),
    )
    brokering.offer(
        actor=harriet,
        school=own,
        offering=brokering.Offering(
            "collaboration", "Sixth-form subjects together", Decimal(4), today, until
        ),
    )
    brokering.broker(
        actor=bob,
        school=primaries[0],
        offer=reading,
        agreed=brokering.Agreement(
            Decimal(4), today - timedelta(days=60), until, "Phonics taught alike in every class"
        ),
        programme=running.get(primaries[0].key),
    )
    ended = brokering.broker(
        actor=bob,
        school=primaries[2],
        offer=maths,
        agreed=brokering.Agreement(
            Decimal(3), since, today - timedelta(days=40), "Year 6 teachers plan together"
        ),
    )
    brokering.end_brokered(
        actor=bob,
        brokered=ended,
        revision=ended.revision,
        ended_on=today - timedelta(days=40),
        used=Decimal("2.5"),
        outcome="Teachers plan together each week; test results are not known yet.",
    )


def _dated_back(visit: Visit, school_sent: date, moderated: date) -> None:
    """Everything in a demo is sent today: give the note the days it would have had."""
    Visit.objects.filter(pk=visit.pk).update(
        school_sent_at=_at(school_sent), visitor_sent_at=_at(moderated), moderated_at=_at(moderated)
    )
    visit.versions.filter(number=1).update(at=_at(school_sent))
    visit.versions.filter(number=2).update(at=_at(moderated))


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))


_OF_TARGET = {
    "found": "Tracking of Year 6 and the books of twelve pupils, with the subject leader.",
    "judged": "Pupils in the middle are ready for more than they are given.",
    "next": "Year 6 teachers and the subject leader plan together.",
}
_SCHOOL_SAID = {
    "well": "Attendance has risen in every year group since September.",
    "worry": "Mathematics in Years 9 and 10. Two classes had supply teachers in the spring.",
    "since": "The marking policy is in use in all departments.",
    "help": "A second pair of eyes on mathematics books.",
}
_VISITOR_SAID = {
    "found": "Six lessons and twelve books in mathematics, with the head of department.",
    "judged": "Teaching is sound where teachers have been in post a year; in two classes work is too easy.",
    "differs": "The school puts it down to supply; the scheme of work leaves gaps as well.",
    "next": "The scheme is looked at with the partner school before half-term.",
}
