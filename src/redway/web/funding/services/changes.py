"""Every change of the catalogue and of orders: permitted, locked, checked, audited, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from redway.core.errors import ChangedSinceOpened, RedwayError
from redway.core.words import day_in_words
from redway.funding.services import Service, catalogue_problems, service_rules, term_ends, term_problem
from redway.web.audit import services as audit
from redway.web.authorities.access import record_of as authority_record
from redway.web.funding.money_fields import first_day
from redway.web.funding.services.catalogue import (
    as_service,
    catalogue_of,
    columns_of,
    hundredths,
    phase_of,
    priced,
)
from redway.web.funding.services.models import Order, OrderLine, ServiceOfYear
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import Authority, School
from redway.web.schools.access import record_of as school_record


class ServiceRefused(RedwayError):  # noqa: N818 - says what is wrong in the words of the domain
    """A change of the catalogue or of an order that cannot be made."""


class ChangedMeanwhile(ChangedSinceOpened):
    """Somebody changed it after the page was opened."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Somebody has changed this since you opened the page: {what}.",
            "What you typed is kept below. Read what is new, then send yours again or leave it.",
        )


# --- the catalogue ------------------------------------------------------------------------------------------


@transaction.atomic
def take_price_list(
    *, actor: Person | None, authority: Authority, year: str, services: Sequence[Service]
) -> int:
    """Take in a whole price list for a year: what is there gets its new prices, nothing is taken out."""
    if actor is not None:
        permission.require(actor, "service.manage", authority_record(authority))
    now = timezone.now()
    held = {
        one.code: one
        for one in ServiceOfYear.objects.select_for_update().filter(authority=authority.number, year=year)
    }
    for service in services:
        stored = held.get(service.code) or ServiceOfYear(
            authority=authority.number, year=year, code=service.code, revision=0
        )
        _store(stored, service, actor)
        stored.withdrawn_at, stored.withdrawn_reason, stored.at = None, "", now
        stored.save()
    details = {"year": year, "services": len(services)}
    audit.record(actor, "service.take_price_list", "authority", authority.number, details)
    return len(services)


@transaction.atomic
def save_service(
    *, actor: Person, authority: Authority, year: str, revision: int, service: Service
) -> ServiceOfYear:
    """Add a service to a year's catalogue, or change it. ``revision`` is 0 for a new one."""
    permission.require(actor, "service.manage", authority_record(authority))
    if problems := catalogue_problems([service]):
        raise ServiceRefused(problems[0], "Mend it and keep it again.")
    stored = (
        ServiceOfYear.objects.select_for_update()
        .filter(authority=authority.number, year=year, code=service.code)
        .first()
    )
    if (stored.revision if stored else 0) != revision:
        raise ChangedMeanwhile(_what_is_new(stored))
    stored = stored or ServiceOfYear(authority=authority.number, year=year, code=service.code, revision=0)
    _store(stored, service, actor)
    stored.save()
    details = {"year": year, "code": service.code, "revision": stored.revision}
    audit.record(actor, "service.save", "authority", authority.number, details)
    return stored


@transaction.atomic
def withdraw_service(
    *, actor: Person, authority: Authority, year: str, code: str, revision: int, reason: str
) -> ServiceOfYear:
    """Take a service out of a year's catalogue, with a reason. Orders that hold it stay as they are."""
    permission.require(actor, "service.manage", authority_record(authority))
    stored = ServiceOfYear.objects.select_for_update().get(authority=authority.number, year=year, code=code)
    if stored.revision != revision:
        raise ChangedMeanwhile(_what_is_new(stored))
    if not reason.strip():
        raise ServiceRefused("The reason is missing.", "Say why it is taken out.")
    stored.withdrawn_at, stored.withdrawn_reason = timezone.now(), reason.strip()
    stored.revision += 1
    stored.by = actor
    stored.save()
    audit.record(actor, "service.withdraw", "authority", authority.number, {"year": year, "code": code})
    return stored


def _store(stored: ServiceOfYear, service: Service, actor: Person | None) -> None:
    for name, value in columns_of(service).items():
        setattr(stored, name, value)
    stored.revision += 1
    stored.at, stored.by = timezone.now(), actor


def _what_is_new(stored: ServiceOfYear | None) -> str:
    if stored is None:
        return "the service is no longer there"
    who = f" by {stored.by.full_name}" if stored.by else ""
    return f"{stored.name} was changed{who} on {day_in_words(timezone.localdate(stored.at))}"


# --- orders -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """What a school wants: code of each service -> days (1 where none count), and for how many years."""

    pupils: int
    equivalent: Decimal
    services: dict[str, Decimal]
    years: int = 1


@transaction.atomic
def place_order(*, actor: Person | None, school: School, year: str, revision: int, wanted: Wanted) -> Order:
    """Order services for a year, or change the order: all of it is priced anew by today's list.

    ``revision`` is 0 for a school that has not ordered. Raises ServiceRefused and RulesRefused.
    """
    if actor is not None:
        permission.require(actor, "service.order", school_record(school))
    held = Order.objects.select_for_update().filter(school=school.key, year=year).first()
    if (held.revision if held else 0) != revision:
        who = f" by {held.by.full_name}" if held and held.by else ""
        raise ChangedMeanwhile(f"the order was changed{who}" if held else "the order is gone")
    on = permission.today()
    stored = {one.code: one for one in catalogue_of(school.authority, year)}
    catalogue = [as_service(one) for one in stored.values()]
    found = priced(school, wanted.pupils, wanted.equivalent, catalogue, wanted.services, on)
    before = _taken_before(school, year)
    problems = [
        term_problem(
            line.service, wanted.years, first=line.service.code not in before, rules=service_rules(on)
        )
        for line in found.lines
    ]
    if wrong := [problem for problem in problems if problem]:
        raise ServiceRefused(" ".join(wrong), "Choose fewer years.")
    order = held or Order(authority=school.authority, school=school.key, year=year, number=0, revision=0)
    order.phase, order.pupils = phase_of(school).value, wanted.pupils
    order.equivalent_hundredths = hundredths(wanted.equivalent)
    order.whole_package, order.total_pence = found.whole_package, found.total.pence
    order.number += 1
    order.revision += 1
    order.at, order.by = timezone.now(), actor
    order.save()
    OrderLine.objects.bulk_create(
        [
            OrderLine(
                order=order,
                number=order.number,
                service=stored[line.service.code],
                days_hundredths=hundredths(line.days) if line.service.basis.value == "day" else 0,
                listed_pence=line.listed.pence,
                discount_pence=line.discount.pence,
                amount_pence=line.amount.pence,
                years=wanted.years,
                first_term=line.service.code not in before,
                ends_on=term_ends(first_day(year), wanted.years),
            )
            for line in found.lines
        ]
    )
    details = {"school": school.key, "year": year, "services": len(found.lines), "version": order.number}
    audit.record(actor, "service.order", "order", order.pk, details)
    return order


def _taken_before(school: School, year: str) -> set[str]:
    """Codes of the services that the school took in an earlier year."""
    held = OrderLine.objects.filter(order__school=school.key, order__year__lt=year)
    return set(held.values_list("service__code", flat=True))
