"""The stored catalogue and orders as the rules of services see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from redway.core.money import NOTHING, Money
from redway.funding.services import (
    HUNDREDTHS,
    PHASES,
    Basis,
    Charges,
    OrderBook,
    Phase,
    Service,
    charges,
    one_school,
    service_rules,
)
from redway.web.funding.services.models import Order, OrderLine, ServiceOfYear
from redway.web.register.models import School

_SPECIAL = ("special", "referral", "alternative provision")


def catalogue_of(authority: str, year: str) -> list[ServiceOfYear]:
    """The services of a year that are on sale, by name."""
    return list(ServiceOfYear.objects.filter(authority=authority, year=year, withdrawn_at=None))


def years_of(authority: str) -> list[str]:
    """The years for which there is a catalogue, the newest first."""
    held = ServiceOfYear.objects.filter(authority=authority, withdrawn_at=None)
    return sorted(held.values_list("year", flat=True).distinct().order_by(), reverse=True)


def as_service(stored: ServiceOfYear) -> Service:
    """A stored service as the rules see it."""
    prices = {phase: getattr(stored, f"{phase.value}_pence") for phase in Phase}
    return Service(
        code=stored.code,
        name=stored.name,
        basis=Basis(stored.basis),
        prices={phase: Money(pence) for phase, pence in prices.items() if pence is not None},
        standard=stored.standard,
        catering=stored.catering,
        cost=None if stored.cost_pence is None else Money(stored.cost_pence),
        delegated_per_school=Money(stored.delegated_per_school_pence),
        delegated_per_pupil=Money(stored.delegated_per_pupil_pence),
    )


def columns_of(service: Service) -> dict[str, object]:
    """A service as its columns are stored."""
    return {
        "name": service.name,
        "basis": service.basis.value,
        "standard": service.standard,
        "catering": service.catering,
        **{
            f"{phase.value}_pence": service.prices[phase].pence if phase in service.prices else None
            for phase in Phase
        },
        "cost_pence": None if service.cost is None else service.cost.pence,
        "delegated_per_school_pence": service.delegated_per_school.pence,
        "delegated_per_pupil_pence": service.delegated_per_pupil.pence,
    }


def phase_of(school: School) -> Phase:
    """The phase whose prices hold for a school."""
    kind, phase = school.kind.lower(), school.phase.lower()
    if any(word in kind for word in _SPECIAL):
        return Phase.SPECIAL
    if "nursery" in phase:
        return Phase.NURSERY
    return Phase.PRIMARY if "primary" in phase else Phase.SECONDARY


@dataclass(frozen=True)
class Priced:
    """One line of an order, priced."""

    service: Service
    days: Decimal
    listed: Money
    discount: Money
    amount: Money


@dataclass(frozen=True)
class PricedOrder:
    """A school's order as it is charged."""

    lines: tuple[Priced, ...]
    whole_package: bool
    small: bool

    @property
    def total(self) -> Money:
        return sum((line.amount for line in self.lines), NOTHING)

    @property
    def words(self) -> str:
        """Which rule of the package holds."""
        if not self.whole_package:
            return "Single services: each at its list price."
        if self.small:
            return "The whole package of a small school: what is delegated for each service is handed back."
        return "The whole package: the discount is taken off each standard service."


def priced(
    school: School,
    pupils: int,
    equivalent: Decimal,
    catalogue: Sequence[Service],
    order: dict[str, Decimal],
    on: date,
) -> PricedOrder:
    """What an order costs. Raises RulesRefused."""
    book = one_school(phase_of(school), pupils, equivalent, catalogue, order)
    found: Charges = charges(book, catalogue, service_rules(on))
    lines = tuple(
        Priced(
            service,
            order[service.code],
            Money(int(found.listed[0, at])),
            Money(int(found.discount[0, at])),
            Money(int(found.amount[0, at])),
        )
        for at, service in enumerate(catalogue)
        if service.code in order
    )
    return PricedOrder(lines, bool(found.whole_package[0]), bool(found.small[0]))


def lines_in_force(orders: Sequence[Order]) -> list[OrderLine]:
    """The lines of the versions that hold, with their services. One query."""
    wanted = {order.pk: order.number for order in orders}
    held = OrderLine.objects.filter(order__in=wanted).select_related("service")
    return [line for line in held if line.number == wanted[line.order_id]]


def terms_in_force(number: str, school: str = "") -> list[OrderLine]:
    """The newest term of each school and service, the first to end first; of one school when it is named."""
    held_orders = Order.objects.filter(authority=number).order_by("year")
    orders = list(held_orders.filter(school=school) if school else held_orders)
    known = {order.pk: order for order in orders}
    newest: dict[tuple[str, str], OrderLine] = {}
    for line in lines_in_force(orders):
        key = (known[line.order_id].school, line.service.code)
        line.order = known[line.order_id]
        held = newest.get(key)
        if held is None or held.ends_on < line.ends_on:
            newest[key] = line
    return sorted(newest.values(), key=lambda line: (line.ends_on, line.order.school, line.service.name))


def book_of(orders: Sequence[Order], catalogue: Sequence[Service]) -> OrderBook:
    """All orders of a year as columns: a row for each order, a column for each service."""
    at = {service.code: place for place, service in enumerate(catalogue)}
    row = {order.pk: place for place, order in enumerate(orders)}
    taken = np.zeros((len(orders), len(catalogue)), dtype=np.int64)
    days = np.zeros_like(taken)
    for line in lines_in_force(orders):
        place = at.get(line.service.code)
        if place is not None:
            taken[row[line.order_id], place] = 1
            days[row[line.order_id], place] = line.days_hundredths
    return OrderBook(
        phase=np.array([PHASES.index(Phase(order.phase)) for order in orders], dtype=np.int64),
        pupils=np.array([order.pupils for order in orders], dtype=np.int64),
        equivalent=np.array([order.equivalent_hundredths for order in orders], dtype=np.int64),
        taken=taken,
        days=days,
    )


def hundredths(value: Decimal) -> int:
    """A number with two decimals as it is stored."""
    return int(value * HUNDREDTHS)
