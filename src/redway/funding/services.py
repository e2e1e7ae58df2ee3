"""Services that an authority sells to schools: prices, orders, package rules, income against cost, terms.

Everything is counted for all schools at once: an order book is one row a school, one column a service. Rules
that authorities settle for themselves lie in ``values/services``; their sources are named there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from redway.core.money import NOTHING, Money, total
from redway.core.words import counted, number
from redway.funding.errors import RulesRefused
from redway.funding.local_values import InForce, values_in_force
from redway.funding.rounding import PERCENT_PARTS, Whole, rounded_ratio

SUBJECT = "services"
HUNDREDTHS = 100
"""Days and full-time-equivalent pupils are whole hundredths."""


def service_rules(on: date, own: Mapping[str, Decimal] | None = None) -> InForce:
    """The rules of services on a day, with an authority's own numbers over the national ones."""
    return values_in_force(SUBJECT, on, own)


class Phase(StrEnum):
    """The phases for which prices differ."""

    NURSERY = "nursery"
    PRIMARY = "primary"
    SECONDARY = "secondary"
    SPECIAL = "special"


PHASES = tuple(Phase)


class Basis(StrEnum):
    """What a price is for one of."""

    PUPIL = "pupil"
    SCHOOL = "school"
    DAY = "day"

    @property
    def label(self) -> str:
        return f"a {self.value}"


@dataclass(frozen=True)
class Service:
    """One service as it stands in the catalogue of a year.

    ``prices`` holds the phases it is offered to. ``delegated`` is what the formula gave a school for it: so
    much a school and so much a pupil; a small school that takes the whole package hands that back instead.
    """

    code: str
    name: str
    basis: Basis
    prices: Mapping[Phase, Money]
    standard: bool = True
    """Whether it belongs to the whole package."""
    catering: bool = False
    cost: Money | None = None
    """What the service costs the authority in the year; None while nobody has said."""
    delegated_per_school: Money = NOTHING
    delegated_per_pupil: Money = NOTHING


@dataclass(frozen=True)
class OrderBook:
    """Who takes what: schools down, services across, in the order of the catalogue.

    ``phase`` is a place in PHASES, ``pupils`` whole pupils, ``equivalent`` full-time-equivalent pupils in
    hundredths. ``taken`` is 1 where a school takes a service; ``days`` are hundredths of a day.
    """

    phase: npt.NDArray[np.int64]
    pupils: Whole
    equivalent: Whole
    taken: Whole
    days: Whole


@dataclass(frozen=True)
class Charges:
    """What each school is charged for each service, in whole pence; all arrays are schools by services."""

    listed: Whole
    """By the price list."""
    discount: Whole
    amount: Whole
    """What is paid: the list price less the discount, or the delegated amount of a small school."""
    whole_package: npt.NDArray[np.bool_]
    """Of each school: whether it takes every standard service that is offered to its phase."""
    small: npt.NDArray[np.bool_]
    """Of each school: whether it is below the size of the rules."""

    @property
    def by_school(self) -> Whole:
        """What each school pays in all."""
        paid: Whole = self.amount.sum(axis=1)
        return paid

    @property
    def by_service(self) -> Whole:
        """What each service brings in."""
        brought_in: Whole = self.amount.sum(axis=0)
        return brought_in


def charges(book: OrderBook, catalogue: Sequence[Service], rules: InForce) -> Charges:
    """What every school pays. Raises RulesRefused for a service taken by a phase it is not offered to.

    A school that takes the whole standard package gets the discount on each standard service, each rounded to
    the penny; a small one hands back the delegated amount of each instead, without a discount.
    """
    price, offered = _prices(catalogue)
    _refuse_unoffered(book, catalogue, offered)
    taken = book.taken == 1
    listed = np.where(taken, _listed(book, catalogue, price), 0)
    standard = np.array([service.standard for service in catalogue], dtype=bool)
    needed = standard[None, :] & offered[book.phase]
    whole = np.all(taken | ~needed, axis=1) & needed.any(axis=1)
    small = book.equivalent < rules.whole("small-school-below") * HUNDREDTHS
    share = rules.percent_parts("whole-package-discount")
    discounted = taken & standard[None, :] & (whole & ~small)[:, None]
    discount = np.where(discounted, rounded_ratio(listed * share, PERCENT_PARTS), 0)
    handed_back = taken & standard[None, :] & (whole & small)[:, None]
    amount = np.where(handed_back, _delegated(book, catalogue), listed - discount)
    return Charges(listed, discount, amount, whole, small)


def _prices(catalogue: Sequence[Service]) -> tuple[Whole, npt.NDArray[np.bool_]]:
    """Price in pence and whether it is offered: phases down, services across."""
    price = np.array(
        [[service.prices.get(phase, NOTHING).pence for service in catalogue] for phase in PHASES],
        dtype=np.int64,
    )
    offered = np.array([[phase in service.prices for service in catalogue] for phase in PHASES], dtype=bool)
    return price.reshape(len(PHASES), len(catalogue)), offered.reshape(len(PHASES), len(catalogue))


def _listed(book: OrderBook, catalogue: Sequence[Service], price: Whole) -> Whole:
    each = price[book.phase]
    per_pupil = np.array([service.basis is Basis.PUPIL for service in catalogue], dtype=bool)
    per_day = np.array([service.basis is Basis.DAY for service in catalogue], dtype=bool)
    by_day = rounded_ratio(each * book.days, HUNDREDTHS)
    found: Whole = np.where(per_pupil, each * book.pupils[:, None], np.where(per_day, by_day, each))
    return found


