"""A made-up catalogue of services in the demo authority, and what its schools ordered last year and this."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from redway.core.money import Money
from redway.funding.recovery import year_after
from redway.funding.services import Basis, Phase, Service
from redway.web.funding.forum.asking import status_of
from redway.web.funding.money_fields import first_day, year_of
from redway.web.funding.services.catalogue import as_service, catalogue_of, phase_of
from redway.web.funding.services.changes import Wanted, place_order, take_price_list
from redway.web.people.demo import AUTHORITY, SCHOOL
from redway.web.people.models import Person
from redway.web.register.models import School
from redway.web.register.queries import find_authority, schools_of_authority

_EVERYONE = tuple(Phase)
_SCHOOLS = (Phase.PRIMARY, Phase.SECONDARY, Phase.SPECIAL)
_HALF_TIME = Decimal("0.5")


def create_demo_services(today: date) -> None:
    """Price lists of last year, this and the next, and the orders of two of them. Call it once."""
    authority = find_authority(AUTHORITY)
    this = year_of(today)
    last = year_of(first_day(this) - timedelta(days=1))
    for year, percent in ((last, 97), (this, 100), (year_after(this), 103)):
        services = [_priced(service, percent) for service in CATALOGUE]
        take_price_list(actor=None, authority=authority, year=year, services=services)
    schools = [
        school for school in schools_of_authority(AUTHORITY) if school.pupils and status_of(school.kind)
    ]
    for school in schools:
        for year in (last, this):
            _order(school, year, first=year == last)


def _order(school: School, year: str, *, first: bool) -> None:
    """What a school takes: by its number, so that it is the same each time."""
    seed, phase = int(school.key), phase_of(school)
    if seed % 6 == 5 or (not first and seed % 11 == 3):
        return
    offered = [as_service(one) for one in catalogue_of(AUTHORITY, year)]
    chosen: dict[str, Decimal] = {}
    for at, service in enumerate(one for one in offered if phase in one.prices):
        if seed % 3 == 0 and service.standard:
            chosen[service.code] = Decimal(1)
        elif service.basis is Basis.DAY:
            if (seed + at) % 4 == 0:
                chosen[service.code] = Decimal(seed % 7 + 1) * _HALF_TIME
        elif (seed >> at) % 2:
            chosen[service.code] = Decimal(1)
    if not chosen:
        return
    pupils = school.pupils or 0
    equivalent = pupils * _HALF_TIME if phase is Phase.NURSERY else Decimal(pupils)
    actor = Person.objects.get(email="headteacher@demo.example") if school.current_urn == SCHOOL else None
    years = 2 if first and seed % 2 else 1
    place_order(
        actor=actor, school=school, year=year, revision=0, wanted=Wanted(pupils, equivalent, chosen, years)
    )


def _priced(service: Service, percent: int) -> Service:
    """The service with every price and its cost at so many percent."""
    return Service(
        service.code,
        service.name,
        service.basis,
        {phase: price.times(percent).divided_by(100) for phase, price in service.prices.items()},
        service.standard,
        service.catering,
        None if service.cost is None else service.cost.times(percent).divided_by(100),
        service.delegated_per_school,
        service.delegated_per_pupil,
    )


def _service(
    code: str,
    name: str,
    basis: Basis,
    prices: tuple[str, ...],
    cost: int | None,
    *,
    standard: bool = True,
    catering: bool = False,
    delegated: tuple[int, str] = (0, "0"),
    phases: tuple[Phase, ...] = _EVERYONE,
) -> Service:
    return Service(
        code,
        name,
        basis,
        {phase: Money.parse(price) for phase, price in zip(phases, prices, strict=True)},
        standard,
        catering,
        None if cost is None else Money.of(cost),
        Money.of(delegated[0]),
        Money.parse(delegated[1]),
    )


CATALOGUE = (
    _service(
        "HS",
        "Health and safety advice",
        Basis.PUPIL,
        ("5.07", "5.07", "6.35", "8.39"),
        88_000,
        delegated=(120, "3.80"),
    ),
    _service(
        "HSD",
        "Health and safety, by the day",
        Basis.DAY,
        ("567", "567", "567", "567"),
        24_000,
        standard=False,
    ),
    _service(
        "PAY",
        "Payroll and pensions",
        Basis.PUPIL,
        ("14.20", "14.20", "16.80", "38.00"),
        245_000,
        delegated=(900, "9.10"),
    ),
    _service(
        "HR",
        "Staffing advice",
        Basis.PUPIL,
        ("9.60", "9.60", "10.40", "24.00"),
        190_000,
        delegated=(600, "6.20"),
    ),
    _service(
        "GOV",
        "Clerk to the governors",
        Basis.SCHOOL,
        ("1,350", "1,350", "1,890", "1,350"),
        61_000,
        delegated=(1_100, "0"),
    ),
    _service(
        "IT",
        "Networks and filtering",
        Basis.PUPIL,
        ("18.50", "17.90", "24.00"),
        300_000,
        phases=_SCHOOLS,
        delegated=(500, "11.00"),
    ),
    _service(
        "LIB",
        "School library loans",
        Basis.PUPIL,
        ("4.10", "2.20"),
        58_000,
        standard=False,
        phases=_SCHOOLS[:2],
    ),
    _service(
        "EP",
        "Educational psychologist, by the day",
        Basis.DAY,
        ("640", "640", "640", "640"),
        None,
        standard=False,
    ),
    _service(
        "MEALS",
        "School meals, management",
        Basis.SCHOOL,
        ("2,400", "3,100"),
        132_000,
        standard=False,
        catering=True,
        phases=(Phase.PRIMARY, Phase.SPECIAL),
    ),
)
"""Made up, but for the prices of health and safety, which Oxfordshire published."""
