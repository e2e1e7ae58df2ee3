"""Changes of offers, brokered support and days allotted: permitted, locked, checked, audited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from redway.core.words import day_in_words
from redway.improvement.days import days_of, in_days, refuse_days
from redway.web.audit import services as audit
from redway.web.improvement.support.access import advisers_of, record_of
from redway.web.improvement.support.changing import (
    SupportRefused,
    hundredths,
    locked,
    refuse_closed,
    refuse_twice,
    text,
)
from redway.web.improvement.support.models import Allotment, Brokered, Offer, Programme
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import School
from redway.web.schools.access import record_of as school_record

MOST_OFFERED = Decimal(200)
MOST_ALLOTTED = Decimal(100)


@dataclass(frozen=True)
class Offering:
    """What a school offers."""

    kind: str
    subject: str
    days: Decimal
    first_day: date
    last_day: date
    evidence: str = ""


@transaction.atomic
def offer(*, actor: Person, school: School, offering: Offering) -> Offer:
    """Offer help to other schools, by the headteacher, or by an adviser for the school."""
    if not permission.decide(actor, "support.manage", school_record(school)):
        permission.require(actor, "support.offer", school_record(school))
    refuse_days(offering.days, MOST_OFFERED)
    _refuse_backwards(offering.first_day, offering.last_day)
    subject = text(offering.subject, "The subject is missing.", "Say in what the school can help.")
    refuse_closed(School.objects.select_for_update().get(pk=school.pk))
    same = Offer.objects.filter(school=school.key, kind=offering.kind, subject=subject, withdrawn_at=None)
    refuse_twice(
        same.filter(first_day=offering.first_day, last_day=offering.last_day), "The school offers this"
    )
    made = Offer.objects.create(
        authority=school.authority,
        school=school.key,
        kind=offering.kind,
        subject=subject,
        days_hundredths=hundredths(offering.days),
        first_day=offering.first_day,
        last_day=offering.last_day,
        evidence=offering.evidence.strip(),
        at=timezone.now(),
        by=actor,
    )
    audit.record(actor, "support.offer", "offer", made.pk, {"school": school.key, "kind": made.kind})
    return made


@transaction.atomic
def withdraw_offer(*, actor: Person, offer: Offer, revision: int, reason: str) -> Offer:
    """Take an offer back. What is agreed on it goes on to its end."""
    if not permission.decide(actor, "support.manage", record_of(offer)):
        permission.require(actor, "support.offer", record_of(offer))
    held = locked(Offer, offer.pk, revision, actor)
    if held.withdrawn_at:
        raise SupportRefused("The offer is withdrawn already.")
    held.withdrawn_at = timezone.now()
    held.withdrawn_reason = text(reason, "The reason is missing.", "Say why it is taken back.")
    held.save()
    audit.record(actor, "support.withdraw_offer", "offer", held.pk)
    return held


def days_left(held: Offer) -> Decimal:
    """Capacity of an offer that is not given away."""
    return held.days - sum((one.taken for one in held.brokered.all()), Decimal(0))


@dataclass(frozen=True)
class Agreement:
    """What is agreed between two schools."""

    days: Decimal
    first_day: date
    last_day: date
    aim: str


@transaction.atomic
def broker(
    *, actor: Person, school: School, offer: Offer, agreed: Agreement, programme: Programme | None = None
) -> Brokered:
    """Give a school days of another school's offer. Raises SupportRefused beyond its capacity."""
    permission.require(actor, "support.manage", school_record(school))
    permission.require(actor, "support.manage", record_of(offer))
    held = Offer.objects.select_for_update().get(pk=offer.pk)
    refuse_days(agreed.days, MOST_OFFERED)
    _refuse_backwards(agreed.first_day, agreed.last_day)
    if held.withdrawn_at:
        raise SupportRefused("The offer was withdrawn.", "Choose another offer.")
    if held.school == school.key:
        raise SupportRefused("A school cannot be helped by itself.", "Choose an offer of another school.")
    if programme is not None and programme.school != school.key:
        raise SupportRefused("The programme is of another school.", "Choose one of this school.")
    if agreed.first_day < held.first_day or agreed.last_day > held.last_day:
        raise SupportRefused(
            f"The offer runs from {day_in_words(held.first_day)} to {day_in_words(held.last_day)}.",
            "Choose days between the two.",
        )
    left = days_left(held)
    if agreed.days > left:
        raise SupportRefused(
            f"You ask for {in_days(agreed.days)}; the offer has {in_days(left)} left.",
            "Ask for fewer days, or choose another offer.",
        )
    aim = text(agreed.aim, "The aim is missing.", "Say what is to be different at the end.")
    same = held.brokered.filter(school=school.key, aim=aim, first_day=agreed.first_day)
    refuse_twice(same, "This support is agreed")
    refuse_closed(school)
    made = Brokered.objects.create(
        authority=school.authority,
        school=school.key,
        offer=held,
        programme=programme,
        days_hundredths=hundredths(agreed.days),
        first_day=agreed.first_day,
        last_day=agreed.last_day,
        aim=aim,
        at=timezone.now(),
        by=actor,
    )
    details = {"offer": str(held.pk)}
    audit.record(actor, "support.broker", "brokered", made.pk, details)
    return made


@transaction.atomic
def end_brokered(
    *, actor: Person, brokered: Brokered, revision: int, ended_on: date, used: Decimal, outcome: str
) -> Brokered:
    """Write down what came of brokered support and how many days it took."""
    permission.require(actor, "support.manage", record_of(brokered))
    held = locked(Brokered, brokered.pk, revision, actor)
    if held.ended_on:
        raise SupportRefused("It has ended already.")
    if ended_on > permission.today():
        raise SupportRefused("It cannot have ended on a day to come.", "Give the day on which it ended.")
    if used:
        refuse_days(used, MOST_OFFERED)
    held.ended_on, held.used_hundredths = ended_on, hundredths(used)
    held.outcome = text(
        outcome, "It is not said what came of it.", "Say what is different, and how you know."
    )
    held.save()
    audit.record(actor, "support.end_brokered", "brokered", held.pk)
    return held


@transaction.atomic
def allot(
    *, actor: Person, school: School, year: str, adviser: Person, days: Decimal, why: str, revision: int
) -> Allotment:
    """Allot days of an adviser to a school in a school year, or change them; ``revision`` 0 for new ones."""
    permission.require(actor, "support.manage", school_record(school))
    days_of(year)
    refuse_days(days, MOST_ALLOTTED)
    if not any(one.pk == adviser.pk for one in advisers_of(school.authority)):
        raise SupportRefused("That adviser is not of this authority.", "Choose one of the list.")
    held = Allotment.objects.filter(school=school.key, year=year, adviser=adviser).first()
    if held is None:
        if revision:
            raise SupportRefused("The allotment is no longer there.", "Open the page again.")
        held = Allotment(
            authority=school.authority, school=school.key, year=year, adviser=adviser, at=timezone.now()
        )
        held.by = actor
    else:
        held = locked(Allotment, held.pk, revision, actor)
    held.days_hundredths, held.why = hundredths(days), why.strip()
    held.save()
    audit.record(actor, "support.allot", "allotment", held.pk, {"school": school.key, "year": year})
    return held


def _refuse_backwards(first_day: date, last_day: date) -> None:
    if last_day < first_day:
        raise SupportRefused("The last day is before the first.", "Swap the days.")


def allotted(held: Allotment) -> Decimal:
    """The days of an allotment."""
    return Decimal(held.days_hundredths) / 100