def _delegated(book: OrderBook, catalogue: Sequence[Service]) -> Whole:
    school = np.array([service.delegated_per_school.pence for service in catalogue], dtype=np.int64)
    pupil = np.array([service.delegated_per_pupil.pence for service in catalogue], dtype=np.int64)
    found: Whole = school[None, :] + pupil[None, :] * book.pupils[:, None]
    return found


def _refuse_unoffered(book: OrderBook, catalogue: Sequence[Service], offered: npt.NDArray[np.bool_]) -> None:
    wrong = (book.taken == 1) & ~offered[book.phase]
    if wrong.any():
        school, service = np.argwhere(wrong)[0]
        raise RulesRefused(
            f"{catalogue[service].name} is not offered to {PHASES[book.phase[school]].value} schools.",
            "Take it out of the order, or give it a price for this phase.",
        )


def one_school(
    phase: Phase, pupils: int, equivalent: Decimal, catalogue: Sequence[Service], order: Mapping[str, Decimal]
) -> OrderBook:
    """The order book of one school. ``order``: code of each service taken -> days (1 where none count)."""
    codes = [service.code for service in catalogue]
    unknown = sorted(set(order) - set(codes))
    if unknown:
        raise RulesRefused(f"There is no service '{unknown[0]}' in this year's catalogue.", "Leave it out.")
    return OrderBook(
        phase=np.array([PHASES.index(phase)]),
        pupils=np.array([pupils], dtype=np.int64),
        equivalent=np.array([_hundredths(equivalent)], dtype=np.int64),
        taken=np.array([[code in order for code in codes]], dtype=np.int64),
        days=np.array([[_hundredths(order.get(code, Decimal(0))) for code in codes]], dtype=np.int64),
    )


def _hundredths(value: Decimal) -> int:
    exact = value * HUNDREDTHS
    if exact != int(exact) or exact < 0:
        raise RulesRefused(f"{value} is not a number with up to two decimals.", "Write it as 2.5.")
    return int(exact)


# --- the catalogue ------------------------------------------------------------------------------------------


def catalogue_problems(catalogue: Sequence[Service]) -> tuple[str, ...]:
    """What a catalogue may not be: a code twice, a service without a price of its own.

    A package must not shut out schools that want a single service: so each service is priced by itself, and
    never below nothing.
    """
    codes = [service.code for service in catalogue]
    problems = [
        f"The code {code} stands for two services." for code in dict.fromkeys(codes) if codes.count(code) > 1
    ]
    for service in catalogue:
        if not service.prices:
            problems.append(f"{service.name} has no price of its own, so no school can buy it alone.")
        if any(price.pence < 0 for price in service.prices.values()):
            problems.append(f"{service.name} has a price below nothing.")
    return tuple(problems)


@dataclass(frozen=True)
class IncomeLine:
    """What a service brings in beside what it costs."""

    name: str
    income: Money
    cost: Money | None

    @property
    def shortfall(self) -> Money | None:
        """What is missing to its cost, nothing where income covers it; None where the cost is not known."""
        return None if self.cost is None else max(self.cost - self.income, NOTHING)

    @property
    def words(self) -> str:
        """A warning where the income is below the cost, else that it is covered."""
        if self.shortfall is None:
            return "The cost is not known"
        if self.shortfall > NOTHING:
            return f"Income is {self.shortfall} below cost"
        return "Income covers cost"


def income_against_cost(
    income: Whole, catalogue: Sequence[Service]
) -> tuple[tuple[IncomeLine, ...], IncomeLine]:
    """Each service's income beside its cost, and all together.

    The rule is about the whole: total income must at least meet total cost (schemes for financing schools);
    a service by itself that falls short is a warning.
    """
    lines = tuple(
        IncomeLine(service.name, Money(int(pence)), service.cost)
        for service, pence in zip(catalogue, income, strict=True)
    )
    costs = [service.cost for service in catalogue]
    known = None if None in costs else total(cost for cost in costs if cost is not None)
    return lines, IncomeLine("All services", Money(int(income.sum())), known)


def price_change(
    book: OrderBook, before: Sequence[Service], after: Sequence[Service], rules: InForce
) -> tuple[Whole, Whole]:
    """What every school pays before and after a change of prices, for the same orders."""
    if [service.code for service in before] != [service.code for service in after]:
        raise RulesRefused("The two price lists hold different services.", "Compare the same services.")
    return charges(book, before, rules).by_school, charges(book, after, rules).by_school


# --- terms --------------------------------------------------------------------------------------------------


def longest_term(service: Service, *, first: bool, rules: InForce) -> int:
    """Years for which a school may be bound: 3 at first and 5 after; for catering 5 and 7."""
    name = f"{'first' if first else 'later'}-term-years{'-catering' if service.catering else ''}"
    return rules.whole(name)


def term_problem(service: Service, years: int, *, first: bool, rules: InForce) -> str:
    """Why a term cannot be agreed; nothing when it can."""
    most = longest_term(service, first=first, rules=rules)
    if years < 1:
        return f"{service.name}: a term is at least one year."
    if years > most:
        which = "a first term" if first else "a later term"
        return f"{service.name}: {which} may be {counted(most, 'year')} at most, not {number(years)}."
    return ""


def term_ends(start: date, years: int) -> date:
    """Last day of a term.

    >>> term_ends(date(2024, 4, 1), 3)
    datetime.date(2027, 3, 31)
    """
    day_after = date(start.year + years, start.month, min(start.day, 28) if start.month == 2 else start.day)
    return date.fromordinal(day_after.toordinal() - 1)
