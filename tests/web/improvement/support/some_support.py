"""A little of everything that support keeps, at two schools of one authority, to test with."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from redway.improvement.programmes import template
from redway.web.improvement.support import alerts, brokering, programmes, visits
from redway.web.improvement.support.models import Alert, Brokered, Offer, Programme, Visit
from redway.web.people.models import Person
from redway.web.register.models import School

AUTHORITY, SCHOOL, OTHER_SCHOOL = "826", "110532", "110517"
SAID = {"well": "Reading.", "worry": "Mathematics.", "since": "", "help": ""}
SEEN = {"found": "Six lessons.", "judged": "Sound.", "differs": "", "next": "Look again."}


def a_programme(adviser: Person, key: str = SCHOOL, *, code: str = "peer-review") -> Programme:
    """A programme that starts today, in no alert."""
    today = timezone.localdate()
    return programmes.start_programme(
        actor=adviser,
        school=School.objects.get(key=key),
        template=template(code, today),
        why="Results are low.",
        starts_on=today,
        half_terms=3,
    )


def a_visit(
    adviser: Person,
    key: str = SCHOOL,
    *,
    on: date | None = None,
    days: str = "0.5",
    alert: Alert | None = None,
    focus: str = "Mathematics",
) -> Visit:
    """A visit of today, or of another day."""
    plan = visits.Plan(on or timezone.localdate(), focus, Decimal(days))
    school = School.objects.get(key=key)
    return visits.plan_visit(actor=adviser, school=school, plan=plan, alert=alert)


def sent_by_visitor(adviser: Person, visit: Visit) -> Visit:
    """The visit with the visitor's part sent to moderation."""
    visit.refresh_from_db()
    return visits.write_visitor_part(
        actor=adviser, visit=visit, revision=visit.revision, answers=SEEN, summary="Sound.", send=True
    )


def a_follow_up(adviser: Person, visit: Visit, owner: str = "school", due: date | None = None) -> None:
    """An action that is due in a month, or on another day."""
    due = due or timezone.localdate() + timedelta(days=30)
    visits.add_follow_up(actor=adviser, visit=visit, action=visits.ToFollow("Look at books", owner, due))


def an_offer(adviser: Person, key: str = OTHER_SCHOOL, days: str = "6") -> Offer:
    """Days of help in mathematics that can be had for a year."""
    today = timezone.localdate()
    offering = brokering.Offering("school", "Mathematics", Decimal(days), today, today + timedelta(days=365))
    return brokering.offer(actor=adviser, school=School.objects.get(key=key), offering=offering)


def brokered(adviser: Person, offer: Offer, key: str = SCHOOL, days: str = "2") -> Brokered:
    """Days of an offer for a school."""
    today = timezone.localdate()
    agreed = brokering.Agreement(Decimal(days), today, today + timedelta(days=60), "Teach it alike")
    school = School.objects.get(key=key)
    return brokering.broker(actor=adviser, school=school, offer=offer, agreed=agreed)


def an_alert(adviser: Person, key: str = SCHOOL, alike: tuple[str, ...] = (), days_ago: int = 500) -> Alert:
    """A flagged school of a list of some days ago."""
    flag = alerts.Flag("early_warning", timezone.localdate() - timedelta(days=days_ago), "model-1")
    return alerts.enter_alert(
        actor=adviser,
        school=School.objects.get(key=key),
        flag=flag,
        alike=[School.objects.get(key=one) for one in alike],
    )


def support_of_everything(adviser: Person) -> dict[str, str]:
    """What the addresses of support lead to: of the own school, and of another."""
    visit, other = a_visit(adviser), a_visit(adviser, OTHER_SCHOOL)
    for one in (visit, other):
        a_follow_up(adviser, one)
    offer = an_offer(adviser)
    return {
        "programme": str(a_programme(adviser).pk),
        "programme_of_other": str(a_programme(adviser, OTHER_SCHOOL).pk),
        "visit": str(visit.pk),
        "visit_of_other": str(other.pk),
        "help_offered": str(an_offer(adviser, SCHOOL).pk),
        "help_offered_by_other": str(offer.pk),
        "help_brokered": str(brokered(adviser, offer).pk),
        "alert": str(an_alert(adviser, alike=(OTHER_SCHOOL,)).pk),
    }
