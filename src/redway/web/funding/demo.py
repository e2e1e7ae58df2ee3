"""The demo's formula: made-up rolls on the real list of schools, a formula in force, three options.

Every step is taken by the services that people's changes go through.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from redway.core.money import Money
from redway.funding.calculation import Budgets, Calculation
from redway.funding.rates import Rates
from redway.funding.rounding import Whole
from redway.funding.rules import Rules
from redway.funding.schools import Phase, Schools, SchoolStatus
from redway.funding.schools_block import SchoolsBlock
from redway.funding.years import national_rates
from redway.web.funding.block import set_down_block
from redway.web.funding.demo_schools import Known, made_up_schools, varied, with_baseline
from redway.web.funding.models import Scenario
from redway.web.funding.scenarios import Content, make_scenario, publish_scenario, put_in_force
from redway.web.funding.schools_tables import keep_schools
from redway.web.people.demo import AUTHORITY, SCHOOL
from redway.web.register.models import School
from redway.web.register.queries import schools_of_authority

LAST_YEAR, YEAR = "2024-25", "2025-26"
FALLS = {SCHOOL: (426, 276)}
"""The demo headteacher's school loses pupils, and about £12,000 with them: (key stage 3, key stage 4)."""
CURRENT_2024 = {
    "basic_entitlement_primary": "3540.00",
    "basic_entitlement_ks3": "4990.00",
    "basic_entitlement_ks4": "5625.00",
}
CURRENT = {
    "basic_entitlement_primary": "3825.00",
    "basic_entitlement_ks3": "5390.00",
    "basic_entitlement_ks4": "6075.00",
}
_PHASES = {"Primary": Phase.PRIMARY, "Secondary": Phase.SECONDARY, "All-through": Phase.ALL_THROUGH}
_GRANTS = (0.042, 0.082)
"""Grants rolled in since, as a share of last year's budget: some schools are left above, some below."""


@transaction.atomic
def create_demo_funding(today: date) -> list[Scenario]:
    """Make the demo's tables, money and scenarios once; a second run finds them. Returns those of YEAR."""
    made = list(Scenario.objects.filter(authority=AUTHORITY, year=YEAR))
    if made:
        return made
    begun = timezone.make_aware(datetime.combine(today - timedelta(days=60), time(9, 30)))
    known = known_schools()
    first = made_up_schools(known, 0, {})
    first = with_baseline(first, _fore_budgets(first), first, first.nothing(), _new(known))
    before = _in_force(LAST_YEAR, first, CURRENT_2024, Rules(guarantee=Decimal("0.5")), begun)
    second = made_up_schools(known, 1, FALLS)
    grants = before.total * varied(second, *_GRANTS, salt=5) // 100_000
    second = with_baseline(second, before.total, first, grants, _new(known))
    now = begun + timedelta(days=20)
    current = _in_force(YEAR, second, CURRENT, Rules(guarantee=Decimal(0)), now)
    _money(YEAR, current.authority_total, now)
    _money(LAST_YEAR, before.authority_total, begun)
    return [*Scenario.objects.filter(authority=AUTHORITY, year=YEAR), *_options(now + timedelta(days=5))]


def known_schools() -> list[Known]:
    """The mainstream schools of the authority as the register knows them, by name."""
    found = schools_of_authority(AUTHORITY).filter(phase__in=_PHASES).select_related("locality")
    return [_known(school) for school in found.order_by("sort_name")]


def _known(school: School) -> Known:
    is_academy = "cademy" in school.kind or school.kind == "Free schools"
    phase = _PHASES[school.phase]
    youngest, oldest = (
        (11, 16) if phase is Phase.SECONDARY else (4, 11) if phase is Phase.PRIMARY else (4, 16)
    )
    locality = school.locality.name if school.locality else school.town or ""
    return Known(
        school.current_urn,
        school.shown_name,
        phase,
        SchoolStatus.ACADEMY if is_academy else SchoolStatus.MAINTAINED,
        locality,
        school.pupils or 0,
        school.low_age if school.low_age is not None else youngest,
        school.high_age if school.high_age is not None else oldest,
    )


def _new(known: list[Known]) -> list[str]:
    """Schools of which the register tells no roll: taken for new ones."""
    return [one.urn for one in known if not one.pupils][:2]


def _fore_budgets(schools: Schools) -> Whole:
    """Made-up budgets of the year before the first: what the formula would give, a little more or less."""
    budgets = Calculation(schools).budgets(national_rates(LAST_YEAR))
    made: Whole = budgets.total * varied(schools, 0.955, 1.035, salt=3) // 100_000
    return made


def _in_force(
    year: str, schools: Schools, changes: Mapping[str, str], rules: Rules, now: datetime
) -> Budgets:
    keep_schools(
        actor=None,
        authority=AUTHORITY,
        year=year,
        schools=schools,
        file=f"made-up-schools-{year}.csv",
        now=now,
        made_up=True,
    )
    content = Content({name: Decimal(value) for name, value in changes.items()}, rules)
    made = make_scenario(
        actor=None,
        authority=AUTHORITY,
        year=year,
        name=f"Formula {year}",
        notes="The formula the council agreed. Basic entitlement is a little below the national rates.",
        content=content,
        now=now,
    )
    put_in_force(actor=None, scenario=made, revision=made.revision, now=now)
    rates: Rates = national_rates(year).over(content.changes)
    return Calculation(schools).budgets(rates, rules)


def _money(year: str, total: int, now: datetime) -> None:
    """A block in round thousands that leaves a little headroom."""
    thousand = 100_000
    for_schools = (total * 1_004 // 1_000 // thousand) * thousand
    growth = 90_000_000
    set_down_block(
        actor=None,
        authority=AUTHORITY,
        year=year,
        revision=0,
        block=SchoolsBlock(Money(for_schools + growth), Money(growth)),
        now=now,
    )


def _options(now: datetime) -> list[Scenario]:
    """Three options for consultation, published to schools."""
    national = {name: str(national_rates(YEAR).rate(name).pounds) for name in CURRENT}
    options = (
        (
            "Option 1: guarantee at -0.5%",
            "The lowest guarantee the year allows. What it saves stays in the block.",
            CURRENT,
            Rules(guarantee=Decimal("-0.5")),
        ),
        (
            "Option 2: basic entitlement at national rates",
            "Every pupil counts as in the national formula; the guarantee pays for part of it.",
            national,
            Rules(guarantee=Decimal("-0.5")),
        ),
        (
            "Option 3: cap on gains at 1%",
            "National basic entitlement, the guarantee as it is, paid for by a cap on gains.",
            national,
            Rules(guarantee=Decimal(0), cap=Decimal(1)),
        ),
    )
    made = []
    for name, notes, changes, rules in options:
        one = make_scenario(
            actor=None,
            authority=AUTHORITY,
            year=YEAR,
            name=name,
            notes=notes,
            content=Content({rate: Decimal(value) for rate, value in changes.items()}, rules),
            now=now,
        )
        made.append(publish_scenario(actor=None, scenario=one, revision=one.revision, now=now))
    return made
